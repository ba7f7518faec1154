import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { ChatRequest, Message, Tool } from '../../../../src/core/chat.ts';
import type { JsonObject } from '../../../../src/core/json.ts';
import { fitSchema } from '../../../../src/dialects/cohere-chat/json-schema.ts';
import type { CohereChatTraits } from '../../../../src/dialects/cohere-chat/traits.ts';
import { writeRequest } from '../../../../src/dialects/cohere-chat/write-request.ts';
import { faultsOf } from '../../../support/cohere-chat-requests.ts';

const traits: CohereChatTraits = { images: true, thinking: true, tools: true, toolChoice: true };
const hello: Message = { role: 'user', parts: [{ type: 'text', text: 'Hello' }] };
const schema = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] };
const weather: Tool = { type: 'function', name: 'weather', parameters: schema };

function write(fields: Partial<ChatRequest>, at: Partial<CohereChatTraits> = {}) {
  const request = { model: 'm', messages: [hello], stream: false, streamUsage: false, ...fields };
  const { body, losses } = writeRequest(request, { ...traits, ...at });
  expect(faultsOf(body)).toEqual([]);
  const { model: _model, messages, ...rest } = body;
  return { rest, messages, losses: losses.map(({ action, field }) => `${action} ${field}`) };
}

describe('settings for Cohere', () => {
  it.each<[Partial<ChatRequest>, JsonObject, readonly string[]]>([
    [{ temperature: 1.5 }, { temperature: 1 }, ['clamped temperature']],
    [{ topP: 1 }, { p: 0.99 }, ['clamped top_p']],
    [{ topP: 0 }, { p: 0.01 }, ['clamped top_p']],
    [{ topK: 900 }, { k: 500 }, ['clamped top_k']],
    [{ extensions: { 'openai-chat': { top_k: 40 } } }, { k: 40 }, []],
    [{ frequencyPenalty: -1 }, {}, ['clamped frequency_penalty']],
    [{ presencePenalty: 2 }, { presence_penalty: 1 }, ['clamped presence_penalty']],
    [
      { frequencyPenalty: 0.5, presencePenalty: 0.5 },
      { frequency_penalty: 0.5 },
      ['dropped presence_penalty'],
    ],
    [{ frequencyPenalty: 0, presencePenalty: 0.5 }, { presence_penalty: 0.5 }, []],
    [{ seed: -1 }, {}, ['dropped seed']],
    [
      { stop: ['1', '2', '3', '4', '5', '6'] },
      { stop_sequences: ['1', '2', '3', '4', '5'] },
      ['clamped stop'],
    ],
    [{ stop: [] }, {}, []],
    [{ logprobs: true, topLogprobs: 3 }, { logprobs: true }, ['dropped top_logprobs']],
    [
      { extensions: { 'openai-chat': { safety_mode: 'STRICT', priority: 5, store: true } } },
      { safety_mode: 'STRICT', priority: 5 },
      ['dropped store'],
    ],
    [{ extensions: { 'openai-chat': { priority: 'high' } } }, {}, ['dropped priority']],
    [{ stream: true }, { stream: true }, []],
  ])('%j are %j', (fields, expected, losses) => {
    expect(write(fields)).toMatchObject({ rest: expected, losses });
    expect(Object.keys(write(fields).rest)).toEqual(Object.keys(expected));
  });

  it.each<[Partial<ChatRequest>, string]>([
    [{ n: 2 }, 'n'],
    [{ maxOutputTokens: 0 }, 'max_tokens'],
    [{ extensions: { 'openai-chat': { web_search_options: {} } } }, 'web_search_options'],
    [{ extensions: { 'openai-chat': { modalities: ['audio'] } } }, 'modalities'],
  ])('%j are refused', (fields, param) => {
    expect(() => write(fields)).toThrow(
      expect.objectContaining({ failure: expect.objectContaining({ param }) as unknown }),
    );
  });
});

describe('thinking', () => {
  it.each<[ChatRequest['reasoning'], JsonObject | undefined, readonly string[]]>([
    [{ effort: 'none' }, { type: 'disabled' }, []],
    [{ effort: 'high' }, { type: 'enabled', token_budget: 600 }, []],
    [{ effort: 'ultra' }, { type: 'enabled', token_budget: 300 }, ['clamped reasoning_effort']],
    [{ mode: 'enabled', budgetTokens: 500 }, { type: 'enabled', token_budget: 500 }, []],
    [
      { mode: 'enabled', budgetTokens: 500, effort: 'low' },
      { type: 'enabled', token_budget: 500 },
      ['dropped reasoning_effort'],
    ],
    [{ mode: 'adaptive' }, { type: 'enabled' }, []],
    [{ display: 'auto' }, undefined, ['dropped thinking.display']],
    [{ mode: 'between_tools' }, { type: 'disabled' }, ['emulated thinking']],
    [{ mode: 'disabled', effort: 'low' }, { type: 'disabled' }, ['dropped reasoning_effort']],
  ])('%j is %j within a cap of 1000', (reasoning, thinking, losses) => {
    const written = write({ maxOutputTokens: 1000, ...(reasoning === undefined ? {} : { reasoning }) });
    expect(written.rest['thinking']).toEqual(thinking);
    expect(written.losses).toEqual(losses);
  });

  it('of earlier turns goes back to a model that thinks, and is the plan of calls for another', () => {
    const turn: Message = {
      role: 'assistant',
      parts: [
        { type: 'reasoning', text: 'I shall look.' },
        { type: 'tool-call', id: 'a', name: 'weather', arguments: ' ' },
      ],
    };
    const result: Message = { role: 'tool', callId: 'a', parts: [{ type: 'text', text: 'sunny' }] };
    const messages = [hello, turn, result];
    const calls = [{ id: 'a', type: 'function', function: { name: 'weather', arguments: '{}' } }];
    expect(write({ messages }).messages).toMatchObject([
      {},
      { content: [{ type: 'thinking', thinking: 'I shall look.' }], tool_calls: calls },
      { role: 'tool', tool_call_id: 'a', content: 'sunny' },
    ]);
    const planned = write({ messages }, { thinking: false });
    expect(planned.messages).toMatchObject([{}, { tool_plan: 'I shall look.', tool_calls: calls }, {}]);
    expect(planned.losses).toEqual([]);
  });
});

describe('tools', () => {
  it('need parameters', () => {
    const { rest } = write({ tools: [{ type: 'function', name: 'now' }] });
    expect(rest['tools']).toEqual([
      { type: 'function', function: { name: 'now', parameters: { type: 'object', properties: {} } } },
    ]);
  });

  it('are left out where there are none, and with them the choice', () => {
    expect(write({ tools: [], toolChoice: { type: 'auto' } }).rest).toEqual({});
  });

  it('are chosen by being alone', () => {
    const clock: Tool = { ...weather, name: 'clock' };
    const { rest } = write({ tools: [weather, clock], toolChoice: { type: 'tool', name: 'clock' } });
    expect(rest).toMatchObject({ tool_choice: 'REQUIRED', tools: [{ function: { name: 'clock' } }] });
    expect(rest['tools']).toHaveLength(1);
  });

  it.each([
    ['auto', undefined],
    ['none', 'NONE'],
    ['required', 'REQUIRED'],
  ] as const)('are chosen by %s in the word %s', (type, word) => {
    expect(write({ tools: [weather], toolChoice: { type } }).rest['tool_choice']).toBe(word);
  });

  it('cannot be forced on a model that knows no choice, and are not offered where none may be called', () => {
    const forced = { tools: [weather], toolChoice: { type: 'required' } } as const;
    expect(() => write(forced, { toolChoice: false })).toThrow('cannot be forced');
    const kept = write({ tools: [weather], toolChoice: { type: 'none' } }, { toolChoice: false });
    expect(kept).toMatchObject({ rest: {}, losses: ['emulated tool_choice'] });
  });

  it('are strict together, or not', () => {
    const strict: Tool = { ...weather, strict: true };
    expect(write({ tools: [weather, strict] }).rest).toMatchObject({ strict_tools: true });
    const written = write({ tools: [{ type: 'function', name: 'now' }, strict] });
    expect(written.rest['strict_tools']).toBeUndefined();
    expect(written.losses).toEqual(['dropped tools.function.strict']);
  });
});

describe('the form of an answer', () => {
  const output = { type: 'json-schema', name: 'n', schema } as const;

  it('is enforced by its schema', () => {
    expect(write({ output })).toMatchObject({
      rest: { response_format: { type: 'json_object', json_schema: schema } },
      losses: [],
    });
  });

  it('is asked for in words beside tools', () => {
    const { rest, messages, losses } = write({ output, tools: [weather] });
    expect(rest['response_format']).toBeUndefined();
    expect(messages).toMatchObject([{ role: 'system' }, { role: 'user' }]);
    expect(losses).toEqual(['emulated response_format', 'best_effort structured_output']);
  });

  it('stands in an object where it is none', () => {
    const list = { type: 'array', items: { type: 'string' } };
    expect(write({ output: { ...output, schema: list } })).toMatchObject({
      rest: { response_format: { json_schema: { type: 'object', properties: { value: list } } } },
      losses: [],
    });
  });
});

describe('a schema for Cohere', () => {
  it('keeps what is enforced and says the rest', () => {
    const given = {
      $schema: 'x',
      type: 'object',
      properties: {
        age: { type: 'integer', minimum: 0, description: 'in years' },
        mail: { type: 'string', format: 'email' },
        at: { type: 'string', format: 'date-time' },
        code: { type: 'string', pattern: '^a+$' },
        kind: { oneOf: [{ type: 'string' }, { type: 'null' }] },
        one: { allOf: [{ $ref: '#/$defs/one' }], description: 'the one' },
      },
      required: ['age'],
      $defs: { one: { type: 'string', maxLength: 3 } },
    };
    expect(fitSchema(given)).toEqual({
      isLooser: true,
      schema: {
        type: 'object',
        properties: {
          age: { type: 'integer', description: 'in years (minimum: 0)' },
          mail: { type: 'string', description: '(format: "email")' },
          at: { type: 'string', format: 'date-time' },
          code: { type: 'string', description: '(pattern: "^a+$")' },
          kind: { anyOf: [{ type: 'string' }, { type: 'null' }] },
          one: { $ref: '#/$defs/one', description: 'the one' },
        },
        required: ['age'],
        $defs: { one: { type: 'string', description: '(maxLength: 3)' } },
      },
    });
  });

  it('requires a field at its root, and a field may be named like a keyword', () => {
    const given = { type: 'object', properties: { not: { type: 'string' }, minimum: { type: 'string' } } };
    expect(fitSchema(given)).toEqual({ isLooser: true, schema: { ...given, required: ['not'] } });
  });

  it.each([{}, { type: 'array' }, { type: 'object' }, { anyOf: [] }])('cannot be %j', (given) => {
    expect(fitSchema(given)).toBeUndefined();
  });

  it('passes, whatever was given', () => {
    const keyword = fc.constantFrom('minimum', 'not', 'allOf', 'oneOf', 'format', 'pattern', 'items', 'enum');
    const any: fc.Arbitrary<JsonObject> = fc.dictionary(keyword, fc.jsonValue({ maxDepth: 2 }));
    fc.assert(
      fc.property(any, (inner) => {
        const given = { type: 'object', properties: { a: inner } };
        write({ output: { type: 'json-schema', schema: given } });
      }),
    );
  });
});

describe('documents', () => {
  const page = {
    type: 'document',
    source: { kind: 'text', text: 'Ruby is from 1993.' },
    title: 'facts',
    citations: true,
  } as const;
  const asking: Message = { role: 'user', parts: [page, { type: 'text', text: 'When?' }] };

  it('that are to be cited stand beside the messages', () => {
    expect(write({ messages: [asking] })).toMatchObject({
      rest: { documents: [{ data: { text: 'Ruby is from 1993.', title: 'facts' } }] },
      messages: [{ role: 'user', content: 'When?' }],
      losses: [],
    });
  });

  it('are text beside tools and beside a form of the answer, which Cohere does not take with them', () => {
    const beside: readonly Partial<ChatRequest>[] = [
      { tools: [weather] },
      { output: { type: 'json-object' } },
    ];
    for (const fields of beside) {
      const { rest, messages, losses } = write({ messages: [asking], ...fields });
      expect(rest['documents']).toBeUndefined();
      expect(JSON.stringify(messages)).toContain('Ruby is from 1993.');
      expect(losses).toEqual(['dropped citations']);
    }
  });

  it('of a whole message are its text', () => {
    expect(write({ messages: [{ role: 'user', parts: [page] }] }).messages).toEqual([
      { role: 'user', content: 'facts\n\nRuby is from 1993.' },
    ]);
  });

  it('that are not text are refused', () => {
    const pdf = {
      type: 'document',
      source: { kind: 'base64', mediaType: 'application/pdf', data: '' },
    } as const;
    expect(() => write({ messages: [{ role: 'user', parts: [pdf] }] })).toThrow('takes no documents');
  });
});
