// A reply's events, gathered while they go by, in the fewest that say the same: this is what is remembered, and what any
// dialect can tell again, whole or streamed. Bounded: a reply that is too long is let go of at once.

import type { ChatEvent } from '../core/event.ts';
import { mergeUsage, type Usage } from '../core/usage.ts';

export type Recording = {
  readonly add: (event: ChatEvent) => void;
  /** `undefined` when there was too much of it. */
  readonly events: () => readonly ChatEvent[] | undefined;
};

/** `grew` hears of every event that was kept, by its size in bytes. */
export function createRecording(bytesMax: number, grew: (bytes: number) => void): Recording {
  let events: ChatEvent[] = [];
  let usage: Usage | undefined;
  let size = 0;
  let isFull = false;

  return {
    add: (event) => {
      if (isFull) return;
      if (event.type === 'usage') {
        usage = mergeUsage(usage, event.usage);
        return;
      }
      const bytes = bytesOf(event);
      size += bytes;
      grew(bytes);
      if (size > bytesMax) {
        isFull = true;
        events = [];
        return;
      }
      const joined = join(events.at(-1), event);
      if (joined === undefined) events.push(event);
      else events[events.length - 1] = joined;
    },
    // Usage is told first, where every dialect's writer still has a place for it.
    events: () => {
      if (isFull) return undefined;
      const report: readonly ChatEvent[] = usage === undefined ? [] : [{ type: 'usage', usage }];
      const start = events.findIndex(({ type }) => type !== 'start');
      return start < 0 ? events : [...events.slice(0, start), ...report, ...events.slice(start)];
    },
  };
}

/** Both as one, if they are pieces of the same text. */
function join(last: ChatEvent | undefined, next: ChatEvent): ChatEvent | undefined {
  if (last?.type === 'text-delta' && next.type === 'text-delta' && last.block === next.block) {
    const text = last.text + next.text;
    const logprobs = [...(last.logprobs ?? []), ...(next.logprobs ?? [])];
    return { type: 'text-delta', block: next.block, text, ...(logprobs.length === 0 ? {} : { logprobs }) };
  }
  if (last?.type === 'reasoning-delta' && next.type === 'reasoning-delta' && last.block === next.block)
    return { ...next, text: last.text + next.text };
  if (last?.type === 'tool-call-delta' && next.type === 'tool-call-delta' && last.block === next.block)
    return { ...next, arguments: last.arguments + next.arguments };
  return undefined;
}

/** In UTF-16, with something for the object around it. */
function bytesOf(event: ChatEvent): number {
  if (event.type === 'text-delta' && event.logprobs === undefined) return 16 + 2 * event.text.length;
  if (event.type === 'reasoning-delta') return 16 + 2 * event.text.length;
  if (event.type === 'tool-call-delta') return 16 + 2 * event.arguments.length;
  return 2 * JSON.stringify(event).length;
}
