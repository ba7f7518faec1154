// What is known about one scope: two rings of counts, the last run of failures, and the share of failures that is usual
// there. Evidence is merged, never appended: the same sightings in any order make the same evidence.

import { addDecayed, decayedAt, NOTHING, type Decayed } from './decayed.ts';
import { addToRing, emptyRing, NO_COUNTS, sumOfRing, type Counts, type Ring } from './ring.ts';
import { wilsonLowerBound } from './wilson.ts';

export type Evidence = {
  /** Earlier sightings do not count: the window is empty after a recovery. */
  readonly from: number;
  /** 10 × 1 s, for outages. */
  readonly fast: Ring;
  /** 10 × 6 s, for quiet targets. */
  readonly slow: Ring;
  readonly okAt: number;
  /** The newest failures, newest first. Those after `okAt` are the run. */
  readonly failedAt: readonly number[];
  readonly usual: Usual;
};

/** Failures and all calls with a memory of an hour. */
type Usual = { readonly failed: Decayed; readonly all: Decayed };

export type Sighted = Partial<Counts> & { readonly at: number };

/** τ of the usual share of failures. */
const USUAL_TAU_MS = 3_600_000;
/** With fewer calls than this behind it nothing is usual yet. */
const USUAL_CALLS_MIN = 50;

export const RUN_MIN = 5;
const RUN_MAX = 16;
/** A run is evidence when chance alone would make one as seldom as this. */
const RUN_CHANCE = 1e-7;

const THRESHOLD_MIN = 0.2;
const THRESHOLD_MAX = 0.5;
const SLOW_SHARE_MAX = 0.5;

export function noEvidence(from: number, usual: Usual = { failed: NOTHING, all: NOTHING }): Evidence {
  return { from, fast: emptyRing(1000), slow: emptyRing(6000), okAt: 0, failedAt: [], usual };
}

/** `learn` is false while the scope is not closed: an outage never becomes usual. */
export function addEvidence(evidence: Evidence, { at, ...some }: Sighted, learn: boolean): Evidence {
  if (at < evidence.from) return evidence;
  const counts = { ...NO_COUNTS, ...some };
  const failed = counts.failed + counts.limited;
  const run = Array.from({ length: Math.min(RUN_MAX, counts.failed) }, () => at);
  return {
    ...evidence,
    fast: addToRing(evidence.fast, at, counts),
    slow: addToRing(evidence.slow, at, counts),
    okAt: counts.ok > 0 ? Math.max(evidence.okAt, at) : evidence.okAt,
    failedAt: [...evidence.failedAt, ...run].sort((a, b) => b - a).slice(0, RUN_MAX),
    usual: learn
      ? {
          failed: addDecayed(evidence.usual.failed, at, failed, USUAL_TAU_MS),
          all: addDecayed(evidence.usual.all, at, failed + counts.ok, USUAL_TAU_MS),
        }
      : evidence.usual,
  };
}

export type Cause = 'run' | 'share' | 'slow';

/** Why the scope should be opened, or `undefined` when it should not. */
export function verdict(evidence: Evidence, now: number): Cause | undefined {
  const usual = usualShare(evidence, now);
  if (run(evidence) >= runMin(usual)) return 'run';
  const windows = [sumOfRing(evidence.fast, now), ...suffixes(evidence.slow, now)];
  if (windows.some((counts) => isShareTooHigh(counts, usual))) return 'share';
  return windows.some(({ slow, timed }) => wilsonLowerBound(slow, timed) > SLOW_SHARE_MAX)
    ? 'slow'
    : undefined;
}

/** Failures since the last success. */
export function run({ failedAt, okAt }: Evidence): number {
  return failedAt.filter((at) => at > okAt).length;
}

/**
 * Five in a row, or as many as would come about by chance once in ten million calls where failures are usual: at 15 % a
 * fleet of 50 calls a second makes a run of five every few minutes without anything having changed.
 */
export function runMin(usual: number | undefined): number {
  if (usual === undefined || usual <= 0) return RUN_MIN;
  return Math.min(
    RUN_MAX,
    Math.max(RUN_MIN, Math.ceil(Math.log(RUN_CHANCE) / Math.log(Math.min(0.9, usual)))),
  );
}

/** θ = clamp(b + 4·√(b(1−b)/n), 0.2, 0.5) with the usual share b and the calls n that are judged. */
export function threshold(usual: number | undefined, calls: number): number {
  if (usual === undefined) return THRESHOLD_MAX;
  const theta = usual + 4 * Math.sqrt((usual * (1 - usual)) / Math.max(1, calls));
  return Math.min(THRESHOLD_MAX, Math.max(THRESHOLD_MIN, theta));
}

/** What is usual is what was before the last minute: what is being judged does not speak for itself. */
export function usualShare({ usual, slow }: Evidence, now: number): number | undefined {
  const minute = sumOfRing(slow, now);
  const failed = decayedAt(usual.failed, now, USUAL_TAU_MS) - minute.failed - minute.limited;
  const all = decayedAt(usual.all, now, USUAL_TAU_MS) - minute.failed - minute.limited - minute.ok;
  return all < USUAL_CALLS_MIN ? undefined : Math.min(1, Math.max(0, failed / all));
}

function isShareTooHigh({ ok, failed, limited }: Counts, usual: number | undefined): boolean {
  const calls = ok + failed + limited;
  return wilsonLowerBound(failed + limited, calls) > threshold(usual, calls);
}

/** The last 6, 12, … 60 s: in a long window the good minutes before an outage would speak for it for half a minute. */
function suffixes(ring: Ring, now: number): readonly Counts[] {
  return ring.buckets.map((_, index) => sumOfRing(ring, now, index + 1));
}
