// Every top-level request field that Anthropic's Messages API defines, betas included, and `models`, OpenRouter's list of
// fallbacks, which callers send here, too. A provider's quirks may name only these.
// https://docs.anthropic.com/en/api/messages

export const ANTHROPIC_MESSAGES_FIELDS = [
  'model',
  'messages',
  'max_tokens',
  'system',
  'stream',
  'temperature',
  'top_p',
  'top_k',
  'stop_sequences',
  'tools',
  'tool_choice',
  'thinking',
  'output_config',
  'metadata',
  'service_tier',
  'cache_control',
  'speed',
  'inference_geo',
  'container',
  'diagnostics',
  'user_profile_id',
  'workspace_id',
  // Behind `anthropic-beta`
  'mcp_servers',
  'context_management',
  'compaction',
  'fallbacks',
  'fallback_credit_token',
  'thread',
  'billing_policy',
  'output_format',
  // OpenRouter
  'models',
] as const;

export type AnthropicMessagesField = (typeof ANTHROPIC_MESSAGES_FIELDS)[number];
