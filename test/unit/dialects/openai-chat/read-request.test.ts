import { describe, expect, it } from 'vitest';

import type { ChatRequest, Message } from '../../../../src/core/chat.ts';
import { GatewayError } from '../../../../src/core/failure.ts';
import type { JsonObject } from '../../../../src/core/json.ts';
import { readRequest } from '../../../../src/dialects/openai-chat/read-request.ts';

describe('a message', () => {
  it('keeps who said it', () => {
    expect(
      readMessages([
        { role: 'system', content: 'Be brief.' },
        { role: 'developer', content: 'Be kind.' },
        { role: 'user', content: 'Hi', name: 'ann' },
      ]),
    ).toEqual([
      { role: 'system', parts: [{ type: 'text', text: 'Be brief.' }] },
      { role: 'system', parts: [{ type: 'text', text: 'Be kind.' }], developer: true },
      { role: 'user', parts: [{ type: 'text', text: 'Hi' }], name: 'ann' },
    ]);
  });

  it('is empty when its text is', () => {
    expect(readMessages([{ role: 'user', content: '' }])).toEqual([{ role: 'user', parts: [] }]);
  });

  it('has reasoning first and calls last, each as it was given', () => {
    const [message] = readMessages([
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'Well' },
          { type: 'refusal', refusal: 'no' },
        ],
        refusal: 'No!',
        reasoning: 'hm',
        tool_calls: [
          { id: 'a', type: 'function', function: { name: 'f', arguments: '{"x": 1' } },
          { id: 'b', type: 'custom', custom: { name: 'g', input: 'free text' } },
        ],
      },
    ]);
    expect(message?.parts).toEqual([
      { type: 'reasoning', text: 'hm' },
      { type: 'text', text: 'Well' },
      { type: 'refusal', text: 'no' },
      { type: 'refusal', text: 'No!' },
      { type: 'tool-call', id: 'a', name: 'f', arguments: '{"x": 1' },
      { type: 'tool-call', id: 'b', name: 'g', arguments: 'free text', custom: true },
    ]);
  });

  it('keeps fields that nobody here knows', () => {
    const [message] = readMessages([
      { role: 'assistant', content: 'x', audio: { id: 'a' }, annotations: null },
    ]);
    expect(message?.extensions).toEqual({ 'openai-chat': { audio: { id: 'a' } } });
  });
});

describe('reasoning of an earlier turn', () => {
  it('is one block where the entries have one index, its signature last', () => {
    const entries = [
      { type: 'reasoning.text', text: 'Let me ', format: 'anthropic-claude-v1', index: 0 },
      { type: 'reasoning.text', text: 'think.', format: 'anthropic-claude-v1', index: 0 },
      { type: 'reasoning.text', signature: 'SIG', format: 'anthropic-claude-v1', index: 0 },
      { type: 'reasoning.encrypted', data: 'ENC', format: 'anthropic-claude-v1', index: 1 },
    ];
    expect(reasoningOf({ reasoning_details: entries })).toEqual([
      {
        type: 'reasoning',
        text: 'Let me think.',
        opaque: { format: 'anthropic-claude-v1', kind: 'signature', data: 'SIG' },
      },
      {
        type: 'reasoning',
        text: '',
        opaque: { format: 'anthropic-claude-v1', kind: 'encrypted', data: 'ENC' },
      },
    ]);
  });

  it('joins a summary and what it summarises', () => {
    const format = 'openai-responses-v1';
    const entries = [
      { type: 'reasoning.summary', summary: 'Thought.', format, index: 0 },
      { type: 'reasoning.encrypted', data: 'ENC', id: 'rs_1', format, index: 0 },
    ];
    expect(reasoningOf({ reasoning_details: entries })).toEqual([
      { type: 'reasoning', text: 'Thought.', opaque: { format, kind: 'encrypted', data: 'ENC', id: 'rs_1' } },
    ]);
  });

  it('ends a block without an index with its signature', () => {
    const parts = reasoningOf({ reasoning_details: [signedDetail('a', 'A'), signedDetail('b', 'B')] });
    expect(parts).toMatchObject([
      { text: 'a', opaque: { data: 'A', format: 'unknown' } },
      { text: 'b', opaque: { data: 'B' } },
    ]);
  });

  it('without its text is what a stream helper left of it, and loses its signature', () => {
    const signature = { type: 'reasoning.text', signature: 'SIG', format: 'anthropic-claude-v1', index: 0 };
    const told = { reasoning_content: ' the end.', reasoning_details: [signature] };
    expect(reasoningOf(told)).toEqual([{ type: 'reasoning', text: ' the end.' }]);
    // Where the model shows no text at all, the signature is whole.
    expect(reasoningOf({ reasoning_details: [signature] })).toMatchObject([{ opaque: { data: 'SIG' } }]);
  });

  it('counts once when it is told twice', () => {
    const details = [{ type: 'reasoning.text', text: 'hm', index: 0 }];
    const told = { reasoning: 'hm', reasoning_content: 'hm', reasoning_details: details };
    expect(reasoningOf(told)).toEqual([{ type: 'reasoning', text: 'hm' }]);
    expect(reasoningOf({ reasoning_content: 'hm' })).toEqual([{ type: 'reasoning', text: 'hm' }]);
  });
});

describe('a content part', () => {
  it.each([
    ['https://x.example/a.png', { kind: 'url', url: 'https://x.example/a.png' }],
    ['data:image/png;base64,iVBO', { kind: 'base64', mediaType: 'image/png', data: 'iVBO' }],
    ['DATA:image/PNG;BASE64,iVBO', { kind: 'base64', mediaType: 'image/png', data: 'iVBO' }],
    ['data:text/plain;charset=utf-8;base64,SGk=', { kind: 'base64', mediaType: 'text/plain', data: 'SGk=' }],
    [
      'data:image/svg+xml;charset=utf-8,%3Csvg%2F%3E',
      { kind: 'base64', mediaType: 'image/svg+xml', data: 'PHN2Zy8+' },
    ],
    ['data:,h%C3%A9 100%', { kind: 'base64', mediaType: 'text/plain', data: 'aMOpIDEwMCU=' }],
    ['data:,é', { kind: 'base64', mediaType: 'text/plain', data: 'w6k=' }],
  ])('at %s is what is there', (url, source) => {
    expect(partOf({ type: 'image_url', image_url: { url } })).toEqual({ type: 'image', source });
  });

  it('is a document by its bytes or by its id', () => {
    const file = { filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBE' };
    expect(partOf({ type: 'file', file })).toEqual({
      type: 'document',
      title: 'a.pdf',
      source: { kind: 'base64', mediaType: 'application/pdf', data: 'JVBE' },
    });
    expect(partOf({ type: 'file', file: { file_id: 'f1' } })).toEqual({
      type: 'document',
      source: { kind: 'file-id', id: 'f1', dialect: 'openai-chat' },
    });
  });

  it('may mark the end of what can be cached, in either spelling', () => {
    const text = { type: 'text', text: 'x' };
    expect(partOf({ ...text, prompt_cache_breakpoint: { mode: 'explicit', ttl: '30m' } })).toEqual({
      ...text,
      cacheMark: { ttl: '30m' },
    });
    expect(partOf({ ...text, cache_control: { type: 'ephemeral' } })).toEqual({ ...text, cacheMark: {} });
  });

  it('is kept whole when its type is unknown', () => {
    const block = { type: 'video_url', video_url: { url: 'https://x.example/v' } };
    expect(partOf(block)).toEqual({ type: 'opaque', dialect: 'openai-chat', block });
  });
});

describe('a setting', () => {
  it.each<readonly [JsonObject, Partial<ChatRequest>]>([
    [{ max_tokens: 5 }, { maxOutputTokens: 5 }],
    [{ max_tokens: 5, max_completion_tokens: 7 }, { maxOutputTokens: 7 }],
    [{ stop: 'x' }, { stop: ['x'] }],
    [{ stop: ['x', 'y'] }, { stop: ['x', 'y'] }],
    [{ user: 'u' }, { userId: 'u' }],
    [
      { stream: true, stream_options: { include_usage: true } },
      { stream: true, streamUsage: true },
    ],
    [{ stream: true }, { stream: true, streamUsage: false }],
    [{ tool_choice: 'required' }, { toolChoice: { type: 'required' } }],
    [
      { tool_choice: { type: 'function', function: { name: 'f' } } },
      { toolChoice: { type: 'tool', name: 'f' } },
    ],
    [{ tool_choice: { type: 'custom', custom: { name: 'f' } } }, { toolChoice: { type: 'tool', name: 'f' } }],
    [
      {
        tool_choice: {
          type: 'allowed_tools',
          allowed_tools: { mode: 'required', tools: [{ type: 'function', function: { name: 'f' } }] },
        },
      },
      { toolChoice: { type: 'allowed', mode: 'required', names: ['f'] } },
    ],
    [{ response_format: { type: 'json_object' } }, { output: { type: 'json-object' } }],
    [
      {
        response_format: {
          type: 'json_schema',
          json_schema: { name: 'n', schema: { type: 'object' }, strict: true },
        },
      },
      { output: { type: 'json-schema', name: 'n', schema: { type: 'object' }, strict: true } },
    ],
    [{ reasoning_effort: 'low' }, { reasoning: { effort: 'low' } }],
    [{ reasoning: { effort: 'high', exclude: true } }, { reasoning: { effort: 'high', display: 'omitted' } }],
    [{ reasoning: { max_tokens: 2000 } }, { reasoning: { mode: 'enabled', budgetTokens: 2000 } }],
    [{ reasoning: { enabled: false } }, { reasoning: { mode: 'disabled' } }],
    [{ cache_control: { type: 'ephemeral', ttl: '1h' } }, { cacheMark: { ttl: '1h' } }],
  ])('%j is %j', (fields, expected) => {
    expect(read(fields)).toMatchObject(expected);
  });

  it('that is null is not told', () => {
    const told = read({
      temperature: null,
      response_format: null,
      seed: null,
      tools: null,
      logprobs: null,
      user: null,
    });
    expect(told).toStrictEqual(read({}));
  });

  it('that is 0 or false is told', () => {
    expect(
      read({ temperature: 0, top_p: 0, seed: 0, logprobs: false, parallel_tool_calls: false }),
    ).toMatchObject({
      temperature: 0,
      topP: 0,
      seed: 0,
      logprobs: false,
      parallelToolCalls: false,
    });
  });

  it('that the vocabulary lacks stays under the name of the dialect', () => {
    expect(read({ top_k: 40, prediction: { type: 'content', content: 'x' } }).extensions).toEqual({
      'openai-chat': { top_k: 40, prediction: { type: 'content', content: 'x' } },
    });
    expect(read({ user: 'u', safety_identifier: 's' })).toMatchObject({
      userId: 's',
      extensions: { 'openai-chat': { user: 'u' } },
    });
  });

  it('that chooses models is spent', () => {
    expect(read({ models: ['m', 'other'] })).toStrictEqual(read({}));
  });
});

describe('a tool', () => {
  it('is a function, a custom tool, or somebody’s hosted one', () => {
    expect(
      read({
        tools: [
          { type: 'function', function: { name: 'f', parameters: { type: 'object' }, strict: true } },
          { type: 'custom', custom: { name: 'g', format: { type: 'text' } } },
          { type: 'web_search', filters: {} },
        ],
      }).tools,
    ).toEqual([
      { type: 'function', name: 'f', parameters: { type: 'object' }, strict: true },
      { type: 'custom', name: 'g', format: { type: 'text' } },
      { type: 'hosted', dialect: 'openai-chat', definition: { type: 'web_search', filters: {} } },
    ]);
  });
});

describe('what is wrong with a request', () => {
  it.each<readonly [JsonObject, string, string]>([
    [
      { messages: [{ role: 'robot', content: 'x' }] },
      'messages[0].role',
      'got "robot", wanted "system" or "developer" or "user" or "assistant" or "tool" or "function"',
    ],
    [{ messages: [{ role: 'user' }] }, 'messages[0].content', 'got nothing, wanted a string or an array'],
    [
      { messages: [{ role: 'user', content: [{ type: 'text' }] }] },
      'messages[0].content[0].text',
      'got nothing, wanted a string',
    ],
    [
      { messages: [{ role: 'user', content: [{ text: 'x' }] }] },
      'messages[0].content[0].type',
      'got nothing, wanted "text" or "image_url" or "input_audio" or "file"',
    ],
    [
      { messages: [{ role: 'system', content: [{ type: 'image_url' }] }] },
      'messages[0].content[0].type',
      'got "image_url", wanted "text"',
    ],
    [
      { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:x' } }] }] },
      'messages[0].content[0].image_url.url',
      'got a data URL without a comma, wanted data:<type>;base64,<data>',
    ],
    [
      { messages: [{ role: 'user', content: [{ type: 'file', file: {} }] }] },
      'messages[0].content[0].file',
      'got neither file_data nor file_id',
    ],
    [
      { messages: [{ role: 'tool', content: 'x' }] },
      'messages[0].tool_call_id',
      'got nothing, wanted a string',
    ],
    [{ temperature: 'hot' }, 'temperature', 'got "hot", wanted a number'],
    [{ max_tokens: 1.5 }, 'max_tokens', 'got 1.5, wanted a whole number'],
    [{ tools: [{ type: 'function' }] }, 'tools[0].function', 'got nothing, wanted an object'],
    [
      { response_format: { type: 'xml' } },
      'response_format.type',
      'got "xml", wanted "text" or "json_object" or "json_schema"',
    ],
    [
      { response_format: { type: 'json_schema', json_schema: { name: 'n' } } },
      'response_format.json_schema.schema',
      'got nothing, wanted an object',
    ],
    [{ tool_choice: 'any' }, 'tool_choice', 'got "any", wanted "none" or "auto" or "required" or an object'],
  ])('is told of %j', (fields, param, message) => {
    expect(failureOf(fields)).toEqual({ kind: 'invalid-request', message: `${param}: ${message}`, param });
  });

  it.each<readonly [JsonObject, string, string]>([
    [{ functions: [] }, 'functions', 'tools'],
    [{ function_call: 'auto' }, 'function_call', 'tool_choice'],
    [{ messages: [{ role: 'function', name: 'f', content: 'x' }] }, 'messages[0].role', 'tools'],
    [
      { messages: [{ role: 'assistant', content: null, function_call: { name: 'f', arguments: '' } }] },
      'messages[0].function_call',
      'tool_calls',
    ],
  ])('is, for %j, that its form is from before tools', (fields, param, successor) => {
    const failure = failureOf(fields);
    expect(failure).toMatchObject({ kind: 'invalid-request', param });
    expect(failure.message).toContain(`use ${successor}`);
  });

  it('is told without repeating anything long', () => {
    const { message } = failureOf({ temperature: 'x'.repeat(10_000) });
    expect(message).toBe('temperature: got a string of 10000 characters, wanted a number');
  });

  it('is told once, however much is wrong', () => {
    const broken = Array.from({ length: 2_000 }, () => ({ role: 'robot' }));
    expect(failureOf({ messages: broken }).message.length).toBeLessThan(200);
  });
});

function read(fields: JsonObject): ChatRequest {
  return readRequest({ model: 'm', messages: [{ role: 'user', content: 'Hi' }], ...fields });
}

function readMessages(messages: readonly JsonObject[]): readonly Message[] {
  return read({ messages }).messages;
}

function reasoningOf(fields: JsonObject) {
  const [message] = readMessages([{ role: 'assistant', content: 'x', ...fields }]);
  return message?.parts.filter(({ type }) => type === 'reasoning');
}

function signedDetail(text: string, signature: string): JsonObject {
  return { type: 'reasoning.text', text, signature };
}

function partOf(part: JsonObject) {
  return readMessages([{ role: 'user', content: [part] }])[0]?.parts[0];
}

function failureOf(fields: JsonObject) {
  try {
    read(fields);
  } catch (error) {
    if (error instanceof GatewayError) return error.failure;
    throw error;
  }
  throw new Error('the request was accepted');
}
