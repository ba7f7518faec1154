import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Failure, FailureKind } from '../../../../src/core/failure.ts';
import { anthropicMessages } from '../../../../src/dialects/anthropic-messages/index.ts';
import { createSseDecoder } from '../../../../src/streams/sse.ts';

const { writeFailure, writeStreamFailure, heartbeat } = anthropicMessages.ingress;
const { readError } = anthropicMessages.egress;

function error(type: string, message = 'x', error_code?: string) {
  return {
    type: 'error',
    error: { type, message, ...(error_code === undefined ? {} : { details: { error_code } }) },
  };
}

function errorOf(failure: Failure) {
  return writeFailure(failure, 'req_1').body['error'];
}

const forms: readonly (readonly [FailureKind, number, string])[] = [
  ['invalid-request', 400, 'invalid_request_error'],
  ['unsupported', 400, 'invalid_request_error'],
  ['context-overflow', 400, 'invalid_request_error'],
  ['content-filtered', 400, 'invalid_request_error'],
  ['unauthenticated', 401, 'authentication_error'],
  ['forbidden', 403, 'permission_error'],
  ['model-not-found', 404, 'not_found_error'],
  ['route-not-found', 404, 'not_found_error'],
  ['method-not-allowed', 405, 'invalid_request_error'],
  ['upload-timeout', 408, 'timeout_error'],
  ['too-large', 413, 'request_too_large'],
  ['rate-limited', 429, 'rate_limit_error'],
  ['quota-exhausted', 402, 'billing_error'],
  ['overloaded', 529, 'overloaded_error'],
  ['unavailable', 503, 'api_error'],
  ['upstream-auth', 502, 'api_error'],
  ['upstream-error', 502, 'api_error'],
  ['upstream-protocol', 502, 'api_error'],
  ['upstream-timeout', 504, 'timeout_error'],
  ['cancelled', 499, 'api_error'],
  ['internal', 500, 'api_error'],
];

describe('readError', () => {
  it.each([
    [400, error('invalid_request_error'), 'client', 'invalid-request'],
    [
      400,
      error('invalid_request_error', 'prompt is too long: 2 tokens > 1 maximum'),
      'client',
      'context-overflow',
    ],
    [
      400,
      error('invalid_request_error', 'input length and `max_tokens` exceed context limit: 1 + 2 > 2'),
      'client',
      'context-overflow',
    ],
    [
      400,
      error('invalid_request_error', 'Output blocked by content filtering policy'),
      'client',
      'content-filtered',
    ],
    [
      400,
      error('invalid_request_error', 'You have reached your specified workspace API usage limits.'),
      'quota',
      'upstream-error',
    ],
    [
      400,
      error('invalid_request_error', 'Your credit balance is too low to access'),
      'quota',
      'upstream-error',
    ],
    [400, error('invalid_request_error', 'x', 'organization_on_hold'), 'auth', 'upstream-auth'],
    [401, error('authentication_error'), 'auth', 'upstream-auth'],
    [402, error('billing_error'), 'quota', 'upstream-error'],
    [403, error('permission_error'), 'auth', 'upstream-auth'],
    [404, error('not_found_error'), 'client', 'model-not-found'],
    [408, 'Request Timeout', 'timeout', 'upstream-timeout'],
    [409, error('conflict_error'), 'server', 'upstream-error'],
    [413, error('request_too_large'), 'client', 'too-large'],
    [422, undefined, 'client', 'invalid-request'],
    [429, error('rate_limit_error'), 'ratelimit', 'rate-limited'],
    [429, error('rate_limit_error', 'x', 'ramp_limit_exceeded'), 'ratelimit', 'rate-limited'],
    [429, error('rate_limit_error', 'x', 'contract_spend_limit_reached'), 'quota', 'upstream-error'],
    [500, error('api_error'), 'server', 'upstream-error'],
    [502, '<html>Bad Gateway</html>', 'server', 'upstream-error'],
    [503, '', 'overload', 'overloaded'],
    [504, error('timeout_error'), 'server', 'upstream-timeout'],
    [529, error('overloaded_error'), 'overload', 'overloaded'],
    [500, error('overloaded_error'), 'overload', 'overloaded'],
    [301, '', 'protocol', 'upstream-protocol'],
    [200, { error: { code: 402, message: 'credits' } }, 'quota', 'upstream-error'],
    [200, { error: { code: 7, message: 'what?' } }, 'protocol', 'upstream-protocol'],
    [400, { error: 'prompt is too long' }, 'client', 'context-overflow'],
    [400, { message: 'prompt is too long' }, 'client', 'context-overflow'],
  ])('takes %d %j for class %s, told as %s', (status, body, failureClass, kind) => {
    const read = readError(status, body);
    expect([read.class, read.failure.kind]).toEqual([failureClass, kind]);
  });

  it('keeps status, type and code beside the class', () => {
    expect(readError(429, error('rate_limit_error', 'x', 'ramp_limit_exceeded')).native).toEqual({
      dialect: 'anthropic-messages',
      status: 429,
      type: 'rate_limit_error',
      code: 'ramp_limit_exceeded',
    });
  });

  it("tells the caller the provider's words only about the caller's own request", () => {
    const secret = 'org-secret at 10.0.0.1';
    for (const status of [401, 402, 403, 408, 409, 429, 500, 502, 503, 504, 529]) {
      expect(JSON.stringify(readError(status, error('x', secret)).failure)).not.toContain(secret);
    }
    expect(readError(400, error('invalid_request_error', 'max_tokens: too many')).failure.message).toBe(
      'max_tokens: too many',
    );
    expect(readError(400, `<html>${secret}</html>`).failure.message).toBe(
      'the provider refused the request with status 400',
    );
    expect(readError(400, error('invalid_request_error', 'x'.repeat(5000))).failure.message).toHaveLength(
      1000,
    );
  });
});

describe('writeFailure', () => {
  it.each(forms)('writes %s as %d %s', (kind, status, type) => {
    const written = writeFailure({ kind, message: 'What went wrong.' }, 'req_1');
    expect(written).toEqual({
      status,
      body: {
        type: 'error',
        error: { type, message: expect.stringContaining('What went wrong.') },
        request_id: 'req_1',
      },
    });
  });

  it('says of a prompt that is too long what clients look for', () => {
    expect(errorOf({ kind: 'context-overflow', message: '9 tokens are more than 8' })).toMatchObject({
      message: 'prompt is too long: 9 tokens are more than 8',
    });
    expect(errorOf({ kind: 'context-overflow', message: 'prompt is too long: 9 > 8' })).toMatchObject({
      message: 'prompt is too long: 9 > 8',
    });
  });

  it('names the field that is to blame once', () => {
    const failure = { kind: 'invalid-request', param: 'model' } as const;
    expect(errorOf({ ...failure, message: 'got 7, wanted a string' })).toMatchObject({
      message: 'model: got 7, wanted a string',
    });
    expect(errorOf({ ...failure, message: 'model: got 7' })).toMatchObject({ message: 'model: got 7' });
  });

  it("repeats a provider's own word for the same dialect and about the same thing only", () => {
    const failure = { kind: 'invalid-request', message: 'x' } as const;
    const word = { status: 400, type: 'own_word' };
    expect(errorOf({ ...failure, native: { ...word, dialect: 'anthropic-messages' } })).toMatchObject({
      type: 'own_word',
    });
    expect(errorOf({ ...failure, native: { ...word, dialect: 'openai-chat' } })).toMatchObject({
      type: 'invalid_request_error',
    });
    const { failure: ourKey, native } = readError(401, error('authentication_error'));
    expect(errorOf({ ...ourKey, native })).toMatchObject({ type: 'api_error' });
  });

  it("repeats a provider's own code where the SDKs look for one", () => {
    const { failure } = readError(400, {
      type: 'error',
      error: { type: 'invalid_request_error', message: 'gone', details: { error_code: 'thread_not_found' } },
    });
    expect(errorOf(failure)).toMatchObject({ details: { error_code: 'thread_not_found' } });
  });

  it("tells the SDK's tool runner to go on without a thread where none can be kept", () => {
    expect(errorOf({ kind: 'unsupported', message: 'thread: not here', param: 'thread' })).toMatchObject({
      details: { error_code: 'thread_unsupported_request', unsupported: ['thread'] },
    });
  });

  it('never writes more than 2 KB, whatever the message', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 500, maxLength: 5000 }), (message) => {
        const { body } = writeFailure({ kind: 'internal', message }, 'req_0123456789abcdef');
        expect(new TextEncoder().encode(JSON.stringify(body)).length).toBeLessThanOrEqual(2048);
      }),
    );
  });

  it('in a stream is an event that the reader takes for the same failure', () => {
    const failure: Failure = { kind: 'overloaded', message: 'line\nbreak' };
    const [event, ...others] = createSseDecoder().feed(
      new TextEncoder().encode(writeStreamFailure(failure, 'req_1')),
    );
    expect(event?.event).toBe('error');
    expect(others).toEqual([]);
    expect(anthropicMessages.egress.createStreamReader().read(event ?? { data: '' })).toMatchObject([
      { type: 'failure', class: 'overload', failure: { kind: 'overloaded' } },
    ]);
  });
});

describe('the heartbeat', () => {
  it('is an event that readers skip', () => {
    const [event] = createSseDecoder().feed(new TextEncoder().encode(heartbeat));
    expect(event).toEqual({ event: 'ping', data: '{"type": "ping"}' });
    expect(anthropicMessages.egress.createStreamReader().read(event ?? { data: '' })).toEqual([]);
  });
});
