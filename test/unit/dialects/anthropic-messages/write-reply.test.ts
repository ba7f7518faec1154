import { describe, expect, it } from 'vitest';

import type { ChatEvent, FinishReason } from '../../../../src/core/event.ts';
import { anthropicMessages } from '../../../../src/dialects/anthropic-messages/index.ts';
import { stamp } from '../../../support/anthropic-messages-replies.ts';

function write(unified: FinishReason['unified'], ...events: readonly ChatEvent[]) {
  return anthropicMessages.ingress.writeReply([...events, { type: 'finish', reason: { unified } }], stamp);
}

function call(block: number, args: string, custom?: true): readonly ChatEvent[] {
  return [
    {
      type: 'tool-call-start',
      block,
      id: `call_${block}`,
      name: 'f',
      ...(custom === true ? { custom } : {}),
    },
    { type: 'tool-call-delta', block, arguments: args },
    { type: 'tool-call-end', block },
  ];
}

describe('a JSON reply', () => {
  it('has all fields that clients insist on, also when nothing was said', () => {
    expect(write('stop')).toEqual({
      id: stamp.id,
      type: 'message',
      role: 'assistant',
      model: stamp.model,
      content: [],
      stop_reason: 'end_turn',
      stop_sequence: null,
      stop_details: null,
      usage: {
        input_tokens: 0,
        cache_creation_input_tokens: 0,
        cache_read_input_tokens: 0,
        output_tokens: 0,
      },
    });
  });

  it('gathers deltas of blocks that interleave, in order of their starts', () => {
    const reply = write(
      'stop',
      { type: 'text-start', block: 0 },
      { type: 'reasoning-start', block: 1 },
      { type: 'reasoning-delta', block: 1, text: 'Hm.' },
      { type: 'text-delta', block: 0, text: 'He' },
      { type: 'text-delta', block: 0, text: 'llo' },
      { type: 'reasoning-end', block: 1 },
      { type: 'text-end', block: 0 },
    );
    expect(reply['content']).toEqual([
      { type: 'text', text: 'Hello' },
      { type: 'thinking', thinking: 'Hm.', signature: '' },
    ]);
  });

  it('ends in tool use whenever there are calls', () => {
    expect(write('stop', ...call(0, '{"x":1}'))).toMatchObject({
      content: [{ type: 'tool_use', id: 'call_0', name: 'f', input: { x: 1 } }],
      stop_reason: 'tool_use',
    });
  });

  it('leaves out a call that the output cap has cut', () => {
    expect(write('length', ...call(0, '{}'), ...call(1, '{"x":'))).toMatchObject({
      content: [{ id: 'call_0' }],
      stop_reason: 'max_tokens',
    });
  });

  it('puts arguments that are no object into one', () => {
    expect(
      write('tool-calls', ...call(0, '{"x":'), ...call(1, '[1]'), ...call(2, ''))['content'],
    ).toMatchObject([
      { input: { rawInvalidInput: '{"x":' } },
      { input: { rawInvalidInput: [1] } },
      { input: {} },
    ]);
    expect(write('tool-calls', ...call(0, 'select 1', true))['content']).toMatchObject([
      { input: { input: 'select 1' } },
    ]);
  });

  it('keeps blocks of its own dialect and leaves out those of others', () => {
    const own = { type: 'web_search_tool_result', tool_use_id: 's', content: [] };
    expect(
      write(
        'stop',
        { type: 'opaque', block: 0, dialect: 'anthropic-messages', content: own },
        { type: 'opaque', block: 1, dialect: 'openai-chat', content: { type: 'x' } },
      )['content'],
    ).toEqual([own]);
  });
});

describe('readReply', () => {
  const { readReply } = anthropicMessages.egress;

  it.each([
    [undefined],
    ['<html>'],
    [[]],
    [{}],
    [{ type: 'message', content: 'Hi' }],
    [{ type: 'message', content: [{ text: 'no type' }] }],
    [{ type: 'message', content: [null] }],
  ])('takes %j for a broken protocol', (body) => {
    expect(readReply(body).at(-1)).toMatchObject({ type: 'failure', class: 'protocol' });
  });

  it('reads an error that came with a good status', () => {
    expect(readReply({ type: 'error', error: { type: 'overloaded_error', message: 'x' } })).toMatchObject([
      { type: 'failure', class: 'overload' },
    ]);
    expect(readReply({ error: { code: 429, message: 'slow down' } })).toMatchObject([
      { type: 'failure', class: 'ratelimit' },
    ]);
  });

  it('tells no usage where the provider told none', () => {
    expect(readReply({ type: 'message', content: [], stop_reason: 'end_turn' })).toEqual([
      { type: 'start' },
      { type: 'finish', reason: { unified: 'stop', raw: 'end_turn' } },
    ]);
  });
});
