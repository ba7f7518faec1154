// Errors of Cohere: what class they belong to, and what of them a caller may be told. A body is `{id?, message,
// error_type?}`, so the status decides, and the text where a status stands for several things.
// https://docs.cohere.com/reference/errors

import type { StreamFailureClass } from '../../core/event.ts';
import type { Failure, FailureKind } from '../../core/failure.ts';
import { asString, isObject } from '../../core/json.ts';
import type { ProviderError } from '../dialect.ts';
import { told } from '../told.ts';
import { DIALECT } from './native.ts';
import { failureSentence } from '../failure-sentence.ts';

/** `status`: of HTTP; 200 for an error in a good body or in a stream. */
export function readError(
  status: number,
  body: unknown,
): ProviderError & { readonly class: StreamFailureClass } {
  const message = isObject(body) ? (asString(body['message']) ?? asString(body['error']) ?? '') : '';
  const type = isObject(body) ? slug(body['error_type']) : undefined;
  const verdict = judge(status, message, type);
  const native = { dialect: DIALECT, status, ...told({ type }) };
  const failure: Failure = {
    kind: verdict.kind,
    // A caller sees the provider's own words only where the caller's request is to blame.
    message:
      verdict.class === 'client' && message !== ''
        ? message.slice(0, MESSAGE_LENGTH_MAX)
        : failureSentence(verdict.class, status),
    ...(verdict.class === 'client' ? { native } : {}),
  };
  return { class: verdict.class, failure, native };
}

/** The failure of a reply that is no reply of this dialect. */
export function protocolFailure(message: string): Failure {
  return { kind: 'upstream-protocol', message };
}

const MESSAGE_LENGTH_MAX = 1_000;

type Verdict = { readonly class: StreamFailureClass; readonly kind: FailureKind };

function judge(status: number, message: string, type: string | undefined): Verdict {
  if (type === 'TOO_MANY_TOKENS') return OVERFLOW;
  if (STATUSES_OF_OVERFLOW.has(status) && OVERFLOW_PHRASES.test(message)) return OVERFLOW;
  // A trial key has a number of calls a minute, which comes back, and one a month, which does not.
  // https://docs.cohere.com/docs/rate-limits
  if (status === 429 && /\bmonth/i.test(message)) return QUOTA;
  const verdict = VERDICTS.get(status);
  if (verdict !== undefined) return verdict;
  if (status >= 500) return SERVER;
  if (status >= 400) return REFUSED;
  return status >= 200 && status < 300 ? SERVER : PROTOCOL;
}

const REFUSED: Verdict = { class: 'client', kind: 'invalid-request' };
const OVERFLOW: Verdict = { class: 'client', kind: 'context-overflow' };
const AUTH: Verdict = { class: 'auth', kind: 'upstream-auth' };
/** Our money, not the caller's: to the caller it is the provider's failure. */
const QUOTA: Verdict = { class: 'quota', kind: 'upstream-error' };
const SERVER: Verdict = { class: 'server', kind: 'upstream-error' };
const PROTOCOL: Verdict = { class: 'protocol', kind: 'upstream-protocol' };

const VERDICTS: ReadonlyMap<number, Verdict> = new Map<number, Verdict>([
  [401, AUTH],
  [402, QUOTA],
  [403, AUTH],
  [404, { class: 'client', kind: 'model-not-found' }],
  [408, { class: 'timeout', kind: 'upstream-timeout' }],
  [413, { class: 'client', kind: 'too-large' }],
  [429, { class: 'ratelimit', kind: 'rate-limited' }],
  // A token of the prompt is on a deny list.
  [498, { class: 'client', kind: 'content-filtered' }],
  // Cancelled there: we had not hung up, for then nobody would be reading.
  [499, SERVER],
  [503, { class: 'overload', kind: 'overloaded' }],
  [504, { class: 'server', kind: 'upstream-timeout' }],
]);

// 200: an error in a good body or a stream that has no status of its own.
const STATUSES_OF_OVERFLOW: ReadonlySet<number> = new Set([200, 400, 422]);
const OVERFLOW_PHRASES =
  /too many tokens|size limit exceeded by \d+ tokens|total number of tokens in the prompt cannot exceed/i;

/** A code, not a sentence. */
function slug(value: unknown): string | undefined {
  return typeof value === 'string' && /^[A-Za-z]\w{0,63}$/.test(value) ? value : undefined;
}
