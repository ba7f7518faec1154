// Token counts. This dialect counts the cached part as part of the input and reasoning as part of the output.
// https://platform.openai.com/docs/api-reference/responses/object

import { asNumber, isObject, type JsonObject } from '../../core/json.ts';
import { inputTotal, tokenCount, type Usage } from '../../core/usage.ts';
import { uncachedInput, wholeOutput } from '../openai-counts.ts';
import { readCost } from '../reported-cost.ts';
import { told } from '../told.ts';

/** `undefined` when the provider told nothing. */
export function readUsage(usage: unknown): Usage | undefined {
  if (!isObject(usage)) return undefined;
  const inputDetails = isObject(usage['input_tokens_details']) ? usage['input_tokens_details'] : {};
  const outputDetails = isObject(usage['output_tokens_details']) ? usage['output_tokens_details'] : {};
  // Perplexity has Anthropic's words for the cache: https://docs.perplexity.ai/docs/agent-api
  const cacheRead =
    tokenCount(inputDetails['cached_tokens']) ?? tokenCount(inputDetails['cache_read_input_tokens']);
  const cacheWrite =
    tokenCount(inputDetails['cache_write_tokens']) ?? tokenCount(inputDetails['cache_creation_input_tokens']);
  const reasoning = tokenCount(outputDetails['reasoning_tokens']);
  const input = tokenCount(usage['input_tokens']);
  const counts = told({
    uncachedInput: uncachedInput(input, cacheRead, cacheWrite),
    cacheRead,
    cacheWrite,
    output: wholeOutput({
      input,
      output: tokenCount(usage['output_tokens']),
      reasoning,
      total: asNumber(usage['total_tokens']),
    }),
    reasoning,
    costUsd: readCost(usage),
  });
  return Object.keys(counts).length === 0 ? undefined : counts;
}

/** OpenAI's schema requires the totals and both details: only here, what was not told counts as 0. `cost` for who asked for it. */
export function writeUsage(usage: Usage, cost?: number): JsonObject {
  const input = inputTotal(usage) ?? 0;
  const output = usage.output ?? 0;
  return {
    input_tokens: input,
    input_tokens_details: {
      cached_tokens: usage.cacheRead ?? 0,
      ...told({ cache_write_tokens: usage.cacheWrite }),
    },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: usage.reasoning ?? 0 },
    total_tokens: input + output,
    ...told({ cost }),
  };
}
