// Server-sent events: bytes to events and back. Any byte split, CR, LF, CRLF, comments, multi-line data, BOM.
// https://html.spec.whatwg.org/multipage/server-sent-events.html

import { createParser, type EventSourceMessage } from 'eventsource-parser';

export type SseEvent = {
  /** The `event:` name; absent when the stream gave none. */
  readonly event?: string | undefined;
  readonly data: string;
};

/** One event, decoded, may not be larger than this many UTF-16 units: a line without end is a broken provider. */
export const SSE_EVENT_SIZE_MAX = 1_048_576;

/** Thrown by `SseDecoder.feed`: the stream is no longer readable as events. */
export class SseOverflow extends Error {}

export type SseDecoder = {
  /** The events that became complete with these bytes. Throws `SseOverflow`. */
  readonly feed: (bytes: Uint8Array) => readonly SseEvent[];
  /** The last event, if the stream ended without its blank line. */
  readonly end: () => readonly SseEvent[];
};

export function createSseDecoder(sizeMax: number = SSE_EVENT_SIZE_MAX): SseDecoder {
  const text = new TextDecoder();
  let events: SseEvent[] = [];
  let overflow: Error | undefined;
  const parser = createParser({
    maxBufferSize: sizeMax,
    onEvent: (message: EventSourceMessage) => {
      events.push(
        message.event === undefined ? { data: message.data } : { event: message.event, data: message.data },
      );
    },
    onError: (error) => {
      if (error.type === 'max-buffer-size-exceeded') overflow = error;
    },
  });
  const take = (chunk: string): readonly SseEvent[] => {
    parser.feed(chunk);
    if (overflow !== undefined) throw new SseOverflow(`an event is larger than ${sizeMax} characters`);
    const taken = events;
    events = [];
    return taken;
  };
  return {
    feed: (bytes) => take(text.decode(bytes, { stream: true })),
    end: () => take(`${text.decode()}\n\n`),
  };
}

/** One event as text. `data` must be one line, as JSON is. */
export function encodeSse(data: string, event?: string): string {
  return event === undefined ? `data: ${data}\n\n` : `event: ${event}\ndata: ${data}\n\n`;
}
