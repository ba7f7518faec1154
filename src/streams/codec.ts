// The two halves of every stream: bytes of a provider to events, events to text for a caller. Dialects supply the part
// that knows the words; splitting bytes into events is the same for all.

import type { ChatEvent } from '../core/event.ts';
import { createSseDecoder, SseOverflow, type SseEvent } from './sse.ts';

/** Stateful: one per stream. Never throws: what cannot be read becomes a `failure` event, and then nothing more. */
export type StreamReader = {
  readonly read: (event: SseEvent) => readonly ChatEvent[];
  /** The bytes have ended cleanly: the last events, or a `failure` when the terminal marker never came. */
  readonly end: () => readonly ChatEvent[];
};

/** Stateful: one per stream. `write` gives the SSE text for an event, '' when the dialect says nothing about it. */
export type StreamWriter = { readonly write: (event: ChatEvent) => string };

/** A provider's bytes, in any split, to events. Never throws. */
export type ByteReader = {
  readonly feed: (bytes: Uint8Array) => readonly ChatEvent[];
  readonly end: () => readonly ChatEvent[];
};

export function createByteReader(reader: StreamReader): ByteReader {
  const decoder = createSseDecoder();
  let overflowed = false;
  const read = (decode: () => readonly SseEvent[]): readonly ChatEvent[] => {
    if (overflowed) return [];
    try {
      const frames = decode();
      const [only] = frames;
      if (only === undefined) return [];
      return frames.length === 1 ? reader.read(only) : frames.flatMap((frame) => reader.read(frame));
    } catch (error) {
      if (!(error instanceof SseOverflow)) throw error;
      overflowed = true;
      return [{ type: 'failure', class: 'protocol', failure: OVERFLOW }];
    }
  };
  return {
    feed: (bytes) => read(() => decoder.feed(bytes)),
    end: () => {
      const last = read(decoder.end);
      return overflowed ? last : [...last, ...reader.end()];
    },
  };
}

const OVERFLOW = {
  kind: 'upstream-protocol',
  message: 'the provider sent an event that is larger than 1 MiB',
} as const;
