// The official `openai` client, which still has `completions.create`, at every kind of upstream: one with the endpoint
// itself, a chat of OpenAI's, and a model of Anthropic's.

import OpenAI from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { recorded, recordedStream, textOf, type Answer } from '../support/fake-provider.ts';
import { parse } from './bilingual.ts';
import { openWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld({
    CONFIGURATION: JSON.stringify({
      version: 1,
      routes: { story: { targets: ['openai/gpt-4.1', 'openai-compatible/local'] } },
    }),
  });
});
beforeEach(() => world.reset());
afterAll(() => world.close());

const prompt = 'Say it.';

type Upstream = {
  readonly name: string;
  readonly model: string;
  readonly path: string;
  readonly whole: Answer;
  readonly stream: Answer;
  /** What arrives of a prompt and a cap. */
  readonly arrives: Record<string, unknown>;
  readonly text: { readonly whole: string; readonly stream: string };
};

const CHATS: readonly Upstream[] = [
  {
    name: "a chat of OpenAI's",
    model: 'openai/gpt-4.1',
    path: '/v1/chat/completions',
    whole: recorded('openai/chat-text.json'),
    stream: recorded('openai/chat-stream-usage.sse'),
    arrives: { model: 'gpt-4.1', messages: [{ role: 'user', content: prompt }], max_completion_tokens: 20 },
    text: {
      whole: 'Why do programmers prefer dark mode? Because light attracts bugs!',
      stream: 'This is a test.',
    },
  },
  {
    name: "a model of Anthropic's",
    model: 'anthropic/claude-sonnet-4-6',
    path: '/v1/messages',
    whole: recorded('anthropic/messages-text.json'),
    stream: recorded('anthropic/messages-stream-text.sse'),
    arrives: { model: 'claude-sonnet-4-6', messages: [{ role: 'user', content: prompt }], max_tokens: 20 },
    text: { whole: 'The capital of France is **Paris**.', stream: '1\n2\n3' },
  },
];

async function hear(request: OpenAI.Completions.CompletionCreateParamsStreaming) {
  const chunks: OpenAI.Completion[] = [];
  for await (const chunk of await world.through.openai.completions.create(request)) chunks.push(chunk);
  return chunks;
}

const saidIn = (chunks: readonly OpenAI.Completion[]): string =>
  chunks.flatMap(({ choices }) => choices.map(({ text }) => text)).join('');

describe.each(CHATS)('$name', ({ model, path, whole, stream, arrives, text }) => {
  test('goes on with a text, in one piece', async () => {
    world.provider.answer(whole);
    const { data, response } = await world.through.openai.completions
      .create({ model, prompt, max_tokens: 20 })
      .withResponse();
    expect(data).toMatchObject({
      object: 'text_completion',
      choices: [{ text: text.whole, index: 0, logprobs: null, finish_reason: 'stop' }],
    });
    expect(data.usage?.total_tokens).toBeGreaterThan(0);
    expect(response.headers.get('x-llm-proxy-warnings')).toBeNull();
    const [asked] = world.provider.asked;
    expect(asked?.path).toBe(path);
    expect(parse(asked?.body)).toEqual(arrives);
  });

  test('goes on with a text, streamed, and tells the usage to who asks for it', async () => {
    world.provider.answer(stream);
    const request = { model, prompt, stream: true } as const;
    const chunks = await hear({ ...request, stream_options: { include_usage: true } });
    expect(saidIn(chunks)).toBe(text.stream);
    expect(new Set(chunks.map(({ id, object }) => `${id} ${object}`)).size).toBe(1);
    expect(chunks.flatMap(({ choices: [choice] }) => choice?.finish_reason ?? [])).toEqual(['stop']);
    expect(chunks.at(-1)?.usage?.total_tokens).toBeGreaterThan(0);
    expect((await hear(request)).some(({ usage }) => (usage ?? undefined) !== undefined)).toBe(false);
  });

  test.each([false, true])(
    'begins with the prompt where that is asked for, streamed: %s',
    async (streamed) => {
      world.provider.answer(streamed ? stream : whole);
      const request = { model, prompt, echo: true };
      const said = streamed
        ? saidIn(await hear({ ...request, stream: true }))
        : (await world.through.openai.completions.create(request)).choices[0]?.text;
      expect(said).toBe(prompt + (streamed ? text.stream : text.whole));
      expect(parse(world.provider.asked[0]?.body)).not.toHaveProperty('echo');
    },
  );

  test.each([
    ['prompt', { prompt: ['Say it.', 'Say that.'] }],
    ['prompt', { prompt: [7454, 2402] }],
    ['prompt', { prompt: [[7454], [2402]] }],
    ['suffix', { suffix: 'and so on' }],
    ['best_of', { best_of: 3 }],
    ['logprobs', { logprobs: 0 }],
    ['n', { n: 2 }],
  ])('is not asked for what no chat can do: %s %j', async (param, fields) => {
    const error = await failureOf({ model, prompt, ...fields });
    expect(error).toBeInstanceOf(OpenAI.BadRequestError);
    expect(error).toMatchObject({ param, code: 'unsupported_capability' });
    expect(world.provider.asked).toEqual([]);
  });

  test('tells what it cost to who asks as clients of OpenRouter do', async () => {
    const asking = { model, prompt, usage: { include: true } };
    world.provider.answer(whole);
    const { usage } = await world.through.openai.completions.create(asking);
    expect(usage).toMatchObject({ cost: expect.any(Number) as number });
    expect(parse(world.provider.asked[0]?.body)).not.toHaveProperty('usage');
    world.provider.answer(stream);
    const chunks = await hear({ ...asking, stream: true });
    expect(chunks.at(-1)?.usage).toMatchObject({ cost: expect.any(Number) as number });
  });

  test('a stream that breaks throws while it is read', async () => {
    const frames = textOf(stream).split(/(?<=\n\n)/);
    world.provider.answer({ ...stream, pieces: [frames.slice(0, -4).join('')] });
    await expect(hear({ model, prompt, stream: true })).rejects.toBeInstanceOf(OpenAI.APIError);
  });
});

const NATIVE = [
  ['openai/gpt-3.5-turbo-instruct', 'gpt-3.5-turbo-instruct'],
  ['gpt-3.5-turbo-instruct', 'gpt-3.5-turbo-instruct'],
  ['openai/ft:davinci-002:org::1', 'ft:davinci-002:org::1'],
  ['openai-compatible/facebook/opt-125m', 'facebook/opt-125m'],
  ['openrouter/openai/gpt-3.5-turbo-instruct', 'openai/gpt-3.5-turbo-instruct'],
] as const;

describe.each(NATIVE)('%s, which has the endpoint', (model, named) => {
  const fields = { prompt: ['Say it.', 'Say that.'], logprobs: 2, temperature: 0.5 };

  test('is sent what the client sends, and the client hears what it says', async () => {
    world.provider.answer(recorded('openai/completions-text.json'));
    const yardstick = await world.straight.openai.completions.create({ model: named, ...fields });
    const heard = await world.through.openai.completions.create({ model, ...fields });
    expect(heard).toEqual(yardstick);
    const [sent, arrived] = world.provider.asked;
    expect(arrived?.path).toBe('/v1/completions');
    expect(arrived?.body).toBe(sent?.body);
  });

  test('streams as it is', async () => {
    const file = 'openai-compatible/vllm-completions-stream.sse';
    world.provider.answer(recorded(file));
    const response = await world.through.openai.completions
      .create({ model, prompt, stream: true })
      .asResponse();
    expect(await response.text()).toBe(recordedStream(file));
  });
});

test('a model with the endpoint has its own reply told with the cost, and its stream asked for the usage', async () => {
  const asking = { model: 'openai/gpt-3.5-turbo-instruct', prompt, usage: { include: true } };
  const counted = { prompt_tokens: 11, completion_tokens: 2, total_tokens: 13 };
  const reply = JSON.parse(textOf(recorded('openai/completions-text.json'))) as OpenAI.Completion;
  world.provider.answer({
    status: 200,
    headers: { 'content-type': 'application/json' },
    pieces: [JSON.stringify({ ...reply, usage: counted })],
  });
  const { usage } = await world.through.openai.completions.create(asking);
  // At 1.5 and 2 dollars a million.
  expect(usage).toEqual({ ...counted, cost: 0.0000205 });
  world.provider.answer(recorded('openai-compatible/vllm-completions-stream.sse'));
  await hear({ ...asking, stream: true });
  const asked = parse(world.provider.asked[1]?.body);
  expect(asked).toMatchObject({ stream_options: { include_usage: true } });
  expect(asked).not.toHaveProperty('usage');
});

describe('what is wrong', () => {
  test.each<readonly [string, Record<string, unknown>]>([
    ['prompt', {}],
    ['prompt', { prompt: 7 }],
    ['prompt', { prompt: [] }],
    ['prompt', { prompt: { text: 'Say it.' } }],
    ['model', { model: 7, prompt }],
    ['stream', { prompt, stream: 'yes' }],
    ['max_tokens', { prompt, max_tokens: 'many' }],
    ['logprobs', { prompt, logprobs: true }],
    ['stop', { prompt, stop: 7 }],
    ['prompt[1]', { prompt: ['Say it.', 7] }],
  ])('%s: %j is named, and nobody is asked', async (param, fields) => {
    const error = await failureOf({ model: 'openai/gpt-4.1', ...fields } as never);
    expect(error).toBeInstanceOf(OpenAI.BadRequestError);
    expect(error).toMatchObject({ param });
    expect(world.provider.asked).toEqual([]);
  });

  test('a model that nobody has is a NotFoundError', async () => {
    const error = await failureOf({ model: 'm'.repeat(300), prompt });
    expect(error).toBeInstanceOf(OpenAI.NotFoundError);
    expect(world.provider.asked).toEqual([]);
  });

  test('a chat is never asked of a model that only goes on with a text', async () => {
    const chat = world.through.openai.chat.completions.create({
      model: 'openai/gpt-3.5-turbo-instruct',
      messages: [{ role: 'user', content: prompt }],
    });
    await expect(chat).rejects.toMatchObject({ status: 400, param: 'model', code: 'unsupported_capability' });
    const message = world.through.anthropic.messages.create({
      model: 'openai/davinci-002',
      max_tokens: 20,
      messages: [{ role: 'user', content: prompt }],
    });
    await expect(message).rejects.toMatchObject({ status: 400 });
    expect(world.provider.asked).toEqual([]);
  });

  test("a provider's refusal is the client's exception, and it is asked no more than three times", async () => {
    world.provider.answer(recorded('openai/synthetic-err-429-slow-down.json'));
    await expect(
      world.through.openai.completions.create({ model: 'openai/gpt-3.5-turbo-instruct', prompt }),
    ).rejects.toBeInstanceOf(OpenAI.RateLimitError);
    expect(world.provider.asked.length).toBeLessThanOrEqual(3);
  });
});

test('what a chat cannot do goes to the target of a route that can', async () => {
  world.provider.answer(recorded('openai/completions-text.json'));
  await world.through.openai.completions.create({ model: 'story', prompt, suffix: 'The end.' });
  expect(world.provider.asked.map(({ path }) => path)).toEqual(['/v1/completions']);
  expect(parse(world.provider.asked[0]?.body)).toMatchObject({ model: 'local', suffix: 'The end.' });
});

test('where a target fails, the next is asked in its own way', async () => {
  world.provider.answer(({ path }) =>
    path === '/v1/completions' ? recorded('openai/completions-text.json') : { status: 500, pieces: ['{}'] },
  );
  const { response } = await world.through.openai.completions
    .create({ model: 'story', prompt })
    .withResponse();
  expect(response.headers.get('x-llm-proxy-provider')).toBe('openai-compatible');
  expect(world.provider.asked.at(-1)?.path).toBe('/v1/completions');
});

async function failureOf(request: OpenAI.Completions.CompletionCreateParamsNonStreaming): Promise<unknown> {
  return world.through.openai.completions.create(request).catch((thrown: unknown) => thrown);
}
