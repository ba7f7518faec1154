// The edge cases that translations are known to get wrong, one by one, between the two dialects.

import { describe, expect, it } from 'vitest';

import type { ChatEvent } from '../../src/core/event.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { anthropicMessages } from '../../src/dialects/anthropic-messages/index.ts';
import { cohereChat } from '../../src/dialects/cohere-chat/index.ts';
import { openaiChat } from '../../src/dialects/openai-chat/index.ts';
import type { ClientDialectId, ProviderDialectId } from '../../src/dialects/dialect.ts';
import { crossInto, crossRequest, dialects, egresses, readBytes } from '../support/crossing.ts';
import { recordedStream } from '../support/fake-provider.ts';
import { meaningOf, stamp, type Form } from '../support/meaning.ts';
import { everywhere, type Place } from '../support/places.ts';
import { exchangeWith } from '../support/probes/probe.ts';

const CLAUDE = at('claude-opus-4-6');
const GPT = at('gpt-5.2');
const LOCAL = at('local-model');
const COMMAND = at('command-a-03-2025');

const hello = { role: 'user', content: 'Hello' };
const weather = { type: 'function', function: { name: 'weather', parameters: { type: 'object' } } };

describe('edge cases of replies', () => {
  it.each<Form>(['whole', 'streamed'])(
    'edge case 2: a call without arguments has an empty object, %s',
    (form) => {
      const events = stream('anthropic/messages-stream-tool-no-args.chunks.ndjson');
      const [call] = meaningOf(crossInto(dialects['openai-chat'], events, form)).calls;
      expect(call).toMatchObject({ name: 'updateIssueList', input: {} });
      expect(crossInto(dialects['openai-chat'], events, form)).toContainEqual(
        expect.objectContaining({ type: 'tool-call-delta', arguments: '{}' }),
      );
    },
  );

  it.each<Form>(['whole', 'streamed'])(
    "edge case 2: arguments that are Cohere's null, or nothing, are an empty object, %s",
    (form) => {
      const events =
        form === 'whole'
          ? reply('cohere/chat-null-args.json')
          : stream('cohere/chat-stream-empty-tool.chunks.ndjson');
      for (const id of ['openai-chat', 'anthropic-messages'] as const) {
        const heard = crossInto(dialects[id], events, form);
        expect(meaningOf(heard).calls[0]).toMatchObject({ name: 'currentTime', input: {} });
        expect(heard).toContainEqual(expect.objectContaining({ type: 'tool-call-delta', arguments: '{}' }));
      }
    },
  );

  it('edge case 3: redacted thinking goes through a client of the other dialect and back', () => {
    const file = 'anthropic/messages-redacted-thinking.json';
    const thinking = blocksOf(bodyOf(file)).filter(({ type }) => type === 'redacted_thinking');
    expect(thinking.length).toBeGreaterThan(0);
    expect(blocksOf(replayed(reply(file), 'openai-chat'))).toEqual(expect.arrayContaining(thinking));
  });

  it('edge case 4: thinking that is nothing but a signature goes through and back', () => {
    const events = stream('anthropic/synthetic-stream-unknown-events.sse');
    expect(blocksOf(replayed(events, 'openai-chat'))[0]).toEqual({
      type: 'thinking',
      thinking: '',
      signature: 'c2ln',
    });
  });

  it('edge case 5: a refusal in a stream is one for every caller, with its reason', () => {
    const events = stream('anthropic/messages-stream-refusal.chunks.ndjson');
    const heard = meaningOf(crossInto(dialects['openai-chat'], events, 'streamed'));
    expect(heard.finish).toBe('content-filter');
    expect(heard.refusal).toContain("Anthropic's Usage Policy");
    const declined = openaiStream({ refusal: 'I will not.' });
    expect(meaningOf(crossInto(dialects['anthropic-messages'], declined, 'streamed'))).toMatchObject({
      text: 'I will not.',
      finish: 'refusal',
    });
  });

  it('edge case 6: fragments of calls that interleave become blocks one after the other', () => {
    const events = stream('openai/synthetic-chat-stream-interleaved-tools.sse');
    const frames = framesTo('anthropic-messages', events);
    const borders = frames.flatMap(({ type }) =>
      type === 'content_block_start' || type === 'content_block_stop' ? [type] : [],
    );
    expect(borders).toEqual([
      'content_block_start',
      'content_block_stop',
      'content_block_start',
      'content_block_stop',
    ]);
    expect(frames.filter(({ type }) => type === 'content_block_start').map(({ index }) => index)).toEqual([
      0, 1,
    ]);
  });

  it('edge case 7: calls that share an index and end in "stop" are two calls', () => {
    const events = stream('openai-compatible/synthetic-stream-same-index-tools-finish-stop.sse');
    expect(meaningOf(crossInto(dialects['anthropic-messages'], events, 'streamed'))).toMatchObject({
      calls: [
        { name: 'a', input: { x: 1 } },
        { name: 'b', input: { y: 2 } },
      ],
      finish: 'tool-calls',
    });
  });

  it('edge case 8: usage in a chunk without choices is told behind the stop reason', () => {
    const frames = framesTo('anthropic-messages', stream('openai/chat-stream-usage.sse'));
    expect(frames.find(({ type }) => type === 'message_delta')).toMatchObject({
      delta: { stop_reason: 'end_turn' },
      usage: { input_tokens: 12, output_tokens: 5 },
    });
  });

  it('edge case 9: the placeholder that Azure begins with is no beginning', () => {
    const events = stream('azure-openai/chat-stream-text.sse');
    expect(events.filter(({ type }) => type === 'start')).toHaveLength(1);
    const [first] = framesTo('anthropic-messages', events);
    expect(first).toMatchObject({
      type: 'message_start',
      message: { id: expect.stringMatching(/^chatcmpl-/) },
    });
  });

  it.each([
    ['first', 'anthropic/synthetic-stream-error-first.sse', 0],
    ['midway', 'anthropic/synthetic-stream-overloaded-midway.sse', 1],
  ])('edge case 10: an error that comes %s is a failure, and no reply ends in it', (_, file, texts) => {
    const events = stream(file);
    expect(events.at(-1)).toMatchObject({ type: 'failure', class: 'overload' });
    expect(events.filter(({ type }) => type === 'text-start')).toHaveLength(texts);
    expect(events.some(({ type }) => type === 'finish')).toBe(false);
  });

  it('edge case 11: comments are skipped, and an error chunk is not mended by [DONE] behind it', () => {
    const raw = recordedStream('openrouter/chat-stream-error.sse');
    expect(raw).toContain(': OPENROUTER PROCESSING');
    expect(raw.trimEnd().endsWith('[DONE]')).toBe(true);
    expect(stream('openrouter/chat-stream-error.sse').at(-1)?.type).toBe('failure');
  });

  it('edge case 10: an error event of the Responses API is a failure, whatever its form', () => {
    const flat = stream('openai/synthetic-responses-stream-error-event.sse');
    expect(flat.at(-1)).toMatchObject({ type: 'failure', class: 'ratelimit' });
    const nested = responsesStream(
      { type: 'response.created', response: { id: 'resp_1', output: [] } },
      {
        type: 'error',
        error: { type: 'insufficient_quota', code: 'insufficient_quota', message: 'no money' },
      },
      { type: 'response.failed', response: { id: 'resp_1', status: 'failed', error: {} } },
    );
    expect(nested.map(({ type }) => type)).toEqual(['start', 'failure']);
    expect(nested.at(-1)).toMatchObject({ class: 'quota' });
  });

  it.each<Form>(['whole', 'streamed'])(
    'edge case 12: the undeclared function "parallel" is the calls within it, %s',
    (form) => {
      const events = stream('openai/responses-stream-parallel-wrapper.chunks.ndjson');
      for (const id of ['openai-chat', 'anthropic-messages', 'openai-responses'] as const) {
        expect(meaningOf(crossInto(dialects[id], events, form)).calls).toMatchObject([
          { name: 'weather', input: { location: 'San Francisco' } },
          { name: 'cityAttractions', input: { city: 'Rome' } },
        ]);
      }
    },
  );

  it('edge case 13: items whose ids change from event to event are told apart by their places', () => {
    const raw = recordedStream('openai/responses-stream-id-rotation.chunks.ndjson');
    expect(new Set(raw.match(/"item_id":"[^"]+"/g)).size).toBeGreaterThan(5);
    const events = stream('openai/responses-stream-id-rotation.chunks.ndjson');
    const blocks = events.flatMap(({ type }) => (type.endsWith('-start') ? [type] : []));
    expect(blocks).toEqual(['reasoning-start', 'text-start']);
    const ids = framesTo('openai-responses', events).map(({ item_id: id }) => id);
    expect(new Set(ids.filter((id) => id !== undefined)).size).toBe(2);
  });

  it('edge case 15: text that is repeated in full by the events at its end is heard once', () => {
    const heard = meaningOf(stream('perplexity/synthetic-agent-stream.sse'));
    expect(heard.text).toBe('Paris [1].');
    const late = meaningOf(stream('perplexity/synthetic-agent-stream-text-only-in-done.sse'));
    expect(late.text).toBe('Paris.');
  });

  it('edge case 17: cached tokens that are more than the input are counted beside it', () => {
    const { usage } = meaningOf(stream('xai/synthetic-responses-stream-done-terminal.sse'));
    expect(usage).toMatchObject({ uncachedInput: 10, cacheRead: 64, output: 2 });
  });

  it('edge case 14: a start that is repeated harms nobody, two messages in one stream are none', () => {
    const repeated = stream('anthropic/messages-stream-duplicate-start.chunks.ndjson');
    expect(repeated.filter(({ type }) => type === 'start')).toHaveLength(1);
    expect(meaningOf(crossInto(dialects['openai-chat'], repeated, 'streamed')).text).toBe('Hello, World!');
    const spliced = stream('anthropic/messages-stream-spliced-start.chunks.ndjson');
    expect(spliced.at(-1)).toMatchObject({ type: 'failure', class: 'protocol' });
  });

  it('edge case 15: a message that is repeated with every chunk is heard once, and the last usage counts', () => {
    const heard = meaningOf(
      crossInto(dialects['anthropic-messages'], stream('perplexity/sonar-stream.sse'), 'streamed'),
    );
    expect(heard).toMatchObject({ text: expect.stringMatching(/^1 2 3/), usage: { output: 5 } });
  });

  it('edge case 17: reasoning that is counted beside the completion is part of the output', () => {
    const { usage } = meaningOf(
      crossInto(dialects['anthropic-messages'], reply('xai/chat-text.json'), 'whole'),
    );
    expect(usage).toMatchObject({ uncachedInput: 10, cacheRead: 2, output: 229, reasoning: 228 });
  });

  it('edge case 18: no content is an empty text', () => {
    const events = reply('anthropic/messages-empty-content.json');
    const written = dialects['openai-chat'].ingress.writeReply(events, stamp);
    expect(written['choices']).toMatchObject([{ message: { content: '' }, finish_reason: 'stop' }]);
  });

  it('edge case 19: characters of several bytes survive any split', () => {
    const bytes = new TextEncoder().encode(recordedStream('anthropic/messages-stream-cache.sse'));
    const events = readBytes(
      dialects['anthropic-messages'],
      Array.from(bytes, (byte) => Uint8Array.of(byte)),
    );
    expect(meaningOf(events).text).toBe('Hello! 👋');
  });

  it('edge case 20: CRLF, a byte order mark and no space behind the colon are server-sent events, too', () => {
    const raw = recordedStream('openai-compatible/synthetic-stream-crlf-nospace.sse');
    expect(raw).toMatch(/^\ufeff/);
    expect(raw).toContain('\r\n');
    expect(meaningOf(stream('openai-compatible/synthetic-stream-crlf-nospace.sse')).text).toBe('Hi');
  });
});

describe('edge cases of requests', () => {
  it('edge case 1: results of parallel calls become one message of the user', () => {
    const events = reply('anthropic/messages-parallel-tools.json');
    const message = assistantMessage(events, 'openai-chat');
    const calls = message['tool_calls'] as readonly JsonObject[];
    expect(calls.length).toBeGreaterThan(1);
    const results = calls.map(({ id }) => ({ role: 'tool', tool_call_id: id, content: 'done' }));
    const { messages } = toClaude({ messages: [hello, message, ...results], tools: [weather] });
    expect(messages.slice(2)).toEqual([
      {
        role: 'user',
        content: calls.map(({ id }) => ({ type: 'tool_result', tool_use_id: id, content: 'done' })),
      },
    ]);
  });

  it('edge case 22: a stop string that the model does not take is named', () => {
    const { body, losses } = toOpenai({ messages: [hello], stop_sequences: ['END'] }, GPT);
    expect(body).not.toHaveProperty('stop');
    expect(losses).toEqual([{ action: 'dropped', field: 'stop' }]);
  });

  it('edge case 23: marks on system texts are kept where there is a place for them, and named elsewhere', () => {
    const text = { type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral' } };
    expect(toClaude({ messages: [{ role: 'system', content: [text] }, hello] }).body['system']).toEqual([
      text,
    ]);
    const { body, losses } = toOpenai({ messages: [hello], system: [text] }, LOCAL);
    expect(body['messages']).toEqual([{ role: 'system', content: 'Be brief.' }, hello]);
    expect(losses).toEqual([{ action: 'dropped', field: 'cache_control' }]);
  });

  it('edge case 24: the parameters of a data URL say nothing about its bytes', () => {
    const url = 'data:image/png;charset=utf-8;base64,iVBORw0KGgo=';
    const { messages } = toClaude({
      messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url } }] }],
    });
    expect(blocksOf(messages[0])).toEqual([
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' } },
    ]);
  });

  it('edge case 25: an image in a result follows in a message of the user, behind all results', () => {
    const use = (id: string) => ({ type: 'tool_use', id, name: 'weather', input: {} });
    const image = { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } };
    const { body } = toOpenai(
      {
        messages: [
          hello,
          { role: 'assistant', content: [use('a'), use('b')] },
          {
            role: 'user',
            content: [
              { type: 'tool_result', tool_use_id: 'a', content: [image] },
              { type: 'tool_result', tool_use_id: 'b', content: 'sunny' },
            ],
          },
        ],
        tools: [{ name: 'weather', input_schema: { type: 'object' } }],
      },
      GPT,
    );
    const messages = body['messages'] as readonly JsonObject[];
    expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool', 'tool', 'user']);
    expect(blocksOf(messages.at(-1))).toContainEqual({
      type: 'image_url',
      image_url: { url: 'https://example.com/a.png' },
    });
  });

  it.each([CLAUDE, GPT, COMMAND])(
    'edge case 26: names of tools that $model does not take are rewritten, and restored',
    (place) => {
      const given = ['files.read all', 'files_read_all', '2nd-weather', 'naïve', 'x'.repeat(80)];
      const caller = place === GPT ? anthropicMessages : openaiChat;
      const exchange = exchangeWith(callingAll(given, caller.id), caller, place);
      const body = JSON.parse(exchange.text) as JsonObject;
      const offered = namesOffered(body);
      expect(new Set(offered).size).toBe(given.length);
      const form = place === COMMAND ? /^[a-zA-Z_][a-zA-Z0-9_]*$/ : /^[a-zA-Z0-9_-]{1,64}$/;
      for (const name of offered) expect(name).toMatch(form);
      expect(offered[1]).toBe('files_read_all');
      // The call of an earlier turn goes by the same name.
      expect(JSON.stringify(body['messages'])).toContain(JSON.stringify(offered[0]));
      expect(exchange.losses).toEqual([]);
      const replies = offered.map((name) => answers(name, place));
      expect(replies.map((reply) => meaningOf(exchange.reads.readReply(reply)).calls[0]?.name)).toEqual(
        given,
      );
    },
  );

  it('edge case 26: they are restored in a stream', () => {
    const tools = [{ type: 'function', function: { name: 'current.time' } }];
    const { reads } = exchangeWith({ model: 'any', messages: [hello], tools }, openaiChat, COMMAND);
    const recording = recordedStream('cohere/chat-stream-empty-tool.chunks.ndjson');
    const bytes = new TextEncoder().encode(
      recording.replace('"name":"currentTime"', '"name":"current_time"'),
    );
    const [call] = meaningOf(readBytes({ egress: { ...cohereChat.egress, ...reads } }, [bytes])).calls;
    expect(call).toMatchObject({ name: 'current.time', input: {} });
  });

  it('edge case 27: a developer is the system where there is no developer', () => {
    const messages = [{ role: 'developer', content: 'Be brief.' }, hello];
    expect(toClaude({ messages }).body['system']).toBe('Be brief.');
    const { written } = crossRequest({ model: 'any', messages }, 'openai-chat', LOCAL, 'openai-chat');
    expect(written['messages']).toEqual([{ role: 'system', content: 'Be brief.' }, hello]);
  });

  it('edge case 28: a temperature of 1.5 is 1 for Claude, and named', () => {
    const { body, losses } = toClaude({ messages: [hello], temperature: 1.5 });
    expect(body['temperature']).toBe(1);
    expect(losses).toEqual([{ action: 'clamped', field: 'temperature' }]);
  });

  it('edge case 28: a temperature of 1.5 is 1 for Cohere, and named', () => {
    const { written, losses } = crossRequest(
      { model: 'any', messages: [hello], temperature: 1.5 },
      'openai-chat',
      COMMAND,
      'cohere-chat',
    );
    expect(written['temperature']).toBe(1);
    expect(losses).toEqual([{ action: 'clamped', field: 'temperature' }]);
  });

  it('edge case 29: the cap of the output has the name that the model knows', () => {
    expect(toOpenai({ messages: [hello], max_tokens: 50 }, GPT).body).toMatchObject({
      max_completion_tokens: 50,
    });
    expect(toOpenai({ messages: [hello], max_tokens: 50 }, LOCAL).body).toMatchObject({ max_tokens: 50 });
    expect(toClaude({ messages: [hello], max_completion_tokens: 50 }).body).toMatchObject({ max_tokens: 50 });
  });
});

function at(model: string): Place {
  const place = Object.values(everywhere)
    .flat()
    .find((candidate) => candidate.model === model);
  if (place === undefined) throw new Error(`${model} is no place`);
  return place;
}

function toClaude(body: JsonObject) {
  const { written, losses } = crossRequest(
    { model: 'any', ...body },
    'openai-chat',
    CLAUDE,
    'anthropic-messages',
  );
  return { body: written, losses, messages: written['messages'] as readonly JsonObject[] };
}

function toOpenai(body: JsonObject, place: Place) {
  const request = { model: 'any', max_tokens: 1000, ...body };
  const { written, losses } = crossRequest(request, 'anthropic-messages', place, 'openai-chat');
  return { body: written, losses };
}

/** A tool by each name, and a call of the first; in the words of a caller's dialect. */
function callingAll(names: readonly string[], id: ClientDialectId): JsonObject {
  const [name = ''] = names;
  const common = { model: 'any', max_tokens: 1000 };
  if (id === 'anthropic-messages') {
    const call = { type: 'tool_use', id: 'a', name, input: {} };
    const result = { type: 'tool_result', tool_use_id: 'a', content: 'done' };
    return {
      ...common,
      messages: [hello, { role: 'assistant', content: [call] }, { role: 'user', content: [result] }],
      tools: names.map((tool) => ({ name: tool, input_schema: { type: 'object' } })),
      tool_choice: { type: 'any' },
    };
  }
  const call = { id: 'a', type: 'function', function: { name, arguments: '{}' } };
  return {
    ...common,
    messages: [
      hello,
      { role: 'assistant', content: null, tool_calls: [call] },
      { role: 'tool', tool_call_id: 'a', content: 'done' },
    ],
    tools: names.map((tool) => ({ type: 'function', function: { name: tool } })),
    tool_choice: 'required',
  };
}

function namesOffered(body: JsonObject): readonly string[] {
  return (body['tools'] as readonly JsonObject[]).map(
    (tool) => ((tool['function'] as JsonObject | undefined) ?? tool)['name'] as string,
  );
}

/** A reply of the provider's that calls the tool. */
function answers(name: string, place: Place): JsonObject {
  const called = { id: 'b', type: 'function', function: { name, arguments: '{}' } };
  if (place === CLAUDE) {
    return { content: [{ type: 'tool_use', id: 'b', name, input: {} }], stop_reason: 'tool_use' };
  }
  return place === COMMAND
    ? { message: { role: 'assistant', tool_calls: [called] }, finish_reason: 'TOOL_CALL' }
    : { choices: [{ index: 0, message: { tool_calls: [called] }, finish_reason: 'tool_calls' }] };
}

function bodyOf(file: string): JsonObject {
  return JSON.parse(recordedStream(file)) as JsonObject;
}

function dialectOf(file: string): ProviderDialectId {
  if (file.startsWith('cohere/')) return 'cohere-chat';
  if (/responses-|synthetic-agent/.test(file)) return 'openai-responses';
  return file.startsWith('anthropic/') ? 'anthropic-messages' : 'openai-chat';
}

function reply(file: string): readonly ChatEvent[] {
  return egresses[dialectOf(file)].readReply(bodyOf(file));
}

function stream(file: string): readonly ChatEvent[] {
  return readBytes({ egress: egresses[dialectOf(file)] }, [new TextEncoder().encode(recordedStream(file))]);
}

function openaiStream(delta: JsonObject): readonly ChatEvent[] {
  const chunk = { id: 'chatcmpl-1', choices: [{ index: 0, delta, finish_reason: 'stop' }] };
  const text = `data: ${JSON.stringify(chunk)}\n\ndata: [DONE]\n\n`;
  return readBytes(dialects['openai-chat'], [new TextEncoder().encode(text)]);
}

function responsesStream(...events: readonly JsonObject[]): readonly ChatEvent[] {
  const text = events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('');
  return readBytes(dialects['openai-responses'], [new TextEncoder().encode(text)]);
}

/** The payloads of what a caller is sent. */
function framesTo(id: ClientDialectId, events: readonly ChatEvent[]): readonly JsonObject[] {
  const writer = dialects[id].ingress.createStreamWriter(stamp);
  const text = events.map((event) => writer.write(event)).join('');
  return [...text.matchAll(/^data: (\{.*)$/gm)].map(([, data = '{}']) => JSON.parse(data) as JsonObject);
}

/** The assistant's message, as a client of the dialect keeps it in its history. */
function assistantMessage(events: readonly ChatEvent[], id: ClientDialectId): JsonObject {
  const written = dialects[id].ingress.writeReply(events, stamp);
  const [choice] = (written['choices'] ?? []) as readonly JsonObject[];
  return choice?.['message'] as JsonObject;
}

/** The same message when the client sends it to Claude again. */
function replayed(events: readonly ChatEvent[], id: ClientDialectId): JsonObject | undefined {
  return toClaude({ messages: [hello, assistantMessage(events, id), hello] }).messages[1];
}

function blocksOf(message: JsonObject | undefined): readonly JsonObject[] {
  return (message?.['content'] ?? []) as readonly JsonObject[];
}
