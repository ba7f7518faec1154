import { describe, expect, it } from 'vitest';

import type { ChatRequest, Message } from '../../../../src/core/chat.ts';
import { GatewayError } from '../../../../src/core/failure.ts';
import type { JsonObject } from '../../../../src/core/json.ts';
import { openaiResponses } from '../../../../src/dialects/openai-responses/index.ts';
import type { OpenaiResponsesTraits } from '../../../../src/dialects/openai-responses/traits.ts';
import { perplexity } from '../../../../src/providers/perplexity.ts';
import { xai } from '../../../../src/providers/xai.ts';
import { fullTraits } from '../../../support/openai-responses-arbitraries.ts';

const { ingress, egress } = openaiResponses;
const hello: Message = { role: 'user', parts: [{ type: 'text', text: 'Hi' }] };

function read(body: JsonObject): ChatRequest {
  return ingress.readRequest({ model: 'm', input: 'Hi', ...body });
}

function write(request: Partial<ChatRequest>, traits: Partial<OpenaiResponsesTraits> = {}) {
  const whole = { model: 'm', messages: [hello], stream: false, streamUsage: true, ...request };
  return egress.writeRequest(whole, { ...fullTraits, ...traits });
}

function failureOf(run: () => unknown) {
  try {
    run();
  } catch (error) {
    if (error instanceof GatewayError) return error.failure;
    throw error;
  }
  throw new Error('it did not throw');
}

describe('what rests on stored responses', () => {
  it.each<[string, JsonObject]>([
    ['previous_response_id', { previous_response_id: 'resp_1' }],
    ['conversation', { conversation: { id: 'conv_1' } }],
    ['background', { background: true }],
    [
      'input[1]',
      {
        input: [
          { role: 'user', content: 'Hi' },
          { type: 'item_reference', id: 'msg_1' },
        ],
      },
    ],
    ['input[0]', { input: [{ id: 'msg_1' }] }],
  ])('is refused before anything is sent: %s', (param, body) => {
    const failure = failureOf(() => ingress.readEnvelope({ model: 'm', input: 'Hi', ...body }));
    expect(failure).toMatchObject({ kind: 'unsupported', param });
    expect(failure.message).toContain('not stored here');
  });

  it.each<JsonObject>([
    { previous_response_id: null, conversation: null, background: false },
    { previous_response_id: '' },
    { store: false },
    { input: [{ id: 'msg_1', role: 'assistant', content: [{ type: 'output_text', text: 'Hi' }] }] },
  ])('is not asked for by %j', (body) => {
    expect(ingress.readEnvelope({ model: 'm', input: 'Hi', ...body })).toMatchObject({ model: 'm' });
  });

  it('is lost by name when a caller asks to store, and never asked of a provider', () => {
    for (const [body, losses] of [
      [{ store: true }, [{ action: 'dropped', field: 'store' }]],
      [{ store: false }, []],
      [{}, []],
    ] as const) {
      const written = egress.writeRequest(read(body), fullTraits);
      expect(written.body['store']).toBe(false);
      expect(written.losses).toEqual(losses);
    }
  });
});

describe('a body that is no request', () => {
  it.each<[string, JsonObject]>([
    ['input', { input: undefined }],
    ['input', { input: [] }],
    ['input', { input: 7 }],
    ['model', { model: 7 }],
    ['stream', { stream: 'yes' }],
    ['input[0].role', { input: [{ role: 'tool', content: 'x' }] }],
    ['input[0].content[0].text', { input: [{ role: 'user', content: [{ type: 'input_text' }] }] }],
    ['input[0].call_id', { input: [{ type: 'function_call', name: 'f', arguments: '{}' }] }],
    ['tools[0].name', { tools: [{ type: 'function' }] }],
    ['text.format.schema', { text: { format: { type: 'json_schema', name: 'x' } } }],
    ['max_output_tokens', { max_output_tokens: 'many' }],
    ['input[0].content[0]', { input: [{ role: 'user', content: [{ type: 'input_image' }] }] }],
  ])('is refused by the path of what is wrong: %s', (param, body) => {
    expect(failureOf(() => read(body))).toMatchObject({ kind: 'invalid-request', param });
  });
});

describe('the turns of a conversation', () => {
  it('are gathered from their items', () => {
    const { messages } = read({
      instructions: 'Be brief.',
      input: [
        { role: 'user', content: 'Weather?' },
        {
          type: 'reasoning',
          id: 'rs_1',
          summary: [{ type: 'summary_text', text: 'hm' }],
          encrypted_content: 'e',
        },
        {
          type: 'message',
          role: 'assistant',
          id: 'msg_1',
          status: 'completed',
          content: [{ type: 'output_text', text: 'I look.' }],
        },
        { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'weather', arguments: '{}' },
        { type: 'function_call_output', call_id: 'call_1', output: 'rain' },
      ],
    });
    expect(messages).toEqual([
      { role: 'system', parts: [{ type: 'text', text: 'Be brief.' }] },
      { role: 'user', parts: [{ type: 'text', text: 'Weather?' }] },
      {
        role: 'assistant',
        parts: [
          {
            type: 'reasoning',
            text: 'hm',
            opaque: { format: 'openai-responses-v1', kind: 'encrypted', data: 'e' },
          },
          { type: 'text', text: 'I look.' },
          { type: 'tool-call', id: 'call_1', name: 'weather', arguments: '{}' },
        ],
      },
      { role: 'tool', callId: 'call_1', parts: [{ type: 'text', text: 'rain' }] },
    ]);
  });

  it('give reasoning back only to its maker, and only before what it has led to', () => {
    const turn = (format: string, after: boolean): readonly Message[] => [
      hello,
      {
        role: 'assistant',
        parts: [
          { type: 'reasoning', text: '', opaque: { format, kind: 'encrypted', data: 'e' } },
          ...(after ? [{ type: 'text' as const, text: 'So.' }] : []),
        ],
      },
      hello,
    ];
    expect(write({ messages: turn('openai-responses-v1', true) }).body['input']).toContainEqual({
      type: 'reasoning',
      summary: [],
      encrypted_content: 'e',
    });
    for (const messages of [turn('xai-responses-v1', true), turn('openai-responses-v1', false)]) {
      const { body, losses } = write({ messages });
      expect(JSON.stringify(body)).not.toContain('"reasoning"');
      expect(losses).toEqual([{ action: 'dropped', field: 'thinking' }]);
    }
  });

  it('have no ids of items, and call ids that are not too long', () => {
    const id = 'x'.repeat(80);
    const { body } = write({
      messages: [
        hello,
        { role: 'assistant', parts: [{ type: 'tool-call', id, name: 'f', arguments: '' }] },
        { role: 'tool', callId: id, parts: [{ type: 'text', text: 'done' }] },
      ],
    });
    const [, call, output] = body['input'] as readonly JsonObject[];
    expect(call).toEqual({ type: 'function_call', call_id: output?.['call_id'], name: 'f', arguments: '{}' });
    expect(call?.['call_id']).toSatisfy((sent: string) => sent.length <= 64);
  });
});

describe('the settings of a request', () => {
  it('that this API has no field for are named', () => {
    const { losses } = write({
      stop: ['x'],
      seed: 1,
      topK: 2,
      frequencyPenalty: 1,
      presencePenalty: 0,
      logitBias: {},
    });
    expect(losses.map(({ field }) => field).toSorted()).toEqual([
      'frequency_penalty',
      'logit_bias',
      'seed',
      'stop',
      'top_k',
    ]);
  });

  it('keep to the least cap of the output', () => {
    expect(write({ maxOutputTokens: 5 }, { outputCapMin: 16 })).toMatchObject({
      body: { max_output_tokens: 16 },
      losses: [{ action: 'clamped', field: 'max_tokens' }],
    });
  });

  it('ask for a summary where the caller is used to see what is thought', () => {
    const reasoningOf = (request: Partial<ChatRequest>) => write(request).body['reasoning'];
    expect(reasoningOf({ reasoning: { mode: 'adaptive' } })).toMatchObject({ summary: 'auto' });
    expect(reasoningOf({ reasoning: { effort: 'low' } })).toEqual({ effort: 'low' });
    expect(reasoningOf({ reasoning: { mode: 'enabled', display: 'omitted' } })).not.toHaveProperty('summary');
  });
});

describe('a request to Perplexity', () => {
  const [spoken] = perplexity.speaks;
  const ask = (body: JsonObject, model = 'perplexity/sonar') => {
    const written = spoken?.write!({ ...read(body), model }, model);
    if (written === undefined) throw new Error('it speaks nothing');
    return written;
  };

  it('holds only what it knows', () => {
    const schema = { type: 'object', properties: {}, required: [], additionalProperties: false };
    const { body, losses } = ask({
      instructions: 'Be brief.',
      temperature: 0.5,
      user: 'u',
      metadata: { a: 'b' },
      include: ['web_search_call.action.sources'],
      prompt_cache_key: 'k',
      service_tier: 'auto',
      text: { verbosity: 'low', format: { type: 'json_schema', name: 'a', schema, strict: true } },
      max_tool_calls: 3,
      preset: 'fast',
      max_output_tokens: 5,
      stream: true,
    });
    expect(body).toEqual({
      model: 'perplexity/sonar',
      instructions: 'Be brief.',
      input: [{ role: 'user', content: 'Hi' }],
      store: false,
      temperature: 0.5,
      metadata: { a: 'b' },
      max_tool_calls: 3,
      preset: 'fast',
      max_output_tokens: 16,
      tools: [{ type: 'web_search' }],
      response_format: { type: 'json_schema', json_schema: { name: 'a', schema, strict: true } },
      stream: true,
    });
    expect(losses.map(({ field }) => field).toSorted()).toEqual([
      'include',
      'max_tokens',
      'prompt_cache_key',
      'service_tier',
      'user',
      'verbosity',
    ]);
  });

  it('says an earlier answer in plain text, and nothing at any depth that it does not know', () => {
    const annotation = {
      type: 'url_citation',
      start_index: 0,
      end_index: 1,
      url: 'https://a.example',
      title: 'A',
    };
    const { body, losses } = ask({
      input: [
        {
          role: 'user',
          content: [{ type: 'input_image', image_url: 'https://a.example/a.png', detail: 'high' }],
        },
        {
          role: 'assistant',
          content: [
            { type: 'output_text', text: 'So [1].', annotations: [annotation] },
            { type: 'refusal', refusal: ' No.' },
          ],
        },
        { role: 'user', content: 'Go on.' },
      ],
      tools: [{ type: 'function', name: 'f', strict: false, parameters: {}, defer_loading: true }],
    });
    expect(body['input']).toEqual([
      { role: 'user', content: [{ type: 'input_image', image_url: 'https://a.example/a.png' }] },
      { role: 'assistant', content: 'So [1]. No.' },
      { role: 'user', content: 'Go on.' },
    ]);
    expect(JSON.stringify(body['tools'])).not.toContain('defer_loading');
    expect(losses.map(({ field }) => field).toSorted()).toEqual([
      'citations',
      'image_url.detail',
      'tools.defer_loading',
    ]);
  });

  it('searches where searching is what the model is for, unless the caller has chosen', () => {
    const toolsOf = (body: JsonObject, model?: string) => ask(body, model).body['tools'];
    expect(toolsOf({})).toEqual([{ type: 'web_search' }]);
    expect(toolsOf({}, 'sonar')).toEqual([{ type: 'web_search' }]);
    expect(toolsOf({}, 'openai/gpt-5.5')).toBeUndefined();
    expect(toolsOf({ tool_choice: 'none' })).toBeUndefined();
    expect(toolsOf({ tools: [{ type: 'fetch_url' }] })).toEqual([{ type: 'fetch_url' }]);
  });

  it('calls models by the names of their makers', () => {
    expect(ask({}, 'sonar').body['model']).toBe('perplexity/sonar');
    expect(ask({}, 'openai/gpt-5.5').body['model']).toBe('openai/gpt-5.5');
  });

  it('has other names for functions that are called like its own tools, and knows the names', () => {
    const tool = { type: 'function', name: 'web_search', strict: false, parameters: {} };
    const { body, toolNames } = ask({ tools: [tool], tool_choice: { type: 'function', name: 'web_search' } });
    expect(body).toMatchObject({ tools: [{ name: 'web_search_2' }], tool_choice: { name: 'web_search_2' } });
    expect(toolNames).toEqual(new Map([['web_search_2', 'web_search']]));
  });

  it('has a cap of the output where the model wants one', () => {
    expect(ask({}, 'anthropic/claude-haiku-4-5').body['max_output_tokens']).toBe(8192);
    expect(ask({}).body).not.toHaveProperty('max_output_tokens');
  });
});

describe('what Perplexity has found', () => {
  const [spoken] = perplexity.speaks;
  const results = [
    { id: 1, url: 'https://a.example/', title: 'A' },
    { id: 2, url: 'https://b.example/', title: 'B' },
    { id: 3, url: 'https://a.example/', title: 'A again' },
  ];
  const citationsOf = (text: string) =>
    spoken?.dialect.egress
      .readReply({
        status: 'completed',
        output: [
          { type: 'search_results', queries: [], results },
          { type: 'message', id: 'msg_1', content: [{ type: 'output_text', text, annotations: [] }] },
        ],
      })
      .flatMap((event) => (event.type === 'citation' ? [event.citation] : []));

  it('is cited where the text points to it', () => {
    expect(citationsOf('So [2] and so [9].')).toEqual([
      { url: 'https://b.example/', title: 'B', start: 3, end: 6 },
    ]);
  });

  it('is cited as a whole where it points nowhere, each address once', () => {
    expect(citationsOf('So.')?.map(({ url }) => url)).toEqual(['https://a.example/', 'https://b.example/']);
  });
});

describe('a request to xAI', () => {
  const [spoken] = xai.speaks;
  it.each([
    ['grok-4.6', 'max', 'xhigh'],
    ['grok-4.3', 'max', 'high'],
    ['grok-4.3', 'minimal', 'low'],
    ['grok-4.20-reasoning', 'high', undefined],
  ])('to %s with the effort %s asks for %s', (model, effort, sent) => {
    const written = spoken?.write!({ ...read({ reasoning: { effort } }), model }, model);
    const reasoning = written?.body['reasoning'] as JsonObject | undefined;
    expect(reasoning?.['effort']).toBe(sent);
  });

  it('keeps what only it knows of sampling', () => {
    const request: ChatRequest = { ...read({}), topK: 5, seed: 7 };
    expect(spoken?.write!(request, 'grok-4.6').body).toMatchObject({ top_k: 5, seed: 7, store: false });
  });
});
