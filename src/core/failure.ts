// What can go wrong, once. A `Failure` is what a caller is told; an `Outcome` is what an attempt at a provider came
// to, and the only thing that retry and failover read. Dialects render failures; nobody else knows their wire form.

export type FailureKind =
  | 'invalid-request' // the caller's body or parameters
  | 'unsupported' // well-formed, but no target can do it without changing its meaning
  | 'context-overflow'
  | 'content-filtered' // a provider's policy refused the prompt
  | 'unauthenticated' // the caller's key at this gateway
  | 'forbidden'
  | 'model-not-found'
  | 'not-found' // a job that is not there, or not this caller's
  | 'route-not-found'
  | 'method-not-allowed'
  | 'upload-timeout'
  | 'too-large'
  | 'rate-limited'
  | 'quota-exhausted'
  | 'overloaded'
  | 'unavailable' // no target could be tried
  | 'upstream-auth' // a provider refused OUR key; the caller's key is fine
  | 'upstream-error'
  | 'upstream-protocol' // a provider answered something that is not its dialect
  | 'upstream-timeout'
  | 'cancelled'
  | 'internal';

export type Failure = {
  readonly kind: FailureKind;
  /** For the caller: what was got and what was wanted. Never a secret, a prompt, a host or an upstream body. */
  readonly message: string;
  /** The request field that is to blame, as a path: `messages[2].content[0].type`. */
  readonly param?: string;
  /** A provider's own words for the same dialect to repeat: OpenAI's `type` and `code`, Anthropic's `type`. */
  readonly native?: NativeError;
  /** When the caller may try again, as far as we know. */
  readonly retryAfterMs?: number;
  /** `x-should-retry`: false stops the SDKs' own retries, true asks for one. Absent: their status rules. */
  readonly shouldRetry?: boolean;
};

export type NativeError = {
  readonly dialect: string;
  readonly status: number;
  readonly type?: string;
  readonly code?: string;
};

/** The one exception that carries a `Failure` to the edge. Anything else that is thrown is a bug. */
export class GatewayError extends Error {
  readonly failure: Failure;

  constructor(failure: Failure, options?: ErrorOptions) {
    super(failure.message, options);
    this.name = 'GatewayError';
    this.failure = failure;
  }
}

/** 400 for a field that is wrong. `param` is the path of the field. */
export function invalidRequest(message: string, param?: string): GatewayError {
  return new GatewayError({ kind: 'invalid-request', message, ...(param === undefined ? {} : { param }) });
}

/** 400 for a field that no target can honour and that must not be dropped: its loss would change the meaning. */
export function unsupported(message: string, param?: string): GatewayError {
  return new GatewayError({ kind: 'unsupported', message, ...(param === undefined ? {} : { param }) });
}

/** The classes of the error taxonomy: what retry, failover, breaker and billing do hangs on these alone. */
export type FailureClass =
  | 'client' // the request is wrong anywhere
  | 'auth' // our credential
  | 'quota' // our money
  | 'ratelimit'
  | 'overload'
  | 'server'
  | 'local' // could not connect, or the connection broke before headers
  | 'timeout'
  | 'protocol'; // answered, but not in its dialect

/** How far an attempt had come. After `content` nothing is tried again. */
export type Phase = 'connect' | 'headers' | 'preamble' | 'content';

export type Outcome =
  | { readonly kind: 'ok' }
  | { readonly kind: 'cancelled' }
  | {
      readonly kind: 'failed';
      readonly class: FailureClass;
      readonly phase: Phase;
      readonly failure: Failure;
      /** What the provider asked for, in ms; absent when it said nothing usable. */
      readonly retryAfterMs?: number;
      /** The provider's own `x-should-retry`. */
      readonly shouldRetry?: boolean;
    };
