import { describe, expect, it } from 'vitest';

import type { OpaqueReasoning } from '../../../../src/core/chat.ts';
import type { ChatEvent } from '../../../../src/core/event.ts';
import { anthropicMessages } from '../../../../src/dialects/anthropic-messages/index.ts';
import { stamp } from '../../../support/anthropic-messages-replies.ts';

const { ingress } = anthropicMessages;
const start: ChatEvent = { type: 'start', id: 'chatcmpl-1', model: 'gpt' };
const finish: ChatEvent = { type: 'finish', reason: { unified: 'stop', raw: 'stop' } };

function frames(...events: readonly ChatEvent[]) {
  const writer = ingress.createStreamWriter(stamp);
  const text = events.map(writer.write).join('');
  return text
    .split('\n\n')
    .slice(0, -1)
    .map((frame) => {
      const [, name, data] = /^event: (\S+)\ndata: (.*)$/.exec(frame) ?? [];
      const payload = JSON.parse(data ?? 'null') as { readonly type: string };
      expect(payload.type).toBe(name);
      return payload;
    });
}

function think(block: number, text: string, opaque: OpaqueReasoning): readonly ChatEvent[] {
  return [
    { type: 'reasoning-start', block },
    { type: 'reasoning-delta', block, text },
    { type: 'reasoning-end', block, opaque },
  ];
}

describe('a stream for clients of Anthropic', () => {
  it('is a whole message even without content', () => {
    expect(frames(start, finish)).toEqual([
      {
        type: 'message_start',
        message: {
          id: 'chatcmpl-1',
          type: 'message',
          role: 'assistant',
          model: 'gpt',
          content: [],
          stop_reason: null,
          stop_sequence: null,
          stop_details: null,
          usage: {
            input_tokens: 0,
            cache_creation_input_tokens: 0,
            cache_read_input_tokens: 0,
            output_tokens: 0,
          },
        },
      },
      {
        type: 'message_delta',
        delta: { stop_reason: 'end_turn', stop_sequence: null, stop_details: null },
        usage: {
          input_tokens: 0,
          cache_creation_input_tokens: 0,
          cache_read_input_tokens: 0,
          output_tokens: 0,
        },
      },
      { type: 'message_stop' },
    ]);
  });

  it('gets its id and model from us where the provider gave none', () => {
    expect(frames(finish)[0]).toMatchObject({ message: { id: stamp.id, model: stamp.model } });
    expect(frames({ type: 'start' }, finish)[0]).toMatchObject({
      message: { id: stamp.id, model: stamp.model },
    });
  });

  it('ends with all that was told of usage', () => {
    const told = frames(
      start,
      { type: 'usage', usage: { uncachedInput: 5, cacheRead: 2 } },
      { type: 'usage', usage: { output: 4, reasoning: 9 } },
      finish,
    );
    expect(told.at(-2)).toMatchObject({
      usage: {
        input_tokens: 5,
        cache_read_input_tokens: 2,
        output_tokens: 4,
        output_tokens_details: { thinking_tokens: 4 },
      },
    });
  });

  it('writes calls that interleave one after the other', () => {
    const written = frames(
      start,
      { type: 'tool-call-start', block: 0, id: 'a', name: 'f' },
      { type: 'tool-call-start', block: 1, id: 'b', name: 'g' },
      { type: 'tool-call-delta', block: 1, arguments: '{"y":' },
      { type: 'tool-call-delta', block: 0, arguments: '{}' },
      { type: 'tool-call-end', block: 0 },
      { type: 'tool-call-delta', block: 1, arguments: '2}' },
      { type: 'tool-call-end', block: 1 },
      finish,
    );
    expect(written.slice(1, -1)).toMatchObject([
      {
        type: 'content_block_start',
        index: 0,
        content_block: { type: 'tool_use', id: 'a', name: 'f', input: {} },
      },
      { type: 'content_block_delta', index: 0, delta: { type: 'input_json_delta', partial_json: '{}' } },
      { type: 'content_block_stop', index: 0 },
      {
        type: 'content_block_start',
        index: 1,
        content_block: { type: 'tool_use', id: 'b', name: 'g', input: {} },
      },
      { type: 'content_block_delta', index: 1, delta: { partial_json: '{"y":' } },
      { type: 'content_block_delta', index: 1, delta: { partial_json: '2}' } },
      { type: 'content_block_stop', index: 1 },
      { type: 'message_delta', delta: { stop_reason: 'tool_use' } },
    ]);
  });

  it('leaves out blocks without content and counts the others without gaps', () => {
    const written = frames(
      start,
      { type: 'text-start', block: 0 },
      { type: 'text-end', block: 0 },
      { type: 'reasoning-start', block: 1 },
      { type: 'reasoning-end', block: 1 },
      { type: 'opaque', block: 2, dialect: 'openai-chat', content: {} },
      { type: 'text-start', block: 3 },
      { type: 'text-delta', block: 3, text: '' },
      { type: 'text-delta', block: 3, text: 'Hi' },
      { type: 'text-end', block: 3 },
      finish,
    );
    expect(written.slice(1, -2)).toEqual([
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hi' } },
      { type: 'content_block_stop', index: 0 },
    ]);
  });

  it("signs Claude's thinking right before its end, and leaves another's unsigned", () => {
    const signed = { kind: 'signature', data: 'c2ln' } as const;
    const written = frames(
      start,
      ...think(0, 'Hm.', { ...signed, format: 'anthropic-claude-v1' }),
      ...think(1, 'Hm.', { ...signed, format: 'openai-responses-v1' }),
      finish,
    );
    expect(written.slice(1, -2)).toMatchObject([
      { content_block: { type: 'thinking', thinking: '', signature: '' } },
      { delta: { type: 'thinking_delta', thinking: 'Hm.' } },
      { delta: { type: 'signature_delta', signature: 'c2ln' } },
      { type: 'content_block_stop', index: 0 },
      { content_block: { type: 'thinking', thinking: '', signature: '' } },
      { delta: { type: 'thinking_delta', thinking: 'Hm.' } },
      { type: 'content_block_stop', index: 1 },
    ]);
  });

  it("writes Claude's encrypted thinking as redacted, and never another's", () => {
    const encrypted = { kind: 'encrypted', data: 'ZGF0YQ' } as const;
    const written = frames(
      start,
      ...think(0, '', { ...encrypted, format: 'anthropic-claude-v1' }),
      ...think(1, '', { ...encrypted, format: 'openai-responses-v1' }),
      finish,
    );
    expect(written.slice(1, -2)).toEqual([
      { type: 'content_block_start', index: 0, content_block: { type: 'redacted_thinking', data: 'ZGF0YQ' } },
      { type: 'content_block_stop', index: 0 },
    ]);
  });

  it('writes the free text of a custom tool as an object, whatever the text', () => {
    const written = frames(
      start,
      { type: 'tool-call-start', block: 0, id: 'a', name: 'sql', custom: true },
      { type: 'tool-call-delta', block: 0, arguments: 'select "\n\ud83d' },
      { type: 'tool-call-delta', block: 0, arguments: '\ude00"' },
      { type: 'tool-call-end', block: 0 },
      finish,
    );
    const json = written
      .map((frame) => (frame as { delta?: { partial_json?: string } }).delta?.partial_json ?? '')
      .join('');
    expect(JSON.parse(json)).toEqual({ input: 'select "\n\u{1f600}"' });
  });

  it.each([
    ['an object, piece by piece', ['{"a"', ':1}'], ['{"a"', ':1}']],
    ['an object behind white space', [' ', '\n', '{}'], [' \n{}']],
    ['a number, in an object', ['1', '2'], ['{"rawInvalidInput":12}']],
    ['text that is no JSON, in an object', ['see ', '{}'], ['{"rawInvalidInput":"see {}"}']],
    ['nothing', ['null'], ['{}']],
    ['white space', [' '], []],
  ])('writes the input of a call as %s', (_, fragments, pieces) => {
    const written = frames(
      start,
      { type: 'tool-call-start', block: 0, id: 'a', name: 'f' },
      ...fragments.map((text): ChatEvent => ({ type: 'tool-call-delta', block: 0, arguments: text })),
      { type: 'tool-call-end', block: 0 },
      finish,
    );
    const deltas = written.flatMap((frame) => (frame as { delta?: { partial_json?: string } }).delta ?? []);
    expect(deltas.flatMap(({ partial_json: json }) => json ?? [])).toEqual(pieces);
  });

  it('shows a citation of another dialect as that of a web search', () => {
    const written = frames(
      start,
      { type: 'text-start', block: 0 },
      { type: 'text-delta', block: 0, text: 'It rains.' },
      { type: 'citation', block: 0, citation: { url: 'https://example.com', title: 'Rain' } },
      { type: 'text-end', block: 0 },
      finish,
    );
    expect(written[3]).toMatchObject({
      delta: {
        type: 'citations_delta',
        citation: { type: 'web_search_result_location', url: 'https://example.com', title: 'Rain' },
      },
    });
  });

  it.each<[ChatEvent & { type: 'finish' }, object]>([
    [
      { type: 'finish', reason: { unified: 'content-filter', raw: 'content_filter' } },
      { stop_reason: 'refusal', stop_details: { type: 'refusal', category: null, explanation: null } },
    ],
    [
      { type: 'finish', reason: { unified: 'stop-sequence' }, stopSequence: 'END' },
      { stop_reason: 'stop_sequence', stop_sequence: 'END' },
    ],
    [{ type: 'finish', reason: { unified: 'length', raw: 'length' } }, { stop_reason: 'max_tokens' }],
    [
      { type: 'finish', reason: { unified: 'context-full' } },
      { stop_reason: 'model_context_window_exceeded' },
    ],
    [{ type: 'finish', reason: { unified: 'paused' } }, { stop_reason: 'pause_turn' }],
    [{ type: 'finish', reason: { unified: 'other', raw: 'eos' } }, { stop_reason: 'end_turn' }],
    [{ type: 'finish', reason: { unified: 'tool-calls', raw: 'tool_calls' } }, { stop_reason: 'end_turn' }],
    [{ type: 'finish', reason: { unified: 'stop', raw: 'compaction' } }, { stop_reason: 'compaction' }],
  ])('ends %j as %j', (event, delta) => {
    expect(frames(start, event).at(-2)).toMatchObject({ delta });
  });

  it('ends a text that declines as a refusal', () => {
    const written = frames(
      start,
      { type: 'text-start', block: 0, refusal: true },
      { type: 'text-delta', block: 0, text: 'I cannot.' },
      { type: 'text-end', block: 0 },
      finish,
    );
    expect(written[2]).toMatchObject({ delta: { text: 'I cannot.' } });
    expect(written.at(-2)).toMatchObject({ delta: { stop_reason: 'refusal' } });
  });

  it('loses nothing when an end never comes', () => {
    const written = frames(
      start,
      { type: 'text-start', block: 0 },
      { type: 'text-delta', block: 0, text: 'a' },
      { type: 'text-start', block: 1 },
      { type: 'text-delta', block: 1, text: 'b' },
      finish,
    );
    expect(written.map(({ type }) => type)).toEqual([
      'message_start',
      'content_block_start',
      'content_block_delta',
      'content_block_stop',
      'content_block_start',
      'content_block_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ]);
  });

  it('leaves a failure to whoever relays it', () => {
    const failure = { kind: 'overloaded', message: 'x' } as const;
    expect(frames(start, { type: 'failure', failure, class: 'overload' })).toHaveLength(1);
  });
});
