import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Failure, FailureKind } from '../../../../src/core/failure.ts';
import { readError } from '../../../../src/dialects/openai-error.ts';
import { readReply } from '../../../../src/dialects/openai-chat/read-reply.ts';
import { writeFailure, writeStreamFailure } from '../../../../src/dialects/openai-failure.ts';

describe('an error without a body that can be read', () => {
  it.each<readonly [number, string, FailureKind]>([
    [400, 'client', 'invalid-request'],
    [401, 'auth', 'upstream-auth'],
    [402, 'quota', 'upstream-error'],
    [403, 'auth', 'upstream-auth'],
    [404, 'client', 'model-not-found'],
    [408, 'timeout', 'upstream-timeout'],
    [409, 'server', 'upstream-error'],
    [413, 'client', 'too-large'],
    [422, 'client', 'invalid-request'],
    [424, 'server', 'upstream-error'],
    [429, 'ratelimit', 'rate-limited'],
    [500, 'server', 'upstream-error'],
    [501, 'server', 'upstream-error'],
    [502, 'server', 'upstream-error'],
    [503, 'overload', 'overloaded'],
    [504, 'server', 'upstream-timeout'],
    [529, 'overload', 'overloaded'],
    [302, 'protocol', 'upstream-protocol'],
  ])('of status %i is %s, %s', (status, failed, kind) => {
    for (const body of ['<html>Bad</html>', '', null, undefined, [], 7]) {
      const error = readError(status, body);
      expect(error).toMatchObject({
        class: failed,
        failure: { kind },
        native: { dialect: 'openai', status },
      });
      expect(error.failure.message).toMatch(new RegExp(`^the provider .+ \\(${status}\\)$`));
    }
  });
});

describe('an error that names itself', () => {
  it.each<readonly [number, unknown, string, FailureKind]>([
    [429, { error: { code: 'credit_balance_exhausted' } }, 'quota', 'upstream-error'],
    [
      429,
      { error: { type: 'insufficient_quota', code: 'project_spend_limit_exceeded' } },
      'quota',
      'upstream-error',
    ],
    [429, { error: { message: 'Your credit balance is too low' } }, 'quota', 'upstream-error'],
    [400, { error: { message: 'Insufficient credits' } }, 'quota', 'upstream-error'],
    [
      402,
      { error: { code: 402, metadata: { limit_source: 'openrouter_in_flight_budget' } } },
      'ratelimit',
      'rate-limited',
    ],
    [
      413,
      { error: { message: 'Request too large', code: 'rate_limit_exceeded' } },
      'ratelimit',
      'rate-limited',
    ],
    [400, { code: 'invalid-argument', error: 'Incorrect API key provided: sk-abc' }, 'auth', 'upstream-auth'],
    [400, { error: { innererror: { code: 'ResponsibleAIPolicyViolation' } } }, 'client', 'content-filtered'],
    [
      400,
      { error: { code: 400, metadata: { error_type: 'context_length_exceeded' } } },
      'client',
      'context-overflow',
    ],
    [
      400,
      {
        error: {
          message: 'Provider returned error',
          metadata: { raw: '{"error":"prompt is too long: 9 > 8"}' },
        },
      },
      'client',
      'context-overflow',
    ],
    [400, { message: 'Input tokens exceed the configured limit of 8 tokens.' }, 'client', 'context-overflow'],
    [
      403,
      { error: { code: 403, metadata: { error_type: 'content_policy_violation' } } },
      'client',
      'content-filtered',
    ],
    [500, { error: { code: 'server_is_overloaded' } }, 'overload', 'overloaded'],
    [503, { error: { type: 'rate_limit_error' } }, 'ratelimit', 'rate-limited'],
  ])('with %i and %j is %s, %s', (status, body, failed, kind) => {
    expect(readError(status, body)).toMatchObject({ class: failed, failure: { kind } });
  });

  it('decides by the number in its body where the status was good', () => {
    expect(readError(200, { error: { code: 401, message: 'x' } })).toMatchObject({
      class: 'auth',
      native: { status: 401 },
    });
    expect(readError(200, { error: { code: '429' } }).class).toBe('ratelimit');
    expect(readError(500, { error: { code: 401 } }).class).toBe('server');
    expect(readError(200, { code: 'The service is currently unavailable', error: 'busy' }).class).toBe(
      'server',
    );
  });
});

describe('what the caller is told', () => {
  it('is what the provider said when the request is to blame, with its words and its field', () => {
    const body = {
      error: { message: 'Bad value', type: 'invalid_request_error', code: 'invalid_value', param: 'n' },
    };
    const native = {
      dialect: 'openai',
      status: 400,
      type: 'invalid_request_error',
      code: 'invalid_value',
    };
    expect(readError(400, body).failure).toEqual({
      kind: 'invalid-request',
      message: 'Bad value',
      param: 'n',
      native,
    });
  });

  it.each([
    [{ error: 'text' }, 'text'],
    [{ message: 'text' }, 'text'],
    [{ detail: 'text' }, 'text'],
    [{ detail: [{ loc: ['body', 'n'], msg: 'too many' }] }, 'body.n: too many'],
    [{ object: 'error', message: 'text' }, 'text'],
    [{ error: 'text', error_type: 'validation' }, 'text'],
    [{ error: { message: '' } }, 'the provider refused the request (422)'],
  ])('is found in %j', (body, message) => {
    expect(readError(422, body).failure.message).toBe(message);
  });

  it('is never longer than anyone reads', () => {
    expect(readError(400, { error: { message: 'x'.repeat(100_000) } }).failure.message).toHaveLength(1_000);
  });

  it('is nothing of what the provider said about us', () => {
    const secret = 'sk-live-1234567890 at https://internal.example';
    for (const status of [401, 402, 403, 408, 429, 500, 503]) {
      const { failure } = readError(status, {
        error: { message: secret, code: 'x', type: 'y', param: secret },
      });
      expect(JSON.stringify(failure)).not.toContain('internal');
      expect(failure).not.toHaveProperty('native');
    }
  });
});

describe('a good status with a bad body', () => {
  it.each<readonly [unknown, string]>([
    [null, 'protocol'],
    ['<html>', 'protocol'],
    [[], 'protocol'],
    [{}, 'protocol'],
    [{ id: 'x', choices: [] }, 'protocol'],
    [{ choices: 'None' }, 'protocol'],
    [{ error: 'The service is currently unavailable' }, 'server'],
    [{ message: 'Not today', code: 429 }, 'ratelimit'],
    [{ detail: 'x' }, 'server'],
    [{ choices: [{ error: { code: 401 } }] }, 'auth'],
    [{ choices: [{ message: { content: 'x' }, finish_reason: 'error' }] }, 'server'],
  ])('%j is a failure of class %s', (body, failed) => {
    expect(readReply(body).at(-1)).toMatchObject({ type: 'failure', class: failed });
  });
});

const STATUSES: Readonly<Record<FailureKind, number>> = {
  'invalid-request': 400,
  unsupported: 400,
  'context-overflow': 400,
  'content-filtered': 400,
  unauthenticated: 401,
  forbidden: 403,
  'model-not-found': 404,
  'not-found': 404,
  'route-not-found': 404,
  'method-not-allowed': 405,
  'upload-timeout': 408,
  'too-large': 413,
  'rate-limited': 429,
  'quota-exhausted': 429,
  overloaded: 503,
  unavailable: 503,
  'upstream-auth': 502,
  'upstream-error': 502,
  'upstream-protocol': 502,
  'upstream-timeout': 504,
  cancelled: 499,
  internal: 500,
};
const KINDS = Object.keys(STATUSES) as FailureKind[];

describe('a written failure', () => {
  it.each(KINDS)('of kind %s has the status that clients expect', (kind) => {
    const { status, body } = writeFailure({ kind, message: 'Sorry' }, 'r1');
    expect(status).toBe(STATUSES[kind]);
    expect(body).toEqual({
      error: {
        message: 'Sorry',
        type: expect.any(String),
        param: null,
        code: kind === 'invalid-request' ? null : expect.any(String),
        request_id: 'r1',
      },
    });
  });

  it('repeats the words of a provider of the same dialect, and no other’s', () => {
    const failure: Failure = { kind: 'invalid-request', message: 'Sorry', param: 'n' };
    const native = { status: 400, type: 'a_type', code: 'a_code' };
    expect(writeFailure({ ...failure, native: { ...native, dialect: 'openai' } }, 'r1').body).toMatchObject({
      error: { type: 'a_type', code: 'a_code', param: 'n' },
    });
    expect(
      writeFailure({ ...failure, native: { ...native, dialect: 'anthropic-messages' } }, 'r1').body,
    ).toMatchObject({
      error: { type: 'invalid_request_error', code: null },
    });
  });

  it('does not repeat the words in which a provider refused our key', () => {
    const { failure, native } = readError(401, { error: { message: 'no', code: 'invalid_api_key' } });
    expect(writeFailure({ ...failure, native }, 'r1').body).toMatchObject({
      error: { type: 'upstream_error', code: 'upstream_authentication_failed' },
    });
  });

  it('stays below 2 KB, whatever it is about', () => {
    const long = fc.oneof(
      fc.string({ minLength: 1_000, maxLength: 3_000, unit: 'binary' }),
      fc.constantFrom('\u0000', '"', '語', '😀', '\uD800').map((unit) => unit.repeat(5_000)),
    );
    fc.assert(
      fc.property(fc.constantFrom(...KINDS), long, long, (kind, message, param) => {
        const { body } = writeFailure({ kind, message, param }, 'r'.repeat(64));
        expect(new TextEncoder().encode(JSON.stringify(body)).length).toBeLessThan(2_048);
      }),
      { numRuns: 50 },
    );
  });

  it('in a stream is an event that clients throw on, and the last one', () => {
    const text = writeStreamFailure({ kind: 'upstream-error', message: 'Sorry' }, 'r1');
    expect(text).toBe(
      'data: {"error":{"message":"Sorry","type":"server_error","param":null,"code":"upstream_error","request_id":"r1"}}\n\n',
    );
  });
});
