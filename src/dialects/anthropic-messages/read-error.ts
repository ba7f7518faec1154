// Errors of a provider: what class they belong to, and what of them a caller may be told.
// https://docs.anthropic.com/en/api/errors

import type { ChatEvent } from '../../core/event.ts';
import type { Failure, FailureClass, FailureKind, NativeError } from '../../core/failure.ts';
import { asString, isObject } from '../../core/json.ts';
import type { ProviderError } from '../dialect.ts';
import { told } from '../told.ts';
import { DIALECT } from './native.ts';

/** An error body of any form. Never throws. */
export function readError(status: number, body: unknown): ProviderError {
  const said = readBody(body);
  const effective = effectiveStatus(status, said);
  const failureClass = classify(effective, said);
  const native = nativeOf(status < 400 ? effective : status, said);
  return { class: failureClass, failure: describe(failureClass, effective, said, native), native };
}

/** An error inside a reply whose status was good. */
export function readErrorEvent(body: unknown): ChatEvent {
  const { class: failureClass, failure } = readError(200, body);
  // Connections break before a reply, not inside its text.
  return { type: 'failure', failure, class: failureClass === 'local' ? 'protocol' : failureClass };
}

export function brokenProtocol(message: string): ChatEvent {
  return { type: 'failure', class: 'protocol', failure: { kind: 'upstream-protocol', message } };
}

type ErrorBody = {
  readonly type?: string;
  readonly message?: string;
  /** `details.error_code` */
  readonly code?: string;
  /** Relays with errors of their own put a number in `error.code`. */
  readonly status?: number;
};

/** Of a body that is no JSON, an error page of a proxy, nothing is kept. */
function readBody(body: unknown): ErrorBody {
  if (!isObject(body)) return {};
  const error = body['error'] ?? body;
  if (typeof error === 'string') return { message: error };
  if (!isObject(error)) return {};
  const details = error['details'];
  return told({
    type: asString(error['type']),
    message: asString(error['message']),
    code: isObject(details) ? asString(details['error_code']) : undefined,
    status: errorStatus(error['code']),
  });
}

function errorStatus(code: unknown): number | undefined {
  return typeof code === 'number' && code >= 400 && code <= 599 ? code : undefined;
}

/** The status that goes with an error's `type`. In a stream it is all there is; beside a status it is the finer word. */
const STATUS_OF_TYPE: ReadonlyMap<string, number> = new Map([
  ['authentication_error', 401],
  ['billing_error', 402],
  ['permission_error', 403],
  ['not_found_error', 404],
  ['conflict_error', 409],
  ['request_too_large', 413],
  ['rate_limit_error', 429],
  ['timeout_error', 504],
  ['overloaded_error', 529],
]);

/** These two stand for a whole range, of which the status tells more. */
const STATUS_OF_GENERAL_TYPE: ReadonlyMap<string, number> = new Map([
  ['invalid_request_error', 400],
  ['api_error', 500],
]);

function effectiveStatus(status: number, { type = '', status: inBody }: ErrorBody): number {
  const specific = STATUS_OF_TYPE.get(type);
  if (specific !== undefined) return specific;
  if (status >= 400) return status;
  return STATUS_OF_GENERAL_TYPE.get(type) ?? inBody ?? status;
}

const SPEND_LIMIT_CODES: readonly string[] = ['enforced_spend_limit_reached', 'contract_spend_limit_reached'];
const ACCOUNT_CODES: readonly string[] = ['organization_on_hold', 'cmek_key_disabled'];
/** Limits that an organization sets itself arrive as a 400 without any code: the text is all there is. */
const SPEND_LIMIT_TEXT = /^You have reached your specified .*API usage limits|credit balance is too low/i;

function classify(status: number, { code = '', message = '' }: ErrorBody): FailureClass {
  if (SPEND_LIMIT_CODES.includes(code)) return 'quota';
  if (ACCOUNT_CODES.includes(code)) return 'auth';
  switch (status) {
    case 400:
      return SPEND_LIMIT_TEXT.test(message) ? 'quota' : 'client';
    case 401:
    case 403:
      return 'auth';
    case 402:
      return 'quota';
    case 408:
      return 'timeout';
    // A conflict passes: the SDKs try again.
    case 409:
      return 'server';
    case 429:
      return 'ratelimit';
    case 503:
    case 529:
      return 'overload';
    default:
      if (status < 400) return 'protocol';
      return status < 500 ? 'client' : 'server';
  }
}

const MESSAGE_LENGTH_MAX = 1000;

/** A caller sees the provider's own words only where the caller's request is to blame. */
function describe(
  failureClass: FailureClass,
  status: number,
  { message = '' }: ErrorBody,
  native: NativeError,
): Failure {
  switch (failureClass) {
    case 'client': {
      const silent = `the provider refused the request with status ${status}`;
      return {
        kind: clientKind(status, message),
        message: message.trim() === '' ? silent : message.slice(0, MESSAGE_LENGTH_MAX),
        native,
      };
    }
    case 'auth':
      return { kind: 'upstream-auth', message: 'the provider refused the credential of this gateway' };
    // What ran out is the operator's money. A caller who were told "quota exhausted" would look for it in their own.
    case 'quota':
      return {
        kind: 'upstream-error',
        message: 'the provider refused the request for lack of credit at this gateway',
      };
    case 'ratelimit':
      return { kind: 'rate-limited', message: 'the provider limits the rate of requests' };
    case 'overload':
      return { kind: 'overloaded', message: 'the provider is overloaded' };
    case 'timeout':
      return { kind: 'upstream-timeout', message: 'the provider ran out of time' };
    case 'server':
      return status === 504
        ? { kind: 'upstream-timeout', message: 'the provider ran out of time' }
        : { kind: 'upstream-error', message: 'the provider failed' };
    case 'local':
    case 'protocol':
      return {
        kind: 'upstream-protocol',
        message: 'the provider answered something that is not its dialect',
      };
  }
}

const OVERFLOW_TEXT = /prompt is too long|exceeds? (the )?context (limit|window)/i;
const FILTER_TEXT = /content filtering policy/i;

/** None of these has a code of its own: a 400 is told apart by its text. */
function clientKind(status: number, message: string): FailureKind {
  if (status === 404) return 'model-not-found';
  if (status === 413) return 'too-large';
  if (OVERFLOW_TEXT.test(message)) return 'context-overflow';
  return FILTER_TEXT.test(message) ? 'content-filtered' : 'invalid-request';
}

const NAME_LENGTH_MAX = 64;

function nativeOf(status: number, { type, code }: ErrorBody): NativeError {
  return { dialect: DIALECT, status, ...told({ type: nameOf(type), code: nameOf(code) }) };
}

/** What is longer is no name. */
function nameOf(word: string | undefined): string | undefined {
  return word !== undefined && word.length <= NAME_LENGTH_MAX ? word : undefined;
}
