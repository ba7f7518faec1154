import { describe, expect, it } from 'vitest';

import { GatewayError } from '../../../src/core/failure.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { readCommonEnvelope } from '../../../src/dialects/envelope.ts';

const messages = [{ role: 'user', content: 'Hi' }];

describe('the envelope of a request', () => {
  it('has the model, no fallbacks and no stream unless told', () => {
    expect(readCommonEnvelope({ model: 'm', messages })).toEqual({
      model: 'm',
      fallbackModels: [],
      stream: false,
    });
  });

  it.each<readonly [JsonObject, string, readonly string[]]>([
    [{ model: 'a', models: ['b', 'c'] }, 'a', ['b', 'c']],
    [{ model: 'a', models: ['b', 'a', 'c'] }, 'a', ['b', 'c']],
    [{ model: 'a', models: ['a', 'b', 'a'] }, 'a', ['b']],
    [{ models: ['a', 'b'] }, 'a', ['b']],
    [{ model: null, models: ['a'] }, 'a', []],
    [{ model: 'a', models: null }, 'a', []],
  ])('of %j is for %s, then %j', (fields, model, fallbackModels) => {
    expect(readCommonEnvelope({ ...fields, messages })).toMatchObject({ model, fallbackModels });
  });

  it('does not look into the messages', () => {
    expect(readCommonEnvelope({ model: 'm', messages: [{ nonsense: true }] }).model).toBe('m');
  });

  it.each<readonly [JsonObject, string, string]>([
    [{ messages }, 'model', 'model: got nothing, wanted a non-empty string'],
    [{ model: '', messages }, 'model', 'model: got "", wanted a non-empty string'],
    [{ model: 7, messages }, 'model', 'model: got 7, wanted a non-empty string'],
    [{ models: [], messages }, 'model', 'model: got nothing, wanted a non-empty string'],
    [{ model: 'm', models: 'x', messages }, 'models', 'models: got "x", wanted an array of strings'],
    [{ model: 'm', models: ['x', 1], messages }, 'models[1]', 'models[1]: got 1, wanted a non-empty string'],
    [{ model: 'm' }, 'messages', 'messages: got nothing, wanted a non-empty array'],
    [{ model: 'm', messages: [] }, 'messages', 'messages: got an empty array, wanted a non-empty array'],
    [{ model: 'm', messages: 'Hi' }, 'messages', 'messages: got "Hi", wanted a non-empty array'],
    [{ model: 'm', messages, stream: 'yes' }, 'stream', 'stream: got "yes", wanted true or false'],
  ])('of %j is refused for %s', (body, param, message) => {
    expect(failureOf(body)).toEqual({ kind: 'invalid-request', message, param });
  });

  it.each(['api_base', 'base_url', 'api_key', 'provider_url', 'custom_host'])(
    'is refused when %s would send the request elsewhere, and the value is not repeated',
    (field) => {
      const failure = failureOf({ model: 'm', messages, [field]: 'https://evil.example' });
      expect(failure).toMatchObject({ kind: 'invalid-request', param: field });
      expect(failure.message).not.toContain('evil');
    },
  );
});

function failureOf(body: JsonObject) {
  try {
    readCommonEnvelope(body);
  } catch (error) {
    if (error instanceof GatewayError) return error.failure;
    throw error;
  }
  throw new Error('the body was accepted');
}
