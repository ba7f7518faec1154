import { describe, expect, it } from 'vitest';

import type { ChatRequest, OutputFormat } from '../../../../src/core/chat.ts';
import type { JsonObject } from '../../../../src/core/json.ts';
import { anthropicMessages } from '../../../../src/dialects/anthropic-messages/index.ts';
import type { AnthropicMessagesTraits } from '../../../../src/dialects/anthropic-messages/traits.ts';
import { fullTraits } from '../../../support/anthropic-messages-arbitraries.ts';

function write(fields: Partial<ChatRequest>, traits: Partial<AnthropicMessagesTraits> = {}) {
  const request: ChatRequest = {
    model: 'claude',
    messages: [{ role: 'user', parts: [{ type: 'text', text: 'Hi' }] }],
    stream: false,
    streamUsage: true,
    ...fields,
  };
  return anthropicMessages.egress.writeRequest(request, { ...fullTraits, ...traits });
}

describe('writeRequest', () => {
  it("caps the output with the model's own ceiling unless the caller names a lower one", () => {
    expect(write({}).body).toEqual({
      model: 'claude',
      max_tokens: 128_000,
      messages: [{ role: 'user', content: 'Hi' }],
    });
    expect(write({ maxOutputTokens: 9 }).body['max_tokens']).toBe(9);
    const clamped = write({ maxOutputTokens: 200_000 });
    expect(clamped.body['max_tokens']).toBe(128_000);
    expect(clamped.losses).toEqual([{ action: 'clamped', field: 'max_tokens' }]);
  });

  it.each<[Partial<ChatRequest>, Partial<AnthropicMessagesTraits>, object, string[]]>([
    [{ temperature: 0.3, topK: 5 }, {}, { temperature: 0.3, top_k: 5 }, []],
    [{ temperature: 1.5 }, {}, { temperature: 1 }, ['clamped temperature']],
    [{ temperature: 0.3, topP: 0.5 }, {}, { temperature: 0.3 }, ['dropped top_p']],
    [{ topP: 0.5 }, {}, { top_p: 0.5 }, []],
    [{ temperature: 0.3, topK: 5 }, { sampling: false }, {}, ['dropped temperature', 'dropped top_k']],
    [{ temperature: 1, topP: 1 }, { sampling: false }, {}, []],
    [{ temperature: 2 }, { sampling: false }, {}, ['clamped temperature']],
    [
      { temperature: 0, topK: 5, reasoning: { mode: 'adaptive' } },
      {},
      {},
      ['dropped temperature', 'dropped top_k'],
    ],
    [{ topP: 0.99, reasoning: { mode: 'adaptive' } }, {}, { top_p: 0.99 }, []],
    [{ topP: 0.5, reasoning: { mode: 'adaptive' } }, {}, {}, ['dropped top_p']],
  ])('samples %j with %j as %j', (fields, traits, expected, losses) => {
    const { body, losses: told } = write(fields, traits);
    const { temperature, top_p, top_k } = body;
    expect(JSON.parse(JSON.stringify({ temperature, top_p, top_k }))).toEqual(expected);
    expect(told.map(({ action, field }) => `${action} ${field}`)).toEqual(losses);
  });

  it('names in OpenAI’s words what only tunes the answer and cannot be carried', () => {
    const { body, losses } = write({
      seed: 1,
      frequencyPenalty: 0.5,
      presencePenalty: 0.5,
      logitBias: { 50256: -100 },
      verbosity: 'low',
      metadata: { a: 'b' },
      serviceTier: 'flex',
      extensions: { 'openai-chat': { store: true, prediction: { type: 'content' }, modalities: ['text'] } },
    });
    expect(Object.keys(body).toSorted()).toEqual(['max_tokens', 'messages', 'model']);
    expect(losses.map(({ action, field }) => `${action} ${field}`).toSorted()).toEqual([
      'dropped frequency_penalty',
      'dropped logit_bias',
      'dropped metadata',
      'dropped prediction',
      'dropped presence_penalty',
      'dropped seed',
      'dropped service_tier',
      'dropped store',
      'dropped verbosity',
    ]);
  });

  it('does not miss what asks for nothing', () => {
    const { losses } = write({
      frequencyPenalty: 0,
      presencePenalty: 0,
      n: 1,
      logprobs: false,
      extensions: { 'openai-chat': { store: false, audio: null, modalities: ['text'] } },
    });
    expect(losses).toEqual([]);
  });

  it.each<[string, Partial<ChatRequest>]>([
    ['n', { n: 2 }],
    ['logprobs', { logprobs: true }],
    ['top_logprobs', { topLogprobs: 3 }],
    ['modalities', { extensions: { 'openai-chat': { modalities: ['text', 'audio'] } } }],
    ['audio', { extensions: { 'openai-chat': { audio: { voice: 'alloy' } } } }],
    ['web_search_options', { extensions: { 'openai-chat': { web_search_options: {} } } }],
  ])('refuses %s, without which the answer would be another', (param, fields) => {
    expect(() => write(fields)).toThrow(
      expect.objectContaining({ failure: expect.objectContaining({ kind: 'unsupported', param }) }),
    );
  });

  it.each([
    ['default', 'standard_only'],
    ['auto', 'auto'],
    ['priority', 'auto'],
    ['standard_only', 'standard_only'],
  ])('writes the service tier %s as %s', (serviceTier, word) => {
    expect(write({ serviceTier }).body['service_tier']).toBe(word);
  });

  it('leaves out stop sequences of white space, and tells it', () => {
    expect(write({ stop: ['END', '\n'] })).toMatchObject({
      body: { stop_sequences: ['END'] },
      losses: [{ action: 'dropped', field: 'stop' }],
    });
    expect(write({ stop: [' '] }).body).not.toHaveProperty('stop_sequences');
  });

  it('writes the user, the stream and the mark of the whole prompt', () => {
    expect(write({ userId: 'u', stream: true, cacheMark: { ttl: '1h' } }).body).toMatchObject({
      metadata: { user_id: 'u' },
      stream: true,
      cache_control: { type: 'ephemeral', ttl: '1h' },
    });
  });
});

describe('the form of the answer', () => {
  const schema = { type: 'object', properties: { city: { type: 'string' } }, additionalProperties: false };
  const format: OutputFormat = { type: 'json-schema', name: 'capital', schema };
  const emulated = [
    { action: 'emulated', field: 'response_format' },
    { action: 'best_effort', field: 'structured_output' },
  ];

  it('is enforced by a model that can', () => {
    const { body, losses } = write({ output: format });
    expect(body['output_config']).toEqual({ format: { type: 'json_schema', schema } });
    expect(losses).toEqual([]);
  });

  it('keeps its description with its schema', () => {
    const { body } = write({ output: { ...format, description: 'A capital.' } });
    expect(body['output_config']).toMatchObject({ format: { schema: { description: 'A capital.' } } });
  });

  it('is the input of a tool where it cannot be enforced', () => {
    const { body, losses, reviseReply } = write({ output: format }, { structuredOutput: false });
    expect(body).toMatchObject({
      tools: [{ name: 'json', input_schema: schema }],
      tool_choice: { type: 'tool', name: 'json', disable_parallel_tool_use: true },
    });
    expect(body).not.toHaveProperty('output_config');
    expect(losses).toEqual(emulated);
    expect(reviseReply).toBeDefined();
  });

  const tool = { type: 'function', name: 'weather' } as const;
  it.each<[circumstance: string, Partial<ChatRequest>, Partial<AnthropicMessagesTraits>]>([
    ['there are tools', { tools: [tool] }, {}],
    ['the model thinks', { reasoning: { effort: 'high' } }, {}],
    ['the model cannot be forced', {}, { forcedTools: false }],
  ])('is asked for in the system prompt where %s', (_, fields, given) => {
    const system = { role: 'system', parts: [{ type: 'text', text: 'Be brief.', cacheMark: {} }] } as const;
    const user = { role: 'user', parts: [{ type: 'text', text: 'Hi' }] } as const;
    const { body, losses, reviseReply } = write(
      { ...fields, messages: [system, user], output: format },
      { structuredOutput: false, ...given },
    );
    expect(body['system']).toEqual([
      { type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral' } },
      { type: 'text', text: expect.stringContaining(JSON.stringify(schema)) },
    ]);
    expect(body).not.toHaveProperty('tool_choice');
    expect(losses).toEqual(expect.arrayContaining(emulated));
    expect(reviseReply).toBeDefined();
  });

  it('of a list or a union stands in an object', () => {
    const list = { type: 'array', items: { type: 'string' } };
    const { body, reviseReply } = write({ output: { ...format, schema: list } });
    expect(body['output_config']).toMatchObject({
      format: { schema: { type: 'object', properties: { value: list }, required: ['value'] } },
    });
    expect(reviseReply).toBeDefined();
  });

  it.each([
    ['contains itself', { type: 'object', properties: { next: { $ref: '#' } } }],
    ['has more optional properties than are taken', { type: 'object', properties: many(25) }],
  ])('that %s is emulated', (_, given) => {
    const { body, losses } = write({ output: { ...format, schema: given } });
    expect(body).not.toHaveProperty('output_config');
    expect(losses).toEqual(emulated);
  });

  it('any JSON is asked for in the system prompt', () => {
    expect(write({ output: { type: 'json-object' } })).toMatchObject({
      body: { system: expect.stringContaining('JSON') },
      losses: emulated,
    });
    expect(write({ output: { type: 'text' } }).body).not.toHaveProperty('system');
  });
});

function many(count: number): JsonObject {
  return Object.fromEntries(Array.from({ length: count }, (_, place) => [`p${place}`, { type: 'string' }]));
}
