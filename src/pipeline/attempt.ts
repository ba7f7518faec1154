// One attempt at one target: the only place where a provider is called. Whatever happens comes back as data: a reply
// that has begun, or an outcome for the retry rules to read.

import type { ChatEvent, StreamFailureClass } from '../core/event.ts';
import { GatewayError, type Failure, type FailureClass, type Outcome, type Phase } from '../core/failure.ts';
import type { Ports } from '../core/ports.ts';
import type { Timeouts } from '../providers/provider.ts';
import { retryAfterMs } from '../routing/retry-after.ts';
import { createByteReader, type ByteReader } from '../streams/codec.ts';
import { holdUntilContent, type Held } from '../streams/hold.ts';
import type { HangUp } from '../streams/hang-up.ts';
import type { Exchange } from './exchange.ts';
import type { Target } from './plan.ts';
import { readBytes } from './read-bytes.ts';

export type Attempted = Begun | Exclude<Outcome, { kind: 'ok' }>;

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
  readonly stop: AbortController;
};

export type AttemptContext = {
  readonly ports: Pick<Ports, 'egress' | 'after' | 'now'>;
  readonly timeouts: Timeouts;
  readonly hangUp: HangUp;
  /** Until the caller's deadline. */
  readonly remainingMs: number;
  readonly stream: boolean;
  readonly forwarded: Readonly<Record<string, string>>;
  readonly onStatus: (status: number) => void;
};

/** An error body is read this far and no further. */
const ERROR_BYTES_MAX = 65_536;
/** A whole reply may hold generated images in base64. */
const REPLY_BYTES_MAX = 33_554_432;

export async function attempt(
  target: Target,
  exchange: Exchange,
  context: AttemptContext,
): Promise<Attempted> {
  const stop = new AbortController();
  if (context.hangUp.happened()) return { kind: 'cancelled' };
  const forget = context.hangUp.whenHappens(() => stop.abort(GONE));
  const watch = createWatch(context, stop);
  let phase: Phase = 'connect';
  try {
    watch.arm(context.stream ? context.timeouts.headersMs : Infinity);
    const response = await send(target, exchange, context, stop.signal);
    phase = 'headers';
    context.onStatus(response.status);
    if (!response.ok) return await readRefusal(response, exchange, context.ports.now());
    if (isEventStream(response) && response.body !== null) {
      phase = 'preamble';
      watch.arm(context.timeouts.firstContentMs);
      return await beginStream(response.body, exchange, stop);
    }
    return await readWhole(response, exchange);
  } catch (error) {
    if (stop.signal.aborted) return stop.signal.reason === GONE ? { kind: 'cancelled' } : timedOut(phase);
    // A guard refused the address: for the caller one target fewer.
    if (error instanceof GatewayError)
      return { kind: 'failed', class: 'local', phase, failure: error.failure };
    // The runtime's messages are no interface: only how far we had come tells what happened.
    return phase === 'connect'
      ? failed('local', phase, 'upstream-error', 'the provider could not be reached')
      : failed('protocol', phase, 'upstream-protocol', 'the connection to the provider broke');
  } finally {
    watch.disarm();
    forget();
  }
}

function send(
  target: Target,
  exchange: Exchange,
  context: AttemptContext,
  signal: AbortSignal,
): Promise<Response> {
  const { enabled, credential, model } = target;
  const { spoken } = exchange;
  const url = spoken.url({ ...enabled, model });
  if (enabled.provider.local !== undefined) {
    return enabled.provider.local({
      url,
      body: exchange.text,
      signal,
      sleep: sleeper(context.ports, signal),
    });
  }
  return context.ports.egress({
    method: 'POST',
    url,
    headers: {
      'content-type': 'application/json',
      accept: context.stream ? 'text/event-stream' : 'application/json',
      ...spoken.headers,
      ...(exchange.passThrough ? context.forwarded : {}),
      ...enabled.provider.auth(enabled.keys[credential] ?? ''),
    },
    body: exchange.text,
    signal,
  });
}

/** A sleep that ends with the attempt. */
function sleeper({ after }: Pick<Ports, 'after'>, signal: AbortSignal): (ms: number) => Promise<void> {
  return (ms) =>
    new Promise((resolve) => {
      const cancel = after(ms, resolve);
      const end = (): void => {
        cancel();
        resolve();
      };
      if (signal.aborted) end();
      else signal.addEventListener('abort', end, { once: true });
    });
}

async function beginStream(
  body: ReadableStream<Uint8Array>,
  exchange: Exchange,
  stop: AbortController,
): Promise<Attempted> {
  const reader = createByteReader(exchange.spoken.dialect.egress.createStreamReader());
  const held = await holdUntilContent(body, reader);
  const last = held.events.at(-1);
  if (last?.type === 'failure') {
    stop.abort(GONE);
    return fromFailureEvent(last.failure, last.class, 'preamble');
  }
  return { kind: 'streamed', held, rest: body, reader, stop };
}

async function readWhole(response: Response, exchange: Exchange): Promise<Attempted> {
  const bytes = await readBytes(response, REPLY_BYTES_MAX);
  if (bytes === undefined)
    return failed('protocol', 'content', 'upstream-protocol', 'the provider sent an oversized reply');
  const json = parseJson(bytes);
  if (json === undefined) return failed('protocol', 'headers', 'upstream-protocol', NOT_JSON);
  const events = exchange.spoken.dialect.egress.readReply(json);
  const last = events.at(-1);
  return last?.type === 'failure'
    ? fromFailureEvent(last.failure, last.class, 'headers')
    : { kind: 'whole', bytes, events };
}

/** Any status but 2xx. A redirect is never followed: it would carry the key and the prompt to another host. */
async function readRefusal(response: Response, exchange: Exchange, now: number): Promise<Attempted> {
  if (response.status < 400) {
    void response.body?.cancel();
    return failed(
      'protocol',
      'headers',
      'upstream-protocol',
      `the provider answered with a redirect (${response.status})`,
    );
  }
  const bytes = await readBytes(response, ERROR_BYTES_MAX);
  const text = bytes === undefined ? '' : decoder.decode(bytes);
  const error = exchange.spoken.dialect.egress.readError(
    response.status,
    bytes && (parseJson(bytes) ?? text),
  );
  const retryAfter = retryAfterMs(response.headers, now);
  const shouldRetry = SHOULD_RETRY.get(response.headers.get('x-should-retry') ?? '');
  return {
    kind: 'failed',
    class: error.class,
    phase: 'headers',
    failure: {
      ...error.failure,
      native: error.native,
      ...(retryAfter === undefined ? {} : { retryAfterMs: retryAfter }),
    },
    ...(retryAfter === undefined ? {} : { retryAfterMs: retryAfter }),
    ...(shouldRetry === undefined ? {} : { shouldRetry }),
  };
}

const SHOULD_RETRY: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
]);
const NOT_JSON = 'the provider answered something that is not JSON';
/** Why an attempt was stopped: told apart by identity. */
const GONE = new Error('the caller has gone');
const TIMED_OUT = new Error('the provider took too long');

/** One timer at a time: the phase's own limit, or the caller's deadline if that comes first. */
function createWatch({ ports, remainingMs }: AttemptContext, stop: AbortController) {
  const deadline = ports.now() + remainingMs;
  let cancel = (): void => {};
  return {
    arm: (ms: number): void => {
      cancel();
      cancel = ports.after(Math.max(0, Math.min(ms, deadline - ports.now())), () => stop.abort(TIMED_OUT));
    },
    disarm: (): void => cancel(),
  };
}

function timedOut(phase: Phase): Attempted {
  const waitedFor = phase === 'connect' ? 'an answer' : 'the first content';
  return failed('timeout', phase, 'upstream-timeout', `the provider took too long to give ${waitedFor}`);
}

function failed(of: FailureClass, phase: Phase, kind: Failure['kind'], message: string): Attempted {
  return { kind: 'failed', class: of, phase, failure: { kind, message } };
}

function fromFailureEvent(failure: Failure, of: StreamFailureClass, phase: Phase): Attempted {
  return { kind: 'failed', class: of, phase, failure };
}

function isEventStream(response: Response): boolean {
  return response.headers.get('content-type')?.startsWith('text/event-stream') === true;
}

/** One for all: to make one costs more than to decode with it. */
const decoder = new TextDecoder();

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(bytes)) as unknown;
  } catch {
    return undefined;
  }
}
