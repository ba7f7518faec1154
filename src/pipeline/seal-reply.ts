// A reply on its way to a caller of another dialect: what the model needs back of its reasoning is sealed, block by block or,
// for clients that would lose most of the blocks, once for the whole reply at its end.

import type { ReasoningPart } from '../core/chat.ts';
import type { ChatEvent } from '../core/event.ts';
import type { ReviseReply } from '../dialects/dialect.ts';
import type { ReasoningSeal } from './reasoning-seal.ts';

type ReasoningEnd = ChatEvent & { readonly type: 'reasoning-end' };

export function sealBlocks({ seal }: ReasoningSeal): () => ReviseReply {
  return () => {
    const gather = createGatherer();
    return (event) => {
      const block = gather(event);
      if (event.type !== 'reasoning-end' || block?.opaque === undefined) return [event];
      return [endWith(event, seal({ scope: 'block', blocks: [block] }))];
    };
  };
}

export function sealWholeReply({ seal }: ReasoningSeal): () => ReviseReply {
  return () => {
    const gather = createGatherer();
    const blocks: ReasoningPart[] = [];
    let next = 0;
    /** A block of its own behind all others. */
    const sealAll = (): readonly ChatEvent[] => {
      const opaque = blocks.some((block) => block.opaque !== undefined)
        ? seal({ scope: 'reply', blocks })
        : undefined;
      if (opaque === undefined) return [];
      return [
        { type: 'reasoning-start', block: next },
        { type: 'reasoning-end', block: next, opaque },
      ];
    };
    return (event) => {
      // Nearly every event is one of these.
      if (event.type === 'text-delta' || event.type === 'tool-call-delta') return [event];
      if ('block' in event && event.block >= next) next = event.block + 1;
      const block = gather(event);
      if (block !== undefined && (block.text !== '' || block.opaque !== undefined)) blocks.push(block);
      if (event.type === 'finish') return [...sealAll(), event];
      return [event.type === 'reasoning-end' ? endWith(event, undefined) : event];
    };
  };
}

/** The whole block with the event that ends it. What is held is as long as the reply's reasoning. */
function createGatherer(): (event: ChatEvent) => ReasoningPart | undefined {
  const texts = new Map<number, string>();
  return (event) => {
    if (event.type === 'reasoning-start') texts.set(event.block, '');
    else if (event.type === 'reasoning-delta') {
      texts.set(event.block, (texts.get(event.block) ?? '') + event.text);
    } else if (event.type === 'reasoning-end') {
      const text = texts.get(event.block) ?? '';
      texts.delete(event.block);
      const { opaque } = event;
      return { type: 'reasoning', text, ...(opaque === undefined ? {} : { opaque }) };
    }
    return undefined;
  };
}

function endWith({ type, block }: ReasoningEnd, opaque: ReasoningEnd['opaque']): ReasoningEnd {
  return { type, block, ...(opaque === undefined ? {} : { opaque }) };
}
