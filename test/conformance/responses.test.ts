// The `openai` client's Responses API against an upstream of every dialect: in one piece, streamed, and through the SDK's
// own helper, which accumulates the stream and throws at anything that it does not expect of it.

import OpenAI from 'openai';
import type {
  Response,
  ResponseCreateParamsNonStreaming,
  ResponseInputItem,
  ResponseStreamEvent,
} from 'openai/resources/responses/responses';
import { accumulateResponse } from 'openai/lib/responses/ResponseAccumulator';
import { zodTextFormat } from 'openai/helpers/zod';
import * as z from 'zod';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  eventStream,
  recorded,
  startFakeProvider,
  type Answer,
  type FakeProvider,
} from '../support/fake-provider.ts';
import { CLIENT_KEY, startGateway, type Gateway } from '../support/gateway.ts';
import { DELIVERIES, type Delivery } from './matrix.ts';
import {
  CALL,
  completion,
  message,
  paced,
  recordedJson,
  streamOfCompletion,
  streamOfMessage,
  TEXT,
  whole,
  type Json,
} from './replies.ts';

type Replies = { readonly whole: Answer; readonly stream: Answer };
type Upstream = {
  readonly name: string;
  readonly model: string;
  readonly path: string;
  readonly text: Replies;
  readonly call: Replies;
  readonly cut: Replies;
};

const UPSTREAMS: readonly Upstream[] = [
  {
    name: 'OpenAI, passed through',
    model: 'openai/gpt-5.2',
    path: '/v1/responses',
    text: {
      whole: recorded('openai/responses-reasoning.json'),
      stream: recorded('azure-openai/responses-v1-stream.sse'),
    },
    call: {
      whole: recorded('xai/responses-parallel-tools.json'),
      stream: recorded('openai/responses-stream-encrypted-reasoning.chunks.ndjson'),
    },
    cut: {
      whole: whole(
        cut({
          type: 'message',
          id: 'msg_1',
          role: 'assistant',
          status: 'incomplete',
          content: [said('Par')],
        }),
      ),
      stream: recorded('perplexity/synthetic-agent-stream-incomplete.sse'),
    },
  },
  {
    name: 'a server of chat completions',
    model: 'openai-compatible/local-model',
    path: '/v1/chat/completions',
    text: TEXT['openai-chat'],
    call: CALL['openai-chat'],
    cut: {
      whole: whole(completion({ content: 'Par' }, 'length')),
      stream: streamOfCompletion(completion({ content: 'Par' }, 'length')),
    },
  },
  {
    name: 'Anthropic',
    model: 'anthropic/claude-sonnet-4-6',
    path: '/v1/messages',
    text: TEXT['anthropic-messages'],
    call: CALL['anthropic-messages'],
    cut: {
      whole: whole(message([{ type: 'text', text: 'Par' }], 'max_tokens')),
      stream: streamOfMessage(message([{ type: 'text', text: 'Par' }], 'max_tokens')),
    },
  },
  {
    name: 'Perplexity, a variant',
    model: 'perplexity/sonar',
    path: '/v1/responses',
    text: {
      whole: recorded('perplexity/synthetic-agent-text.json'),
      stream: recorded('perplexity/synthetic-agent-stream.sse'),
    },
    call: {
      whole: recorded('perplexity/synthetic-agent-tool-call.json'),
      stream: recorded('perplexity/synthetic-agent-stream-tool.sse'),
    },
    cut: {
      whole: whole(cut({ type: 'message', id: 'msg_1', content: [said('Par')] })),
      stream: recorded('perplexity/synthetic-agent-stream-incomplete.sse'),
    },
  },
];

function said(text: string) {
  return { type: 'output_text', text, annotations: [] };
}

function cut(item: Json): Json {
  return {
    id: 'resp_1',
    object: 'response',
    created_at: 1,
    model: 'm',
    status: 'incomplete',
    incomplete_details: { reason: 'max_output_tokens' },
    output: [item],
  };
}

let provider: FakeProvider;
let gateway: Gateway;
let client: OpenAI;

beforeAll(async () => {
  provider = await startFakeProvider();
  gateway = await startGateway({
    OPENAI_API_KEY: 'k',
    OPENAI_BASE_URL: `${provider.url}/v1`,
    ANTHROPIC_API_KEY: 'k',
    ANTHROPIC_BASE_URL: provider.url,
    OPENAI_COMPATIBLE_BASE_URL: `${provider.url}/v1`,
    PERPLEXITY_API_KEY: 'k',
    PERPLEXITY_BASE_URL: provider.url,
    XAI_API_KEY: 'k',
    XAI_BASE_URL: `${provider.url}/v1`,
    RETRY_MAX: '0',
  });
  client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: CLIENT_KEY, maxRetries: 0 });
});
beforeEach(() => {
  provider.asked.length = 0;
});
afterAll(async () => {
  await gateway.stop();
  await provider.stop();
});

type Asked = Omit<ResponseCreateParamsNonStreaming, 'stream'>;

async function ask(request: Asked, replies: Replies, delivery: Delivery): Promise<Response> {
  provider.answer(delivery === 'whole' ? replies.whole : paced(replies.stream));
  switch (delivery) {
    case 'whole':
      return client.responses.create(request);
    case 'streamed': {
      let snapshot: Response | undefined;
      for await (const event of await client.responses.create({ ...request, stream: true })) {
        snapshot = accumulateResponse(event, snapshot);
      }
      if (snapshot === undefined) throw new Error('the stream was empty');
      return snapshot;
    }
    case 'helper':
      return client.responses.stream(request).finalResponse();
  }
}

function sent(): Record<string, unknown> {
  return JSON.parse(provider.asked.at(-1)?.body ?? 'null') as Record<string, unknown>;
}

function callIn(response: Response) {
  const call = response.output.find((item) => item.type === 'function_call');
  if (call === undefined) throw new Error('there is no call');
  return call;
}

const weather = {
  type: 'function' as const,
  name: 'weather',
  description: 'tells the weather',
  strict: false,
  parameters: { type: 'object', properties: { city: { type: 'string' } } },
};

describe.each(UPSTREAMS)(
  'the openai client, responses at $name',
  ({ model, path, text, call, cut: cutShort }) => {
    // What a provider leaves out of its own streams is not added to bytes that pass through.
    const isPassedThrough = model.startsWith('openai/');

    describe.each(DELIVERIES)('%s', (delivery) => {
      it('hears the text of an answer, and what it cost', async () => {
        const response = await ask({ model, input: 'Hello', instructions: 'Be brief.' }, text, delivery);
        expect(provider.asked[0]?.path).toBe(path);
        expect(response.object).toBe('response');
        expect(response.status).toBe('completed');
        expect(response.output_text.length).toBeGreaterThan(0);
        expect(response.usage?.total_tokens).toBeGreaterThan(0);
        expect(sent()['store']).toBe(path === '/v1/responses' ? false : undefined);
        if (!isPassedThrough)
          expect(response).toMatchObject({ instructions: 'Be brief.', store: false, error: null });
      });

      it('goes on with what it was answered', async () => {
        const input: ResponseInputItem[] = [{ role: 'user', content: 'Weather?' }];
        const first = await ask({ model, input, tools: [weather] }, call, delivery);
        const { call_id: id } = callIn(first);
        expect(id).not.toBe('');
        const calls = first.output.filter((item) => item.type === 'function_call');
        const results = calls.map(({ call_id }) => ({
          type: 'function_call_output' as const,
          call_id,
          output: 'rain',
        }));
        const next = [...input, ...first.output, ...results] as ResponseInputItem[];
        const second = await ask({ model, input: next, tools: [weather] }, text, delivery);
        expect(second.output_text.length).toBeGreaterThan(0);
        const body = JSON.stringify(sent());
        expect(body.split(id).length).toBe(3);
        expect(body).toContain('rain');
      });

      it('hears that an answer was cut', async () => {
        if (isPassedThrough && delivery !== 'whole') return;
        const response = await ask({ model, input: 'Hello', max_output_tokens: 16 }, cutShort, delivery);
        expect(response).toMatchObject({
          status: 'incomplete',
          incomplete_details: { reason: 'max_output_tokens' },
          output_text: 'Par',
        });
      });
    });

    it('gets an exception of the right kind when the provider refuses', async () => {
      provider.answer({ status: 429, pieces: ['{"error":{"message":"slow","type":"rate_limit_error"}}'] });
      await expect(client.responses.create({ model, input: 'Hello' })).rejects.toBeInstanceOf(
        OpenAI.RateLimitError,
      );
      expect(provider.asked).toHaveLength(1);
    });

    it('gets an exception when a stream breaks off', async () => {
      const { pieces } = text.stream;
      const [stream = ''] = pieces.filter((piece) => typeof piece === 'string');
      const frames = stream.split(/(?<=\n\n)/);
      provider.answer(eventStream(frames.slice(0, -3).join('')));
      const reading = client.responses.stream({ model, input: 'Hello' }).finalResponse();
      await expect(reading).rejects.toThrow();
    });
  },
);

describe('the openai client, responses', () => {
  it.each<[string, Partial<ResponseCreateParamsNonStreaming>]>([
    ['previous_response_id', { previous_response_id: 'resp_1' }],
    ['conversation', { conversation: 'conv_1' }],
    ['background', { background: true }],
    ['input[0]', { input: [{ type: 'item_reference', id: 'msg_1' }] }],
  ])('is refused what rests on stored responses, and nobody is asked: %s', async (param, fields) => {
    const asking = client.responses.create({ model: 'openai/gpt-5.2', input: 'Hello', ...fields });
    await expect(asking).rejects.toMatchObject({ status: 400, param, code: 'unsupported_capability' });
    expect(provider.asked).toEqual([]);
  });

  it('is told that nothing is stored when it asks for that', async () => {
    provider.answer(recorded('openai/responses-text.json'));
    const { response } = await client.responses
      .create({ model: 'openai/gpt-5.2', input: 'Hello', store: true })
      .withResponse();
    expect(response.headers.get('x-llm-proxy-warnings')).toBe('dropped=store');
    expect(sent()['store']).toBe(false);
  });

  it('gets errors in its own shape at every path below /v1/responses', async () => {
    const answer = await fetch(`${gateway.url}/v1/responses/resp_1`, {
      headers: { authorization: `Bearer ${CLIENT_KEY}`, 'anthropic-version': '2023-06-01' },
    });
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ error: { type: 'invalid_request_error', param: null } });
  });

  it('parses an answer that keeps to a schema', async () => {
    const schema = z.object({ city: z.string(), country: z.string() });
    provider.answer(
      whole(message([{ type: 'text', text: '{"city":"Rome","country":"Italy"}' }], 'end_turn')),
    );
    const response = await client.responses.parse({
      model: 'anthropic/claude-sonnet-4-6',
      input: 'Where?',
      text: { format: zodTextFormat(schema, 'place') },
    });
    expect(response.output_parsed).toEqual({ city: 'Rome', country: 'Italy' });
    expect(sent()['output_config']).toMatchObject({ format: { type: 'json_schema' } });
  });

  it('sees what Claude thinks as a summary', async () => {
    provider.answer(paced(streamOfMessage(recordedJson('anthropic/messages-thinking.json'))));
    const events: ResponseStreamEvent[] = [];
    const stream = client.responses.stream({
      model: 'anthropic/claude-sonnet-4-6',
      input: 'Think.',
      reasoning: { effort: 'low', summary: 'auto' },
    });
    for await (const event of stream) events.push(event);
    const response = await stream.finalResponse();
    expect(response.output.map(({ type }) => type)).toContain('reasoning');
    expect(events.map(({ type }) => type)).toContain('response.reasoning_summary_text.delta');
  });

  it('reaches models that OpenAI serves through Responses only, from the other APIs, too', async () => {
    provider.answer(recorded('openai/responses-reasoning.json'));
    const { choices } = await client.chat.completions.create({
      model: 'openai/gpt-5.2-pro',
      messages: [{ role: 'user', content: 'Capital of Mexico?' }],
    });
    expect(provider.asked[0]?.path).toBe('/v1/responses');
    expect(choices[0]?.message.content).toContain('Mexico City');
    const tool = { type: 'function' as const, function: { name: 'weather', parameters: weather.parameters } };
    await client.chat.completions.create({
      model: 'openai/gpt-5.6-sol',
      messages: [{ role: 'user', content: 'Capital of Mexico?' }],
      tools: [tool],
    });
    expect(provider.asked[1]?.path).toBe('/v1/responses');
    await client.chat.completions
      .create({ model: 'openai/gpt-5.6-sol', messages: [{ role: 'user', content: 'Hi' }] })
      .catch(() => undefined);
    expect(provider.asked[2]?.path).toBe('/v1/chat/completions');
  });

  it('is answered by xAI in its own bytes', async () => {
    const response = await ask(
      { model: 'xai/grok-4.6', input: 'Hello' },
      {
        whole: recorded('xai/responses-reasoning.json'),
        stream: recorded('xai/responses-stream.sse'),
      },
      'helper',
    );
    expect(provider.asked[0]?.path).toBe('/v1/responses');
    expect(response.status).toBe('completed');
  });
});
