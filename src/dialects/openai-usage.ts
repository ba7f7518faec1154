// Token counts of chats and text completions. They count the cached part as part of the prompt and reasoning as part of the completion.
// https://platform.openai.com/docs/api-reference/chat/object

import { asNumber, isObject, type JsonObject } from '../core/json.ts';
import { inputTotal, tokenCount, type Usage } from '../core/usage.ts';
import { asObject } from './json-access.ts';
import { uncachedInput, wholeOutput } from './openai-counts.ts';
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
  const inputDetails = isObject(usage['prompt_tokens_details']) ? usage['prompt_tokens_details'] : {};
  const outputDetails = isObject(usage['completion_tokens_details'])
    ? usage['completion_tokens_details']
    : {};
  const cacheRead = tokenCount(inputDetails['cached_tokens']) ?? tokenCount(usage['prompt_cache_hit_tokens']);
  const cacheWrite = tokenCount(inputDetails['cache_write_tokens']);
  const reasoning = tokenCount(outputDetails['reasoning_tokens']);
  const input = tokenCount(usage['prompt_tokens']);
  const counts = told({
    uncachedInput: uncachedInput(input, cacheRead, cacheWrite),
    cacheRead,
    cacheWrite,
    output: wholeOutput({
      input,
      output: tokenCount(usage['completion_tokens']),
      reasoning,
      total: asNumber(usage['total_tokens']),
    }),
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

/** https://console.groq.com/docs/api-reference: streams without `include_usage` have it here. */
function groqUsage(extra: unknown): unknown {
  return isObject(extra) ? extra['usage'] : undefined;
}
