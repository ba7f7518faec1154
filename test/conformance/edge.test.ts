// What an SDK relies on besides the conversation: how it authenticates, what its headers become, the names of requests,
// and the list of models.

import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { recorded } from '../support/fake-provider.ts';
import { CLIENT_KEY } from '../support/gateway.ts';
import { TEXT } from './replies.ts';
import { openWorld, PROVIDER_KEYS, TARGETS, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld({});
});
beforeEach(() => world.reset());
afterAll(() => world.close());

const messages = [{ role: 'user' as const, content: 'Hello' }];
const gpt = `openai/${TARGETS['openai-chat'].model}`;
const claude = `anthropic/${TARGETS['anthropic-messages'].model}`;

/** Of the last request that arrived at a provider. */
function arrivedHeaders(): Readonly<Record<string, string>> {
  return Object.fromEntries(world.provider.asked.at(-1)?.headers ?? []);
}

function askClaude(anthropic: Anthropic) {
  world.provider.answer(TEXT['anthropic-messages'].whole);
  return anthropic.messages.create({ model: claude, max_tokens: 64, messages });
}

function askGpt(openai: OpenAI) {
  world.provider.answer(TEXT['openai-chat'].whole);
  return openai.chat.completions.create({ model: gpt, messages });
}

describe('authentication', () => {
  test('openai sends its key as a bearer token, and the provider gets ours', async () => {
    await askGpt(world.through.openai);
    expect(arrivedHeaders()['authorization']).toBe(`Bearer ${PROVIDER_KEYS.openai}`);
    expect(JSON.stringify(world.provider.asked)).not.toContain(CLIENT_KEY);
  });

  test.each([
    ['as x-api-key', { apiKey: CLIENT_KEY, authToken: null }],
    ['as a bearer token', { apiKey: null, authToken: CLIENT_KEY }],
  ])('anthropic sends its key %s, and the provider gets ours', async (_, credentials) => {
    await askClaude(new Anthropic({ baseURL: world.gateway.url, ...credentials }));
    expect(arrivedHeaders()).toMatchObject({ 'x-api-key': PROVIDER_KEYS.anthropic });
    expect(arrivedHeaders()).not.toHaveProperty('authorization');
    expect(JSON.stringify(world.provider.asked)).not.toContain(CLIENT_KEY);
  });
});

describe('headers of the dialect', () => {
  test("anthropic's own API version and betas go with its own body", async () => {
    world.provider.answer(TEXT['anthropic-messages'].whole);
    await world.through.anthropic.beta.messages.create({
      model: claude,
      max_tokens: 64,
      messages,
      betas: ['context-1m-2025-08-07', 'interleaved-thinking-2025-05-14'],
    });
    expect(arrivedHeaders()).toMatchObject({
      'anthropic-version': '2026-10-21',
      'anthropic-beta': 'context-1m-2025-08-07,interleaved-thinking-2025-05-14',
    });
  });

  test('so does an older version that the application asks for', async () => {
    await askClaude(
      world.through.anthropic.withOptions({ defaultHeaders: { 'anthropic-version': '2023-06-01' } }),
    );
    expect(arrivedHeaders()).toMatchObject({ 'anthropic-version': '2023-06-01' });
  });

  test('a translated body says which version it is written in', async () => {
    world.provider.answer(TEXT['anthropic-messages'].whole);
    await world.through.openai.chat.completions.create({ model: claude, messages });
    expect(arrivedHeaders()).toMatchObject({ 'anthropic-version': '2023-06-01' });
  });

  test("what the SDKs say of themselves, and of Anthropic's, does not get to a provider of OpenAI's", async () => {
    world.provider.answer(TEXT['openai-chat'].whole);
    await world.through.anthropic.messages.create({ model: gpt, max_tokens: 64, messages });
    expect(
      Object.keys(arrivedHeaders()).filter((name) => /^(x-stainless|anthropic|x-api)/.test(name)),
    ).toEqual([]);
  });

  test('OpenRouter is met in the dialect of the client', async () => {
    const model = 'openrouter/anthropic/claude-haiku-4.5';
    world.provider.answer(TEXT['anthropic-messages'].whole);
    await world.through.anthropic.messages.create({ model, max_tokens: 64, messages });
    world.provider.answer(TEXT['openai-chat'].whole);
    await world.through.openai.chat.completions.create({ model, messages });
    expect(world.provider.asked.map(({ path }) => path)).toEqual(['/v1/messages', '/v1/chat/completions']);
  });
});

describe('the name of a request', () => {
  test('both SDKs show the one that the log has', async () => {
    const { _request_id: openaiId } = await askGpt(world.through.openai);
    const { _request_id: anthropicId } = await askClaude(world.through.anthropic);
    expect(await world.gateway.journal(openaiId ?? '')).toMatchObject({ provider: 'openai' });
    expect(await world.gateway.journal(anthropicId ?? '')).toMatchObject({ provider: 'anthropic' });
  });
});

describe('models', () => {
  beforeEach(() => {
    world.provider.answer(({ headers }) =>
      headers.some(([name]) => name === 'anthropic-version')
        ? recorded('anthropic/synthetic-models.json')
        : recorded('openai/synthetic-models.json'),
    );
  });

  test('openai lists those of every provider and finds one by its name', async () => {
    const ids: string[] = [];
    for await (const { id, object } of world.through.openai.models.list()) {
      expect(object).toBe('model');
      ids.push(id);
    }
    const [named = ''] = ids.filter((id) => id.startsWith('anthropic/'));
    expect(ids.some((id) => id.startsWith('openai/'))).toBe(true);
    expect(await world.through.openai.models.retrieve(named)).toMatchObject({ id: named, object: 'model' });
  });

  test('anthropic lists those of every provider and finds one by its name', async () => {
    const ids: string[] = [];
    for await (const {
      id,
      type,
      display_name: name,
      created_at: at,
    } of world.through.anthropic.models.list()) {
      expect([type, typeof name]).toEqual(['model', 'string']);
      expect(at).toMatch(/^\d{4}-\d\d-\d\dT/);
      ids.push(id);
    }
    const [named = ''] = ids.filter((id) => id.startsWith('openai/'));
    expect(ids.some((id) => id.startsWith('anthropic/'))).toBe(true);
    expect(await world.through.anthropic.models.retrieve(named)).toMatchObject({ id: named, type: 'model' });
  });

  test('a model that is not there is a NotFoundError in both', async () => {
    await expect(world.through.openai.models.retrieve('openai/none')).rejects.toBeInstanceOf(
      OpenAI.NotFoundError,
    );
    await expect(world.through.anthropic.models.retrieve('openai/none')).rejects.toBeInstanceOf(
      Anthropic.NotFoundError,
    );
  });
});
