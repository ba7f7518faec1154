// A reply as a stream. The status is held back until the first content is here, so that a failover stays invisible and
// a failure is a proper status; after `commitDelayMs` it is sent all the same, and from then on everything is said
// in-band. The last hop is a pipe that notices when the caller has gone: whatever follows the relay runs in every case.

import { GatewayError } from '../core/failure.ts';
import type { StreamWriter } from '../streams/codec.ts';
import { createObservation, observe } from '../streams/observe.ts';
import { relayBytes } from '../streams/relay-bytes.ts';
import { relayEvents, type AS_IT_CAME } from '../streams/relay-events.ts';
import {
  closeWithFailure,
  writeTo,
  type RelayContext,
  type RelayEnd,
  type RelaySource,
} from '../streams/relay.ts';
import { OVER, type Begun } from './chat-operation.ts';
import { endCall, type Call, type Deps } from './call.ts';
import type { Reply } from './chat.ts';
import type { Dispatched } from './dispatch.ts';
import type { Exchange } from './exchange.ts';
import { cacheHeaders, notePrices, noteTarget, replyHeaders, streamLimits } from './render.ts';

/** What has begun to answer, of any operation that streams. */
export type StreamDispatched = Dispatched<
  Pick<Exchange, 'passThrough' | 'losses'> & Partial<Pick<Exchange, 'reads'>>,
  Begun
>;

/** How a stream that is not pumped is written. */
export type WriterFor = (
  dispatched: StreamDispatched,
  call: Call,
  deps: Deps,
) => StreamWriter | typeof AS_IT_CAME;

/** How a stream in the caller's own dialect is told with something added, where the caller asked for that. */
export type Retell = (
  source: RelaySource,
  dispatched: StreamDispatched,
  call: Call,
) => { readonly source: RelaySource; readonly writer: StreamWriter };

export async function answerStream(
  writerFor: WriterFor,
  dispatching: Promise<StreamDispatched>,
  call: Call,
  deps: Deps,
  retell?: Retell,
): Promise<Reply> {
  const { readable, writable } = deps.pipe();
  const dispatched = await within(deps.settings.configuration.commitDelayMs, dispatching, deps);
  call.journal.status = 200;
  const relaying =
    dispatched === 'late'
      ? waitAndRelay(writerFor, dispatching, writable, call, deps, retell)
      : relayAndSettle(writerFor, dispatched, writable, call, deps, retell);
  call.defer(relaying.catch((error: unknown) => breakOff(error, writable, call, deps)));
  return {
    status: 200,
    contentType: 'text/event-stream; charset=utf-8',
    body: readable,
    headers: {
      // Whatever stands in between must neither keep nor gather it.
      'cache-control': 'no-store, no-transform',
      ...(dispatched === 'late' ? cacheHeaders(call.journal) : replyHeaders(dispatched, call, deps.now())),
    },
  };
}

/** The status is out and no content is here: heartbeats keep the connection open and notice a caller who has left. */
async function waitAndRelay(
  writerFor: WriterFor,
  dispatching: Promise<StreamDispatched>,
  writable: WritableStream<Uint8Array>,
  call: Call,
  deps: Deps,
  retell: Retell | undefined,
): Promise<void> {
  const { heartbeat, writeStreamFailure } = call.dialect.ingress;
  const sink = writable.getWriter();
  const context = { ports: deps, hangUp: call.hangUp };
  try {
    let dispatched: StreamDispatched | 'late' = 'late';
    while (dispatched === 'late') {
      if (!(await writeTo(sink, heartbeat, context))) call.hangUp.report();
      dispatched = await within(deps.settings.configuration.heartbeatMs, dispatching, deps);
    }
    sink.releaseLock();
    await relayAndSettle(writerFor, dispatched, writable, call, deps, retell);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    const { failure } = error;
    await closeWithFailure(sink, writeStreamFailure(failure, call.requestId), context);
    settle(call, deps, failure.kind === 'cancelled' ? { kind: 'gone' } : { kind: 'failed', failure });
  }
}

async function relayAndSettle(
  writerFor: WriterFor,
  dispatched: StreamDispatched,
  writable: WritableStream<Uint8Array>,
  call: Call,
  deps: Deps,
  retell: Retell | undefined,
): Promise<void> {
  const { begun, exchange, target } = dispatched;
  const observation = createObservation();
  noteTarget(call.journal, dispatched);
  call.journal.ttftMs = deps.now() - call.startedAt;
  call.journal.observation = observation;
  notePrices(call.journal, dispatched, modelIn(begun), deps);
  const context: RelayContext = {
    limits: streamLimits(dispatched, call, deps),
    ports: deps,
    hangUp: call.hangUp,
    drainMs: target.enabled.provider.onHangUp === 'drain' ? DRAIN_MS : 0,
    heartbeat: call.dialect.ingress.heartbeat,
    note: (event) => {
      observe(observation, event);
      call.keeper?.note(event);
    },
    writeFailure: (failure) => call.dialect.ingress.writeStreamFailure(failure, call.requestId),
  };
  const source = sourceOf(begun);
  // A body that was made in this isolate has no socket to be pumped from.
  const pumpable = begun.kind === 'streamed' && target.enabled.provider.local === undefined;
  const end =
    exchange.passThrough && retell !== undefined && begun.kind === 'streamed'
      ? await relayRetold(retell(source, dispatched, call), writable, context)
      : exchange.passThrough && pumpable
        ? await relayBytes(source, writable, context)
        : await relayEvents(source, writable, writerFor(dispatched, call, deps), context);
  if (begun.kind === 'streamed') begun.stop.abort(OVER);
  call.keeper?.end(dispatched);
  settle(call, deps, end);
}

/** A provider that hangs up's bill does not stop is read on for this long, for the usage that comes last. */
const DRAIN_MS = 25_000;

function settle(call: Call, deps: Deps, end: RelayEnd): void {
  const ending = { complete: 'ok', failed: 'broken', gone: 'gone' } as const;
  const detail = end.kind === 'failed' ? { failure: end.failure.kind } : undefined;
  endCall(call, ending[end.kind], deps, detail);
}

/** A provider that answered a streaming request in one piece is relayed as a stream that has already ended. */
function sourceOf(begun: Begun): RelaySource {
  return begun.kind === 'streamed'
    ? begun
    : { held: { bytes: [], events: begun.events, ended: true }, rest: emptyStream(), reader: NOTHING_MORE };
}

function relayRetold(
  { source, writer }: ReturnType<Retell>,
  writable: WritableStream<Uint8Array>,
  context: RelayContext,
): Promise<RelayEnd> {
  return relayEvents(source, writable, writer, context);
}

function modelIn(begun: Begun): string | undefined {
  const events = begun.kind === 'streamed' ? begun.held.events : begun.events;
  return events.find((event) => event.type === 'start')?.model;
}

const NOTHING_MORE = { feed: () => [], end: () => [] };

function emptyStream(): ReadableStream<Uint8Array> {
  return new ReadableStream({ start: (controller) => controller.close() });
}

/** A bug, behind a status that is sent: the caller must not wait for ever, and the call has its line all the same. */
export function breakOff(error: unknown, writable: WritableStream<Uint8Array>, call: Call, deps: Deps): void {
  // The message is left out: it may quote the prompt that it broke on.
  deps.log({
    level: 'error',
    event: 'bug',
    request_id: call.requestId,
    error: error instanceof Error ? error.name : typeof error,
  });
  // Refused while a writer holds it; ending the call's context then closes it.
  void writable.abort().catch(() => undefined);
  endCall(call, 'broken', deps, { failure: 'internal' });
}

/** The promise's value, or `late` when it has not settled after `ms`. Rejects as the promise does. */
async function within<T>(
  ms: number,
  promise: Promise<T>,
  { after }: Pick<Deps, 'after'>,
): Promise<T | 'late'> {
  let cancel = (): void => {};
  const late = new Promise<'late'>((resolve) => {
    cancel = after(ms, () => resolve('late'));
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    cancel();
  }
}
