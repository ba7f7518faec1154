// Every top-level request field that OpenAI's Responses API defines, and those that other speakers of the dialect have
// added and callers send. A provider's quirks may name only these.
// https://platform.openai.com/docs/api-reference/responses/create
// https://docs.x.ai/docs/api-reference#create-new-response
// https://docs.perplexity.ai/docs/agent-api

export const OPENAI_RESPONSES_FIELDS = [
  'model',
  'input',
  'instructions',
  'stream',
  'stream_options',
  'max_output_tokens',
  'temperature',
  'top_p',
  'top_logprobs',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'max_tool_calls',
  'reasoning',
  'text',
  'include',
  'truncation',
  'context_management',
  'store',
  'previous_response_id',
  'conversation',
  'background',
  'prompt',
  'prompt_cache_key',
  'prompt_cache_options',
  'prompt_cache_retention',
  'safety_identifier',
  'user',
  'metadata',
  'service_tier',
  'moderation',
  'image',
  'access_programs',
  // OpenRouter
  'models',
  'provider',
  'plugins',
  'session_id',
  // xAI
  'top_k',
  'min_p',
  'seed',
  'logprobs',
  'max_turns',
  // Perplexity
  'response_format',
  'preset',
  'max_steps',
  'language_preference',
] as const;

export type OpenaiResponsesField = (typeof OPENAI_RESPONSES_FIELDS)[number];
