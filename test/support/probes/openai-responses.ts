// The settings and tools of a Responses request, with values that tell apart what can become of each field.
// https://platform.openai.com/docs/api-reference/responses/create

import type { JsonObject } from '../../../src/core/json.ts';
import { openaiResponsesItems } from './openai-responses-items.ts';
import { probes, type ProbeGroup } from './probe.ts';

const plain = { model: 'any', input: 'Hello' };
const schema = { type: 'object', properties: { answer: { type: 'string' } }, additionalProperties: false };
const format = { type: 'json_schema', name: 'answer', schema };
const weather = {
  type: 'function',
  name: 'weather',
  strict: false,
  parameters: { type: 'object', properties: { city: { type: 'string' } } },
};
const clock = { type: 'function', name: 'clock', strict: false };
const poem = {
  type: 'custom',
  name: 'poem',
  format: { type: 'grammar', definition: 'start: "o"', syntax: 'lark' },
};

/** Models of which nothing is known. */
const THOUGHTLESS = /^(local-model|blackboxai\/|command-a-(03|vision)|command-r|c4ai)/;
const USERLESS = /^(local-model|blackboxai\/|command|c4ai)/;
const COHERE = /^(command|c4ai)/;

function allowed(mode: string): JsonObject {
  return { type: 'allowed_tools', mode, tools: [{ type: 'function', name: 'weather' }] };
}

const settings: ProbeGroup = {
  title: 'Settings',
  probes: [
    ...probes(plain, [
      ['model', 'another', { instead: 'any', idle: 'chooses the target' }],
      ['models', ['another'], { idle: 'further targets, in order' }],
      ['stream', true],
      ['instructions', 'Be brief.'],
      ['instructions', '', { idle: 'says nothing' }],
      ['max_output_tokens', 1000],
      ['max_output_tokens', 1_000_000],
      ['temperature', 0.5],
      ['temperature', 1.5],
      ['top_p', 0.5],
      ['top_logprobs', 2, { idle: 'of no effect without the probabilities themselves' }],
      ['include', ['message.output_text.logprobs']],
      ['include', ['reasoning.encrypted_content'], { idle: 'always asked for where there is any' }],
      ['include', ['web_search_call.action.sources']],
      ['reasoning', { effort: 'none' }, { idle: 'such a model need not be told', idleAt: THOUGHTLESS }],
      ['reasoning', { effort: 'minimal' }],
      ['reasoning', { effort: 'low' }],
      ['reasoning', { effort: 'high' }],
      ['reasoning', { effort: 'max' }],
      ['reasoning', { summary: 'auto' }],
      ['text', { format: { type: 'text' } }, { idle: 'what every answer is' }],
      ['text', { format: { type: 'json_object' } }],
      ['text', { format }],
      ['text', { verbosity: 'low' }],
      ['response_format', { type: 'json_schema', json_schema: { name: 'answer', schema } }],
    ]),
    ...probes({ ...plain, stream: true }, [['stream_options.include_obfuscation', true]]),
    ...probes({ ...plain, reasoning: { effort: 'low' } }, [
      ['reasoning.summary', 'concise', { idle: 'such a model does not think, or shows all of it anyway' }],
      ['reasoning.context', 'all_turns'],
      ['reasoning.a_field_of_tomorrow', true],
    ]),
    ...probes({ ...plain, text: { format } }, [
      ['text.a_field_of_tomorrow', true],
      ['text.format.a_field_of_tomorrow', true],
      ['text.format.name', 'reply', { instead: 'answer', idle: 'a label' }],
      ['text.format.description', 'how to answer'],
      ['text.format.strict', true, { idle: 'a schema is always enforced there' }],
      ['text.format.schema.properties.answer.maxLength', 9],
    ]),
    ...probes({ ...plain, safety_identifier: 'caller-1' }, [
      ['user', 'caller-2', { idle: 'the loss of the other is named', idleAt: USERLESS }],
    ]),
    ...probes(plain, [
      ['safety_identifier', 'caller-1'],
      ['user', 'caller-1'],
      ['metadata', { topic: 'greeting' }],
      ['service_tier', 'auto'],
      ['service_tier', 'flex'],
      ['store', true],
      ['store', false, { idle: 'asks for nothing' }],
      ['background', true],
      ['background', false, { idle: 'asks for nothing' }],
      ['previous_response_id', 'resp_1'],
      ['conversation', 'conv_1'],
      ['prompt', { id: 'pmpt_1' }],
      ['truncation', 'auto'],
      ['truncation', 'disabled', { idle: 'what happens anyway' }],
      ['context_management', [{ type: 'compaction', compact_threshold: 1000 }]],
      ['moderation', { model: 'omni-moderation-latest' }],
      ['prompt_cache_key', 'greetings'],
      ['prompt_cache_options', { mode: 'explicit' }],
      ['prompt_cache_retention', '24h'],
      ['max_tool_calls', 3],
      ['image', { context_compression: 'auto' }],
      ['access_programs', ['program-1']],
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
      ['tool_choice', { type: 'web_search' }],
      ['parallel_tool_calls', false, { idle: 'says nothing without tools' }],
    ]),
    ...probes({ ...plain, tools: [clock] }, [['tools.0.parameters', weather.parameters]]),
    ...probes({ ...plain, tools: [weather] }, [
      ['tools.0.description', 'tells the weather'],
      ['tools.0.strict', true, { instead: false }],
      ['tools.0.a_field_of_tomorrow', true],
      ['tool_choice', 'auto', { idle: 'what happens anyway', idleAt: COHERE }],
      ['tool_choice', 'none'],
      ['tool_choice', 'required'],
      ['tool_choice', { type: 'function', name: 'weather' }],
      ['parallel_tool_calls', false],
      ['parallel_tool_calls', true, { idle: 'what happens anyway' }],
    ]),
    ...probes({ ...plain, tools: [poem] }, [
      ['tools.0.description', 'writes a poem'],
      ['tools.0.a_field_of_tomorrow', true],
      ['tool_choice', { type: 'custom', name: 'poem' }],
    ]),
    ...probes({ ...plain, tools: [weather, clock] }, [
      ['tool_choice', allowed('auto')],
      ['tool_choice', allowed('required')],
    ]),
    ...probes({ ...plain, tools: [weather, clock], tool_choice: allowed('auto') }, [
      ['tool_choice.a_field_of_tomorrow', true],
      ['tool_choice.tools.0.a_field_of_tomorrow', true],
    ]),
  ],
};

const additions: ProbeGroup = {
  title: 'What other servers have added to the dialect',
  probes: probes(plain, [
    ['provider', { order: ['Anthropic'] }],
    ['plugins', [{ id: 'web' }]],
    ['session_id', 'session-1'],
    ['top_k', 5],
    ['min_p', 0.5],
    ['seed', 7],
    ['logprobs', true],
    ['max_turns', 3],
    ['preset', 'fast'],
    ['max_steps', 3],
    ['language_preference', 'de'],
  ]),
};

export const openaiResponsesProbes: readonly ProbeGroup[] = [
  settings,
  ...openaiResponsesItems,
  tools,
  additions,
];
