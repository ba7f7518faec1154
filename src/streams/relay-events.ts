// Relays a reply into another dialect: bytes to events, events to text, one write for each read. Or as it came, with the
// events for the watch alone: for replies that are too large to be pumped beside a copy that is looked at now and then.

import type { ChatEvent } from '../core/event.ts';
import { joinBytes } from './bytes.ts';
import type { StreamWriter } from './codec.ts';
import { isContent } from './observe.ts';
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
import { QUIET, watchReads, type WatchedReader } from './watchdog.ts';

/** Writes no events: the bytes go on as they are. They may stop anywhere, so nothing is said in between. */
export const AS_IT_CAME = 'as-it-came';

export async function relayEvents(
  source: RelaySource,
  writable: WritableStream<Uint8Array>,
  writer: StreamWriter | typeof AS_IT_CAME,
  context: RelayContext,
): Promise<RelayEnd> {
  const sink = writable.getWriter();
  const input = watchReads(source.rest, context.limits, context.ports);
  // A caller who leaves while the provider is silent is not noticed by a write: there is nothing to write.
  const forget = context.hangUp.whenHappens(() => input.interrupt(GONE));
  const end = await relay(source, sink, writer, input, context);
  forget();
  return end;
}

async function relay(
  source: RelaySource,
  sink: WritableStreamDefaultWriter<Uint8Array>,
  writer: StreamWriter | typeof AS_IT_CAME,
  input: WatchedReader,
  context: RelayContext,
): Promise<RelayEnd> {
  const isRaw = writer === AS_IT_CAME;
  const seam = isRaw ? SEAM : '';
  let events = source.held.events;
  let bytes = isRaw ? joinAll(source.held.bytes) : NO_BYTES;
  let heartbeat = '';
  for (;;) {
    const { text, failure, finished, content } = writeAll(events, isRaw ? SILENT : writer, context.note);
    if (content) input.sawContent();
    const said = isRaw ? bytes : text + heartbeat;
    if (said.length > 0 && !(await writeTo(sink, said, context))) {
      await drain(source, input, context);
      return { kind: 'gone' };
    }
    heartbeat = '';
    if (failure !== undefined) return fail(failure, seam, sink, input, context);
    if (finished) return finish(sink, input, context);
    try {
      const { done, value } = await input.read();
      events = done ? source.reader.end() : source.reader.feed(value);
      bytes = value ?? NO_BYTES;
    } catch (error) {
      if (error === GONE) {
        await drain(source, input, context);
        return { kind: 'gone' };
      }
      if (error !== QUIET) return fail(brokenStream(error), seam, sink, input, context);
      events = [];
      bytes = NO_BYTES;
      heartbeat = context.heartbeat;
    }
  }
}

const GONE = new Error('the caller has gone');
const NO_BYTES = new Uint8Array();
const SILENT: StreamWriter = { write: () => '' };

function joinAll(pieces: readonly Uint8Array[]): Uint8Array {
  return joinBytes(
    pieces,
    pieces.reduce((sum, { byteLength }) => sum + byteLength, 0),
  );
}

function writeAll(events: readonly ChatEvent[], writer: StreamWriter, note: RelayContext['note']) {
  let text = '';
  let content = false;
  for (const event of events) {
    note(event);
    if (event.type === 'failure') return { text, content, failure: event.failure, finished: false };
    text += writer.write(event);
    content ||= isContent(event);
    if (event.type === 'finish') return { text, content, failure: undefined, finished: true };
  }
  return { text, content, failure: undefined, finished: false };
}

async function fail(
  failure: Parameters<RelayContext['writeFailure']>[0],
  seam: string,
  sink: WritableStreamDefaultWriter<Uint8Array>,
  input: WatchedReader,
  context: RelayContext,
): Promise<RelayEnd> {
  input.cancel();
  await closeWithFailure(sink, seam + context.writeFailure(failure), context);
  return { kind: 'failed', failure };
}

async function finish(
  sink: WritableStreamDefaultWriter<Uint8Array>,
  input: WatchedReader,
  context: RelayContext,
): Promise<RelayEnd> {
  if (!(await closeTo(sink, context))) {
    input.cancel();
    return { kind: 'gone' };
  }
  const giveUp = context.ports.after(TRAILING_MS_MAX, input.cancel);
  await readToEnd(input);
  giveUp();
  return { kind: 'complete' };
}

/** The caller has gone: what still comes is read for its usage, where hanging up does not stop the bill. */
async function drain(
  { reader }: RelaySource,
  input: WatchedReader,
  { drainMs, note, ports }: RelayContext,
): Promise<void> {
  const giveUp = ports.after(drainMs, input.cancel);
  try {
    for (let over = drainMs === 0; !over;) {
      const { done, value } = await readDespiteHangUp(input);
      const events = done ? reader.end() : reader.feed(value);
      events.forEach(note);
      over = done || events.some(({ type }) => type === 'finish' || type === 'failure');
    }
  } catch {
    // It broke off: what was noted so far is what there is.
  }
  giveUp();
  input.cancel();
}

/** The write may have shown the hang-up before the signal tells of it, and nobody is left to be kept waiting. */
async function readDespiteHangUp(input: WatchedReader): ReturnType<WatchedReader['read']> {
  for (;;) {
    try {
      return await input.read();
    } catch (error) {
      if (error !== GONE && error !== QUIET) throw error;
    }
  }
}

/** A reply read to its end leaves a connection that can be used again; what still comes is little or not ours. */
async function readToEnd(input: WatchedReader): Promise<void> {
  try {
    for (let reads = 0; reads < TRAILING_READS_MAX; reads += 1) {
      if ((await input.read()).done) break;
    }
  } catch {
    // It broke or stalled behind its own terminal marker: the caller has everything.
  }
  input.cancel();
}

const TRAILING_READS_MAX = 8;
const TRAILING_MS_MAX = 1000;
