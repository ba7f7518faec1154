import { describe, expect, it } from 'vitest';

import type {
  AssistantPart,
  ChatRequest,
  Message,
  ReasoningSettings,
  Tool,
  UserPart,
} from '../../../../src/core/chat.ts';
import { GatewayError } from '../../../../src/core/failure.ts';
import type { OpenaiChatTraits } from '../../../../src/dialects/openai-chat/traits.ts';
import { writeRequest } from '../../../../src/dialects/openai-chat/write-request.ts';
import { fullTraits, leanTraits } from './traits.ts';

const hello: Message = { role: 'user', parts: [{ type: 'text', text: 'Hi' }] };
const pdf: UserPart = {
  type: 'document',
  source: { kind: 'base64', mediaType: 'application/pdf', data: 'JVBE' },
};
const weather: Tool = { type: 'function', name: 'weather', parameters: { type: 'object' }, strict: true };

describe('the settings of a request', () => {
  it('have the names that the model knows', () => {
    const request = {
      maxOutputTokens: 9,
      userId: 'u',
      messages: [{ role: 'system', parts: hello.parts } as Message],
    };
    expect(write(request).body).toMatchObject({
      max_completion_tokens: 9,
      safety_identifier: 'u',
      messages: [{ role: 'developer', content: 'Hi' }],
    });
    expect(
      write(request, { userField: 'user', outputCapField: 'max_tokens', systemRole: 'system' }).body,
    ).toMatchObject({
      max_tokens: 9,
      user: 'u',
      messages: [{ role: 'system', content: 'Hi' }],
    });
  });

  it('are left out where the model refuses them, and each is named', () => {
    const request: Partial<ChatRequest> = {
      temperature: 0,
      topP: 0.5,
      topK: 5,
      frequencyPenalty: 1,
      presencePenalty: 1,
      logitBias: {},
      stop: ['x'],
      userId: 'u',
      tools: [weather],
      parallelToolCalls: false,
    };
    const { body, losses } = write(request, leanTraits);
    expect(body).toEqual({
      model: 'm',
      messages: [{ role: 'user', content: 'Hi' }],
      tools: [{ type: 'function', function: { name: 'weather', parameters: { type: 'object' } } }],
    });
    expect(losses).toEqual(
      [
        'top_k',
        'temperature',
        'top_p',
        'frequency_penalty',
        'presence_penalty',
        'logit_bias',
        'stop',
        'parallel_tool_calls',
        'strict',
        'user',
      ].map((field) => ({ action: 'dropped', field })),
    );
  });

  it('ask for usage in every stream that can tell it, and for nothing that only streams have', () => {
    expect(write({ stream: true }).body).toMatchObject({
      stream: true,
      stream_options: { include_usage: true },
    });
    expect(write({ stream: true }, { streamUsage: false }).body).not.toHaveProperty('stream_options');
    expect(write({}).body).not.toHaveProperty('stream_options');
  });

  it('leave parallel calls alone without tools', () => {
    expect(write({ parallelToolCalls: false, toolChoice: { type: 'auto' } }).body).toEqual({
      model: 'm',
      messages: [{ role: 'user', content: 'Hi' }],
    });
  });

  it('say standard service in OpenAI’s word', () => {
    expect(write({ serviceTier: 'standard_only' }).body['service_tier']).toBe('default');
    expect(write({ serviceTier: 'flex' }).body['service_tier']).toBe('flex');
  });

  it('of another dialect are named, unless they are switched off', () => {
    const extensions = {
      'anthropic-messages': { speed: 'fast', inference_geo: null },
      'openai-chat': { seedling: 1 },
    };
    const { body, losses } = write({ extensions });
    expect(body).toMatchObject({ seedling: 1 });
    expect(losses).toEqual([{ action: 'dropped', field: 'speed' }]);
  });
});

describe('a request that would become another one', () => {
  it.each<readonly [string, Partial<ChatRequest>, Partial<OpenaiChatTraits>]>([
    ['several answers', { n: 2 }, {}],
    ['probabilities from a model that gives none', { logprobs: true }, { sampling: false }],
    ['nothing but a filled cache', { maxOutputTokens: 0 }, {}],
    ['servers of tools', { extensions: { 'anthropic-messages': { mcp_servers: [{}] } } }, {}],
    ['another vendor’s hosted tool', { tools: [hosted('anthropic-messages')] }, {}],
    ['an image by a file id', user({ type: 'image', source: fileId('openai-chat') }), {}],
    [
      'a document by another vendor’s file id',
      user({ type: 'document', source: fileId('anthropic-messages') }),
      {},
    ],
    [
      'a document by its URL',
      user({ type: 'document', source: { kind: 'url', url: 'https://x.example' } }),
      {},
    ],
    ['a document for a model without documents', user(pdf), { documents: false }],
    [
      'another vendor’s block',
      user({ type: 'opaque', dialect: 'anthropic-messages', block: { type: 'x' } }),
      {},
    ],
  ])('is refused: %s', (_, request, traits) => {
    expect(() => write(request, traits)).toThrow(GatewayError);
    expect(kindOf(() => write(request, traits))).toBe('unsupported');
  });

  it('is not one of the same dialect', () => {
    const block = { type: 'video_url', video_url: {} };
    const { body } = write({
      ...user({ type: 'opaque', dialect: 'openai-chat', block }),
      tools: [hosted('openai-chat')],
    });
    expect(body).toMatchObject({
      messages: [{ role: 'user', content: [block] }],
      tools: [{ type: 'web_search' }],
    });
  });
});

describe('how hard to think', () => {
  it.each<readonly [ReasoningSettings, readonly string[], string | undefined, string]>([
    [{ effort: 'high' }, ['low', 'high'], 'high', ''],
    [{ effort: 'max' }, ['low', 'medium', 'high'], 'high', 'clamped reasoning_effort'],
    [{ effort: 'minimal' }, ['low', 'medium'], 'low', 'clamped reasoning_effort'],
    [{ effort: 'none' }, ['minimal', 'low'], 'minimal', 'clamped reasoning_effort'],
    [{ effort: 'ultra' }, ['low'], 'ultra', ''],
    [{ effort: 'high' }, [], undefined, 'dropped reasoning_effort'],
    [{ mode: 'disabled' }, ['none', 'low'], 'none', ''],
    [{ mode: 'disabled' }, [], undefined, ''],
    [{ mode: 'disabled' }, ['low'], 'low', 'clamped thinking'],
    [{ mode: 'enabled', budgetTokens: 2_000 }, ['low', 'medium', 'high'], 'low', 'emulated thinking'],
    [{ mode: 'enabled', budgetTokens: 10_000 }, ['low', 'medium', 'high'], 'medium', 'emulated thinking'],
    [{ mode: 'enabled', budgetTokens: 60_000 }, ['low', 'medium', 'high'], 'high', 'emulated thinking'],
    [{ mode: 'enabled', budgetTokens: 60_000 }, [], undefined, 'dropped thinking'],
    [{ mode: 'adaptive' }, ['low', 'medium'], 'medium', 'emulated thinking'],
    [{ mode: 'adaptive', effort: 'low' }, ['low', 'medium'], 'low', ''],
    [{ mode: 'between_tools' }, ['none', 'low'], 'none', 'emulated thinking'],
    [{ mode: 'disabled', effort: 'low' }, ['none', 'low'], 'none', 'dropped reasoning_effort'],
    [{ mode: 'between_tools', effort: 'low' }, ['none', 'low'], 'low', 'dropped thinking'],
    [{ mode: 'enabled', budgetTokens: 2_000, effort: 'low' }, ['none', 'low'], 'low', 'dropped thinking'],
  ])('%j for %j is %s (%s)', (reasoning, efforts, effort, loss) => {
    const { body, losses } = write({ reasoning }, { efforts });
    expect(body['reasoning_effort']).toBe(effort);
    expect(losses.map(({ action, field }) => `${action} ${field}`).join()).toBe(loss);
  });
});

describe('a model that reasons or else', () => {
  it('gets its tools, without reasoning, where it cannot have both', () => {
    const request: Partial<ChatRequest> = { tools: [weather], reasoning: { effort: 'high' } };
    const { body, losses } = write(request, { toolsOnlyWithoutReasoning: true });
    expect(body['reasoning_effort']).toBe('none');
    expect(losses).toEqual([{ action: 'clamped', field: 'reasoning_effort' }]);
    expect(write({ reasoning: { effort: 'high' } }, { toolsOnlyWithoutReasoning: true }).losses).toEqual([]);
  });

  it('is sampled as asked while it does not reason', () => {
    const traits: Partial<OpenaiChatTraits> = { sampling: false, samplingWithoutReasoning: true };
    const asked: Partial<ChatRequest> = { temperature: 0.5, logprobs: true };
    expect(write({ ...asked, reasoning: { effort: 'none' } }, traits).body).toMatchObject({
      temperature: 0.5,
      logprobs: true,
    });
    expect(write({ temperature: 0.5 }, traits).losses).toEqual([{ action: 'dropped', field: 'temperature' }]);
  });

  it('of another maker is spared OpenAI’s hints', () => {
    const request: Partial<ChatRequest> = { verbosity: 'low', serviceTier: 'flex', metadata: {} };
    const { body, losses } = write(request, { hints: false });
    expect(body).toEqual({ model: 'm', messages: [{ role: 'user', content: 'Hi' }] });
    expect(losses.map(({ field }) => field)).toEqual(['verbosity', 'service_tier', 'metadata']);
  });
});

describe('a schema for the answer', () => {
  const closed = {
    type: 'object',
    properties: { city: { type: 'string' } },
    required: ['city'],
    additionalProperties: false,
  };
  const output = { type: 'json-schema', schema: closed, strict: true } as const;
  const bestEffort = { action: 'best_effort', field: 'structured_output' };

  it('has a name, which OpenAI requires', () => {
    expect(write({ output }).body['response_format']).toEqual({
      type: 'json_schema',
      json_schema: { name: 'response', schema: closed, strict: true },
    });
  });

  it('that strict mode has no place for is a hint, and the caller is told', () => {
    const schema = { ...closed, required: [] };
    const { body, losses } = write({ output: { ...output, schema } });
    expect(body['response_format']).toMatchObject({ json_schema: { schema, strict: false } });
    expect(losses).toEqual([{ action: 'dropped', field: 'response_format.json_schema.strict' }, bestEffort]);
  });

  it('of a list stands in an object, and the reply is taken out of it', () => {
    const schema = { type: 'array', items: { type: 'string' } };
    const { body, losses, reviseReply } = write({ output: { ...output, schema } });
    expect(body['response_format']).toMatchObject({
      json_schema: { strict: true, schema: { type: 'object', properties: { value: schema } } },
    });
    expect(losses).toEqual([]);
    expect(reviseReply).toBeDefined();
  });

  it('is asked for in words behind the system’s where the server cannot enforce it', () => {
    const messages: Message[] = [{ role: 'system', parts: [{ type: 'text', text: 'Be brief.' }] }, hello];
    const { body, losses, reviseReply } = write({ output, messages }, leanTraits);
    expect(body['response_format']).toEqual({ type: 'json_object' });
    expect(body['messages']).toEqual([
      { role: 'system', content: 'Be brief.' },
      { role: 'system', content: expect.stringContaining(`this JSON Schema:\n${JSON.stringify(closed)}`) },
      { role: 'user', content: 'Hi' },
    ]);
    expect(losses).toEqual([{ action: 'emulated', field: 'response_format' }, bestEffort]);
    expect(reviseReply).toBeDefined();
  });
});

describe('a mark for the cache', () => {
  const shorter = { action: 'clamped', field: 'cache_control.ttl' };

  it.each([
    ['prompt_cache_breakpoint', undefined, { mode: 'explicit' }, []],
    ['prompt_cache_breakpoint', '5m', { mode: 'explicit' }, []],
    ['prompt_cache_breakpoint', '1h', { mode: 'explicit', ttl: '30m' }, [shorter]],
    ['prompt_cache_breakpoint', '12h', { mode: 'explicit', ttl: '12h' }, []],
    ['cache_control', '5m', { type: 'ephemeral', ttl: '5m' }, []],
    ['cache_control', '30m', { type: 'ephemeral', ttl: '1h' }, []],
    ['cache_control', '12h', { type: 'ephemeral', ttl: '1h' }, [shorter]],
  ] as const)('as %s for %s is %j, and names a time that is shorter', (cacheMarks, ttl, written, named) => {
    const { body, losses } = write(marked(ttl), { cacheMarks });
    expect(body['messages']).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'x', [cacheMarks]: written }] },
    ]);
    expect(losses).toEqual(named);
  });

  it('is named once where it cannot be said', () => {
    const request: Partial<ChatRequest> = {
      ...marked('5m'),
      tools: [{ ...weather, cacheMark: {} }],
      cacheMark: {},
    };
    expect(write(request, { cacheMarks: 'none' }).losses).toEqual([
      { action: 'dropped', field: 'cache_control' },
    ]);
  });

  it('on the whole request is said where it can be, and goes without saying at OpenAI', () => {
    const spelled = write({ cacheMark: { ttl: '1h' } }, { cacheMarks: 'cache_control' });
    expect(spelled.body['cache_control']).toEqual({ type: 'ephemeral', ttl: '1h' });
    expect(write({ cacheMark: {} }).losses).toEqual([]);
    expect(write({ cacheMark: { ttl: '1h' } }).losses).toEqual([
      { action: 'dropped', field: 'cache_control.ttl' },
    ]);
  });
});

describe('an earlier answer', () => {
  const signed = {
    type: 'reasoning',
    text: 'hm',
    opaque: { format: 'anthropic-claude-v1', kind: 'signature', data: 'SIG' },
  } as const;

  it('takes its reasoning back to a provider that wants it, and leaves it behind elsewhere', () => {
    const request = assistant(signed, { type: 'text', text: 'Hi' });
    expect(write(request).body['messages']).toContainEqual({
      role: 'assistant',
      content: 'Hi',
      reasoning_details: [
        { type: 'reasoning.text', text: 'hm', signature: 'SIG', format: 'anthropic-claude-v1', index: 0 },
      ],
    });
    const { body, losses } = write(request, { reasoningDetails: false });
    expect(body['messages']).toContainEqual({ role: 'assistant', content: 'Hi' });
    expect(losses).toEqual([{ action: 'dropped', field: 'thinking' }]);
  });

  it('is left out when nothing of it remains', () => {
    expect(write(assistant(signed), { reasoningDetails: false }).body['messages']).toHaveLength(2);
  });

  it('loses what another vendor’s hosted tool did, by name', () => {
    const block = { type: 'server_tool_use', id: 'x' };
    const { body, losses } = write(
      assistant({ type: 'opaque', dialect: 'anthropic-messages', block }, { type: 'text', text: 'Hi' }),
    );
    expect(body['messages']).toContainEqual({ role: 'assistant', content: 'Hi' });
    expect(losses).toEqual([{ action: 'dropped', field: 'server_tool_use' }]);
  });

  it('calls tools with arguments that parse', () => {
    const { body } = write({
      messages: [
        hello,
        { role: 'assistant', parts: [{ type: 'tool-call', id: 'a', name: 'f', arguments: '' }] },
        { role: 'tool', callId: 'a', parts: [] },
      ],
    });
    expect(body['messages']).toEqual([
      { role: 'user', content: 'Hi' },
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } }],
      },
      { role: 'tool', tool_call_id: 'a', content: '' },
    ]);
  });
});

describe('a document', () => {
  it('of text becomes text', () => {
    const part: UserPart = {
      type: 'document',
      source: { kind: 'text', text: 'Body' },
      title: 'Title',
      context: 'Context',
      citations: true,
    };
    const { body, losses } = write(user(part), { documents: false });
    expect(body['messages']).toEqual([{ role: 'user', content: 'Title\n\nContext\n\nBody' }]);
    expect(losses).toEqual([{ action: 'dropped', field: 'citations' }]);
  });

  it('of bytes has a name, which OpenAI requires', () => {
    expect(write(user(pdf)).body['messages']).toEqual([
      {
        role: 'user',
        content: [
          { type: 'file', file: { filename: 'document.pdf', file_data: 'data:application/pdf;base64,JVBE' } },
        ],
      },
    ]);
  });
});

function write(request: Partial<ChatRequest>, traits: Partial<OpenaiChatTraits> = {}) {
  const whole = { model: 'm', messages: [hello], stream: false, streamUsage: false, ...request };
  return writeRequest(whole, { ...fullTraits, ...traits });
}

function user(part: UserPart): Partial<ChatRequest> {
  return { messages: [{ role: 'user', parts: [part] }] };
}

function marked(ttl: string | undefined): Partial<ChatRequest> {
  return user({ type: 'text', text: 'x', cacheMark: ttl === undefined ? {} : { ttl } });
}

function assistant(...parts: readonly AssistantPart[]): Partial<ChatRequest> {
  return { messages: [hello, { role: 'assistant', parts }, hello] };
}

function fileId(dialect: string) {
  return { kind: 'file-id', id: 'f1', dialect } as const;
}

function hosted(dialect: string): Tool {
  return { type: 'hosted', dialect, definition: { type: 'web_search' } };
}

function kindOf(task: () => unknown): string | undefined {
  try {
    task();
  } catch (error) {
    return error instanceof GatewayError ? error.failure.kind : undefined;
  }
  return undefined;
}
