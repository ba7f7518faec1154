// How long a first token may take, from how long it does take: one and a half times the 99.9th percentile, so that one in a
// thousand good replies at most is given up. Within bounds, and never longer than what was configured.

export type MeasuredTtft = { readonly p999Ms?: number };

const FACTOR = 1.5;
/** Even the fastest model has a bad second. */
const TIMEOUT_MS_MIN = 5000;

/** `seedMs` is the limit that holds while nothing has been measured, and the most that is ever waited. */
export function firstContentMs(seedMs: number, { p999Ms }: MeasuredTtft): number {
  if (p999Ms === undefined) return seedMs;
  return Math.min(seedMs, Math.max(TIMEOUT_MS_MIN, FACTOR * p999Ms));
}
