// The official `@anthropic-ai/sdk` counting tokens: where the provider counts them, and where nobody does.

import Anthropic from '@anthropic-ai/sdk';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { recorded } from '../support/fake-provider.ts';
import { parse } from './bilingual.ts';
import { openWorld, PROVIDER_KEYS, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld({});
});
beforeEach(() => world.reset());
afterAll(() => world.close());

const messages = [{ role: 'user' as const, content: 'What is the capital of France?' }];
const claude = 'claude-haiku-4-5';

function count(fields: object, headers: Record<string, string> = {}) {
  return world.through.anthropic
    .withOptions({ defaultHeaders: headers })
    .messages.countTokens({ model: `anthropic/${claude}`, messages, ...fields })
    .withResponse();
}

describe("a model of Anthropic's", () => {
  test('is counted by Anthropic, in the words of the client', async () => {
    world.provider.answer(recorded('anthropic/count-tokens.json'));
    const request = { messages, system: 'Be brief.', thinking: { type: 'adaptive' as const } };
    const yardstick = await world.straight.anthropic.messages.countTokens({ model: claude, ...request });
    const { data, response } = await count(request);
    expect(data).toEqual(yardstick);
    expect(data.input_tokens).toBe(14);
    const [sent, arrived] = world.provider.asked;
    expect(arrived?.path).toBe('/v1/messages/count_tokens');
    expect(parse(arrived?.body)).toEqual(parse(sent?.body));
    expect(Object.fromEntries(arrived?.headers ?? [])).toMatchObject({
      'x-api-key': PROVIDER_KEYS.anthropic,
      'anthropic-version': '2026-10-21',
    });
    expect(response.headers.get('x-llm-proxy-usage')).toBeNull();
    expect(response.headers.get('x-llm-proxy-attempts')).toBe('1');
  });

  test('sees unknown fields and betas', async () => {
    world.provider.answer(recorded('anthropic/count-tokens.json'));
    await count({ a_field_of_tomorrow: 1.0 }, { 'anthropic-beta': 'context-1m-2025-08-07' });
    const [asked] = world.provider.asked;
    expect(parse(asked?.body)).toMatchObject({ model: claude, a_field_of_tomorrow: 1 });
    expect(Object.fromEntries(asked?.headers ?? [])).toMatchObject({
      'anthropic-beta': 'context-1m-2025-08-07',
    });
  });

  test("what Anthropic refuses is the client's exception", async () => {
    world.provider.answer({
      status: 400,
      headers: { 'content-type': 'application/json' },
      pieces: [
        '{"type":"error","error":{"type":"invalid_request_error","message":"messages: roles must alternate"}}',
      ],
    });
    await expect(count({})).rejects.toMatchObject({ status: 400 });
    await expect(count({})).rejects.toBeInstanceOf(Anthropic.BadRequestError);
  });

  test('an answer without a count is an error of the provider, asked at most three times', async () => {
    world.provider.answer({ status: 200, headers: { 'content-type': 'application/json' }, pieces: ['{}'] });
    await expect(count({})).rejects.toMatchObject({ status: 502 });
    expect(world.provider.asked.length).toBeLessThanOrEqual(3);
  });

  test('writes one line into the log', async () => {
    world.provider.answer(recorded('anthropic/count-tokens.json'));
    const { response } = await count({});
    const line = await world.gateway.journal(response.headers.get('x-request-id') ?? '');
    expect(line).toMatchObject({
      path: '/v1/messages/count_tokens',
      provider: 'anthropic',
      status: 200,
      ending: 'ok',
      attempts: [{ provider: 'anthropic', outcome: 'ok' }],
    });
    expect(line).not.toHaveProperty('input_tokens');
  });
});

describe("a model of OpenAI's", () => {
  test('is counted by OpenAI, in the words of its Responses API', async () => {
    world.provider.answer(recorded('openai/responses-input-tokens.json'));
    const { data, response } = await count({
      model: 'openai/gpt-4.1-mini',
      system: 'Follow the system instructions.',
    });
    expect(data).toEqual({ input_tokens: 16 });
    const [asked] = world.provider.asked;
    expect(asked?.path).toBe('/v1/responses/input_tokens');
    // The official client's own body for the question has these fields, and `store` is not one of them.
    expect(parse(asked?.body)).toEqual({
      model: 'gpt-4.1-mini',
      instructions: 'Follow the system instructions.',
      input: [{ role: 'user', content: messages[0]?.content }],
    });
    expect(Object.fromEntries(asked?.headers ?? [])).toMatchObject({
      authorization: `Bearer ${PROVIDER_KEYS.openai}`,
    });
    expect(response.headers.get('x-llm-proxy-usage')).toBeNull();
    expect(response.headers.get('x-llm-proxy-provider')).toBe('openai');
  });

  test('that only goes on with a text is estimated', async () => {
    const { data, response } = await count({ model: 'openai/davinci-002' });
    expect(data.input_tokens).toBe(8);
    expect(response.headers.get('x-llm-proxy-usage')).toBe('estimated');
    expect(world.provider.asked).toEqual([]);
  });
});

describe('a model whose tokens nobody counts', () => {
  test('is estimated without being asked, and the answer says so', async () => {
    const { data, response } = await count({ model: 'openai-compatible/local' });
    expect(data.input_tokens).toBe(8);
    expect(response.headers.get('x-llm-proxy-usage')).toBe('estimated');
    expect(response.headers.get('x-llm-proxy-attempts')).toBe('0');
    expect(world.provider.asked).toEqual([]);
    const line = await world.gateway.journal(response.headers.get('x-request-id') ?? '');
    expect(line).toMatchObject({ provider: 'openai-compatible', status: 200, ending: 'ok', attempts: [] });
  });

  test('is refused in strict mode, for an estimate is no count', async () => {
    const refused = count({ model: 'openai-compatible/local' }, { 'x-llm-proxy-strict': 'true' });
    await expect(refused).rejects.toBeInstanceOf(Anthropic.BadRequestError);
  });

  test('stands in for one that fails', async () => {
    world.provider.answer(recorded('anthropic/synthetic-err-529.json'));
    const { data, response } = await count({ models: ['openai-compatible/local'] });
    expect(data.input_tokens).toBe(8);
    expect(response.headers.get('x-llm-proxy-usage')).toBe('estimated');
    expect(response.headers.get('x-llm-proxy-provider')).toBe('openai-compatible');
    expect(response.headers.get('x-llm-proxy-fallback-reason')).toBe('overload');
  });
});

describe('what is wrong', () => {
  test.each<readonly [string, object]>([
    ['messages', { messages: [] }],
    ['messages', { messages: 'Hello' }],
    ['messages[0].content', { messages: [{ role: 'user', content: 7 }] }],
    ['messages[0].role', { messages: [{ role: 'nobody', content: 'Hello' }] }],
    ['system', { system: 7 }],
    ['tools', { tools: 'none' }],
    ['model', { model: 7 }],
  ])('%s: %j is named, and nobody is asked', async (field, fields) => {
    const error = await count({ model: 'openai-compatible/local', ...fields }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(Anthropic.BadRequestError);
    expect(error).toMatchObject({ apiMessage: expect.stringContaining(field) as string });
    expect(world.provider.asked).toEqual([]);
  });

  test('a model that nobody has is a NotFoundError', async () => {
    await expect(count({ model: 'm'.repeat(300) })).rejects.toBeInstanceOf(Anthropic.NotFoundError);
  });

  test('a key that is none of ours is an AuthenticationError', async () => {
    const stranger = new Anthropic({ baseURL: world.gateway.url, apiKey: 'wrong' });
    await expect(
      stranger.messages.countTokens({ model: `anthropic/${claude}`, messages }),
    ).rejects.toBeInstanceOf(Anthropic.AuthenticationError);
    expect(world.provider.asked).toEqual([]);
  });
});
