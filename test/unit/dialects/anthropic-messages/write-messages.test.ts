import { describe, expect, it } from 'vitest';

import type { ChatRequest, Message, UserPart } from '../../../../src/core/chat.ts';
import { anthropicMessages } from '../../../../src/dialects/anthropic-messages/index.ts';
import type { AnthropicMessagesTraits } from '../../../../src/dialects/anthropic-messages/traits.ts';
import { fullTraits } from '../../../support/anthropic-messages-arbitraries.ts';

function write(messages: readonly Message[], traits: Partial<AnthropicMessagesTraits> = {}) {
  const request: ChatRequest = { model: 'claude', messages, stream: false, streamUsage: true };
  return anthropicMessages.egress.writeRequest(request, { ...fullTraits, ...traits });
}

function user(...parts: readonly (string | UserPart)[]): Message {
  return { role: 'user', parts: parts.map((part) => (typeof part === 'string' ? text(part) : part)) };
}
function assistant(...texts: readonly string[]): Message {
  return { role: 'assistant', parts: texts.map(text) };
}
function system(...texts: readonly string[]): Message {
  return { role: 'system', parts: texts.map(text) };
}
function call(id: string, args = '{}'): Message {
  return { role: 'assistant', parts: [{ type: 'tool-call', id, name: 'f', arguments: args }] };
}
function result(callId: string, content = 'done'): Message {
  return { role: 'tool', callId, parts: [text(content)] };
}
function text(words: string) {
  return { type: 'text' as const, text: words };
}

describe('the system prompt', () => {
  it('is a string when it is one plain text, and one block for each text otherwise', () => {
    expect(write([system('Be brief.'), user('Hi')]).body['system']).toBe('Be brief.');
    expect(write([system('Be brief.'), system('Be kind.'), user('Hi')]).body['system']).toEqual([
      text('Be brief.'),
      text('Be kind.'),
    ]);
    expect(write([user('Hi')]).body).not.toHaveProperty('system');
  });

  it('that comes later stands behind the turn of the user', () => {
    const { body, losses } = write([
      user('Hi'),
      system('Now in French.'),
      user('Well?'),
      assistant('Oui.'),
      user('!'),
    ]);
    expect(body['messages']).toEqual([
      { role: 'user', content: [text('Hi'), text('Well?')] },
      { role: 'system', content: 'Now in French.' },
      { role: 'assistant', content: 'Oui.' },
      { role: 'user', content: '!' },
    ]);
    expect(losses).toEqual([]);
  });

  it('that comes later is tagged text for a model without system messages', () => {
    const { body, losses } = write([user('Hi'), system('Now in French.')], { systemMessages: false });
    expect(body['messages']).toEqual([
      { role: 'user', content: [text('Hi'), text('<system>\nNow in French.\n</system>')] },
    ]);
    expect(losses).toEqual([{ action: 'emulated', field: 'messages.system' }]);
  });

  it('that has no turn of the user to stand behind speaks in its place', () => {
    const { body } = write([user('Hi'), assistant('Hello.'), system('Go on.')]);
    expect(body['messages']).toContainEqual({ role: 'user', content: '<system>\nGo on.\n</system>' });
  });
});

describe('turns', () => {
  it('of the same role become one', () => {
    expect(write([user('a'), user('b'), assistant('c'), assistant('d'), user('e')]).body['messages']).toEqual(
      [
        { role: 'user', content: [text('a'), text('b')] },
        { role: 'assistant', content: [text('c'), text('d')] },
        { role: 'user', content: 'e' },
      ],
    );
  });

  it('begin with the user', () => {
    const { body, losses } = write([assistant('Hello.'), user('Hi')]);
    expect(body['messages']).toMatchObject([
      { role: 'user', content: '.' },
      { role: 'assistant' },
      { role: 'user' },
    ]);
    expect(losses).toEqual([{ action: 'emulated', field: 'messages' }]);
    expect(write([system('Only this.')]).body).toMatchObject({
      system: 'Only this.',
      messages: [{ role: 'user', content: '.' }],
    });
  });

  it('lose their empty texts, and the assistant its empty turns', () => {
    expect(write([user('', 'Hi'), assistant(''), user('?')]).body['messages']).toEqual([
      { role: 'user', content: [text('Hi'), text('?')] },
    ]);
  });

  it('of the user may not be empty', () => {
    expect(() => write([user('Hi'), assistant('Hello.'), user('')])).toThrow(
      expect.objectContaining({
        failure: expect.objectContaining({ kind: 'unsupported', param: 'messages[2].content' }),
      }),
    );
  });

  it('that the model is to go on with do not end in white space', () => {
    expect(write([user('Hi'), assistant('The answer is ')]).body['messages']).toContainEqual({
      role: 'assistant',
      content: 'The answer is',
    });
    expect(write([user('Hi'), assistant('  ')]).body['messages']).toEqual([{ role: 'user', content: 'Hi' }]);
  });

  it('tell what white space at the end was taken, all of a message or a part of it', () => {
    expect(write([user('Hi'), assistant('The answer is ')]).losses).toEqual([
      { action: 'clamped', field: 'messages.content' },
    ]);
    expect(write([user('Hi'), assistant('  ')]).losses).toEqual([
      { action: 'dropped', field: 'messages.content' },
    ]);
    expect(write([user('Hi'), assistant('The answer is')]).losses).toEqual([]);
  });

  it("lose a participant's name and what another dialect says of them, and tell it", () => {
    const { losses } = write([
      {
        role: 'user',
        name: 'Ann',
        parts: [text('Hi')],
        extensions: { 'openai-chat': { audio: { id: 'a' } } },
      },
    ]);
    expect(losses).toEqual([
      { action: 'dropped', field: 'messages.name' },
      { action: 'dropped', field: 'messages.audio' },
    ]);
  });
});

describe('tool calls and results', () => {
  it('of one turn are answered in one message, before anything else the user says', () => {
    const calls: Message = {
      role: 'assistant',
      parts: [
        text('Let me look.'),
        { type: 'tool-call', id: 'a', name: 'f', arguments: '{"x":1}' },
        { type: 'tool-call', id: 'b', name: 'g', arguments: '' },
      ],
    };
    const { body, losses } = write([user('Hi'), calls, user('Quick!'), result('b'), result('a')]);
    expect(body['messages']).toEqual([
      { role: 'user', content: 'Hi' },
      {
        role: 'assistant',
        content: [
          text('Let me look.'),
          { type: 'tool_use', id: 'a', name: 'f', input: { x: 1 } },
          { type: 'tool_use', id: 'b', name: 'g', input: {} },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'b', content: 'done' },
          { type: 'tool_result', tool_use_id: 'a', content: 'done' },
          text('Quick!'),
        ],
      },
    ]);
    expect(losses).toEqual([{ action: 'emulated', field: 'tools' }]);
  });

  it('a call without a result gets one that says so', () => {
    const { body, losses } = write([user('Hi'), call('a'), user('Well?')]);
    expect(body['messages']).toContainEqual({
      role: 'user',
      content: [
        { type: 'tool_result', tool_use_id: 'a', content: 'No result provided', is_error: true },
        text('Well?'),
      ],
    });
    expect(losses).toContainEqual({ action: 'emulated', field: 'messages.tool_call_id' });
    expect(write([user('Hi'), call('a')]).body['messages']).toHaveLength(3);
  });

  it('a result without a call is dropped and told', () => {
    const { body, losses } = write([user('Hi'), result('nobody'), assistant('Hello.'), user('?')]);
    expect(JSON.stringify(body)).not.toContain('tool_result');
    expect(losses).toEqual([{ action: 'dropped', field: 'messages.tool_call_id' }]);
  });

  it('ids get characters that the API takes, the same for call and result', () => {
    const { body } = write([user('Hi'), call('call:1/ü'), result('call:1/ü')]);
    expect(body['messages']).toMatchObject([
      {},
      { content: [{ id: 'call_1__' }] },
      { content: [{ tool_use_id: 'call_1__' }] },
    ]);
  });

  it('ids that repeat or collide stay apart', () => {
    const { body } = write([
      user('Hi'),
      call('a.b'),
      result('a.b'),
      call('a_b'),
      result('a_b'),
      call(''),
      result(''),
    ]);
    expect(JSON.stringify(body).match(/"(?:id|tool_use_id)":"[^"]*"/g)).toEqual([
      '"id":"a_b"',
      '"tool_use_id":"a_b"',
      '"id":"a_b_2"',
      '"tool_use_id":"a_b_2"',
      '"id":"call"',
      '"tool_use_id":"call"',
    ]);
  });

  it.each([
    ['', {}],
    ['  ', {}],
    ['null', {}],
    ['{"b":1,"a":2}', { b: 1, a: 2 }],
  ])('arguments %j become an object', (args, input) => {
    const { body, losses } = write([user('Hi'), call('a', args), result('a')]);
    expect(body['messages']).toMatchObject([{}, { content: [{ input }] }, {}]);
    expect(losses).not.toContainEqual({ action: 'emulated', field: 'tool_calls.function.arguments' });
  });

  it.each([
    ['{"a":', { rawInvalidInput: '{"a":' }],
    ['[1]', { rawInvalidInput: [1] }],
    ['7', { rawInvalidInput: 7 }],
  ])('arguments %j go into one, and that is told', (args, input) => {
    const { body, losses } = write([user('Hi'), call('a', args), result('a')]);
    expect(body['messages']).toMatchObject([{}, { content: [{ input }] }, {}]);
    expect(losses).toContainEqual({ action: 'emulated', field: 'tool_calls.function.arguments' });
  });

  it('calls come last, up to the next thinking', () => {
    const opaque = { format: 'anthropic-claude-v1', kind: 'signature' as const, data: 's' };
    const { body } = write([
      user('Hi'),
      {
        role: 'assistant',
        parts: [
          { type: 'tool-call', id: 'a', name: 'f', arguments: '{}' },
          text('between'),
          { type: 'reasoning', text: 'hm', opaque },
          text('after'),
        ],
      },
      result('a'),
    ]);
    expect(body['messages']).toMatchObject([
      {},
      { content: [{ type: 'text' }, { type: 'tool_use' }, { type: 'thinking' }, { text: 'after' }] },
      {},
    ]);
  });

  it('a result that failed says so, and an empty one has no content', () => {
    const { body } = write([user('Hi'), call('a'), { role: 'tool', callId: 'a', parts: [], isError: true }]);
    expect(body['messages']).toContainEqual({
      role: 'user',
      content: [{ type: 'tool_result', tool_use_id: 'a', is_error: true }],
    });
  });
});

describe('parts', () => {
  it.each<[string, UserPart, object]>([
    [
      'an image by address',
      { type: 'image', source: { kind: 'url', url: 'https://example.com/a.png' } },
      { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } },
    ],
    [
      'an image in bytes',
      { type: 'image', source: { kind: 'base64', mediaType: 'image/webp', data: 'AA==' }, detail: 'auto' },
      { type: 'image', source: { type: 'base64', media_type: 'image/webp', data: 'AA==' } },
    ],
    [
      'a PDF',
      {
        type: 'document',
        source: { kind: 'base64', mediaType: 'application/pdf', data: 'AA==' },
        title: 'a.pdf',
      },
      {
        type: 'document',
        source: { type: 'base64', media_type: 'application/pdf', data: 'AA==' },
        title: 'a.pdf',
      },
    ],
    [
      'a text file in bytes',
      { type: 'document', source: { kind: 'base64', mediaType: 'text/markdown', data: 'w7xiZXI=' } },
      { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'über' } },
    ],
    [
      'a mark for the cache, with a time that OpenAI knows',
      { type: 'text', text: 'Long.', cacheMark: { ttl: '30m' } },
      { type: 'text', text: 'Long.', cache_control: { type: 'ephemeral', ttl: '1h' } },
    ],
  ])('carry %s', (_, part, block) => {
    const { body, losses } = write([user('See:', part)]);
    expect(body['messages']).toEqual([{ role: 'user', content: [text('See:'), block] }]);
    expect(losses).toEqual([]);
  });

  it.each<[string, UserPart]>([
    ['audio', { type: 'audio', data: 'AA==', format: 'wav' }],
    [
      'an image of another type',
      { type: 'image', source: { kind: 'base64', mediaType: 'image/tiff', data: 'AA==' } },
    ],
    [
      'a file of another type',
      { type: 'document', source: { kind: 'base64', mediaType: 'a/zip', data: 'AA==' } },
    ],
    [
      'text that is not base64',
      { type: 'document', source: { kind: 'base64', mediaType: 'text/plain', data: '%' } },
    ],
    [
      'a file id of another vendor',
      { type: 'document', source: { kind: 'file-id', id: 'f', dialect: 'openai-chat' } },
    ],
    ['a block of another dialect', { type: 'opaque', dialect: 'openai-chat', block: { type: 'x' } }],
  ])('refuse %s by its path', (_, part) => {
    expect(() => write([user('See:', part)])).toThrow(
      expect.objectContaining({
        failure: expect.objectContaining({ kind: 'unsupported', param: 'messages[0].content[1]' }),
      }),
    );
  });

  it("drop the detail of an image and another vendor's reasoning, and tell it", () => {
    const { body, losses } = write([
      user({ type: 'image', source: { kind: 'url', url: 'https://example.com/a.png' }, detail: 'high' }),
      {
        role: 'assistant',
        parts: [
          { type: 'reasoning', text: 'Unsigned.' },
          {
            type: 'reasoning',
            text: '',
            opaque: { format: 'openai-responses-v1', kind: 'encrypted', data: 'x' },
          },
          { type: 'refusal', text: 'No.' },
        ],
      },
      user('Why?'),
    ]);
    expect(body['messages']).toContainEqual({ role: 'assistant', content: 'No.' });
    expect(losses).toEqual([
      { action: 'dropped', field: 'image_url.detail' },
      { action: 'dropped', field: 'reasoning' },
    ]);
  });

  it("give Claude's own citations back and drop others", () => {
    const own = { type: 'char_location', cited_text: 'x' };
    const { body, losses } = write([
      user('Hi'),
      {
        role: 'assistant',
        parts: [
          {
            type: 'text',
            text: 'a',
            citations: [{ native: { dialect: 'anthropic-messages', citation: own } }],
          },
          { type: 'text', text: 'b', citations: [{ url: 'https://example.com' }] },
        ],
      },
      user('?'),
    ]);
    expect(body['messages']).toContainEqual({
      role: 'assistant',
      content: [{ ...text('a'), citations: [own] }, text('b')],
    });
    expect(losses).toEqual([{ action: 'dropped', field: 'messages.citations' }]);
  });
});
