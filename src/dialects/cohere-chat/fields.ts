// Every top-level request field that Cohere's chat defines. https://docs.cohere.com/reference/chat

export const COHERE_CHAT_FIELDS = [
  'model',
  'messages',
  'stream',
  'tools',
  'strict_tools',
  'tool_choice',
  'documents',
  'citation_options',
  'response_format',
  'safety_mode',
  'max_tokens',
  'stop_sequences',
  'temperature',
  'seed',
  'frequency_penalty',
  'presence_penalty',
  'k',
  'p',
  'logprobs',
  'thinking',
  'priority',
] as const;

export type CohereChatField = (typeof COHERE_CHAT_FIELDS)[number];
