// From a reply or a failure to an HTTP response: the headers that every response carries, the errors in the dialect
// that the caller speaks.

import type { Failure } from '../core/failure.ts';
import { isSafeHeaderValue } from '../core/headers.ts';
import type { JsonObject } from '../core/json.ts';
import type { Reply } from '../pipeline/chat.ts';
import type { Ingress } from '../dialects/dialect.ts';
import { SECURITY_HEADERS } from './security-headers.ts';

export function respond(
  { status, contentType, body, headers }: Reply,
  requestId: string,
  { requestIdHeader }: Ingress,
): Response {
  const response = new Response(body, { status, headers: withHeaders(contentType, requestId, headers) });
  if (requestIdHeader !== undefined) response.headers.set(requestIdHeader, requestId);
  return response;
}

export type JsonAnswer = { readonly status: number; readonly body: JsonObject };

/** For operations, which speak no dialect. */
export function respondJson({ status, body }: JsonAnswer, requestId: string): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: withHeaders('application/json', requestId, {}),
  });
}

/** `retry-after-ms` and `Retry-After` agree, so that every SDK waits as long as it should. */
export function respondFailure(failure: Failure, ingress: Ingress, requestId: string): Response {
  const { status, body } = ingress.writeFailure(failure, requestId);
  const { retryAfterMs, shouldRetry } = failure;
  const hints = {
    'retry-after-ms': retryAfterMs === undefined ? undefined : String(Math.ceil(retryAfterMs)),
    'retry-after': retryAfterMs === undefined ? undefined : String(Math.ceil(retryAfterMs / 1000)),
    'x-should-retry': shouldRetry === undefined ? undefined : String(shouldRetry),
  };
  return respond(
    { status, contentType: 'application/json', body: JSON.stringify(body), headers: hints },
    requestId,
    ingress,
  );
}

/** Copied natively for each response, which is cheaper than to write them anew. */
const TEMPLATE = new Headers(SECURITY_HEADERS);

/** Each header costs about a microsecond. Whatever came from a caller or a provider and would not make a plain header is left out. */
function withHeaders(
  contentType: string,
  requestId: string,
  more: Readonly<Record<string, string | undefined>>,
): Headers {
  const headers = new Headers(TEMPLATE);
  headers.set('content-type', contentType);
  headers.set('x-request-id', requestId);
  for (const [name, value] of Object.entries(more)) {
    if (value !== undefined && isSafeHeaderValue(value)) headers.set(name, value);
  }
  return headers;
}
