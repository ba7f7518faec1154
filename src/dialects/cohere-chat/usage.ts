// Token counts. `tokens` is what the model read and wrote; `billed_units` leaves out Cohere's own preamble: it is what the
// reply costs, and stands in for the counts only where nothing else is told. The cached part is part of the input, reasoning part of the output.
// https://docs.cohere.com/docs/how-does-cohere-pricing-work

import { isObject } from '../../core/json.ts';
import { tokenCount, uncachedPart, type Usage } from '../../core/usage.ts';
import { told } from '../told.ts';

/** `undefined` when there is none. */
export function readUsage(usage: unknown): Usage | undefined {
  if (!isObject(usage)) return undefined;
  const tokens = isObject(usage['tokens']) ? usage['tokens'] : {};
  const billed = isObject(usage['billed_units']) ? usage['billed_units'] : {};
  const cacheRead = tokenCount(usage['cached_tokens']);
  const counts = told({
    uncachedInput: uncachedPart(
      tokenCount(tokens['input_tokens']) ?? tokenCount(billed['input_tokens']),
      cacheRead,
    ),
    cacheRead,
    output: tokenCount(tokens['output_tokens']) ?? tokenCount(billed['output_tokens']),
    reasoning: tokenCount(tokens['reasoning_tokens']),
    billedInput: tokenCount(billed['input_tokens']),
    billedOutput: tokenCount(billed['output_tokens']),
  });
  return Object.keys(counts).length === 0 ? undefined : counts;
}
