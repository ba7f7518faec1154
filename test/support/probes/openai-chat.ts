// The settings and tools of a chat completions request, with values that tell apart what can become of each field.
// https://platform.openai.com/docs/api-reference/chat/create

import type { JsonObject } from '../../../src/core/json.ts';
import { openaiChatMessages } from './openai-chat-messages.ts';
import { probes, type ProbeGroup } from './probe.ts';

const plain = { model: 'any', messages: [{ role: 'user', content: 'Hello' }] };
const schema = { type: 'object', properties: { answer: { type: 'string' } }, additionalProperties: false };
const format = { type: 'json_schema', json_schema: { name: 'answer', schema } };
const weather = {
  type: 'function',
  function: { name: 'weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } },
};
const clock = { type: 'function', function: { name: 'clock' } };
const poem = {
  type: 'custom',
  custom: {
    name: 'poem',
    format: { type: 'grammar', grammar: { definition: 'start: "o"', syntax: 'lark' } },
  },
};

/** Models of OpenAI's and at Perplexity. */
const NO_CLAUDE = /^(gpt-|o\d|openai\/|anthropic\/)/;
const PERPLEXITY = /^(openai|anthropic)\//;
const COHERE = /^(command|c4ai)/;
const cannot = {
  idle: 'such a model does not think',
  idleAt: /command-a-(03|vision)|command-r|c4ai/,
};

function allowed(mode: string): JsonObject {
  const tools = [{ type: 'function', function: { name: 'weather' } }];
  return { type: 'allowed_tools', allowed_tools: { mode, tools } };
}

const settings: ProbeGroup = {
  title: 'Settings',
  probes: [
    ...probes(plain, [
      ['model', 'another', { instead: 'any', idle: 'chooses the target' }],
      ['models', ['another'], { idle: 'further targets, in order' }],
      ['stream', true],
    ]),
    ...probes({ ...plain, stream: true }, [
      ['stream_options.include_usage', true, { idle: 'always asked for; decides what the caller is told' }],
      ['stream_options.include_obfuscation', true],
      ['stream_options.a_field_of_tomorrow', true],
    ]),
    ...probes(plain, [
      ['max_completion_tokens', 1000],
      ['max_completion_tokens', 1_000_000],
      ['max_tokens', 1000],
      ['temperature', 0.5],
      ['temperature', 1.5],
      ['top_p', 0.5],
      ['frequency_penalty', 0.5],
      ['presence_penalty', 0.5],
      ['logit_bias', { '50256': -100 }],
      ['logprobs', true],
      ['logprobs', false, { idle: 'asks for nothing' }],
      ['top_logprobs', 2],
      ['n', 1, { idle: 'one answer is what there is' }],
      ['n', 2],
      ['seed', 7],
      ['stop', 'END'],
      [
        'stop',
        ['END', '\n'],
        { instead: ['END'], idle: 'the loss of the others is named', idleAt: NO_CLAUDE },
      ],
      ['reasoning_effort', 'none', cannot],
      ['reasoning_effort', 'minimal'],
      ['reasoning_effort', 'low'],
      ['reasoning_effort', 'high'],
      ['reasoning_effort', 'xhigh'],
      ['reasoning_effort', 'max'],
      ['reasoning_effort', 'a word of tomorrow'],
      ['verbosity', 'low'],
      ['response_format', { type: 'text' }, { idle: 'what every answer is' }],
      ['response_format', { type: 'json_object' }],
      ['response_format', format],
    ]),
    ...probes({ ...plain, response_format: format }, [
      ['response_format.a_field_of_tomorrow', true],
      ['response_format.json_schema.name', 'reply', { instead: 'answer', idle: 'a label' }],
      ['response_format.json_schema.description', 'how to answer'],
      ['response_format.json_schema.strict', true, { idle: 'a schema is always enforced there' }],
      ['response_format.json_schema.schema.properties.answer.maxLength', 9],
      ['response_format.json_schema.a_field_of_tomorrow', true],
    ]),
    ...probes({ ...plain, temperature: 0.5 }, [['top_p', 0.5]]),
    ...probes({ ...plain, safety_identifier: 'caller-1' }, [
      [
        'user',
        'caller-2',
        {
          idle: 'the loss of the other is named',
          idleAt: new RegExp(`${PERPLEXITY.source}|${COHERE.source}`),
        },
      ],
    ]),
    ...probes(plain, [
      ['safety_identifier', 'caller-1'],
      ['user', 'caller-1'],
      ['metadata', { topic: 'greeting' }],
      ['service_tier', 'auto'],
      ['service_tier', 'default'],
      ['service_tier', 'priority'],
      ['service_tier', 'flex'],
      ['store', true],
      ['store', false, { idle: 'asks for nothing' }],
      ['prediction', { type: 'content', content: 'Hello' }],
      ['modalities', ['text'], { idle: 'what every answer is' }],
      ['modalities', ['text', 'audio']],
      ['audio', { voice: 'alloy', format: 'mp3' }],
      ['web_search_options', {}],
      ['moderation', { model: 'omni-moderation-latest' }],
      ['prompt_cache_key', 'greetings'],
      ['prompt_cache_options', { mode: 'explicit' }],
      ['prompt_cache_retention', '24h'],
      ['functions', [weather.function]],
      ['function_call', 'auto'],
      ['a_field_of_tomorrow', true],
      ['a_field_of_tomorrow', null, { idle: 'asks for nothing' }],
    ]),
  ],
};

const tools: ProbeGroup = {
  title: 'Tools',
  probes: [
    ...probes(plain, [
      ['tools', [weather]],
      ['tools', [poem]],
      ['tools', [{ type: 'web_search' }]],
      ['tool_choice', 'auto', { idle: 'says nothing without tools' }],
      ['parallel_tool_calls', false, { idle: 'says nothing without tools' }],
    ]),
    ...probes({ ...plain, tools: [clock] }, [['tools.0.function.parameters', weather.function.parameters]]),
    ...probes({ ...plain, tools: [weather] }, [
      ['tools.0.function.description', 'tells the weather'],
      [
        'tools.0.function.parameters.$schema',
        'https://json-schema.org/draft/2020-12/schema',
        { idle: 'a label' },
      ],
      ['tools.0.function.strict', true],
      ['tools.0.function.strict', false, { idle: 'asks for nothing' }],
      ['tools.0.function.a_field_of_tomorrow', true],
      ['tools.0.cache_control', { type: 'ephemeral' }],
      ['tools.0.a_field_of_tomorrow', true],
      ['tool_choice', 'auto', { idle: 'what happens anyway', idleAt: COHERE }],
      ['tool_choice', 'none'],
      ['tool_choice', 'required'],
      ['tool_choice', { type: 'function', function: { name: 'weather' } }],
      ['parallel_tool_calls', false],
      ['parallel_tool_calls', true, { idle: 'what happens anyway' }],
    ]),
    ...probes({ ...plain, tools: [poem] }, [
      ['tools.0.custom.description', 'writes a poem'],
      ['tools.0.custom.a_field_of_tomorrow', true],
      ['tools.0.a_field_of_tomorrow', true],
      ['tool_choice', { type: 'custom', custom: { name: 'poem' } }],
    ]),
    ...probes({ ...plain, tools: [weather, clock] }, [
      ['tool_choice', allowed('auto')],
      ['tool_choice', allowed('required')],
    ]),
    ...probes({ ...plain, tools: [weather, clock], tool_choice: allowed('auto') }, [
      ['tool_choice.a_field_of_tomorrow', true],
      ['tool_choice.allowed_tools.a_field_of_tomorrow', true],
      ['tool_choice.allowed_tools.tools.0.function.a_field_of_tomorrow', true],
    ]),
  ],
};

const additions: ProbeGroup = {
  title: 'What other servers have added to the dialect',
  probes: [
    ...probes(plain, [
      ['reasoning', { effort: 'low' }],
      ['reasoning', { max_tokens: 4000 }],
      ['reasoning', { enabled: true }],
      ['reasoning', { enabled: false }, cannot],
    ]),
    ...probes({ ...plain, reasoning: { effort: 'low' } }, [
      [
        'reasoning.exclude',
        true,
        {
          idle: 'such a model does not think, or shows it only when it is asked to',
          idleAt: /3-haiku|^gpt-|^o\d/,
        },
      ],
      ['reasoning.a_field_of_tomorrow', true],
    ]),
    ...probes(plain, [
      ['cache_control', { type: 'ephemeral' }, { idle: 'what happens anyway', idleAt: /^gpt-6/ }],
      ['top_k', 5],
      ['provider', { order: ['Anthropic'] }],
      ['route', 'fallback'],
      ['transforms', ['middle-out']],
      ['plugins', [{ id: 'web' }]],
      ['session_id', 'session-1'],
      ['trace', { trace_id: 'trace-1' }],
      ['image_config', { aspect_ratio: '1:1' }],
      ['debug', { echo_upstream_body: true }],
      ['stop_server_tools_when', [{ type: 'step_count_is', step_count: 3 }]],
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
    ]),
  ],
};

export const openaiChatProbes: readonly ProbeGroup[] = [settings, ...openaiChatMessages, tools, additions];
