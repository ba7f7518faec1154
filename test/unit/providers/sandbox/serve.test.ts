import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Json, JsonObject } from '../../../../src/core/json.ts';
import { serve } from '../../../../src/providers/sandbox/serve.ts';
import { createSseDecoder } from '../../../../src/streams/sse.ts';

const hello = [{ role: 'user', content: 'Hello there.' }];
const weather = {
  type: 'function',
  function: {
    name: 'get_weather',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
};
const clock = { type: 'function', function: { name: 'get_time' } };

describe('the text of an answer', () => {
  it('is the last thing that the user said', async () => {
    const messages = [...hello, { role: 'assistant', content: 'Yes?' }, { role: 'user', content: 'Bye.' }];
    expect(await contentOf({ messages })).toBe('Bye.');
  });

  it('is the same under any model name that is not listed', async () => {
    expect(await contentOf({ model: 'gpt-5.2' })).toBe('Hello there.');
  });

  it('names the parts that are not text', async () => {
    const content = [
      { type: 'text', text: 'Look:' },
      { type: 'image_url', image_url: { url: 'https://x.test/' } },
    ];
    expect(await contentOf({ messages: [{ role: 'user', content }] })).toBe('Look:\n[image_url]');
  });

  it('ends before the first stop string', async () => {
    expect(await contentOf({ stop: ['there', 'lo'] })).toBe('Hel');
    expect(await contentOf({ stop: ' ' })).toBe('Hello');
  });

  it('ends at the cap, and says so', async () => {
    const reply = await ask({ max_completion_tokens: 2 });
    expect(reply).toMatchObject({
      choices: [{ message: { content: 'Hello th' }, finish_reason: 'length' }],
      usage: { completion_tokens: 2 },
    });
  });

  it('of lorem fills whatever cap it is given', async () => {
    const reply = await ask({ model: 'lorem', max_tokens: 2000 });
    expect(reply).toMatchObject({
      choices: [{ finish_reason: 'length' }],
      usage: { completion_tokens: 2000 },
    });
  });

  it('of lorem ends by itself without a cap', async () => {
    expect(await ask({ model: 'lorem' })).toMatchObject({ choices: [{ finish_reason: 'stop' }] });
  });

  it('is never cut in the middle of a character', async () => {
    const reply = await contentOf({ messages: [{ role: 'user', content: 'abc\u{1F600}' }], max_tokens: 1 });
    expect(reply).toBe('abc');
  });

  it('comes as often as asked', async () => {
    const { choices } = await ask({ n: 3 });
    expect(choices).toMatchObject(
      [0, 1, 2].map((index) => ({ index, message: { content: 'Hello there.' } })),
    );
  });
});

describe('usage', () => {
  it('counts a token for every four characters, rounded up', async () => {
    const reply = await ask({ reasoning_effort: 'low' });
    expect(reply['usage']).toEqual({
      prompt_tokens: 3,
      completion_tokens: 12,
      total_tokens: 15,
      prompt_tokens_details: { cached_tokens: 0 },
      completion_tokens_details: { reasoning_tokens: 9 },
    });
  });
});

describe('reasoning', () => {
  it('is given when an effort is named', async () => {
    const message = await messageOf({ reasoning_effort: 'high' });
    expect(message['reasoning_content']).toBe('The last message has 12 characters.');
  });

  it.each([undefined, 'none', null])('is not given for the effort %j', async (effort) => {
    expect(await messageOf({ reasoning_effort: effort })).not.toHaveProperty('reasoning_content');
  });
});

describe('tools', () => {
  it('are called with arguments that their schema accepts', async () => {
    expect(await ask({ tools: [weather, clock] })).toMatchObject({
      choices: [
        {
          message: {
            content: null,
            tool_calls: [
              { type: 'function', function: { name: 'get_weather', arguments: '{"city":"city"}' } },
            ],
          },
          finish_reason: 'tool_calls',
        },
      ],
    });
  });

  it.each([
    [{ type: 'function', function: { name: 'get_time' } }, 'get_time'],
    [{ type: 'allowed_tools', allowed_tools: { mode: 'auto', tools: [clock] } }, 'get_time'],
    ['required', 'get_weather'],
    ['auto', 'get_weather'],
  ])('are chosen as %j says', async (choice, name) => {
    expect(await namesCalled({ tools: [weather, clock], tool_choice: choice })).toEqual([name]);
  });

  it('are not called when the choice is none', async () => {
    expect(await contentOf({ tools: [weather], tool_choice: 'none' })).toBe('Hello there.');
  });

  it('are called in parallel when the user asks for it and the request allows it', async () => {
    const messages = [{ role: 'user', content: 'Both, in parallel please.' }];
    const tools = [weather, clock];
    expect(await namesCalled({ messages, tools })).toEqual(['get_weather', 'get_time']);
    expect(await namesCalled({ messages, tools: [weather] })).toEqual(['get_weather', 'get_weather']);
    expect(await namesCalled({ messages, tools, parallel_tool_calls: false })).toEqual(['get_weather']);
  });

  it('are given the text of the user when they take free text', async () => {
    const message = await messageOf({ tools: [{ type: 'custom', custom: { name: 'shell' } }] });
    expect(message).toMatchObject({
      tool_calls: [{ type: 'custom', custom: { name: 'shell', input: 'Hello there.' } }],
    });
  });

  it('have ids that no two calls of a conversation share', async () => {
    const messages = [{ role: 'user', content: 'In parallel.' }];
    const first = await callsOf({ messages, tools: [weather] });
    const later = [...messages, { role: 'assistant', tool_calls: first }, ...messages];
    const second = await callsOf({ messages: later, tools: [weather] });
    expect(new Set([...first, ...second].map(({ id }) => id)).size).toBe(4);
  });

  it('are quoted once they have answered', async () => {
    const messages = [
      ...hello,
      { role: 'assistant', content: null, tool_calls: [] },
      { role: 'tool', tool_call_id: 'a', content: '18 degrees' },
      { role: 'tool', tool_call_id: 'b', content: [{ type: 'text', text: 'noon' }] },
    ];
    expect(await contentOf({ messages, tools: [weather] })).toBe('The tool answered: 18 degrees; noon');
  });
});

describe('structured output', () => {
  it('is an instance of the schema', async () => {
    const schema = { type: 'object', properties: { ok: { type: 'boolean' } }, required: ['ok'] };
    const format = { type: 'json_schema', json_schema: { name: 'verdict', schema } };
    expect(await contentOf({ response_format: format })).toBe('{"ok":false}');
  });

  it('is an object when only JSON is asked for', async () => {
    expect(await contentOf({ response_format: { type: 'json_object' } })).toBe('{"answer":"Hello there."}');
  });
});

describe('an error on request', () => {
  it.each([
    ['error-400-context', 400, 'context_length_exceeded'],
    ['error-401', 401, 'invalid_api_key'],
    ['error-429', 429, 'rate_limit_exceeded'],
    ['error-500', 500, null],
    ['error-503', 503, 'server_is_overloaded'],
  ])('%s answers %i', async (model, status, code) => {
    const response = await send({ model, stream: true });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { message: expect.any(String), code } });
  });

  it('says when to come back after 429', async () => {
    expect((await send({ model: 'error-429' })).headers.get('retry-after')).toBe('1');
  });
});

describe('a request that cannot be honoured', () => {
  it.each<[string, JsonObject, string]>([
    ['a model that is no text', { model: 1 }, 'model'],
    ['no messages', { messages: [] }, 'messages'],
    ['too many choices', { n: 9 }, 'n'],
    ['half a choice', { n: 0.5 }, 'n'],
    ['no room to answer', { max_tokens: 0 }, 'max_tokens'],
    ['log probabilities', { logprobs: true }, 'logprobs'],
    ['sound', { modalities: ['text', 'audio'] }, 'modalities'],
    ['a choice of a tool that is not there', { tools: [clock], tool_choice: weather }, 'tool_choice'],
  ])('is refused in the shape of OpenAI: %s', async (_, body, param) => {
    const response = await send(body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { type: 'invalid_request_error', param } });
  });

  it('is refused when it is not JSON', async () => {
    expect((await serve(local('{'))).status).toBe(400);
  });

  it('is refused at another path', async () => {
    expect((await serve({ ...local('{}'), url: 'https://sandbox.invalid/v1/audio/speech' })).status).toBe(
      404,
    );
  });

  it('never crashes the sandbox', async () => {
    const oddRequest = fc.record(
      Object.fromEntries(
        ['messages', 'tools', 'tool_choice', 'stop', 'n', 'max_tokens', 'response_format', 'modalities'].map(
          (key) => [key, fc.oneof(fc.jsonValue(), fc.constant(key === 'messages' ? hello : null))],
        ),
      ),
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(oddRequest, fc.boolean(), async (body, stream) => {
        const response = await serve(
          local(JSON.stringify({ model: 'echo', messages: hello, ...body, stream })),
        );
        expect([200, 400]).toContain(response.status);
        await response.text();
      }),
    );
  });
});

describe('a stream', () => {
  it('says what the whole reply says', async () => {
    for (const body of [{}, { reasoning_effort: 'low' }, { tools: [weather] }, { n: 2 }]) {
      const reply = await ask(body);
      const chunks = await stream({ ...body, stream_options: { include_usage: true } });
      expect(joined(chunks)).toEqual(joined([reply]));
      expect(chunks.at(-1)).toMatchObject({ choices: [], usage: reply['usage'] });
    }
  });

  it('comes in small pieces', async () => {
    const contents = (await stream({ model: 'lorem' })).flatMap(({ choices }) => texts(choices));
    expect(contents.length).toBeGreaterThan(100);
    expect(Math.max(...contents.map(({ length }) => length))).toBeLessThan(20);
  });

  it('has no usage unless asked', async () => {
    for (const chunk of await stream({})) expect(chunk).not.toHaveProperty('usage');
  });

  it('of truncated breaks off without a terminal marker', async () => {
    const text = await (await send({ model: 'truncated', stream: true })).text();
    expect(text).toContain('" there."');
    expect(text).not.toContain('[DONE]');
    expect(text).not.toContain('"finish_reason":"stop"');
  });

  it('of stall goes silent after its content, until the request is aborted', async () => {
    const abort = new AbortController();
    const asleep = new Promise<void>(() => {});
    const request = { ...local(bodyOf({ model: 'stall', stream: true })), signal: abort.signal };
    const response = await serve({ ...request, sleep: () => asleep });
    const reader = (response.body ?? new ReadableStream<Uint8Array>()).getReader();
    let text = '';
    while (!text.includes('there.')) text += new TextDecoder().decode((await reader.read()).value);
    const silent = reader.read();
    abort.abort(new Error('gone'));
    await expect(silent).rejects.toThrow('gone');
  });

  it('of slow waits before each event', async () => {
    const slept: number[] = [];
    const sleep = async (ms: number) => void slept.push(ms);
    const response = await serve({ ...local(bodyOf({ model: 'slow', stream: true })), sleep });
    const events = (await response.text()).split('\n\n').filter((event) => event.includes('delta":{"'));
    expect(slept).toEqual(Array.from({ length: events.length + 1 }, () => 500));
  });
});

describe('a whole reply', () => {
  it('of truncated is half a body', async () => {
    const text = await (await send({ model: 'truncated' })).text();
    expect(() => JSON.parse(text)).toThrow(SyntaxError);
  });

  it('fails like a fetch when it is aborted while it waits', async () => {
    const signal = AbortSignal.abort(new Error('gone'));
    await expect(serve({ ...local(bodyOf({ model: 'stall' })), signal })).rejects.toThrow('gone');
  });

  it('has the same id for the same request and another for another', async () => {
    const [first, again, other] = [await ask({}), await ask({}), await ask({ seed: 1 })];
    expect(again['id']).toBe(first['id']);
    expect(other['id']).not.toBe(first['id']);
  });
});

function local(body: string) {
  return {
    method: 'POST' as const,
    url: 'https://sandbox.invalid/v1/chat/completions',
    body,
    now: 0,
    sleep: () => Promise.resolve(),
  };
}

function bodyOf(members: JsonObject): string {
  return JSON.stringify({ model: 'echo', messages: hello, ...members });
}

function send(members: JsonObject): Promise<Response> {
  return serve(local(bodyOf(members)));
}

type Call = { readonly id: string; readonly function: { readonly name: string } };
type Reply = JsonObject & {
  readonly choices: readonly {
    readonly index: number;
    readonly finish_reason: string | null;
    readonly message?: JsonObject;
    readonly delta?: JsonObject;
  }[];
};

async function ask(members: JsonObject): Promise<Reply> {
  return (await send(members)).json<Reply>();
}

async function messageOf(members: JsonObject): Promise<JsonObject> {
  return (await ask(members)).choices[0]!.message!;
}

async function contentOf(members: JsonObject): Promise<Json | undefined> {
  return (await messageOf(members))['content'];
}

async function callsOf(members: JsonObject): Promise<readonly Call[]> {
  return (await messageOf(members))['tool_calls'] as unknown as readonly Call[];
}

async function namesCalled(members: JsonObject): Promise<readonly string[]> {
  return (await callsOf(members)).map((call) => call.function.name);
}

async function stream(members: JsonObject): Promise<readonly Reply[]> {
  const response = await send({ ...members, stream: true });
  const events = createSseDecoder().feed(new Uint8Array(await response.arrayBuffer()));
  expect(events.at(-1)?.data).toBe('[DONE]');
  return events.slice(0, -1).map(({ data }) => JSON.parse(data) as Reply);
}

/** Everything that is said, by the choice that says it. */
function joined(replies: readonly Reply[]): unknown {
  const said = new Map<string, string>();
  const add = (key: string, value: unknown) => {
    if (typeof value === 'string') said.set(key, (said.get(key) ?? '') + value);
  };
  for (const { index, message, delta, finish_reason } of replies.flatMap(({ choices }) => choices)) {
    const { content, reasoning_content, tool_calls } = message ?? delta ?? {};
    add(`${index} content`, content === '' ? undefined : content);
    add(`${index} reasoning`, reasoning_content);
    add(`${index} finish`, finish_reason);
    for (const [place, call] of Object.entries(
      (tool_calls ?? []) as unknown as readonly (Call & { index?: number })[],
    )) {
      const { name, arguments: given } = call.function as { name?: string; arguments?: string };
      add(`${index} call ${call.index ?? place}`, `${call.id ?? ''}${name ?? ''}${given ?? ''}`);
    }
  }
  return said;
}

function texts(choices: Reply['choices']): readonly string[] {
  return choices.map(({ delta }) => delta?.['content']).filter((content) => typeof content === 'string');
}
