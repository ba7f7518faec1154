// The settings and tools of a Messages request, with values that tell apart what can become of each field.
// https://docs.anthropic.com/en/api/messages

import { anthropicMessagesBlocks } from './anthropic-messages-blocks.ts';
import { probes, type ProbeGroup } from './probe.ts';

const plain = { model: 'any', max_tokens: 20_000, messages: [{ role: 'user', content: 'Hello' }] };
const schema = { type: 'object', properties: { answer: { type: 'string' } }, additionalProperties: false };
const weather = {
  name: 'weather',
  input_schema: { type: 'object', properties: { city: { type: 'string' } } },
};
const ephemeral = { type: 'ephemeral' };
const cannot = {
  idle: 'such a model does not think',
  idleAt: /gpt-4|local|blackbox|command-a-(03|vision)|command-r|c4ai/,
};
const anyway = { idle: 'what happens anyway', idleAt: /command|c4ai/ };

const settings: ProbeGroup = {
  title: 'Settings',
  probes: [
    ...probes(plain, [
      ['model', 'another', { instead: 'any', idle: 'chooses the target' }],
      ['models', ['another'], { idle: 'further targets, in order' }],
      ['stream', true],
      ['max_tokens', 1000, { instead: 2000 }],
      ['max_tokens', 0, { instead: 2000 }],
      ['system', 'Be brief.'],
      ['temperature', 0.5],
      ['top_p', 0.5],
      ['top_k', 5],
      ['stop_sequences', ['END']],
      ['thinking', { type: 'enabled', budget_tokens: 2000 }],
      ['thinking', { type: 'enabled', budget_tokens: 12_000 }],
      ['thinking', { type: 'adaptive' }],
      ['thinking', { type: 'disabled' }, cannot],
      ['thinking', { type: 'between_tools' }, cannot],
    ]),
    ...probes({ ...plain, thinking: { type: 'adaptive' } }, [
      ['thinking.display', 'omitted'],
      ['thinking.a_field_of_tomorrow', true],
    ]),
    ...probes(plain, [
      ['output_config.effort', 'low'],
      ['output_config.effort', 'high'],
      ['output_config.effort', 'xhigh'],
      ['output_config.effort', 'max'],
      ['output_config.format', { type: 'json_schema', schema: { ...schema, required: ['answer'] } }],
      ['output_config.format', { type: 'json_schema', schema }],
      ['output_config.a_field_of_tomorrow', true],
      ['metadata.user_id', 'caller-1'],
      ['metadata.a_field_of_tomorrow', true],
      ['service_tier', 'auto'],
      ['service_tier', 'standard_only'],
      ['cache_control', ephemeral, { idle: 'OpenAI marks the end by itself', idleAt: /gpt-(6|5\.6)/ }],
      ['cache_control', { ...ephemeral, ttl: '1h' }],
      ['cache_control', { ...ephemeral, a_field_of_tomorrow: true }],
      ['speed', 'fast'],
      ['inference_geo', 'eu'],
      ['container', 'container_1'],
      ['diagnostics', { previous_message_id: 'msg_1' }],
      ['user_profile_id', 'profile_1'],
      ['workspace_id', 'workspace_1'],
      ['mcp_servers', [{ type: 'url', url: 'https://example.com/mcp', name: 'tools' }]],
      ['mcp_servers', [], { idle: 'asks for nothing' }],
      ['context_management', { edits: [] }],
      ['compaction', { type: 'auto' }],
      ['fallbacks', ['claude-haiku-4-5']],
      ['fallback_credit_token', 'token'],
      ['thread', 'thread_1'],
      ['billing_policy', 'standard'],
      ['output_format', { type: 'json_schema', schema }],
      ['a_field_of_tomorrow', true],
      ['a_field_of_tomorrow', null, { idle: 'asks for nothing' }],
    ]),
    ...probes({ ...plain, thinking: { type: 'disabled' } }, [['output_config.effort', 'low']]),
    ...probes({ ...plain, output_config: { effort: 'low' } }, [
      ['thinking', { type: 'enabled', budget_tokens: 2000 }],
      ['thinking', { type: 'adaptive' }, { idle: 'an effort says as much' }],
      ['thinking', { type: 'disabled' }, cannot],
      ['thinking', { type: 'between_tools' }],
    ]),
    ...probes({ ...plain, output_config: { format: { type: 'json_schema', schema } } }, [
      ['output_config.format.a_field_of_tomorrow', true],
    ]),
    ...probes({ ...plain, system: [{ type: 'text', text: 'Be brief.' }] }, [
      ['system.1', { type: 'text', text: 'Be kind.' }],
      ['system.0.cache_control', ephemeral],
      ['system.0.cache_control', { ...ephemeral, ttl: '5m' }],
      ['system.0.cache_control', { ...ephemeral, ttl: '1h' }],
      ['system.0.a_field_of_tomorrow', true],
    ]),
  ],
};

const tools: ProbeGroup = {
  title: 'Tools',
  probes: [
    ...probes(plain, [
      ['tools', [weather]],
      ['tools', [{ type: 'web_search_20260318', name: 'web_search' }]],
      ['tool_choice', { type: 'auto' }, { idle: 'says nothing without tools' }],
    ]),
    ...probes({ ...plain, tools: [weather] }, [
      ['tools.0.type', 'custom', { idle: 'what a tool is without it' }],
      ['tools.0.description', 'tells the weather'],
      ['tools.0.input_schema.properties.day', { type: 'string' }],
      ['tools.0.strict', true],
      ['tools.0.strict', false, { idle: 'asks for nothing' }],
      ['tools.0.cache_control', ephemeral],
      ['tools.0.eager_input_streaming', true],
      ['tools.0.defer_loading', true],
      ['tools.0.input_examples', [{ city: 'Bonn' }]],
      ['tools.0.allowed_callers', ['direct']],
      ['tools.0.a_field_of_tomorrow', true],
      ['tool_choice', { type: 'auto' }, anyway],
      ['tool_choice', { type: 'any' }],
      ['tool_choice', { type: 'none' }],
      ['tool_choice', { type: 'tool', name: 'weather' }],
    ]),
    ...probes({ ...plain, tools: [weather], tool_choice: { type: 'auto' } }, [
      ['tool_choice.disable_parallel_tool_use', true],
      ['tool_choice.disable_parallel_tool_use', false, { idle: 'what happens anyway' }],
      ['tool_choice.a_field_of_tomorrow', true],
    ]),
  ],
};

export const anthropicMessagesProbes: readonly ProbeGroup[] = [settings, ...anthropicMessagesBlocks, tools];
