import { describe, expect, it } from 'vitest';

import type { ChatEvent } from '../../../src/core/event.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { anthropicMessages } from '../../../src/dialects/anthropic-messages/index.ts';
import { openaiChat } from '../../../src/dialects/openai-chat/index.ts';
import { sandbox } from '../../../src/providers/sandbox.ts';
import { sandboxModels } from '../../../src/providers/sandbox/models.ts';
import { createSseDecoder } from '../../../src/streams/sse.ts';

const tools = [
  {
    type: 'function',
    function: {
      name: 'get_weather',
      parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
    },
  },
  { type: 'function', function: { name: 'get_time' } },
];
const { egress, ingress } = openaiChat;

describe('the sandbox through its dialect', () => {
  it.each<[string, JsonObject]>([
    ['a text', {}],
    ['a long text', { model: 'lorem', max_completion_tokens: 500 }],
    ['reasoning', { reasoning_effort: 'high' }],
    ['a tool call', { tools }],
    ['parallel tool calls', { tools, messages: [{ role: 'user', content: 'in parallel' }] }],
    ['structured output', { response_format: { type: 'json_object' } }],
    ['a text that was cut', { max_completion_tokens: 2 }],
  ])('streams %s that folds to its whole reply', async (_, members) => {
    const whole = await replyTo(members);
    const streamed = await streamOf(members);
    expect(whole.at(-1)).toMatchObject({ type: 'finish' });
    // Two requests, so two ids.
    const id = expect.any(String);
    expect(ingress.writeReply(streamed, stamp)).toEqual({ ...ingress.writeReply(whole, stamp), id });
  });

  it.each<[string, string]>([
    ['error-400-context', 'client'],
    ['error-401', 'auth'],
    ['error-429', 'ratelimit'],
    ['error-500', 'server'],
    ['error-503', 'overload'],
  ])('%s is an error of class %s', async (model, errorClass) => {
    const response = await send({ model });
    expect(egress.readError(response.status, await response.json()).class).toBe(errorClass);
  });

  it('fails as a broken stream when it is truncated', async () => {
    expect((await streamOf({ model: 'truncated' })).at(-1)).toMatchObject({
      type: 'failure',
      class: 'protocol',
    });
  });

  it('answers what is written for it', async () => {
    const written = sandbox.speaks[0]!.write!(
      {
        model: 'echo',
        messages: [
          { role: 'system', parts: [{ type: 'text', text: 'Be brief.' }] },
          { role: 'user', parts: [{ type: 'text', text: 'Hello there.' }] },
        ],
        stream: false,
        streamUsage: false,
        reasoning: { effort: 'low' },
        temperature: 0,
      },
      'echo',
    );
    expect(written.losses).toEqual([]);
    const events = await replyTo(written.body);
    expect(textOf(events)).toBe('Hello there.');
  });

  it('calls the tools of a caller who speaks Anthropic', async () => {
    const { ingress: anthropic } = anthropicMessages;
    const asked = anthropic.readRequest({
      model: 'echo',
      max_tokens: 100,
      messages: [{ role: 'user', content: 'What is the weather?' }],
      tools: [{ name: 'get_weather', input_schema: tools[0]?.function.parameters }],
    });
    const events = await replyTo(sandbox.speaks[0]!.write!(asked, 'echo').body);
    expect(anthropic.writeReply(events, stamp)).toMatchObject({
      stop_reason: 'tool_use',
      content: [{ type: 'tool_use', name: 'get_weather', input: { city: 'city' } }],
    });
  });

  it('lists every model', () => {
    expect(sandbox.models).toEqual({ names: sandboxModels.map(({ name }) => name) });
  });
});

const stamp = { id: 'reply', model: 'echo', createdAt: 0, streamUsage: true };

async function send(members: JsonObject): Promise<Response> {
  const body = { model: 'echo', messages: [{ role: 'user', content: 'Hello there.' }], ...members };
  const url = sandbox.speaks[0]!.url({ baseUrl: sandbox.baseUrl!, model: 'echo' });
  return sandbox.local!({
    method: 'POST',
    url,
    body: JSON.stringify(body),
    now: 0,
    sleep: () => Promise.resolve(),
  });
}

async function replyTo(members: JsonObject): Promise<readonly ChatEvent[]> {
  return egress.readReply(await (await send(members)).json());
}

async function streamOf(members: JsonObject): Promise<readonly ChatEvent[]> {
  const response = await send({ ...members, stream: true, stream_options: { include_usage: true } });
  const decoder = createSseDecoder();
  const reader = egress.createStreamReader();
  const events = decoder.feed(new Uint8Array(await response.arrayBuffer()));
  return [...[...events, ...decoder.end()].flatMap((event) => reader.read(event)), ...reader.end()];
}

function textOf(events: readonly ChatEvent[]): string {
  return events.map((event) => (event.type === 'text-delta' ? event.text : '')).join('');
}
