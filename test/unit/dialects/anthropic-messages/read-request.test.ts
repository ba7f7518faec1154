import { describe, expect, it } from 'vitest';

import type { GatewayError } from '../../../../src/core/failure.ts';
import type { JsonObject } from '../../../../src/core/json.ts';
import { anthropicMessages } from '../../../../src/dialects/anthropic-messages/index.ts';

const { readRequest } = anthropicMessages.ingress;

function requestWith(fields: JsonObject): JsonObject {
  return { model: 'claude', max_tokens: 8, messages: [{ role: 'user', content: 'Hi' }], ...fields };
}

function messagesOf(...messages: readonly JsonObject[]) {
  return readRequest(requestWith({ messages })).messages;
}

function failureOf(fields: JsonObject) {
  try {
    readRequest(requestWith(fields));
  } catch (error) {
    return (error as GatewayError).failure;
  }
  return undefined;
}

describe('readRequest', () => {
  it('invents nothing', () => {
    expect(readRequest(requestWith({}))).toEqual({
      model: 'claude',
      messages: [{ role: 'user', parts: [{ type: 'text', text: 'Hi' }] }],
      stream: false,
      streamUsage: true,
      maxOutputTokens: 8,
    });
  });

  it('reads the system prompt as one leading message with its marks', () => {
    const { messages } = readRequest(
      requestWith({
        system: [
          { type: 'text', text: 'Be brief.' },
          { type: 'text', text: 'Rules…', cache_control: { type: 'ephemeral', ttl: '1h' } },
        ],
      }),
    );
    expect(messages[0]).toEqual({
      role: 'system',
      parts: [
        { type: 'text', text: 'Be brief.' },
        { type: 'text', text: 'Rules…', cacheMark: { ttl: '1h' } },
      ],
    });
  });

  it('reads a system message in the midst of the conversation in its place', () => {
    expect(
      messagesOf({ role: 'user', content: 'Hi' }, { role: 'system', content: 'Now in French.' })[1],
    ).toEqual({
      role: 'system',
      parts: [{ type: 'text', text: 'Now in French.' }],
    });
  });

  it('makes each tool result a message before the rest of what the user says', () => {
    const messages = messagesOf({
      role: 'user',
      content: [
        { type: 'tool_result', tool_use_id: 'a', content: 'sunny' },
        { type: 'tool_result', tool_use_id: 'b', content: [{ type: 'text', text: 'no' }], is_error: true },
        { type: 'text', text: 'And now?' },
      ],
    });
    expect(messages).toEqual([
      { role: 'tool', callId: 'a', parts: [{ type: 'text', text: 'sunny' }] },
      { role: 'tool', callId: 'b', parts: [{ type: 'text', text: 'no' }], isError: true },
      { role: 'user', parts: [{ type: 'text', text: 'And now?' }] },
    ]);
    expect(messagesOf({ role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a' }] })).toEqual([
      { role: 'tool', callId: 'a', parts: [] },
    ]);
  });

  it('tells a search result of a tool as text and keeps it as it was for its own dialect', () => {
    const result = {
      type: 'search_result',
      source: 'https://example.com',
      title: 'Rain',
      content: [{ type: 'text', text: 'It rains.' }],
    };
    expect(
      messagesOf({ role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', content: [result] }] }),
    ).toEqual([
      {
        role: 'tool',
        callId: 'a',
        parts: [{ type: 'text', text: 'Rain\nhttps://example.com\nIt rains.' }],
        extensions: { 'anthropic-messages': { content: [result] } },
      },
    ]);
  });

  it('reads images and documents from bytes, addresses and ids', () => {
    const [message] = messagesOf({
      role: 'user',
      content: [
        { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AA==' } },
        { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } },
        {
          type: 'document',
          source: { type: 'file', file_id: 'file_1' },
          title: 'A',
          citations: { enabled: true },
        },
        { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'words' }, context: 'B' },
        { type: 'document', source: { type: 'content', content: [{ type: 'text', text: 'one' }] } },
      ],
    });
    expect(message).toEqual({
      role: 'user',
      parts: [
        { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'AA==' } },
        { type: 'image', source: { kind: 'url', url: 'https://example.com/a.png' } },
        {
          type: 'document',
          source: { kind: 'file-id', id: 'file_1', dialect: 'anthropic-messages' },
          title: 'A',
          citations: true,
        },
        { type: 'document', source: { kind: 'text', text: 'words' }, context: 'B' },
        { type: 'document', source: { kind: 'text', text: 'one' } },
      ],
    });
  });

  it('keeps what only its own dialect understands whole and in place', () => {
    const search = { type: 'server_tool_use', id: 's', name: 'web_search', input: { query: 'x' } };
    const upload = { type: 'container_upload', file_id: 'file_1' };
    expect(messagesOf({ role: 'user', content: [upload] }, { role: 'assistant', content: [search] })).toEqual(
      [
        { role: 'user', parts: [{ type: 'opaque', dialect: 'anthropic-messages', block: upload }] },
        { role: 'assistant', parts: [{ type: 'opaque', dialect: 'anthropic-messages', block: search }] },
      ],
    );
  });

  it('reads thinking with its signature, redacted thinking with its data, and an empty signature as none', () => {
    const [, message] = messagesOf(
      { role: 'user', content: 'Hi' },
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'Hm.', signature: 'c2ln' },
          { type: 'redacted_thinking', data: 'ZGF0YQ==' },
          { type: 'thinking', thinking: 'Foreign.', signature: '' },
        ],
      },
    );
    const format = 'anthropic-claude-v1';
    expect(message?.parts).toEqual([
      { type: 'reasoning', text: 'Hm.', opaque: { format, kind: 'signature', data: 'c2ln' } },
      { type: 'reasoning', text: '', opaque: { format, kind: 'encrypted', data: 'ZGF0YQ==' } },
      { type: 'reasoning', text: 'Foreign.' },
    ]);
  });

  it('writes the arguments of a call with their keys in order', () => {
    const [, message] = messagesOf(
      { role: 'user', content: 'Hi' },
      {
        role: 'assistant',
        content: [{ type: 'tool_use', id: 'a', name: 'f', input: { z: 1, a: { y: 2, b: 3 } } }],
      },
    );
    expect(message?.parts).toEqual([
      { type: 'tool-call', id: 'a', name: 'f', arguments: '{"z":1,"a":{"y":2,"b":3}}' },
    ]);
  });

  it('tells its own tools from hosted ones', () => {
    const hosted = { type: 'web_search_20260318', name: 'web_search', max_uses: 3 };
    const { tools } = readRequest(
      requestWith({
        tools: [
          {
            type: 'custom',
            name: 'f',
            description: 'F',
            input_schema: { type: 'object' },
            strict: true,
            defer_loading: true,
          },
          hosted,
        ],
      }),
    );
    expect(tools).toEqual([
      {
        type: 'function',
        name: 'f',
        description: 'F',
        parameters: { type: 'object' },
        strict: true,
        extensions: { 'anthropic-messages': { defer_loading: true } },
      },
      { type: 'hosted', dialect: 'anthropic-messages', definition: hosted },
    ]);
  });

  it.each([
    [{ type: 'any' }, { toolChoice: { type: 'required' } }],
    [{ type: 'none' }, { toolChoice: { type: 'none' } }],
    [{ type: 'tool', name: 'f' }, { toolChoice: { type: 'tool', name: 'f' } }],
    [
      { type: 'auto', disable_parallel_tool_use: true },
      { toolChoice: { type: 'auto' }, parallelToolCalls: false },
    ],
  ])('reads the tool choice %j', (tool_choice, expected) => {
    expect(readRequest(requestWith({ tool_choice }))).toMatchObject(expected);
  });

  it('reads thinking, effort, format, user and the rest of the settings', () => {
    expect(
      readRequest(
        requestWith({
          stream: true,
          temperature: 0.5,
          top_p: 0.9,
          top_k: 4,
          stop_sequences: ['END'],
          thinking: { type: 'enabled', budget_tokens: 2048, display: 'omitted' },
          output_config: {
            effort: 'max',
            format: { type: 'json_schema', schema: { type: 'object' } },
            task_budget: 9,
          },
          metadata: { user_id: 'u', trace: 't' },
          service_tier: 'auto',
          cache_control: { type: 'ephemeral' },
          container: 'c',
        }),
      ),
    ).toMatchObject({
      stream: true,
      temperature: 0.5,
      topP: 0.9,
      topK: 4,
      stop: ['END'],
      reasoning: { effort: 'max', mode: 'enabled', budgetTokens: 2048, display: 'omitted' },
      output: { type: 'json-schema', schema: { type: 'object' } },
      userId: 'u',
      serviceTier: 'auto',
      cacheMark: {},
      extensions: {
        'anthropic-messages': { output_config: { task_budget: 9 }, metadata: { trace: 't' }, container: 'c' },
      },
    });
  });

  it('takes null for a field that is not told', () => {
    expect(
      readRequest(requestWith({ temperature: null, tools: null, container: null, system: null })),
    ).toEqual(readRequest(requestWith({})));
  });

  it.each([
    ['messages[0].role', { messages: [{ role: 'robot', content: 'Hi' }] }],
    ['messages[0].content', { messages: [{ role: 'user', content: 7 }] }],
    ['messages[0].content[0].text', { messages: [{ role: 'user', content: [{ type: 'text' }] }] }],
    [
      'messages[0].content[1].source.type',
      {
        messages: [
          {
            role: 'user',
            content: [
              { type: 'text', text: 'a' },
              { type: 'image', source: { type: 'ftp' } },
            ],
          },
        ],
      },
    ],
    [
      'messages[0].content[0].input',
      { messages: [{ role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: 'f', input: '{}' }] }] },
    ],
    ['system[0].text', { system: [{ type: 'text', text: null }] }],
    ['tools[0].input_schema', { tools: [{ name: 'f', input_schema: 'none' }] }],
    ['tool_choice.type', { tool_choice: { type: 'maybe' } }],
    ['thinking.budget_tokens', { thinking: { type: 'enabled' } }],
    ['temperature', { temperature: 'hot' }],
    ['stop_sequences', { stop_sequences: 'END' }],
  ])('refuses a wrong %s by its path', (param, fields) => {
    expect(failureOf(fields)).toMatchObject({
      kind: 'invalid-request',
      param,
      message: expect.stringContaining(param),
    });
  });

  it('never repeats a long value', () => {
    const failure = failureOf({ tool_choice: { type: 'x'.repeat(100_000) } });
    expect(failure?.message.length).toBeLessThan(300);
  });
});
