// Token counts of chats and text completions. They count the cached part as part of the prompt and reasoning as part of the completion.
// https://platform.openai.com/docs/api-reference/chat/object

import { asNumber, isObject, type JsonObject } from '../core/json.ts';
import { inputTotal, tokenCount, uncachedPart, type Usage } from '../core/usage.ts';
import { asObject } from './json-access.ts';
import { readCost } from './reported-cost.ts';
import { told } from './told.ts';

/** What makes a stream tell its usage. */
export function askUsage({ stream_options: options }: JsonObject): JsonObject {
  return { stream_options: { ...asObject(options), include_usage: true } };
}

/** The usage of a reply or a chunk; `undefined` when there is none. */
export function readUsage(reply: Readonly<Record<string, unknown>>): Usage | undefined {
  const usage = reply['usage'] ?? groqUsage(reply['x_groq']);
  if (!isObject(usage)) return undefined;
  const input = isObject(usage['prompt_tokens_details']) ? usage['prompt_tokens_details'] : {};
  const output = isObject(usage['completion_tokens_details']) ? usage['completion_tokens_details'] : {};
  const cacheRead = tokenCount(input['cached_tokens']) ?? tokenCount(usage['prompt_cache_hit_tokens']);
  const cacheWrite = tokenCount(input['cache_write_tokens']);
  const reasoning = tokenCount(output['reasoning_tokens']);
  const counts = told({
    uncachedInput: readUncached(tokenCount(usage['prompt_tokens']), cacheRead, cacheWrite),
    cacheRead,
    cacheWrite,
    output: readOutput(usage, reasoning),
    reasoning,
    costUsd: readCost(usage),
  });
  return Object.keys(counts).length === 0 ? undefined : counts;
}

/** OpenAI's schema requires the three totals: only here, what was not told counts as 0. `cost` for who asked for it. */
export function writeUsage(usage: Usage, cost?: number): JsonObject {
  const prompt = inputTotal(usage) ?? 0;
  const completion = usage.output ?? 0;
  const input = told({ cached_tokens: usage.cacheRead, cache_write_tokens: usage.cacheWrite });
  const output = told({ reasoning_tokens: usage.reasoning });
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    ...(Object.keys(input).length === 0 ? {} : { prompt_tokens_details: input }),
    ...(Object.keys(output).length === 0 ? {} : { completion_tokens_details: output }),
    ...(cost === undefined ? {} : { cost }),
  };
}

/** xAI's models sometimes report more cached tokens than prompt tokens: then the two do not overlap. */
function readUncached(prompt: number | undefined, cacheRead = 0, cacheWrite = 0): number | undefined {
  return prompt !== undefined && cacheRead > prompt ? prompt : uncachedPart(prompt, cacheRead, cacheWrite);
}

/** xAI counts reasoning beside the completion. Its own total gives it away. */
function readOutput(usage: Readonly<Record<string, unknown>>, reasoning = 0): number | undefined {
  const completion = tokenCount(usage['completion_tokens']);
  if (completion === undefined || reasoning === 0) return completion;
  const prompt = tokenCount(usage['prompt_tokens']) ?? 0;
  const isBeside = asNumber(usage['total_tokens']) === prompt + completion + reasoning;
  return isBeside ? completion + reasoning : completion;
}

/** https://console.groq.com/docs/api-reference: streams without `include_usage` have it here. */
function groqUsage(extra: unknown): unknown {
  return isObject(extra) ? extra['usage'] : undefined;
}
