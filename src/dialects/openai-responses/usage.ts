// Token counts. This dialect counts the cached part as part of the input and reasoning as part of the output.
// https://platform.openai.com/docs/api-reference/responses/object

import { asNumber, isObject, type JsonObject } from '../../core/json.ts';
import { inputTotal, tokenCount, uncachedPart, type Usage } from '../../core/usage.ts';
import { readCost } from '../reported-cost.ts';
import { told } from '../told.ts';

/** `undefined` when the provider told nothing. */
export function readUsage(usage: unknown): Usage | undefined {
  if (!isObject(usage)) return undefined;
  const input = isObject(usage['input_tokens_details']) ? usage['input_tokens_details'] : {};
  const output = isObject(usage['output_tokens_details']) ? usage['output_tokens_details'] : {};
  // Perplexity has Anthropic's words for the cache: https://docs.perplexity.ai/docs/agent-api
  const cacheRead = tokenCount(input['cached_tokens']) ?? tokenCount(input['cache_read_input_tokens']);
  const cacheWrite =
    tokenCount(input['cache_write_tokens']) ?? tokenCount(input['cache_creation_input_tokens']);
  const reasoning = tokenCount(output['reasoning_tokens']);
  const counts = told({
    uncachedInput: readUncached(tokenCount(usage['input_tokens']), cacheRead, cacheWrite),
    cacheRead,
    cacheWrite,
    output: readOutput(usage, reasoning),
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

/** xAI's models sometimes report more cached tokens than input tokens: then the two do not overlap. */
function readUncached(input: number | undefined, cacheRead = 0, cacheWrite = 0): number | undefined {
  return input !== undefined && cacheRead > input ? input : uncachedPart(input, cacheRead, cacheWrite);
}

/** Reasoning that is counted beside the output, as xAI does in its other API: the total gives it away. */
function readOutput(usage: Readonly<Record<string, unknown>>, reasoning = 0): number | undefined {
  const output = tokenCount(usage['output_tokens']);
  if (output === undefined || reasoning === 0) return output;
  const input = tokenCount(usage['input_tokens']) ?? 0;
  return asNumber(usage['total_tokens']) === input + output + reasoning ? output + reasoning : output;
}
