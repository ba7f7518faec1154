import { describe, expect, it } from 'vitest';

import type { ChatRequest, Tool } from '../../../../src/core/chat.ts';
import { anthropicMessages } from '../../../../src/dialects/anthropic-messages/index.ts';
import type { AnthropicMessagesTraits } from '../../../../src/dialects/anthropic-messages/traits.ts';
import { fullTraits } from '../../../support/anthropic-messages-arbitraries.ts';

const f: Tool = { type: 'function', name: 'f' };
const g: Tool = { type: 'function', name: 'g' };
const empty = { type: 'object', properties: {} };

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

function refusal(param: string) {
  return expect.objectContaining({ failure: expect.objectContaining({ kind: 'unsupported', param }) });
}

describe('tools', () => {
  it('have a schema whose root is an object, whatever the caller gave', () => {
    const { body } = write({
      tools: [
        f,
        {
          type: 'function',
          name: 'g',
          description: 'G',
          parameters: { $schema: 'https://json-schema.org/draft/2020-12/schema', properties: { x: {} } },
          cacheMark: {},
        },
      ],
    });
    expect(body['tools']).toEqual([
      { name: 'f', input_schema: empty },
      {
        name: 'g',
        description: 'G',
        input_schema: { type: 'object', properties: { x: {} } },
        cache_control: { type: 'ephemeral' },
      },
    ]);
  });

  it('that are strict keep to the subset that is enforced', () => {
    const strict: Tool = {
      type: 'function',
      name: 'f',
      strict: true,
      parameters: {
        type: 'object',
        properties: { n: { type: 'integer', minimum: 1 } },
        additionalProperties: false,
      },
    };
    const { body, losses } = write({ tools: [strict] });
    expect(body['tools']).toEqual([
      {
        name: 'f',
        strict: true,
        input_schema: {
          type: 'object',
          properties: { n: { type: 'integer', description: '(minimum: 1)' } },
          additionalProperties: false,
        },
      },
    ]);
    expect(losses).toEqual([{ action: 'emulated', field: 'tools.function.parameters' }]);
    expect(write({ tools: [strict] }, { structuredOutput: false }).losses).toEqual([
      { action: 'dropped', field: 'tools.function.strict' },
    ]);
  });

  it('of free text become functions of one field', () => {
    const { body, losses } = write({ tools: [{ type: 'custom', name: 'sql', format: { type: 'text' } }] });
    expect(body['tools']).toEqual([
      {
        name: 'sql',
        input_schema: {
          type: 'object',
          properties: { input: { type: 'string', description: 'Text in this format: {"type":"text"}' } },
          required: ['input'],
        },
      },
    ]);
    expect(losses).toEqual([{ action: 'emulated', field: 'tools.custom' }]);
  });

  it('that another vendor hosts are refused', () => {
    const hosted: Tool = { type: 'hosted', dialect: 'openai-chat', definition: { type: 'code_interpreter' } };
    expect(() => write({ tools: [f, hosted] })).toThrow(refusal('tools[1].type'));
  });

  it('that were called before are declared again when the request names none', () => {
    const { body, losses } = write({
      messages: [
        { role: 'user', parts: [{ type: 'text', text: 'Hi' }] },
        { role: 'assistant', parts: [{ type: 'tool-call', id: 'a', name: 'f', arguments: '{}' }] },
        { role: 'tool', callId: 'a', parts: [{ type: 'text', text: 'done' }] },
      ],
    });
    expect(body).toMatchObject({
      tools: [{ name: 'f', input_schema: { type: 'object' } }],
      tool_choice: { type: 'none' },
    });
    expect(losses).toEqual([{ action: 'emulated', field: 'tools' }]);
  });
});

describe('the choice among tools', () => {
  it.each<[Partial<ChatRequest>, unknown]>([
    [{}, undefined],
    [{ toolChoice: { type: 'auto' } }, { type: 'auto' }],
    [{ toolChoice: { type: 'none' }, parallelToolCalls: false }, { type: 'none' }],
    [{ toolChoice: { type: 'required' } }, { type: 'any' }],
    [{ toolChoice: { type: 'tool', name: 'f' } }, { type: 'tool', name: 'f' }],
    [{ parallelToolCalls: true }, undefined],
    [{ parallelToolCalls: false }, { type: 'auto', disable_parallel_tool_use: true }],
    [
      { toolChoice: { type: 'required' }, parallelToolCalls: false },
      { type: 'any', disable_parallel_tool_use: true },
    ],
  ])('%j is written as %j', (fields, expected) => {
    expect(write({ tools: [f, g], ...fields }).body['tool_choice']).toEqual(expected);
  });

  it('is not written without tools', () => {
    expect(write({ toolChoice: { type: 'none' }, parallelToolCalls: false }).body).not.toHaveProperty(
      'tool_choice',
    );
  });

  it('leaves only the tools that are allowed', () => {
    const { body } = write({
      tools: [f, g],
      toolChoice: { type: 'allowed', mode: 'required', names: ['g'] },
    });
    expect(body).toMatchObject({ tools: [{ name: 'g' }], tool_choice: { type: 'any' } });
  });

  it('keeps all tools and forbids to call them when none is allowed', () => {
    const { body } = write({ tools: [f, g], toolChoice: { type: 'allowed', mode: 'auto', names: [] } });
    expect(body).toMatchObject({ tools: [{ name: 'f' }, { name: 'g' }], tool_choice: { type: 'none' } });
  });

  it.each<ChatRequest['toolChoice'] & object>([
    { type: 'required' },
    { type: 'tool', name: 'f' },
    { type: 'allowed', mode: 'required', names: ['f'] },
  ])('%j is refused by a model that cannot be forced, and while it thinks with a budget', (toolChoice) => {
    expect(() => write({ tools: [f], toolChoice }, { forcedTools: false })).toThrow(refusal('tool_choice'));
    const reasoning = { mode: 'enabled', budgetTokens: 2048 } as const;
    expect(() => write({ tools: [f], toolChoice, reasoning })).toThrow(refusal('tool_choice'));
    expect(() => write({ tools: [f], toolChoice, reasoning: { mode: 'adaptive' } })).not.toThrow();
  });
});
