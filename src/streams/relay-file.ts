// Relays a file: bytes that mean nothing to us, as many as there are, at the pace of the slower side.

import { brokenStream, closeTo, writeTo, type RelayContext, type RelayEnd } from './relay.ts';
import { watchReads, type Watched } from './watchdog.ts';

export type FileContext = Pick<RelayContext, 'limits' | 'ports' | 'hangUp'> & {
  /** Called for what has been passed on. */
  readonly noteBytes: (count: number) => void;
};

/** A file has no place for an error: when it breaks off, so does the connection to the caller. */
export async function relayFile(
  body: ReadableStream<Uint8Array>,
  writable: WritableStream<Uint8Array>,
  context: FileContext,
): Promise<RelayEnd> {
  const sink = writable.getWriter();
  const input = watchReads(inLargePieces(body), context.limits, context.ports);
  // A caller who leaves while the provider is silent is not noticed by a write: there is nothing to write.
  const forget = context.hangUp.whenHappens(() => input.interrupt(GONE));
  try {
    for (;;) {
      const { done, value } = await input.read();
      if (done) return { kind: (await closeTo(sink, context)) ? 'complete' : 'gone' };
      input.sawContent();
      if (!(await writeTo(sink, value, context))) return { kind: 'gone' };
      context.noteBytes(value.byteLength);
    }
  } catch (error) {
    void sink.abort(error).catch(() => undefined);
    return error === GONE ? { kind: 'gone' } : { kind: 'failed', failure: brokenStream(error) };
  } finally {
    forget();
    input.cancel();
  }
}

const GONE = new Error('the caller has gone');

/** The runtime hands out 4 KB a read, at the price of a read. */
const PIECE_BYTES = 131_072;

/** Asks for as much as there is, up to a size. A stream that was made of JavaScript gives what it has. */
function inLargePieces(body: ReadableStream<Uint8Array>): Watched {
  return {
    getReader: () => {
      const reader = byteReaderOf(body);
      if (reader === undefined) return body.getReader();
      return {
        read: async () => {
          const { done, value } = await reader.read(new Uint8Array(PIECE_BYTES));
          return done || value === undefined ? { done: true, value: undefined } : { done, value };
        },
        cancel: (reason) => reader.cancel(reason),
      };
    },
  };
}

function byteReaderOf(body: ReadableStream<Uint8Array>): ReadableStreamBYOBReader | undefined {
  try {
    return body.getReader({ mode: 'byob' });
  } catch {
    return undefined;
  }
}
