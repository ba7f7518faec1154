// Two ways in which providers of OpenAI's dialects count otherwise than OpenAI, which their own figures give away.

import { uncachedPart } from '../core/usage.ts';

/** xAI's models sometimes report more cached tokens than prompt tokens: then the two do not overlap. */
export function uncachedInput(input: number | undefined, cacheRead = 0, cacheWrite = 0): number | undefined {
  return input !== undefined && cacheRead > input ? input : uncachedPart(input, cacheRead, cacheWrite);
}

/** xAI counts reasoning beside the output, of which it is a part everywhere else: the total is higher by it. */
export function wholeOutput(counted: {
  readonly input: number | undefined;
  readonly output: number | undefined;
  readonly reasoning: number | undefined;
  readonly total: number | undefined;
}): number | undefined {
  const { input = 0, output, reasoning = 0, total } = counted;
  if (output === undefined || reasoning === 0) return output;
  return total === input + output + reasoning ? output + reasoning : output;
}
