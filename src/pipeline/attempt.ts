// One attempt at one target: the only place where a provider is asked to do something. Whatever happens comes back as
// data: what has begun, or an outcome for the retry rules to read. What is sent and how the answer is read belongs to the
// operation (chat, embeddings, images, ...).

import { GatewayError, type Failure, type FailureClass, type Outcome, type Phase } from '../core/failure.ts';
import type { Ports } from '../core/ports.ts';
import type { ProviderError } from '../dialects/dialect.ts';
import type { Timeouts } from '../providers/provider.ts';
import { retryAfterMs } from '../routing/retry-after.ts';
import type { HangUp } from '../streams/hang-up.ts';
import type { Target } from './plan.ts';
import { readBytes } from './read-bytes.ts';

export type Attempted<Begun> =
  | { readonly kind: 'begun'; readonly begun: Begun }
  | Exclude<Outcome, { kind: 'ok' }>;

/** What goes to a target, and how its answer is read. */
export type Sending<Begun> = {
  /** Absent: POST. */
  readonly method?: 'GET' | 'POST';
  readonly url: string;
  /** The address was found in an answer and may be anybody's: our credential does not go there. */
  readonly anonymous?: true;
  /** Without the credential, which the attempt adds. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body; absent where there is none. */
  readonly text?: string;
  /** An error body of any form (JSON or text). Never throws. */
  readonly readError: (status: number, body: unknown) => ProviderError;
  /** A 2xx answer. */
  readonly readAnswer: (response: Response, reading: Reading) => Promise<Attempted<Begun>>;
};

/** The attempt, as the reader of its answer sees it. */
export type Reading = {
  readonly stop: Stop;
  /** The answer has come so far; from here the phase's own limit counts. */
  readonly enter: (phase: 'preamble') => void;
  /**
   * A further request of the same attempt: same target, address and headers, another body. A refusal is the attempt's.
   * Rejects when the attempt is over.
   */
  readonly sendMore: (text: string) => Promise<Response | Failed>;
};

export type AttemptContext = {
  readonly ports: Pick<Ports, 'egress' | 'after' | 'now'>;
  readonly timeouts: Timeouts;
  readonly hangUp: HangUp;
  /** Until the caller's deadline. */
  readonly remainingMs: number;
  /** The answer is to be streamed: its headers come long before it is complete. */
  readonly stream: boolean;
  readonly onStatus: (status: number) => void;
};

/** An error body is read this far and no further. */
const ERROR_BYTES_MAX = 65_536;

export async function attempt<Begun>(
  target: Target,
  sending: Sending<Begun>,
  context: AttemptContext,
): Promise<Attempted<Begun>> {
  if (context.hangUp.happened()) return { kind: 'cancelled' };
  const stop = createStop(context.stream);
  const forget = context.hangUp.whenHappens(() => stop.abort(GONE));
  const watch = createWatch(context, stop);
  let phase: Phase = 'connect';
  const run = async (): Promise<Attempted<Begun>> => {
    const response = await send(target, sending, context, stop);
    phase = 'headers';
    context.onStatus(response.status);
    if (!response.ok) return readRefusal(response, sending, context.ports.now());
    const enter = (next: 'preamble'): void => {
      phase = next;
      watch.arm(context.timeouts.firstContentMs);
    };
    const sendMore = async (text: string): Promise<Response | Failed> => {
      const over = stop.reason();
      if (over !== undefined) throw over;
      const further = await send(target, { ...sending, text }, context, stop);
      if (further.ok) return further;
      context.onStatus(further.status);
      return readRefusal(further, sending, context.ports.now());
    };
    return sending.readAnswer(response, { stop, enter, sendMore });
  };
  try {
    watch.arm(context.stream ? context.timeouts.headersMs : Infinity);
    return await Promise.race([run(), stop.stopped]);
  } catch (error) {
    const reason = stop.reason();
    if (reason !== undefined) return reason === GONE ? { kind: 'cancelled' } : timedOut(phase);
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

/** Ends an attempt from outside: the limit that it passed, the caller who left, the end of its stream. */
export type Stop = {
  readonly abort: (reason: Error) => void;
  readonly reason: () => Error | undefined;
  /** Rejects with the reason, and never otherwise. */
  readonly stopped: Promise<never>;
  /**
   * Closes the provider's side. A stream may outlive the attempt that was given up for it, so it has one. A whole reply
   * has none: whoever gives up waiting for it answers the caller, and the runtime closes what a request leaves open when
   * it is over. A signal and the call that listens to it cost a tenth of such a request.
   */
  readonly signal: AbortSignal | undefined;
};

function createStop(withSignal: boolean): Stop {
  const controller = withSignal ? new AbortController() : undefined;
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  // Nobody may be waiting any more.
  stopped.catch(() => undefined);
  let reason: Error | undefined;
  return {
    abort: (error) => {
      reason ??= error;
      reject(error);
      controller?.abort(error);
    },
    reason: () => reason,
    stopped,
    signal: controller?.signal,
  };
}

function send(
  { enabled, credential }: Target,
  { method = 'POST', url, anonymous, headers, text }: Sending<unknown>,
  { ports }: AttemptContext,
  stop: Stop,
): Promise<Response> {
  const signal = stop.signal === undefined ? {} : { signal: stop.signal };
  if (enabled.provider.local !== undefined) {
    return enabled.provider.local({
      method,
      url,
      body: text ?? '',
      now: ports.now(),
      sleep: (ms) => sleep(ms, ports, stop),
      ...signal,
    });
  }
  return ports.egress({
    method,
    url,
    headers:
      anonymous === true ? headers : { ...headers, ...enabled.provider.auth(enabled.keys[credential] ?? '') },
    ...(text === undefined ? {} : { body: text }),
    ...signal,
  });
}

/** Ends with the attempt. */
function sleep(ms: number, { after }: Pick<Ports, 'after'>, { stopped }: Stop): Promise<void> {
  return new Promise((resolve) => {
    const cancel = after(ms, resolve);
    stopped.catch(() => {
      cancel();
      resolve();
    });
  });
}

/** Any status but 2xx. A redirect is never followed: it would carry the key and the prompt to another host. */
async function readRefusal(
  response: Response,
  { readError }: Sending<unknown>,
  now: number,
): Promise<Failed> {
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
  const error = readError(response.status, bytes && (parseJson(bytes) ?? text));
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
/** Why an attempt was stopped: told apart by identity. */
const GONE = new Error('the caller has gone');
const TIMED_OUT = new Error('the provider took too long');

/** One timer at a time: the phase's own limit, or the caller's deadline if that comes first. */
function createWatch({ ports, remainingMs }: AttemptContext, stop: Stop) {
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

function timedOut(phase: Phase): Failed {
  const waitedFor = phase === 'connect' ? 'an answer' : 'the first content';
  return failed('timeout', phase, 'upstream-timeout', `the provider took too long to give ${waitedFor}`);
}

export type Failed = Extract<Outcome, { kind: 'failed' }>;

export function failed(of: FailureClass, phase: Phase, kind: Failure['kind'], message: string): Failed {
  return { kind: 'failed', class: of, phase, failure: { kind, message } };
}

/** One for all: to make one costs more than to decode with it. */
const decoder = new TextDecoder();

/** `undefined` when it is not JSON. */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(bytes)) as unknown;
  } catch {
    return undefined;
  }
}
