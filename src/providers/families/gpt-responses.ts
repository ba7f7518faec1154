// What OpenAI's models take through the Responses API, by family, and which of the two APIs a request has to go through.
// https://platform.openai.com/docs/api-reference/responses/create
// https://platform.openai.com/docs/guides/migrate-to-responses

import type { JsonObject } from '../../core/json.ts';
import type { OpenaiResponsesTraits } from '../../dialects/openai-responses/traits.ts';
import { gptTraits, isTextModel } from './gpt.ts';

/** The same models with the same limits, in the words of the other API. */
export function gptResponsesTraits(model: string): OpenaiResponsesTraits {
  const { sampling, samplingWithoutReasoning, efforts, cacheMarks } = gptTraits(model);
  const reasons = efforts.length > 0;
  return {
    sampling,
    ...(samplingWithoutReasoning === undefined ? {} : { samplingWithoutReasoning }),
    logprobs: sampling,
    // `max` is a word of this API only, and came with 5.6.
    efforts: /^(ft:)?gpt-(5\.[6-9]|[6-9])/.test(model) ? [...efforts, 'max'] : efforts,
    summaries: reasons,
    encryptedReasoning: reasons,
    outputField: 'text',
    customTools: true,
    toolChoice: 'typed',
    documents: 'any',
    resultParts: true,
    cacheMarks,
    hostedItems: true,
    outputCapMin: 16,
    userField: 'safety_identifier',
    hints: true,
    verbosity: true,
  };
}

/** https://platform.openai.com/docs/models: these have no other API. */
const RESPONSES_ONLY = /^(ft:)?(gpt-|o\d).*-(pro|codex|deep-research)\b|^computer-use/;
/** And these have only Chat Completions. */
const CHAT_ONLY = /-(audio|search)-preview\b|^gpt-audio/;

/**
 * "Function tools with reasoning_effort are not supported for gpt-5.6-sol in /v1/chat/completions. To use function tools,
 * use /v1/responses or set reasoning_effort to 'none'."
 */
export function servedByChat(model: string, body: JsonObject): boolean {
  if (RESPONSES_ONLY.test(model) || isTextModel(model)) return false;
  return !/^(ft:)?gpt-5\.6/.test(model) || !hasTools(body) || body['reasoning_effort'] === 'none';
}

export function servedByResponses(model: string): boolean {
  return !CHAT_ONLY.test(model) && !isTextModel(model);
}

function hasTools({ tools }: JsonObject): boolean {
  return Array.isArray(tools) && tools.length > 0;
}
