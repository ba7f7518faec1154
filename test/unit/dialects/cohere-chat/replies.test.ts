import { describe, expect, it } from 'vitest';

import type { ChatEvent } from '../../../../src/core/event.ts';
import type { JsonObject } from '../../../../src/core/json.ts';
import { readReply } from '../../../../src/dialects/cohere-chat/read-reply.ts';
import { createStreamReader } from '../../../../src/dialects/cohere-chat/stream-reader.ts';
import { recordedStream } from '../../../support/fake-provider.ts';
import { readBytes } from '../../../support/crossing.ts';
import { cohereChat } from '../../../../src/dialects/cohere-chat/index.ts';

describe('a reply of Cohere', () => {
  it('tells the plan of its calls as reasoning, before them', () => {
    const events = readReply(JSON.parse(recordedStream('cohere/chat-tool.json')));
    expect(events.map(({ type }) => type)).toEqual([
      'start',
      'reasoning-start',
      'reasoning-delta',
      'reasoning-end',
      'tool-call-start',
      'tool-call-delta',
      'tool-call-end',
      'usage',
      'finish',
    ]);
    expect(events.at(-1)).toEqual({ type: 'finish', reason: { unified: 'tool-calls', raw: 'TOOL_CALL' } });
  });

  it('counts the tokens of the model, and those on the bill apart', () => {
    const events = readReply(JSON.parse(recordedStream('cohere/chat-thinking.json')));
    expect(events).toContainEqual({
      type: 'usage',
      usage: {
        uncachedInput: 34,
        cacheRead: 1360,
        output: 55,
        reasoning: 38,
        billedInput: 8,
        billedOutput: 50,
      },
    });
    const billed = message({}, { usage: { billed_units: { input_tokens: 3, output_tokens: 4 } } });
    expect(readReply(billed)).toContainEqual({
      type: 'usage',
      usage: { uncachedInput: 3, output: 4, billedInput: 3, billedOutput: 4 },
    });
  });

  it('shows where its citations lead, within the text that they support', () => {
    const bytes = new TextEncoder().encode(recordedStream('cohere/chat-stream-thinking.sse'));
    const events = readBytes(cohereChat, [bytes]);
    const text = events.find(({ type }) => type === 'text-start');
    const citations = events.filter((event) => event.type === 'citation');
    expect(citations).toHaveLength(2);
    expect(citations[0]).toMatchObject({
      block: text?.type === 'text-start' ? text.block : undefined,
      citation: { title: 'facts.txt', start: 49, end: 67, native: { dialect: 'cohere-chat' } },
    });
  });

  it('has the address of a result that it cites', () => {
    const source = { type: 'tool', id: 'a:0', tool_output: { url: 'https://example.com/a', title: 'A' } };
    const citation = { start: 0, end: 2, text: 'Hi', sources: [source], content_index: 0 };
    const events = readReply(message({ content: [{ type: 'text', text: 'Hi' }], citations: [citation] }));
    expect(events).toContainEqual(
      expect.objectContaining({
        citation: expect.objectContaining({ url: 'https://example.com/a', title: 'A' }) as unknown,
      }),
    );
  });

  it('gives the probability of a piece as that of all its tokens', () => {
    const logprobs = [{ text: 'Hi', token_ids: [1, 2], logprobs: [-0.25, -0.5] }];
    const events = readReply(message({ content: [{ type: 'text', text: 'Hi' }] }, { logprobs }));
    expect(events).toContainEqual({
      type: 'text-delta',
      block: 0,
      text: 'Hi',
      logprobs: [{ token: 'Hi', logprob: -0.75, bytes: null, top_logprobs: [] }],
    });
  });

  it.each([
    ['COMPLETE', 'stop'],
    ['STOP_SEQUENCE', 'stop-sequence'],
    ['MAX_TOKENS', 'length'],
    ['TOOL_CALL', 'stop'],
    ['A_WORD_OF_TOMORROW', 'other'],
  ])('that ends in %s without a call ends in %s', (word, unified) => {
    const events = readReply(message({ content: [] }, { finish_reason: word }));
    expect(events.at(-1)).toEqual({ type: 'finish', reason: { unified, raw: word } });
  });

  it.each([
    [{ finish_reason: 'ERROR' }, 'server', 'upstream-error'],
    [{ finish_reason: 'TIMEOUT' }, 'timeout', 'upstream-timeout'],
    [{ finish_reason: 'ERROR', error: 'too many tokens: 9' }, 'client', 'context-overflow'],
  ])('that ends in %j has failed', (fields, failed, kind) => {
    const events = readReply(message({ content: [{ type: 'text', text: 'Hi' }] }, fields));
    expect(events.at(-1)).toMatchObject({ type: 'failure', class: failed, failure: { kind } });
    const end = { type: 'message-end', delta: fields };
    expect(streamed(end).at(-1)).toMatchObject({ type: 'failure', class: failed, failure: { kind } });
  });

  it.each([undefined, 'text', [], {}, { message: null }])('may not be %j', (body) => {
    expect(readReply(body)).toEqual([
      expect.objectContaining({ type: 'failure', class: 'protocol' }) as ChatEvent,
    ]);
  });

  it('may be an error in a good body', () => {
    expect(readReply({ message: 'internal error' })).toEqual([
      expect.objectContaining({ type: 'failure', class: 'server' }) as ChatEvent,
    ]);
  });

  it('may not call what has no name', () => {
    const call = { id: 'a', type: 'function', function: { arguments: '{}' } };
    expect(readReply(message({ tool_calls: [call] })).at(-1)).toMatchObject({ class: 'protocol' });
  });

  it('gives a call without an id one of its own', () => {
    const call = { type: 'function', function: { name: 'f', arguments: '{}' } };
    const [one, other] = readReply(message({ tool_calls: [call, call] })).filter(
      (event) => event.type === 'tool-call-start',
    );
    expect(one?.id).not.toBe(other?.id);
  });

  it.each(['n', 'nul', 'null'])('holds arguments that may be none: %s', (piece) => {
    const rest = streamed(callStart, callDelta(piece));
    expect(rest.filter(({ type }) => type === 'tool-call-delta')).toEqual([]);
    const told = streamed(callStart, callDelta(piece), callDelta('x'));
    expect(told).toContainEqual({ type: 'tool-call-delta', block: 0, arguments: `${piece}x` });
  });

  it('skips what it does not know, and what is said for debugging', () => {
    expect(streamed({ type: 'debug', prompt: 'x' }, { type: 'event-of-tomorrow', delta: {} })).toEqual([]);
  });

  it('fails over an error in place of an event', () => {
    expect(streamed({ message: 'too many tokens: 9' })[0]).toMatchObject({ class: 'client' });
    expect(streamed({ type: 'error', message: 'internal' })[0]).toMatchObject({ class: 'server' });
  });
});

const callStart = {
  type: 'tool-call-start',
  index: 0,
  delta: { message: { tool_calls: { id: 'a', type: 'function', function: { name: 'f', arguments: '' } } } },
};

function callDelta(text: string): JsonObject {
  return {
    type: 'tool-call-delta',
    index: 0,
    delta: { message: { tool_calls: { function: { arguments: text } } } },
  };
}

function message(fields: JsonObject, around: JsonObject = {}): JsonObject {
  return { id: 'r', message: { role: 'assistant', ...fields }, finish_reason: 'COMPLETE', ...around };
}

function streamed(...events: readonly JsonObject[]): readonly ChatEvent[] {
  const reader = createStreamReader();
  return events.flatMap((event) => reader.read({ data: JSON.stringify(event) }));
}
