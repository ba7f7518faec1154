// What models there are, what they can do, and what a reply cost: over HTTP, by the official clients, with the log read.

import Anthropic from '@anthropic-ai/sdk';
import { readFileSync } from 'node:fs';
import OpenAI from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ask } from '../support/ask.ts';
import { startFakeProvider, type Answer, type FakeProvider } from '../support/fake-provider.ts';
import { CLIENT_KEY, startGateway, type Gateway, type LogLine } from '../support/gateway.ts';
import { anthropicSpeech, openaiSpeech } from '../support/speech.ts';

let openai: FakeProvider;
let anthropic: FakeProvider;
let own: FakeProvider;
let gateway: Gateway;
let openaiClient: OpenAI;
let anthropicClient: Anthropic;

beforeAll(async () => {
  [openai, anthropic, own] = await Promise.all([
    startFakeProvider(),
    startFakeProvider(),
    startFakeProvider(),
  ]);
  gateway = await startGateway({
    OPENAI_API_KEY: 'sk-a',
    OPENAI_BASE_URL: `${openai.url}/v1`,
    ANTHROPIC_API_KEY: 'sk-ant',
    ANTHROPIC_BASE_URL: anthropic.url,
    OPENAI_COMPATIBLE_BASE_URL: `${own.url}/v1`,
    XAI_API_KEY: 'sk-x',
    XAI_BASE_URL: `${own.url}/v1`,
    COHERE_API_KEY: 'sk-co',
    COHERE_BASE_URL: own.url,
    CONFIGURATION: JSON.stringify({
      version: 1,
      routes: { best: { targets: ['openai/gpt-4o'] } },
      models: {
        'openai/blind': { capabilities: { vision: false } },
        'openai-compatible/lame': { capabilities: { 'tool-calling': false } },
        'openai-compatible/dear': { prices: { input: 500_000, output: 1_000_000, cacheRead: 250_000 } },
      },
    }),
  });
  const options = { apiKey: CLIENT_KEY, maxRetries: 0 };
  openaiClient = new OpenAI({ ...options, baseURL: `${gateway.url}/v1` });
  anthropicClient = new Anthropic({ ...options, baseURL: gateway.url });
});
afterAll(async () => {
  await gateway.stop();
  await Promise.all([openai, anthropic, own].map((provider) => provider.stop()));
});
beforeEach(() => {
  for (const { asked } of [openai, anthropic, own]) asked.length = 0;
});

const fixture = (file: string): string => readFileSync(`test/fixtures/${file}`, 'utf8');
const json = (body: unknown): Answer => ({
  headers: { 'content-type': 'application/json' },
  pieces: [typeof body === 'string' ? body : JSON.stringify(body)],
});
const sse = (body: string): Answer => ({ headers: { 'content-type': 'text/event-stream' }, pieces: [body] });
const logOf = (headers: Headers): Promise<LogLine> => gateway.journal(headers.get('x-request-id') ?? '');

describe('the list of models', () => {
  beforeAll(() => {
    openai.answer(json(fixture('openai/synthetic-models.json')));
    anthropic.answer(({ path }) =>
      path.includes('after_id')
        ? json({ data: [], has_more: false })
        : json(fixture('anthropic/synthetic-models.json')),
    );
    own.answer({ status: 500, pieces: ['no'] });
  });

  it("is merged for OpenAI's client, with limits and prices, also when one provider fails", async () => {
    const models = new Map<string, Record<string, unknown>>();
    for await (const model of openaiClient.models.list()) models.set(model.id, { ...model });
    expect([...models.keys()]).toEqual(
      expect.arrayContaining([
        'best',
        'openai/gpt-5.6-sol',
        'openai/gpt-4o',
        'anthropic/claude-sonnet-5',
        'openai-compatible/dear',
      ]),
    );
    expect(models.get('openai/gpt-4o')).toMatchObject({
      object: 'model',
      context_length: 128_000,
      pricing: { prompt: '0.0000025', completion: '0.00001', input_cache_read: '0.00000125' },
      supports: { vision: true, 'tool-calling': true },
    });
  });

  it("is merged for Anthropic's client, page and all", async () => {
    const ids: string[] = [];
    for await (const model of anthropicClient.models.list()) ids.push(model.id);
    expect(ids).toContain('openai/gpt-4o');
    const model = await anthropicClient.models.retrieve('anthropic/claude-sonnet-5');
    expect(model).toMatchObject({
      type: 'model',
      display_name: 'Claude Sonnet 5',
      max_input_tokens: 1_000_000,
      max_tokens: 128_000,
      created_at: '2026-05-01T00:00:00.000Z',
    });
  });

  it('has each model by its id and by the bare name that one provider lists', async () => {
    expect(await openaiClient.models.retrieve('openai/gpt-4o')).toMatchObject({ id: 'openai/gpt-4o' });
    expect(await openaiClient.models.retrieve('gpt-4o')).toMatchObject({ id: 'openai/gpt-4o' });
    await expect(openaiClient.models.retrieve('nobody/nothing')).rejects.toThrow(OpenAI.NotFoundError);
    await expect(anthropicClient.models.retrieve('nothing')).rejects.toThrow(Anthropic.NotFoundError);
  });
});

describe('a target that lacks what is asked', () => {
  const image = { type: 'image_url', image_url: { url: 'https://example.com/a.png' } } as const;

  it('is not asked; the error names the capability and who has it, in the shape of each caller', async () => {
    const asOpenai = openaiClient.chat.completions.create({
      model: 'openai/blind',
      messages: [{ role: 'user', content: [image] }],
    });
    await expect(asOpenai).rejects.toThrow(/openai\/blind \(no vision\); it is offered by openai\/\S+/);
    await expect(asOpenai).rejects.toThrow(OpenAI.BadRequestError);
    const asAnthropic = anthropicClient.messages.create({
      model: 'openai-compatible/lame',
      max_tokens: 10,
      tools: [{ name: 'f', input_schema: { type: 'object' } }],
      messages: [{ role: 'user', content: 'hello' }],
    });
    await expect(asAnthropic).rejects.toThrow(/openai-compatible\/lame \(no tool-calling\)/);
    await expect(asAnthropic).rejects.toThrow(Anthropic.BadRequestError);
    expect(openai.asked).toEqual([]);
    expect(own.asked).toEqual([]);
  });
});

const counted = {
  prompt_tokens: 3,
  completion_tokens: 2,
  total_tokens: 5,
  prompt_tokens_details: { cached_tokens: 1 },
};
const head = { id: 'c', object: 'chat.completion', created: 1, model: 'dear' };
const reply = {
  ...head,
  choices: [{ index: 0, message: { role: 'assistant', content: 'hi' }, finish_reason: 'stop' }],
  vendor: { kept: 1 },
  usage: counted,
};
const frame = (chunk: unknown): string => `data: ${JSON.stringify(chunk)}\n\n`;
const chunk = { ...head, object: 'chat.completion.chunk' };
const stream =
  frame({
    ...chunk,
    choices: [{ index: 0, delta: { role: 'assistant', content: 'hi' }, x: 1 }],
    usage: null,
  }) +
  frame({ ...chunk, choices: [{ index: 0, delta: {}, finish_reason: 'stop' }], usage: null }) +
  frame({ ...chunk, choices: [], usage: counted }) +
  'data: [DONE]\n\n';
/** Dollars: two tokens at a half, one read from the cache at a quarter, two at 1. */
const COST = 3.25;
const include = { usage: { include: true } };

describe('the cost of a reply', () => {
  it('is in a header and in the log, and the bytes are the provider’s', async () => {
    own.answer(json(reply));
    const heard = await ask(gateway, openaiSpeech, { model: 'openai-compatible/dear', form: 'whole' });
    expect(heard.headers.get('x-llm-proxy-cost')).toBe('3.25');
    expect(heard.raw).toBe(JSON.stringify(reply));
    expect(await logOf(heard.headers)).toMatchObject({ cost_usd: COST, cost_source: 'computed' });
  });

  it('of a stream is in the log, and the bytes are the provider’s', async () => {
    own.answer(sse(stream));
    const heard = await ask(gateway, openaiSpeech, { model: 'openai-compatible/dear', form: 'stream' });
    expect(heard.headers.has('x-llm-proxy-cost')).toBe(false);
    expect(heard.raw).toBe(stream);
    expect(await logOf(heard.headers)).toMatchObject({ cost_usd: COST, cost_source: 'computed' });
  });

  it('is in the usage for who asks, all else untouched; the question stays here', async () => {
    own.answer(json(reply));
    const whole = await ask(gateway, openaiSpeech, {
      model: 'openai-compatible/dear',
      form: 'whole',
      fields: include,
    });
    expect(JSON.parse(whole.raw)).toEqual({ ...reply, usage: { ...counted, cost: COST } });
    own.answer(sse(stream));
    const streamed = await ask(gateway, openaiSpeech, {
      model: 'openai-compatible/dear',
      form: 'stream',
      fields: include,
    });
    const report = frame({ ...chunk, choices: [], usage: counted });
    const told = frame({ ...chunk, choices: [], usage: { ...counted, cost: COST } });
    expect(streamed.raw).toBe(stream.replace(report, told));
    const [, asked] = own.asked.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
    expect(asked).toMatchObject({ stream_options: { include_usage: true } });
    expect(own.asked.some(({ body }) => body.includes('"usage"'))).toBe(false);
  });

  it('is in the usage of a translated reply, too', async () => {
    anthropic.answer(json(fixture('anthropic/messages-text.json')));
    const model = 'anthropic/claude-sonnet-4-5';
    const whole = await ask(gateway, openaiSpeech, { model, form: 'whole', fields: include });
    const { usage } = JSON.parse(whole.raw) as { usage: { cost: number } };
    expect(usage.cost).toBeGreaterThan(0);
    expect(whole.headers.get('x-llm-proxy-cost')).toBe(String(usage.cost));
    expect(whole.headers.get('x-llm-proxy-warnings') ?? '').not.toContain('usage');
    anthropic.answer(sse(fixture('anthropic/messages-stream-text.sse')));
    const streamed = await ask(gateway, openaiSpeech, { model, form: 'stream', fields: include });
    expect(streamed.raw).toMatch(/"usage":\{[^\n]*"cost":0\.0/);
    const unasked = await ask(gateway, openaiSpeech, { model, form: 'stream' });
    expect(unasked.raw).not.toContain('"cost"');
  });

  it('is unknown where the price is: no header, no figure', async () => {
    const unpriced = { ...reply, model: 'someone' };
    own.answer(json(unpriced));
    const heard = await ask(gateway, openaiSpeech, {
      model: 'openai-compatible/someone',
      form: 'whole',
      fields: include,
    });
    expect(heard.headers.has('x-llm-proxy-cost')).toBe(false);
    expect(heard.raw).toBe(JSON.stringify(unpriced));
    expect(await logOf(heard.headers)).not.toHaveProperty('cost_usd');
  });

  it('is unknown at a tier with prices of its own', async () => {
    own.answer(json(reply));
    const heard = await ask(gateway, openaiSpeech, {
      model: 'openai-compatible/dear',
      form: 'whole',
      fields: { service_tier: 'flex' },
    });
    expect(heard.headers.has('x-llm-proxy-cost')).toBe(false);
  });
});

describe('the figures in the log', () => {
  const model = 'openai-compatible/someone';

  it.each([
    [
      "xAI's reasoning, which it counts beside the completion, and the cost it reports",
      'xai/chat-text.json',
      { input_tokens: 12, cache_read_tokens: 2, cost_usd: 0.00011765, cost_source: 'reported' },
    ],
    [
      "OpenRouter's cached prompt and cost",
      'openrouter/chat-reasoning-details.json',
      { cost_usd: 0.001191, cost_source: 'reported' },
    ],
    ["Perplexity's cost", 'perplexity/sonar-text.json', { cost_usd: 0.00502, output_tokens: 12 }],
  ])('are of buckets that do not overlap: %s', async (_what, file, figures) => {
    own.answer(json(fixture(file)));
    const heard = await ask(gateway, openaiSpeech, { model, form: 'whole' });
    const line = await logOf(heard.headers);
    const { usage } = JSON.parse(fixture(file)) as { usage: Record<string, number> };
    const reasoning = Number(line['reasoning_tokens'] ?? 0);
    expect(line).toMatchObject({ ...figures, usage_source: 'reported' });
    expect(Number(line['output_tokens'])).toBeGreaterThanOrEqual(reasoning);
    expect(usage['prompt_tokens']).toBe(line['input_tokens']);
  });

  it("are those of xAI's Responses, whose reported cost is what our table makes of them", async () => {
    own.answer(json(fixture('xai/responses-reasoning.json')));
    const heard = await ask(gateway, anthropicSpeech, { model: 'xai/grok-4.3', form: 'whole' });
    expect(await logOf(heard.headers)).toMatchObject({
      input_tokens: 306,
      cache_read_tokens: 192,
      output_tokens: 88,
      reasoning_tokens: 87,
      cost_usd: 0.0004009,
      cost_source: 'reported',
    });
    expect((114 * 1.25 + 192 * 0.2 + 88 * 2.5) / 1e6).toBeCloseTo(0.0004009, 12);
  });

  it("are Cohere's tokens, and its cost is of those on the bill", async () => {
    own.answer(json(fixture('cohere/chat-text.json')));
    const heard = await ask(gateway, openaiSpeech, { model: 'cohere/command-a-03-2025', form: 'whole' });
    const line = await logOf(heard.headers);
    expect(line).toMatchObject({ input_tokens: 496, output_tokens: 11, cost_source: 'computed' });
    expect(line['cost_usd']).toBeCloseTo((1 * 2.5 + 9 * 10) / 1e6, 12);
  });

  it("are Anthropic's last ones: its deltas are cumulative", async () => {
    anthropic.answer(sse(fixture('anthropic/messages-stream-text.sse')));
    const heard = await ask(gateway, anthropicSpeech, {
      model: 'anthropic/claude-sonnet-4-5',
      form: 'stream',
    });
    const line = await logOf(heard.headers);
    expect(line).toMatchObject({ input_tokens: 15, output_tokens: 9, usage_source: 'reported' });
    expect(line['cost_usd']).toBeCloseTo((15 * 3 + 9 * 15) / 1e6, 12);
  });
});
