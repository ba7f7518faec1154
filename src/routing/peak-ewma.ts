// A mean of latencies that believes bad news at once and good news slowly: a new peak counts in full, and only time takes
// it down again.

export type PeakEwma = { readonly at: number; readonly ms: number };

/** How long a peak is remembered where there is traffic, and where there is little of it. */
const TAU_BUSY_MS = 10_000;
const TAU_QUIET_MS = 60_000;
/** Observations further apart than this are little traffic. */
const QUIET_AFTER_MS = 10_000;

/** An error that comes in 5 ms must not look like a fast answer. */
export const PENALTY_MS_MIN = 5000;
const PENALTY_MS_MAX = 300_000;

export function observePeak(before: PeakEwma | undefined, ms: number, now: number): PeakEwma {
  if (before === undefined) return { at: now, ms };
  const elapsed = Math.max(0, now - before.at);
  const kept = Math.exp(-elapsed / (elapsed > QUIET_AFTER_MS ? TAU_QUIET_MS : TAU_BUSY_MS));
  return { at: Math.max(before.at, now), ms: ms >= before.ms ? ms : before.ms * kept + ms * (1 - kept) };
}

/** What a failure counts for: what the provider asked for, or five seconds. */
export function penaltyMs(retryAfterMs: number | undefined): number {
  return Math.min(PENALTY_MS_MAX, Math.max(PENALTY_MS_MIN, retryAfterMs ?? 0));
}

/** A whole reply takes as long as it is: only its time for a hundred tokens can be compared with a first token's. */
export function comparableMs(ms: number, outputTokens: number): number {
  return ms / (1 + outputTokens / 100);
}
