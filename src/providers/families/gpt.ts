// What OpenAI's chat models take, by family: for OpenAI itself and for whoever hosts the same models. A table and a
// lookup; a name that no row knows is taken for the newest model, because names are added faster than rows.
// https://platform.openai.com/docs/api-reference/chat/create
// https://platform.openai.com/docs/guides/reasoning

import type { ModelFacts } from '../../core/model-facts.ts';
import { describeModel } from '../../dialects/openai-chat/describe.ts';
import type { OpenaiChatTraits } from '../../dialects/openai-chat/traits.ts';

/** Also for a fine-tuned model, `ft:<model>:<organization>::<id>`. */
export function gptTraits(model: string): OpenaiChatTraits {
  const name = model.startsWith('ft:') ? model.slice('ft:'.length) : model;
  return families.find(([names]) => names.test(name))?.[1] ?? newest;
}

export function gptFacts(model: string): ModelFacts {
  return describeModel(gptTraits(model));
}

/**
 * Goes on with a text and answers no chats; all others the other way round. Azure writes 3.5 as 35.
 * https://platform.openai.com/docs/api-reference/completions
 */
export function isTextModel(model: string): boolean {
  return /^(ft:)?(gpt-3\.?5-turbo-instruct|davinci-002|babbage-002)(?![\w.])/.test(model);
}

const conversational: OpenaiChatTraits = {
  outputCapField: 'max_completion_tokens',
  systemRole: 'system',
  sampling: true,
  penalties: true,
  stop: true,
  efforts: [],
  structuredOutput: 'json-schema',
  strictTools: true,
  parallelToolCalls: true,
  toolResultParts: true,
  documents: true,
  cacheMarks: 'none',
  reasoningDetails: false,
  userField: 'safety_identifier',
  streamUsage: true,
};

/** Reasoning models answer 400 to `temperature`, `top_p`, `logprobs`, the penalties and `stop`. */
const reasoning: OpenaiChatTraits = {
  ...conversational,
  systemRole: 'developer',
  sampling: false,
  penalties: false,
  stop: false,
  efforts: ['low', 'medium', 'high'],
};

/** Those that can stop reasoning take `temperature`, `top_p` and `logprobs` while they do not. */
const switchable: OpenaiChatTraits = {
  ...reasoning,
  efforts: ['none', 'low', 'medium', 'high', 'xhigh'],
  samplingWithoutReasoning: true,
};

// `max` is a word of the Responses API only: Chat Completions ends at `xhigh`.
const newest: OpenaiChatTraits = {
  ...reasoning,
  efforts: ['low', 'medium', 'high', 'xhigh'],
  // Explicit cache breakpoints came with 5.6. https://platform.openai.com/docs/guides/prompt-caching
  cacheMarks: 'prompt_cache_breakpoint',
};

/** The first row that matches holds. Azure writes 3.5 as 35. */
const families: readonly (readonly [names: RegExp, traits: OpenaiChatTraits])[] = [
  [/^gpt-(3|4(-|$))/, { ...conversational, structuredOutput: 'json-object', documents: false }],
  [/^(gpt-4|chatgpt-|gpt-5-chat)/, conversational],
  // "Unsupported parameter: 'parallel_tool_calls' is not supported with this model."
  // https://github.com/langchain-ai/langchain/issues/29704, https://github.com/tensorzero/tensorzero/issues/2805
  [/^o\d/, { ...reasoning, parallelToolCalls: false }],
  [/^gpt-5(-|$)/, { ...reasoning, efforts: ['minimal', 'low', 'medium', 'high'] }],
  [/^gpt-5\.1/, { ...switchable, efforts: ['none', 'low', 'medium', 'high'] }],
  [/^gpt-5\.[2-5]/, switchable],
  // "Function tools with reasoning_effort are not supported for gpt-5.6-sol in /v1/chat/completions. To use function
  // tools, use /v1/responses or set reasoning_effort to 'none'." It says so to requests without an effort too.
  [/^gpt-5\.6/, { ...switchable, cacheMarks: newest.cacheMarks, toolsOnlyWithoutReasoning: true }],
  [/^gpt-(6-sol|6-luna|6\.1-terra)/, { ...switchable, cacheMarks: newest.cacheMarks }],
];
