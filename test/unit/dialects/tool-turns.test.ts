import { describe, expect, it } from 'vitest';

import type { ImagePart, Message, ToolMessage } from '../../../src/core/chat.ts';
import type { OpenaiChatTraits } from '../../../src/dialects/openai-chat/traits.ts';
import { writeRequest } from '../../../src/dialects/openai-chat/write-request.ts';
import { fullTraits } from './openai-chat/traits.ts';

const hello: Message = { role: 'user', parts: [{ type: 'text', text: 'Hi' }] };
const image: ImagePart = { type: 'image', source: { kind: 'url', url: 'https://x.example/a.png' } };

describe('the results of tool calls', () => {
  it('stand directly behind the calls, whatever came between', () => {
    const { messages, losses } = write([calls('a', 'b'), result('b', 'B'), hello, result('a', 'A')]);
    expect(messages).toMatchObject([
      { role: 'assistant' },
      { role: 'tool', tool_call_id: 'b', content: 'B' },
      { role: 'tool', tool_call_id: 'a', content: 'A' },
      { role: 'user', content: 'Hi' },
    ]);
    expect(losses).toEqual([]);
  });

  it('are made up where they are missing, at the end, too', () => {
    const { messages, losses } = write([calls('a', 'b'), result('a', 'A'), hello, calls('c')]);
    expect(messages).toMatchObject([
      { role: 'assistant' },
      { tool_call_id: 'a', content: 'A' },
      { tool_call_id: 'b', content: 'Error: No result provided' },
      { role: 'user' },
      { role: 'assistant' },
      { tool_call_id: 'c', content: 'Error: No result provided' },
    ]);
    expect(losses).toEqual([{ action: 'emulated', field: 'tool_result' }]);
  });

  it('are left out where no call is theirs', () => {
    const { messages, losses } = write([
      result('x', 'X'),
      hello,
      calls('a'),
      result('a', 'A'),
      result('a', 'again'),
      result('y', 'Y'),
    ]);
    expect(messages).toMatchObject([
      { role: 'user' },
      { role: 'assistant' },
      { role: 'tool', tool_call_id: 'a', content: 'A' },
    ]);
    expect(losses).toEqual([{ action: 'dropped', field: 'tool_result' }]);
  });

  it('say in words that they are errors', () => {
    const failed: ToolMessage = { ...result('a', 'no such file'), isError: true };
    const silent: ToolMessage = { role: 'tool', callId: 'b', parts: [], isError: true };
    expect(write([calls('a', 'b'), failed, silent]).messages).toMatchObject([
      {},
      { content: 'Error: no such file' },
      { content: 'Error' },
    ]);
  });

  it('hand their pictures on to a user message behind all of them', () => {
    const pictured: ToolMessage = {
      role: 'tool',
      callId: 'a',
      parts: [{ type: 'text', text: 'See' }, image],
    };
    const { messages } = write([calls('a', 'b'), pictured, result('b', 'B'), hello]);
    expect(messages).toEqual([
      expect.objectContaining({ role: 'assistant' }),
      {
        role: 'tool',
        tool_call_id: 'a',
        content: [
          { type: 'text', text: 'See' },
          { type: 'text', text: '[image: see the next user message]' },
        ],
      },
      { role: 'tool', tool_call_id: 'b', content: 'B' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'From the result of tool call a:' },
          { type: 'image_url', image_url: { url: 'https://x.example/a.png' } },
        ],
      },
      { role: 'user', content: 'Hi' },
    ]);
  });

  it('keep their documents of text', () => {
    const documented: ToolMessage = {
      role: 'tool',
      callId: 'a',
      parts: [{ type: 'document', source: { kind: 'text', text: 'Body' }, title: 'Title' }],
    };
    expect(write([calls('a'), documented], { documents: false }).messages).toMatchObject([
      {},
      { content: 'Title\n\nBody' },
    ]);
  });

  it('are one string for servers that take no parts', () => {
    const parts: ToolMessage = {
      role: 'tool',
      callId: 'a',
      parts: [
        { type: 'text', text: 'one' },
        { type: 'text', text: 'two' },
      ],
    };
    expect(write([calls('a'), parts], { toolResultParts: false }).messages).toMatchObject([
      {},
      { content: 'one\ntwo' },
    ]);
    expect(write([calls('a'), parts]).messages).toMatchObject([
      {},
      { content: [{ text: 'one' }, { text: 'two' }] },
    ]);
  });

  it('carry their mark on their last part', () => {
    const marked: ToolMessage = { ...result('a', 'A'), cacheMark: {} };
    expect(write([calls('a'), marked]).messages).toMatchObject([
      {},
      { content: [{ type: 'text', text: 'A', prompt_cache_breakpoint: { mode: 'explicit' } }] },
    ]);
    const { losses } = write([calls('a'), { ...marked, parts: [] }]);
    expect(losses).toEqual([{ action: 'dropped', field: 'cache_control' }]);
  });

  it('keep agreeing with their calls where the ids are too long for OpenAI', () => {
    const long = `toolu_${'x'.repeat(60)}`;
    const { messages } = write([calls(long, 'short'), result(long, 'A'), result('short', 'B')]);
    const id = messages[1]?.['tool_call_id'];
    expect(id).toMatch(/^call_[0-9a-f]{16}$/);
    expect(messages[0]).toMatchObject({ tool_calls: [{ id }, { id: 'short' }] });
    expect(messages[2]?.['tool_call_id']).toBe('short');
    expect(write([calls(long), result(long, 'A')]).messages[1]?.['tool_call_id']).toBe(id);
    expect(write([calls(`${long}y`)]).messages[1]?.['tool_call_id']).not.toBe(id);
  });
});

function write(messages: readonly Message[], traits: Partial<OpenaiChatTraits> = {}) {
  const request = { model: 'm', messages, stream: false, streamUsage: false };
  const { body, losses } = writeRequest(request, { ...fullTraits, ...traits });
  return { messages: body['messages'] as readonly Record<string, unknown>[], losses };
}

function calls(...ids: readonly string[]): Message {
  return {
    role: 'assistant',
    parts: ids.map((id) => ({ type: 'tool-call', id, name: 'f', arguments: '{}' })),
  };
}

function result(callId: string, text: string): ToolMessage {
  return { role: 'tool', callId, parts: [{ type: 'text', text }] };
}
