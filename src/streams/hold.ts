// Reads a streamed reply up to its first content and no further. What was read is held back: until it is passed on,
// another target may answer instead and the caller will not notice.

import type { ChatEvent } from '../core/event.ts';
import type { ByteReader } from './codec.ts';
import { isContent } from './observe.ts';

export type Held = {
  readonly bytes: readonly Uint8Array[];
  readonly events: readonly ChatEvent[];
  /** The whole reply was read: nothing is left in the body. */
  readonly ended: boolean;
};

/** A preamble is a few hundred bytes; one that goes on for longer than this is not one. */
export const HELD_BYTES_MAX = 1_048_576;

/** Rejects with whatever the body's read rejects with. Leaves the body unlocked. */
export async function holdUntilContent(body: ReadableStream<Uint8Array>, reader: ByteReader): Promise<Held> {
  const bytes: Uint8Array[] = [];
  const events: ChatEvent[] = [];
  let size = 0;
  const source = body.getReader();
  try {
    while (size <= HELD_BYTES_MAX) {
      const { done, value } = await source.read();
      const read = done ? reader.end() : reader.feed(value);
      events.push(...read);
      if (done) return { bytes, events, ended: true };
      bytes.push(value);
      size += value.byteLength;
      if (read.some((event) => isContent(event) || isLast(event))) return { bytes, events, ended: false };
    }
    return { bytes, events, ended: false };
  } finally {
    source.releaseLock();
  }
}

function isLast(event: ChatEvent): boolean {
  return event.type === 'finish' || event.type === 'failure';
}
