// Tokens of one reply, in buckets that do not overlap, so that each has one price.
// `undefined` is "the provider did not tell"; 0 is zero.

export type Usage = {
  /** Prompt tokens that were neither read from nor written to the provider's prompt cache. */
  readonly uncachedInput?: number;
  readonly cacheRead?: number;
  readonly cacheWrite?: number;
  /** The part of `cacheWrite` that is kept for an hour, which has a price of its own. */
  readonly cacheWriteLong?: number;
  /** All generated tokens, reasoning included. */
  readonly output?: number;
  /** The part of `output` that was reasoning. Kept as told, even where a provider reports more than `output`. */
  readonly reasoning?: number;
  /** The tokens on the bill, where the provider leaves out some of those that the model read. */
  readonly billedInput?: number;
  readonly billedOutput?: number;
  /** What the provider itself says the reply cost, in US dollars: it knows discounts and tools' fees that we do not. */
  readonly costUsd?: number;
};

/** All prompt tokens, or `undefined` when the provider told none of the three buckets. */
export function inputTotal(usage: Usage): number | undefined {
  if (usage.uncachedInput === undefined && usage.cacheRead === undefined && usage.cacheWrite === undefined) {
    return undefined;
  }
  return (usage.uncachedInput ?? 0) + (usage.cacheRead ?? 0) + (usage.cacheWrite ?? 0);
}

/** The later report wins bucket by bucket: providers repeat cumulative figures, they do not send increments. */
export function mergeUsage(earlier: Usage | undefined, later: Usage): Usage {
  return earlier === undefined ? later : { ...earlier, ...definedOnly(later) };
}

/** A token count as a provider wrote it: a whole number from 0 to a plausible ceiling, otherwise "not told". */
export function tokenCount(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= TOKENS_MAX
    ? value
    : undefined;
}

/** Splits a total that includes the cached part, as OpenAI counts. Never below 0. */
export function uncachedPart(total: number | undefined, cacheRead = 0, cacheWrite = 0): number | undefined {
  return total === undefined ? undefined : Math.max(0, total - cacheRead - cacheWrite);
}

/** No model of 2026 takes or makes more in one request; a larger figure is a provider's mistake. */
const TOKENS_MAX = 100_000_000;

function definedOnly(usage: Usage): Usage {
  return Object.fromEntries(Object.entries(usage).filter(([, count]) => count !== undefined));
}
