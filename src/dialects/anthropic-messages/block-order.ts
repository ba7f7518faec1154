// Blocks that interleave, put one after the other: a block that begins while another is live waits for its turn.
//
//   idle --start--> live --end--> idle: of the blocks that wait, the one that began first becomes live
//
// What waits is bounded by the length of the reply: it is held once and passed on once.

import type { ChatEvent } from '../../core/event.ts';

export type BlockEvent = Extract<ChatEvent, { readonly block: number }>;

/** Stateful: one per stream. */
export type BlockOrder = {
  /** The events whose turn has come with this one. */
  readonly take: (event: BlockEvent) => readonly BlockEvent[];
  /** What still waits behind a block whose end never came. */
  readonly rest: () => readonly BlockEvent[];
};

export function createBlockOrder(): BlockOrder {
  let live: number | undefined;
  /** In order of their starts. Empty while no block is live. */
  const waiting = new Map<number, BlockEvent[]>();

  const pass = (event: BlockEvent): void => {
    if (isEnd(event)) live = undefined;
    else if (isStart(event)) live = event.block;
  };

  const takeWaiting = (): readonly BlockEvent[] => {
    const taken: BlockEvent[] = [];
    for (const [block, events] of waiting) {
      if (live !== undefined) break;
      waiting.delete(block);
      events.forEach(pass);
      taken.push(...events);
    }
    return taken;
  };

  return {
    take: (event) => {
      if (event.block === live || (live === undefined && isStart(event))) {
        pass(event);
        return live === undefined ? [event, ...takeWaiting()] : [event];
      }
      const queue = waiting.get(event.block);
      if (queue !== undefined) queue.push(event);
      else if (isStart(event)) waiting.set(event.block, [event]);
      // Anything else belongs to a block that has ended: it is too late to say.
      return [];
    },
    rest: () => [...waiting.values()].flat(),
  };
}

function isStart(event: BlockEvent): boolean {
  return (
    event.type === 'text-start' ||
    event.type === 'reasoning-start' ||
    event.type === 'tool-call-start' ||
    event.type === 'opaque'
  );
}

function isEnd(event: BlockEvent): boolean {
  return (
    event.type === 'text-end' ||
    event.type === 'reasoning-end' ||
    event.type === 'tool-call-end' ||
    event.type === 'opaque'
  );
}
