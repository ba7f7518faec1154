// From a reply or a failure to an HTTP response: the headers that every response carries, the errors in the dialect
// that the caller speaks.

import type { Failure } from '../core/failure.ts';
import { isSafeHeaderValue } from '../core/headers.ts';
import type { JsonObject } from '../core/json.ts';
import type { Reply } from '../pipeline/chat.ts';
import type { Ingress } from '../dialects/dialect.ts';
import { SECURITY_HEADERS } from './security-headers.ts';

export function respond({ status, contentType, body, headers }: Reply, requestId: string): Response {
  return new Response(body, { status, headers: { ...common(contentType, requestId), ...safe(headers) } });
}

/** For operations: no caller, no request id. */
export function respondJson({
  status,
  body,
}: {
  readonly status: number;
  readonly body: JsonObject;
}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { ...SECURITY_HEADERS, 'content-type': 'application/json' },
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
  return new Response(JSON.stringify(body), {
    status,
    headers: { ...common('application/json', requestId), ...safe(hints) },
  });
}

/** Under both names that SDKs look for: OpenAI's is `x-request-id`, Anthropic's `request-id`. */
function common(contentType: string, requestId: string): Record<string, string> {
  return {
    ...SECURITY_HEADERS,
    'content-type': contentType,
    'x-request-id': requestId,
    'request-id': requestId,
  };
}

/** Whatever came from a caller or a provider and would not make a plain header is left out. */
function safe(headers: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && isSafeHeaderValue(value)) kept[name] = value;
  }
  return kept;
}
