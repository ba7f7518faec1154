// The names of a request: ours, which callers quote and logs are searched by, and the caller's own, which are only
// ever logged beside it. A caller who could choose ours could make two requests look like one.

import { isSafeHeaderValue } from '../core/headers.ts';

/** The value of `x-request-id` on every response. */
export function createRequestId(newId: () => string): string {
  return `req_${newId()}`;
}

/** The caller's own id, if it sent one that can stand in a log line as it is. */
export function clientRequestId(headers: Headers): string | undefined {
  return asLogField(headers.get('x-client-request-id')) ?? asLogField(headers.get('x-request-id'));
}

/** The trace that the caller's `traceparent` belongs to: https://www.w3.org/TR/trace-context/#traceparent-header */
export function traceId(headers: Headers): string | undefined {
  return TRACEPARENT.exec(headers.get('traceparent') ?? '')?.[1];
}

const CLIENT_ID_LENGTH_MAX = 128;

/** Version ff and ids of zeros are invalid; only versions after 00 may have more behind the flags. */
const TRACEPARENT =
  /^(?!ff|00.{53}.)[\da-f]{2}-(?!0{32})([\da-f]{32})-(?!0{16})[\da-f]{16}-[\da-f]{2}(?:-.*)?$/;

function asLogField(value: string | null): string | undefined {
  return value !== null && value.length <= CLIENT_ID_LENGTH_MAX && isSafeHeaderValue(value)
    ? value
    : undefined;
}
