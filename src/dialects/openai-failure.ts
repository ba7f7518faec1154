// Failures in OpenAI's envelope. Its clients choose the exception by status, show `message`, and expose `code`, `type`
// and `param`. https://platform.openai.com/docs/guides/error-codes

import type { Failure, FailureKind, NativeError } from '../core/failure.ts';
import type { JsonObject } from '../core/json.ts';
import { encodeSse } from '../streams/sse.ts';
import { OPENAI_WORDS } from './openai-error.ts';

export function writeFailure(
  failure: Failure,
  requestId: string,
): { readonly status: number; readonly body: JsonObject } {
  const { status, type, code } = FACES[failure.kind];
  const native = nativeOf(failure, status);
  return {
    status,
    body: {
      error: {
        message: clip(failure.message, MESSAGE_BYTES_MAX),
        type: native?.type ?? type,
        param: failure.param === undefined ? null : clip(failure.param, PARAM_BYTES_MAX),
        code: native?.code ?? code,
        request_id: requestId,
      },
    },
  };
}

/** A provider's words belong to its status: "invalid_api_key", say, is no word to a caller whose key is fine. */
function nativeOf({ native }: Failure, status: number): NativeError | undefined {
  return native?.dialect === OPENAI_WORDS && native.status === status ? native : undefined;
}

/** Official clients throw on a top-level `error`. No `[DONE]` follows: the reply did not end well. */
export function writeStreamFailure(failure: Failure, requestId: string): string {
  return encodeSse(JSON.stringify(writeFailure(failure, requestId).body));
}

type Face = { readonly status: number; readonly type: string; readonly code: string | null };

const FACES: Readonly<Record<FailureKind, Face>> = {
  'invalid-request': { status: 400, type: 'invalid_request_error', code: null },
  unsupported: { status: 400, type: 'invalid_request_error', code: 'unsupported_capability' },
  'context-overflow': { status: 400, type: 'invalid_request_error', code: 'context_length_exceeded' },
  'content-filtered': { status: 400, type: 'invalid_request_error', code: 'content_filter' },
  unauthenticated: { status: 401, type: 'invalid_request_error', code: 'invalid_api_key' },
  forbidden: { status: 403, type: 'invalid_request_error', code: 'permission_denied' },
  'model-not-found': { status: 404, type: 'invalid_request_error', code: 'model_not_found' },
  'not-found': { status: 404, type: 'invalid_request_error', code: 'not_found' },
  'route-not-found': { status: 404, type: 'invalid_request_error', code: 'unknown_url' },
  'method-not-allowed': { status: 405, type: 'invalid_request_error', code: 'method_not_supported' },
  'upload-timeout': { status: 408, type: 'invalid_request_error', code: 'request_timeout' },
  'too-large': { status: 413, type: 'invalid_request_error', code: 'request_too_large' },
  'rate-limited': { status: 429, type: 'rate_limit_error', code: 'rate_limit_exceeded' },
  'quota-exhausted': { status: 429, type: 'insufficient_quota', code: 'insufficient_quota' },
  overloaded: { status: 503, type: 'service_unavailable_error', code: 'server_is_overloaded' },
  unavailable: { status: 503, type: 'service_unavailable_error', code: 'no_available_provider' },
  // Not 401: the caller's key is good, and clients would ask for another one.
  'upstream-auth': { status: 502, type: 'upstream_error', code: 'upstream_authentication_failed' },
  'upstream-error': { status: 502, type: 'server_error', code: 'upstream_error' },
  'upstream-protocol': { status: 502, type: 'server_error', code: 'upstream_protocol_error' },
  'upstream-timeout': { status: 504, type: 'server_error', code: 'upstream_timeout' },
  // nginx's "client closed request": nobody is there to read it but the log.
  cancelled: { status: 499, type: 'invalid_request_error', code: 'request_cancelled' },
  internal: { status: 500, type: 'server_error', code: 'internal_error' },
};

// A body stays below 2 KB, whatever bytes the texts are of and however JSON escapes them.
const MESSAGE_BYTES_MAX = 1_200;
const PARAM_BYTES_MAX = 300;

function clip(text: string, bytesMax: number): string {
  let clipped = text.toWellFormed();
  while (encodedSize(clipped) > bytesMax) {
    clipped = clipped.slice(0, Math.floor(clipped.length * 0.8)).toWellFormed();
  }
  return clipped;
}

function encodedSize(text: string): number {
  return new TextEncoder().encode(JSON.stringify(text)).length;
}
