// Chat, as dispatch sees it: what a target is sent, and how its answer begins, whole as JSON or as a stream whose first
// content is here.

import type { ChatEvent, StreamFailureClass } from '../core/event.ts';
import type { Failure, Phase } from '../core/failure.ts';
import { createByteReader, type ByteReader } from '../streams/codec.ts';
import { holdUntilContent, type Held } from '../streams/hold.ts';
import {
  failed,
  parseJson,
  type Attempted,
  type Failed,
  type Reading,
  type Sending,
  type Stop,
} from './attempt.ts';
import type { Call, Deps } from './call.ts';
import type { Dispatched, Operation } from './dispatch.ts';
import { prepareExchange, type Exchange, type Wire } from './exchange.ts';
import type { Target } from './plan.ts';
import { readBytes } from './read-bytes.ts';

export type ChatDispatched = Dispatched<Exchange, Begun>;

export type Begun = WholeReply | StreamedReply;

/** The reply came as JSON, whole. `bytes` is what the provider sent. */
export type WholeReply = {
  readonly kind: 'whole';
  readonly bytes: Uint8Array;
  readonly events: readonly ChatEvent[];
};

/** The reply has begun to stream and its first content is here. */
export type StreamedReply = {
  readonly kind: 'streamed';
  readonly held: Held;
  /** What follows the held bytes. */
  readonly rest: ReadableStream<Uint8Array>;
  readonly reader: ByteReader;
  /** Ends the provider's side. */
  readonly stop: Stop;
};

/** A whole reply may hold generated images in base64. */
const REPLY_BYTES_MAX = 33_554_432;

export function chatOperation(
  wire: Wire,
  call: Call,
  { signer }: Pick<Deps, 'signer'>,
): Operation<Exchange, Begun> {
  const { stream } = wire.envelope;
  return {
    stream,
    prepare: (target) => prepareExchange(wire, target, call.strict, signer),
    sending: (target, exchange) => sending(target, exchange, stream, call.forwarded),
  };
}

function sending(
  { enabled, model }: Target,
  exchange: Exchange,
  stream: boolean,
  forwarded: Call['forwarded'],
): Sending<Begun> {
  const { spoken, isOwn, text } = exchange;
  return {
    url: spoken.url({ ...enabled, model }),
    headers: {
      'content-type': 'application/json',
      accept: stream ? 'text/event-stream' : 'application/json',
      ...spoken.headers,
      ...(isOwn ? forwarded : {}),
    },
    text,
    readError: spoken.dialect.egress.readError,
    readAnswer: (response, reading) => readAnswer(response, exchange, reading),
  };
}

function readAnswer(response: Response, exchange: Exchange, reading: Reading): Promise<Attempted<Begun>> {
  if (!isEventStream(response) || response.body === null) return readWhole(response, exchange);
  reading.enter('preamble');
  return beginStream(response.body, exchange, reading.stop);
}

async function beginStream(
  body: ReadableStream<Uint8Array>,
  exchange: Exchange,
  stop: Stop,
): Promise<Attempted<Begun>> {
  const reader = createByteReader(exchange.reads.createStreamReader());
  const held = await holdUntilContent(body, reader);
  const last = held.events.at(-1);
  if (last?.type === 'failure') {
    void body.cancel().catch(() => undefined);
    return fromFailureEvent(last.failure, last.class, 'preamble');
  }
  return { kind: 'begun', begun: { kind: 'streamed', held, rest: body, reader, stop } };
}

async function readWhole(response: Response, exchange: Exchange): Promise<Attempted<Begun>> {
  const bytes = await readBytes(response, REPLY_BYTES_MAX);
  if (bytes === undefined)
    return failed('protocol', 'content', 'upstream-protocol', 'the provider sent an oversized reply');
  const json = parseJson(bytes);
  if (json === undefined) return failed('protocol', 'headers', 'upstream-protocol', NOT_JSON);
  const events = exchange.reads.readReply(json);
  const last = events.at(-1);
  return last?.type === 'failure'
    ? fromFailureEvent(last.failure, last.class, 'headers')
    : { kind: 'begun', begun: { kind: 'whole', bytes, events } };
}

const NOT_JSON = 'the provider answered something that is not JSON';

function fromFailureEvent(failure: Failure, of: StreamFailureClass, phase: Phase): Failed {
  return { kind: 'failed', class: of, phase, failure };
}

/** Why a stream's provider is let go of when the reply has ended, however it did. */
export const OVER = new Error('the reply is over');

export function isEventStream(response: Response): boolean {
  return response.headers.get('content-type')?.startsWith('text/event-stream') === true;
}
