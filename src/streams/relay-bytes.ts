// Relays a reply untouched: the runtime pumps the bytes from socket to socket, and a copy is read only now and then, so
// that hardly any JavaScript runs per event. A trip through JavaScript costs some 45 µs an event when they come one by
// one; this costs about half as much again as no observation at all, and bench/results says how much it is today.
//
// The copy is one half of a tee. Between looks it is left alone: a read that waits on it would wake us for every event,
// and a large one would hold back the other half until it is filled. Each look takes what has gathered, so that little
// does, but no more than a model could have said since the last one: going on would pull the provider ahead of a slow
// caller.

import type { Failure } from '../core/failure.ts';
import { joinBytes } from './bytes.ts';
import { createCopyReader, type CopyReader } from './copy-reader.ts';
import {
  brokenStream,
  closeTo,
  closeWithFailure,
  SEAM,
  writeTo,
  type RelayContext,
  type RelayEnd,
  type RelaySource,
} from './relay.ts';

export async function relayBytes(
  source: RelaySource,
  writable: WritableStream<Uint8Array>,
  context: RelayContext,
): Promise<RelayEnd> {
  if (!(await writeHeld(source, writable, context))) {
    source.held.events.forEach(context.note);
    void source.rest.cancel().catch(() => undefined);
    return { kind: 'gone' };
  }
  const [forward, copy] = source.rest.tee();
  const reader = createCopyReader(copy, source, context);
  const stop = new AbortController();
  const pumping = forward
    // A cancelled half of a tee waits for the other half: both are cancelled below, together.
    .pipeTo(writable, { preventClose: true, preventAbort: true, preventCancel: true, signal: stop.signal })
    .then(
      () => 'ended' as const,
      () => 'stopped' as const,
    );
  const forget = context.hangUp.whenHappens(() => stop.abort());

  let failure: Failure | 'gone' | undefined;
  try {
    const over = await lookUntilOver(pumping, reader, context);
    failure = await (over === 'stopped'
      ? whyStopped(reader, context)
      : over === 'ended'
        ? reader.takeRest()
        : reader.readToEnd());
    if (over === 'finished') stop.abort();
  } catch (error) {
    stop.abort();
    // What was passed on since the last look is to be counted too.
    await reader.takeWhatIsThere().catch(() => undefined);
    failure = reader.isOver() ? await reader.readToEnd() : brokenStream(error);
  }
  forget();
  await pumping;
  void forward.cancel().catch(() => undefined);
  reader.cancel();
  if (failure === 'gone') return { kind: 'gone' };
  return close(failure, writable, context);
}

/** False when the caller has gone. */
async function writeHeld(
  { held }: RelaySource,
  writable: WritableStream<Uint8Array>,
  context: RelayContext,
): Promise<boolean> {
  const sink = writable.getWriter();
  const size = held.bytes.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const isWritten = await writeTo(sink, joinBytes(held.bytes, size), context);
  sink.releaseLock();
  return isWritten;
}

/** Throws `StalledStream`, or what the copy's read rejects with. */
async function lookUntilOver(
  pumping: Promise<'ended' | 'stopped'>,
  reader: CopyReader,
  { ports }: RelayContext,
): Promise<'ended' | 'stopped' | 'finished'> {
  for (;;) {
    let cancel = (): void => {};
    const time = new Promise<'look'>((resolve) => {
      cancel = ports.after(reader.nextLookMs(), () => resolve('look'));
    });
    const state = await Promise.race([pumping, time]);
    cancel();
    if (state !== 'look') return state;
    // The copy may be ahead of a slow caller: a pump whose source has closed ends by itself when all is passed on.
    if (reader.look()) return (await reader.closesSoon()) ? pumping : 'finished';
  }
}

/** The pump stops when either end breaks; the copy knows whether it was the provider's. */
async function whyStopped(reader: CopyReader, { drainMs, ports }: RelayContext): Promise<'gone'> {
  await reader.takeWhatIsThere();
  if (drainMs > 0) {
    const giveUp = ports.after(drainMs, reader.cancel);
    await reader.readToEnd().catch(() => undefined);
    giveUp();
  }
  return 'gone';
}

async function close(
  failure: Failure | undefined,
  writable: WritableStream<Uint8Array>,
  context: RelayContext,
): Promise<RelayEnd> {
  const sink = writable.getWriter();
  if (failure !== undefined) {
    await closeWithFailure(sink, SEAM + context.writeFailure(failure), context);
    return { kind: 'failed', failure };
  }
  return { kind: (await closeTo(sink, context)) ? 'complete' : 'gone' };
}
