import { describe, expect, it } from 'vitest';

import { readError } from '../../../../src/dialects/cohere-chat/read-error.ts';

describe('an error of Cohere', () => {
  it.each([
    [400, 'invalid request: temperature must be between 0 and 1.0', 'client', 'invalid-request'],
    [400, 'too many tokens: size limit exceeded by 25 tokens.', 'client', 'context-overflow'],
    [400, 'total number of tokens in the prompt cannot exceed 4081', 'client', 'context-overflow'],
    [401, 'invalid api token', 'auth', 'upstream-auth'],
    [402, 'Please add or update your payment method to continue', 'quota', 'upstream-error'],
    [403, 'forbidden', 'auth', 'upstream-auth'],
    [404, "model 'command-r' was removed on September 15, 2025", 'client', 'model-not-found'],
    [413, 'too large', 'client', 'too-large'],
    [422, 'unprocessable', 'client', 'invalid-request'],
    [
      429,
      'You are using a Trial key, which is limited to 20 API calls / minute.',
      'ratelimit',
      'rate-limited',
    ],
    [
      429,
      'You are using a Trial key, which is limited to 1000 API calls / month.',
      'quota',
      'upstream-error',
    ],
    [498, 'blocked: input contains denied token', 'client', 'content-filtered'],
    [499, 'request cancelled', 'server', 'upstream-error'],
    [500, 'internal server error', 'server', 'upstream-error'],
    [501, 'not implemented', 'server', 'upstream-error'],
    [503, 'Service Unavailable', 'overload', 'overloaded'],
    [504, 'timeout', 'server', 'upstream-timeout'],
  ])('of status %i that says "%s" is of class %s', (status, message, failed, kind) => {
    const error = readError(status, { message });
    expect(error).toMatchObject({ class: failed, failure: { kind } });
    // The provider's words reach only a caller who can mend what they complain about.
    expect(error.failure.message === message).toBe(failed === 'client');
    expect(error.native).toEqual({ dialect: 'cohere-chat', status });
  });

  it('goes by its type before its text', () => {
    expect(readError(400, { message: 'no', error_type: 'TOO_MANY_TOKENS' })).toMatchObject({
      failure: { kind: 'context-overflow' },
      native: { type: 'TOO_MANY_TOKENS' },
    });
  });

  it.each([undefined, null, '<html>', [], { message: 7 }, { message: '' }])('may be %j', (body) => {
    expect(readError(500, body).failure.message).toBe('the provider failed (500)');
    expect(readError(400, body).failure.message).toBe('the provider refused the request (400)');
  });

  it('is cut where it is long', () => {
    expect(readError(400, { message: 'x'.repeat(5000) }).failure.message).toHaveLength(1000);
  });
});
