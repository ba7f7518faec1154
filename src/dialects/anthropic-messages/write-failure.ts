// Failures in Anthropic's form, from which the official SDKs choose their exception class.
// https://docs.anthropic.com/en/api/errors

import type { Failure, FailureKind, NativeError } from '../../core/failure.ts';
import type { JsonObject } from '../../core/json.ts';
import { encodeSse } from '../../streams/sse.ts';
import { told } from '../told.ts';
import { DIALECT } from './native.ts';

export function writeFailure(
  failure: Failure,
  requestId: string,
): { readonly status: number; readonly body: JsonObject } {
  const { status, type } = FORMS[failure.kind];
  const native = nativeOf(failure, status);
  return {
    status,
    body: {
      type: 'error',
      error: {
        type: native?.type ?? type,
        message: fit(messageOf(failure)),
        ...told({ details: detailsOf(failure, native) }),
      },
      request_id: requestId,
    },
  };
}

/** The SDKs throw on the event's name and never look into it for a status. */
export function writeStreamFailure(failure: Failure, requestId: string): string {
  return encodeSse(JSON.stringify(writeFailure(failure, requestId).body), 'error');
}

type Form = { readonly status: number; readonly type: string };

const FORMS: { readonly [Kind in FailureKind]: Form } = {
  'invalid-request': { status: 400, type: 'invalid_request_error' },
  unsupported: { status: 400, type: 'invalid_request_error' },
  'context-overflow': { status: 400, type: 'invalid_request_error' },
  'content-filtered': { status: 400, type: 'invalid_request_error' },
  unauthenticated: { status: 401, type: 'authentication_error' },
  forbidden: { status: 403, type: 'permission_error' },
  'model-not-found': { status: 404, type: 'not_found_error' },
  'not-found': { status: 404, type: 'not_found_error' },
  'route-not-found': { status: 404, type: 'not_found_error' },
  'method-not-allowed': { status: 405, type: 'invalid_request_error' },
  'upload-timeout': { status: 408, type: 'timeout_error' },
  'too-large': { status: 413, type: 'request_too_large' },
  'rate-limited': { status: 429, type: 'rate_limit_error' },
  'quota-exhausted': { status: 402, type: 'billing_error' },
  overloaded: { status: 529, type: 'overloaded_error' },
  unavailable: { status: 503, type: 'api_error' },
  'upstream-auth': { status: 502, type: 'api_error' },
  'upstream-error': { status: 502, type: 'api_error' },
  'upstream-protocol': { status: 502, type: 'api_error' },
  'upstream-timeout': { status: 504, type: 'timeout_error' },
  // nginx's word for a client that left: nobody is there to read it, but logs are.
  cancelled: { status: 499, type: 'api_error' },
  internal: { status: 500, type: 'api_error' },
};

/** A provider's word belongs to its status: that it refused OUR key, say, is no word to a caller whose key is fine. */
function nativeOf({ native }: Failure, status: number): NativeError | undefined {
  return native?.dialect === DIALECT && native.status === status ? native : undefined;
}

/**
 * Codes that the SDKs act upon. Their tool runner keeps the conversation in a thread at the provider, and where it is
 * told in this code that there can be none, it goes on without (`ThreadState` in @anthropic-ai/sdk).
 */
function detailsOf({ kind, param }: Failure, native: NativeError | undefined): JsonObject | undefined {
  if (kind === 'unsupported' && param === 'thread') {
    return { error_code: 'thread_unsupported_request', unsupported: ['thread'] };
  }
  return native?.code === undefined ? undefined : { error_code: native.code };
}

/** Names the field in front, as Anthropic does. */
function messageOf({ kind, message, param }: Failure): string {
  if (kind === 'context-overflow') return overflowMessage(message);
  return param === undefined || message.includes(param) ? message : `${param}: ${message}`;
}

/** Clients of Anthropic's look for these words to know that they must shorten the conversation. */
function overflowMessage(message: string): string {
  return message.includes('prompt is too long') ? message : `prompt is too long: ${message}`;
}

/** Leaves room for the envelope within the 2 KB that an error body may have. */
const MESSAGE_BYTES_MAX = 1700;

const encoder = new TextEncoder();

function fit(message: string): string {
  let fitting = message.slice(0, MESSAGE_BYTES_MAX).toWellFormed();
  while (encoder.encode(JSON.stringify(fitting)).length > MESSAGE_BYTES_MAX) {
    fitting = fitting.slice(0, Math.floor(fitting.length * 0.9)).toWellFormed();
  }
  return fitting;
}
