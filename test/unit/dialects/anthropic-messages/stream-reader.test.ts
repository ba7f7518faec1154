import { describe, expect, it } from 'vitest';

import { anthropicMessages } from '../../../../src/dialects/anthropic-messages/index.ts';

const start = {
  type: 'message_start',
  message: { id: 'msg_1', model: 'claude', content: [], usage: { input_tokens: 5, output_tokens: 1 } },
};
const stop = { type: 'message_stop' };

function read(...payloads: readonly object[]) {
  const reader = anthropicMessages.egress.createStreamReader();
  return [...payloads.flatMap((payload) => reader.read({ data: JSON.stringify(payload) })), ...reader.end()];
}

function block(index: number, content: object, ...deltas: readonly object[]): readonly object[] {
  return [
    { type: 'content_block_start', index, content_block: content },
    ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
    { type: 'content_block_stop', index },
  ];
}

function ends(stop_reason: string) {
  return { type: 'message_delta', delta: { stop_reason } };
}

function broken(message: string) {
  return { type: 'failure', class: 'protocol', failure: { kind: 'upstream-protocol', message } };
}

describe('a stream of Anthropic Messages', () => {
  it('goes by the type in its data when events have no name', () => {
    expect(
      read(start, ...block(0, { type: 'text', text: '' }, { type: 'text_delta', text: 'Hi' }), stop),
    ).toEqual([
      { type: 'start', id: 'msg_1', model: 'claude' },
      { type: 'usage', usage: { uncachedInput: 5 } },
      { type: 'text-start', block: 0 },
      { type: 'text-delta', block: 0, text: 'Hi' },
      { type: 'text-end', block: 0 },
      { type: 'finish', reason: { unified: 'other' } },
    ]);
  });

  it('goes by the name of the event when its data have no type', () => {
    const reader = anthropicMessages.egress.createStreamReader();
    expect(reader.read({ event: 'message_start', data: '{"message":{"id":"msg_1"}}' })).toEqual([
      { type: 'start', id: 'msg_1' },
    ]);
  });

  it('reports the prompt at its start and leaves the output for later', () => {
    const events = read(
      start,
      { type: 'message_delta', delta: {}, usage: { output_tokens: 7, input_tokens: null } },
      stop,
    );
    expect(events.filter(({ type }) => type === 'usage')).toEqual([
      { type: 'usage', usage: { uncachedInput: 5 } },
      { type: 'usage', usage: { output: 7 } },
    ]);
  });

  it('holds the last word of several message_deltas', () => {
    const events = read(
      start,
      { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null } },
      { type: 'message_delta', delta: { stop_reason: 'stop_sequence', stop_sequence: 'END' } },
      { type: 'message_delta', delta: { stop_reason: null } },
      stop,
    );
    expect(events.at(-1)).toEqual({
      type: 'finish',
      reason: { unified: 'stop-sequence', raw: 'stop_sequence' },
      stopSequence: 'END',
    });
  });

  it('takes the input of a call that came whole with its start', () => {
    expect(
      read(start, ...block(0, { type: 'tool_use', id: 'a', name: 'f', input: { x: 1 } }), stop),
    ).toContainEqual({
      type: 'tool-call-delta',
      block: 0,
      arguments: '{"x":1}',
    });
  });

  it('skips fragments and texts that are empty', () => {
    const call = block(
      0,
      { type: 'tool_use', id: 'a', name: 'f', input: {} },
      { type: 'input_json_delta', partial_json: '' },
      { type: 'input_json_delta', partial_json: '{}' },
    );
    const deltas = read(
      start,
      ...call,
      ...block(1, { type: 'text', text: '' }, { type: 'text_delta', text: '' }),
      stop,
    );
    expect(deltas.filter(({ type }) => type.endsWith('-delta'))).toEqual([
      { type: 'tool-call-delta', block: 0, arguments: '{}' },
    ]);
  });

  it('gathers the input of a tool that the provider runs itself', () => {
    const search = { type: 'server_tool_use', id: 's', name: 'web_search', input: {} };
    const result = { type: 'web_search_tool_result', tool_use_id: 's', content: [] };
    const fragments = ['{"query":', '"rain"}'].map((partial_json) => ({
      type: 'input_json_delta',
      partial_json,
    }));
    expect(read(start, ...block(0, search, ...fragments), ...block(1, result), stop)).toEqual(
      expect.arrayContaining([
        {
          type: 'opaque',
          block: 0,
          dialect: 'anthropic-messages',
          content: { ...search, input: { query: 'rain' } },
        },
        { type: 'opaque', block: 1, dialect: 'anthropic-messages', content: result },
      ]),
    );
  });

  it('gives citations with the text that they support', () => {
    const citation = {
      type: 'web_search_result_location',
      url: 'https://example.com',
      title: 'Rain',
      cited_text: 'It',
    };
    const text = block(
      0,
      { type: 'text', text: '' },
      { type: 'text_delta', text: 'It rains.' },
      { type: 'citations_delta', citation },
    );
    expect(read(start, ...text, stop)).toContainEqual({
      type: 'citation',
      block: 0,
      citation: {
        url: 'https://example.com',
        title: 'Rain',
        citedText: 'It',
        native: { dialect: 'anthropic-messages', citation },
      },
    });
  });

  it('ends blocks whose end was not sent', () => {
    const [opening, delta] = block(0, { type: 'text', text: '' }, { type: 'text_delta', text: 'Hi' });
    expect(
      read(start, opening ?? {}, delta ?? {}, stop)
        .slice(-2)
        .map(({ type }) => type),
    ).toEqual(['text-end', 'finish']);
    const events = read(start, opening ?? {}, ...block(0, { type: 'text', text: 'again' }), stop);
    expect(events.filter(({ type }) => type === 'text-end')).toHaveLength(2);
  });

  it('ends in calls when there are any, and in none when there are none', () => {
    const call = block(0, { type: 'tool_use', id: 'a', name: 'f', input: {} });
    expect(read(start, ...call, ends('end_turn'), stop).at(-1)).toMatchObject({
      reason: { unified: 'tool-calls' },
    });
    expect(read(start, ends('tool_use'), stop).at(-1)).toMatchObject({ reason: { unified: 'stop' } });
    expect(read(start, ...call, ends('max_tokens'), stop).at(-1)).toMatchObject({
      reason: { unified: 'length' },
    });
    expect(read(start, ends('new_reason'), stop).at(-1)).toMatchObject({
      reason: { unified: 'other', raw: 'new_reason' },
    });
  });

  it('says nothing after its end', () => {
    expect(read(start, stop, start, { type: 'error', error: {} }).map(({ type }) => type)).toEqual([
      'start',
      'usage',
      'finish',
    ]);
  });

  it.each([
    ['the stream ended without its terminal marker', [start]],
    ['the stream ended without its terminal marker', []],
    ['the stream ended a message that never began', [stop]],
    ['the stream held content before its message began', block(0, { type: 'text', text: '' })],
    [
      'the stream went on with a block that was not open',
      [start, { type: 'content_block_delta', index: 3, delta: {} }],
    ],
    ['the stream held a malformed content block', [start, { type: 'content_block_start', index: 0 }]],
    ['the stream held a malformed content block', [start, ...block(0, { type: 'tool_use', name: 'f' })]],
    ['the stream began without a message', [{ type: 'message_start' }]],
  ])('fails when %s', (message, payloads) => {
    expect(read(...payloads).at(-1)).toEqual(broken(message));
  });

  it('fails on data that are not JSON, and is silent from then on', () => {
    const reader = anthropicMessages.egress.createStreamReader();
    expect(reader.read({ data: '<html>' })).toEqual([
      broken('the stream held an event that is not a JSON object'),
    ]);
    expect([...reader.read({ data: '{}' }), ...reader.end()]).toEqual([]);
  });

  it.each([
    ['overloaded_error', 'overload', 'overloaded'],
    ['api_error', 'server', 'upstream-error'],
    ['rate_limit_error', 'ratelimit', 'rate-limited'],
    ['invalid_request_error', 'client', 'invalid-request'],
    ['authentication_error', 'auth', 'upstream-auth'],
    ['billing_error', 'quota', 'upstream-error'],
    ['timeout_error', 'server', 'upstream-timeout'],
    ['new_error', 'protocol', 'upstream-protocol'],
  ])('an event of %s is a failure of class %s', (type, failureClass, kind) => {
    expect(read(start, { type: 'error', error: { type, message: 'x' } }).at(-1)).toMatchObject({
      type: 'failure',
      class: failureClass,
      failure: { kind },
    });
  });

  it('knows an error that has neither a name nor a type', () => {
    expect(read({ error: { type: 'overloaded_error' } })).toMatchObject([
      { type: 'failure', class: 'overload' },
    ]);
  });
});
