// Every top-level request field that OpenAI's completions define, and those that other speakers of the dialect have added
// and callers send. A provider's quirks may name only these.
// https://platform.openai.com/docs/api-reference/completions/create
// https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html

export const OPENAI_COMPLETIONS_FIELDS = [
  'model',
  'prompt',
  'stream',
  'stream_options',
  'max_tokens',
  'temperature',
  'top_p',
  'frequency_penalty',
  'presence_penalty',
  'logit_bias',
  'logprobs',
  'n',
  'best_of',
  'echo',
  'suffix',
  'seed',
  'stop',
  'user',
  // OpenRouter
  'models',
  'provider',
  'transforms',
  'top_k',
  'top_a',
  'min_p',
  'repetition_penalty',
  // vLLM, SGLang, llama.cpp
  'structured_outputs',
  'min_tokens',
  'ignore_eos',
] as const;

export type OpenaiCompletionsField = (typeof OPENAI_COMPLETIONS_FIELDS)[number];
