// Every field of a chat completions request, with values that tell apart what can become of it. The order is that of the
// tables in docs/translation.md.
// https://platform.openai.com/docs/api-reference/chat/create

import type { Json, JsonObject } from '../../src/core/json.ts';
import { readPath, type Probe, type ProbeGroup } from './probe.ts';

const hello = { role: 'user', content: 'Hello' };
const weather = {
  type: 'function',
  function: {
    name: 'weather',
    parameters: { type: 'object', properties: { city: { type: 'string' } } },
  },
};
const call = { id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"city":"Bonn"}' } };
const grammar = {
  type: 'custom',
  custom: {
    name: 'poem',
    format: { type: 'grammar', grammar: { definition: 'start: "o"', syntax: 'lark' } },
  },
};
const schema = { type: 'object', properties: { answer: { type: 'string' } }, additionalProperties: false };
const png = 'data:image/png;base64,iVBORw0KGgo=';
const pdf = 'data:application/pdf;base64,JVBERi0=';

const plain = talk(hello);
const streamed = { ...plain, stream: true };
const withTools = { ...plain, tools: [weather] };

export const openaiChatProbes: readonly ProbeGroup[] = [
  {
    title: 'Settings',
    probes: [
      field('model', 'another', {
        instead: 'any',
        idle: 'chooses the target, whose own name for the model is sent',
      }),
      field('models', ['another'], { idle: 'further targets, tried in order' }),
      field('stream', true),
      field('stream_options.include_usage', true, {
        base: streamed,
        idle: 'decides what the caller is told; usage is always asked for',
      }),
      field('stream_options.include_obfuscation', true, { base: streamed }),
      field('max_completion_tokens', 1000),
      field('max_completion_tokens', 1_000_000),
      field('max_tokens', 1000),
      field('temperature', 0.5),
      field('temperature', 1.5),
      field('top_p', 0.5),
      field('top_p', 0.5, { base: { ...plain, temperature: 0.5 } }),
      field('frequency_penalty', 0.5),
      field('presence_penalty', 0.5),
      field('logit_bias', { '50256': -100 }),
      field('logprobs', true),
      field('logprobs', false, { idle: 'asks for nothing' }),
      field('top_logprobs', 2),
      field('n', 1, { idle: 'one answer is what there is' }),
      field('n', 2),
      field('seed', 7),
      field('stop', 'END'),
      field('stop', ['END', 'STOP']),
      field('stop', ['END', '\n'], { instead: ['END'] }),
      field('reasoning_effort', 'none'),
      field('reasoning_effort', 'minimal'),
      field('reasoning_effort', 'low'),
      field('reasoning_effort', 'high'),
      field('reasoning_effort', 'xhigh'),
      field('reasoning_effort', 'max'),
      field('reasoning_effort', 'a word of tomorrow'),
      field('verbosity', 'low'),
      field('response_format', { type: 'text' }, { idle: 'what every answer is' }),
      field('response_format', { type: 'json_object' }),
      field('response_format', { type: 'json_schema', json_schema: { name: 'answer', schema } }),
      field('response_format.json_schema.name', 'reply', {
        base: { ...plain, response_format: formatted() },
        instead: 'answer',
        idle: 'a label; required here, unknown there',
      }),
      field('response_format.json_schema.description', 'how to answer', {
        base: { ...plain, response_format: formatted() },
      }),
      field('response_format.json_schema.strict', true, {
        base: { ...plain, response_format: formatted() },
        idle: 'a schema is always enforced there',
      }),
      field('response_format.json_schema.schema.properties.answer.maxLength', 9, {
        base: { ...plain, response_format: formatted() },
      }),
      field('safety_identifier', 'caller-1'),
      field('user', 'caller-1'),
      field('user', 'caller-2', { base: { ...plain, safety_identifier: 'caller-1' } }),
      field('metadata', { topic: 'greeting' }),
      field('service_tier', 'auto'),
      field('service_tier', 'default'),
      field('service_tier', 'priority'),
      field('service_tier', 'flex'),
      field('store', true),
      field('store', false, { idle: 'asks for nothing' }),
      field('prediction', { type: 'content', content: 'Hello' }),
      field('modalities', ['text'], { idle: 'what every answer is' }),
      field('modalities', ['text', 'audio']),
      field('audio', { voice: 'alloy', format: 'mp3' }),
      field('web_search_options', {}),
      field('moderation', { model: 'omni-moderation-latest' }),
      field('prompt_cache_key', 'greetings'),
      field('prompt_cache_options', { mode: 'explicit' }),
      field('prompt_cache_retention', '24h'),
      field('functions', [weather.function]),
      field('function_call', 'auto'),
      field('a_field_of_tomorrow', true),
    ],
  },
  {
    title: 'Messages',
    probes: [
      field('messages', [hello, { role: 'user', content: 'Hello again' }], { instead: [hello] }),
      message(0, { role: 'system', content: 'Be brief.' }),
      message(0, { role: 'developer', content: 'Be brief.' }),
      message(1, { role: 'system', content: 'Be brief.' }),
      message(1, { role: 'assistant', content: 'Hi!' }),
      message(1, { role: 'assistant', content: 'Hi! ' }),
      message(0, { role: 'assistant', content: 'Hi!' }),
      message(1, { role: 'user', content: '' }),
      message(1, { role: 'function', name: 'weather', content: 'sunny' }),
      inMessage({ role: 'system', content: 'Be brief.' }, 'name', 'editor'),
      inMessage(hello, 'name', 'Ann'),
      inMessage(hello, 'a_field_of_tomorrow', true),
      ...['refusal', 'reasoning_content', 'reasoning', 'a_field_of_tomorrow'].map((name) =>
        inMessage({ role: 'assistant', content: 'Hi!' }, name, 'so I said'),
      ),
      inMessage({ role: 'assistant', content: 'Hi!' }, 'name', 'Bob'),
      inMessage({ role: 'assistant', content: 'Hi!' }, 'audio', { id: 'audio_1' }),
      inMessage({ role: 'assistant', content: 'Hi!' }, 'function_call', { name: 'weather', arguments: '{}' }),
      ...reasoningDetails().map((details) =>
        inMessage({ role: 'assistant', content: 'Hi!' }, 'reasoning_details', [details]),
      ),
      inMessage(
        { role: 'assistant', content: 'Hi!', reasoning_details: reasoningDetails().slice(0, 1) },
        'reasoning_details.0.a_field_of_tomorrow',
        true,
      ),
    ],
  },
  {
    title: 'Content parts',
    probes: [
      part({ type: 'text', text: 'and this' }),
      part({ type: 'image_url', image_url: { url: 'https://example.com/a.png' } }),
      part({ type: 'image_url', image_url: { url: png } }),
      part({ type: 'image_url', image_url: { url: 'data:image/bmp;base64,Qk0=' } }),
      part({ type: 'file', file: { file_data: pdf } }),
      part({ type: 'file', file: { file_data: 'data:text/plain;base64,SGk=' } }),
      part({ type: 'file', file: { file_data: 'data:application/zip;base64,UEs=' } }),
      part({ type: 'file', file: { file_data: 'https://example.com/a.pdf' } }),
      part({ type: 'file', file: { file_id: 'file-1' } }),
      part({ type: 'input_audio', input_audio: { data: 'UklGRg==', format: 'wav' } }),
      part({ type: 'video_url', video_url: { url: 'https://example.com/a.mp4' } }),
      inPart(
        { type: 'image_url', image_url: { url: png } },
        'image_url.detail',
        'auto',
        'what happens anyway',
      ),
      inPart({ type: 'image_url', image_url: { url: png } }, 'image_url.detail', 'high'),
      inPart({ type: 'image_url', image_url: { url: png } }, 'image_url.a_field_of_tomorrow', true),
      inPart({ type: 'image_url', image_url: { url: png } }, 'a_field_of_tomorrow', true),
      inPart({ type: 'file', file: { file_data: pdf } }, 'file.filename', 'a.pdf'),
      inPart({ type: 'file', file: { file_data: pdf } }, 'file.a_field_of_tomorrow', true),
      inPart({ type: 'file', file: { file_data: pdf } }, 'a_field_of_tomorrow', true),
      ...cacheMarks((name, value) => inPart({ type: 'text', text: 'and this' }, name, value)),
      inPart({ type: 'image_url', image_url: { url: png } }, 'prompt_cache_breakpoint', { mode: 'explicit' }),
      inPart({ type: 'file', file: { file_data: pdf } }, 'prompt_cache_breakpoint', { mode: 'explicit' }),
      inPart({ type: 'text', text: 'and this' }, 'a_field_of_tomorrow', true),
      inMessage(
        { role: 'system', content: [{ type: 'text', text: 'Be brief.' }] },
        'content.0.cache_control',
        {
          type: 'ephemeral',
        },
      ),
      inMessage(
        { role: 'system', content: [{ type: 'text', text: 'Be brief.' }] },
        'content.0.a_field_of_tomorrow',
        true,
      ),
      inMessage({ role: 'assistant', content: [{ type: 'text', text: 'Hi!' }] }, 'content.1', {
        type: 'refusal',
        refusal: 'I will not.',
      }),
      inMessage({ role: 'assistant', content: [{ type: 'text', text: 'Hi!' }] }, 'content.1', {
        type: 'image_url',
        image_url: { url: png },
      }),
      inMessage(
        { role: 'assistant', content: [{ type: 'text', text: 'Hi!' }] },
        'content.0.a_field_of_tomorrow',
        true,
      ),
      inMessage(
        { role: 'assistant', content: [{ type: 'refusal', refusal: 'I will not.' }] },
        'content.0.a_field_of_tomorrow',
        true,
      ),
    ],
  },
  {
    title: 'Tools',
    probes: [
      field('tools', [weather]),
      field('tools', [grammar]),
      field('tools', [{ type: 'web_search' }]),
      field('tools.0.function.description', 'tells the weather', { base: withTools }),
      field('tools.0.function.parameters', weather.function.parameters, {
        base: { ...plain, tools: [{ type: 'function', function: { name: 'weather' } }] },
      }),
      field('tools.0.function.parameters.$schema', 'https://json-schema.org/draft/2020-12/schema', {
        base: withTools,
        idle: 'which draft of JSON Schema: there is one',
      }),
      field('tools.0.function.strict', true, { base: withTools }),
      field('tools.0.function.strict', false, { base: withTools, idle: 'asks for nothing' }),
      field('tools.0.function.a_field_of_tomorrow', true, { base: withTools }),
      field('tools.0.cache_control', { type: 'ephemeral' }, { base: withTools }),
      field('tools.0.a_field_of_tomorrow', true, { base: withTools }),
      field('tools.0.custom.description', 'writes a poem', { base: { ...plain, tools: [grammar] } }),
      field('tools.0.custom.a_field_of_tomorrow', true, { base: { ...plain, tools: [grammar] } }),
      field('tools.0.a_field_of_tomorrow', true, { base: { ...plain, tools: [grammar] } }),
      field('tool_choice', 'auto', { base: withTools }),
      field('tool_choice', 'none', { base: withTools }),
      field('tool_choice', 'required', { base: withTools }),
      field('tool_choice', { type: 'function', function: { name: 'weather' } }, { base: withTools }),
      field('tool_choice', allowed('auto'), { base: { ...plain, tools: [weather, other()] } }),
      field('tool_choice', allowed('required'), { base: { ...plain, tools: [weather, other()] } }),
      field('tool_choice.a_field_of_tomorrow', true, {
        base: { ...plain, tools: [weather, other()], tool_choice: allowed('auto') },
      }),
      field('tool_choice.allowed_tools.a_field_of_tomorrow', true, {
        base: { ...plain, tools: [weather, other()], tool_choice: allowed('auto') },
      }),
      field('tool_choice', 'auto', { idle: 'says nothing without tools' }),
      field('parallel_tool_calls', false, { base: withTools }),
      field('parallel_tool_calls', true, { base: withTools }),
      field('parallel_tool_calls', false, { idle: 'says nothing without tools' }),
      field('messages.1', { role: 'assistant', content: null, tool_calls: [call] }, { base: withTools }),
      field('messages.1', { role: 'assistant', content: null, tool_calls: [call] }),
      inCall('function.arguments', '{"city":"Köln"}', '{"city":"Bonn"}'),
      inCall('function.arguments', 'not JSON', '{}'),
      inCall('function.arguments', '', '{}', 'no arguments are an empty object'),
      inCall('id', 'call.1/2', 'call_1'),
      inCall('function.a_field_of_tomorrow', true),
      inCall('a_field_of_tomorrow', true),
      field(
        'messages.1.tool_calls.0',
        { id: 'call_1', type: 'custom', custom: { name: 'poem', input: 'ode' } },
        { base: answered(call, { tool_call_id: 'call_1', content: 'done' }), instead: call },
      ),
      inResult('content', 'sunny', ''),
      inResult('content', [{ type: 'text', text: 'sunny', cache_control: { type: 'ephemeral' } }], 'sunny'),
      inResult('content', [{ type: 'image_url', image_url: { url: png } }], ''),
      inResult('tool_call_id', 'call_2', 'call_1'),
      inResult('name', 'weather'),
      inResult('a_field_of_tomorrow', true),
    ],
  },
  {
    title: 'Fields of other servers that speak this dialect',
    probes: [
      field('reasoning', { effort: 'low' }),
      field('reasoning', { max_tokens: 4000 }),
      field('reasoning', { enabled: true }),
      field('reasoning', { enabled: false }),
      field('reasoning.exclude', true, { base: { ...plain, reasoning: { effort: 'low' } } }),
      field('reasoning.a_field_of_tomorrow', true, { base: { ...plain, reasoning: { effort: 'low' } } }),
      field('cache_control', { type: 'ephemeral' }),
      ...[
        ['provider', { order: ['Anthropic'] }],
        ['route', 'fallback'],
        ['transforms', ['middle-out']],
        ['plugins', [{ id: 'web' }]],
        ['session_id', 'session-1'],
        ['trace', { trace_id: 'trace-1' }],
        ['image_config', { aspect_ratio: '1:1' }],
        ['debug', { echo_upstream_body: true }],
        ['stop_server_tools_when', [{ type: 'step_count_is', step_count: 3 }]],
        ['top_k', 5],
        ['top_a', 0.5],
        ['min_p', 0.5],
        ['repetition_penalty', 1.5],
        ['chat_template_kwargs', { enable_thinking: true }],
        ['structured_outputs', { choice: ['yes', 'no'] }],
        ['reasoning_format', 'parsed'],
        ['min_tokens', 10],
        ['ignore_eos', true],
        ['search_parameters', { mode: 'on' }],
        ['data_sources', [{ type: 'azure_search', parameters: {} }]],
      ].map(([name, value]) => field(name as string, value as Json)),
    ],
  },
];

type Around = { readonly base?: JsonObject; readonly instead?: Json; readonly idle?: string };

function field(path: string, value: Json, { base = plain, ...around }: Around = {}): Probe {
  return { base, path: readPath(path), value, ...around };
}

function talk(...messages: readonly JsonObject[]): JsonObject {
  return { model: 'any', messages };
}

/** A whole message: at 0 before the user's, at 1 behind it. */
function message(place: 0 | 1, given: JsonObject): Probe {
  const base = place === 0 ? talk({ role: 'user', content: '' }, hello) : plain;
  return {
    base: place === 0 ? { ...base, messages: [given, hello] } : base,
    path: ['messages', place],
    value: given,
  };
}

function inMessage(given: JsonObject, path: string, value: Json): Probe {
  const isFirst = given['role'] === 'system' || given['role'] === 'user';
  const base = isFirst ? talk(given, hello) : talk(hello, given, hello);
  return { base, path: ['messages', isFirst ? 0 : 1, ...readPath(path)], value };
}

/** A whole part behind a text of the user's. */
function part(given: JsonObject): Probe {
  const base = talk({ role: 'user', content: [{ type: 'text', text: 'Look:' }] });
  return { base, path: ['messages', 0, 'content', 1], value: given };
}

function inPart(given: JsonObject, path: string, value: Json, idle?: string): Probe {
  const base = talk({ role: 'user', content: [{ type: 'text', text: 'Look:' }, given] });
  return {
    base,
    path: ['messages', 0, 'content', 1, ...readPath(path)],
    value,
    ...(idle === undefined ? {} : { idle }),
  };
}

function cacheMarks(probe: (name: string, value: Json) => Probe): readonly Probe[] {
  return [
    probe('prompt_cache_breakpoint', { mode: 'explicit' }),
    probe('prompt_cache_breakpoint', { mode: 'explicit', ttl: '30m' }),
    probe('prompt_cache_breakpoint', { mode: 'explicit', ttl: '12h' }),
    probe('cache_control', { type: 'ephemeral' }),
    probe('cache_control', { type: 'ephemeral', ttl: '1h' }),
    probe('cache_control', { type: 'ephemeral', a_field_of_tomorrow: true }),
  ];
}

function answered(made: JsonObject, result: JsonObject): JsonObject {
  const messages = [
    hello,
    { role: 'assistant', content: null, tool_calls: [made] },
    { role: 'tool', ...result },
  ];
  return { ...talk(...messages), tools: [weather] };
}

function inCall(path: string, value: Json, instead?: Json, idle?: string): Probe {
  return {
    base: answered(call, { tool_call_id: 'call_1', content: 'done' }),
    path: ['messages', 1, 'tool_calls', 0, ...readPath(path)],
    value,
    ...(instead === undefined ? {} : { instead }),
    ...(idle === undefined ? {} : { idle }),
  };
}

function inResult(path: string, value: Json, instead?: Json): Probe {
  return {
    base: answered(call, { tool_call_id: 'call_1', content: 'done' }),
    path: ['messages', 2, ...readPath(path)],
    value,
    ...(instead === undefined ? {} : { instead }),
  };
}

function allowed(mode: 'auto' | 'required'): JsonObject {
  const tools = [{ type: 'function', function: { name: 'weather' } }];
  return { type: 'allowed_tools', allowed_tools: { mode, tools } };
}

function other(): JsonObject {
  return { type: 'function', function: { name: 'clock' } };
}

function formatted(): JsonObject {
  return { type: 'json_schema', json_schema: { name: 'answer', schema } };
}

function reasoningDetails(): readonly JsonObject[] {
  return [
    { type: 'reasoning.text', text: 'so I said', signature: 'c2ln', format: 'anthropic-claude-v1', index: 0 },
    { type: 'reasoning.encrypted', data: 'ZGF0YQ==', format: 'anthropic-claude-v1', index: 0 },
    { type: 'reasoning.encrypted', data: 'ZGF0YQ==', format: 'openai-responses-v1', index: 0 },
    { type: 'reasoning.text', text: 'so I said', index: 0 },
  ];
}
