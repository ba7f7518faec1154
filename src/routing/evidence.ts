// What is known about one scope: two rings of counts, the last run of failures, and the share of failures that is usual
// there. Evidence is merged, never appended: the same sightings in any order make the same evidence.

import { addDecayed, decayedAt, NOTHING, type Decayed } from './decayed.ts';
import {
  addToRing,
  emptyRing,
  minus,
  NO_COUNTS,
  RING_BUCKETS,
  sumOfRing,
  type Counts,
  type Ring,
} from './ring.ts';
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

const RUN_MIN = 5;
/** A longer one is not kept; where one would be needed, the share is quick enough. */
const RUN_KEPT = 40;
/** A run is evidence when chance alone would make one as seldom as this. */
const RUN_CHANCE = 1e-7;
/** What is taken for usual before anything is. */
const USUAL_SHARE_UNKNOWN = 0.05;

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
  const run = Array.from({ length: Math.min(RUN_KEPT, counts.failed) }, () => at);
  return {
    ...evidence,
    fast: addToRing(evidence.fast, at, counts),
    slow: addToRing(evidence.slow, at, counts),
    okAt: counts.ok > 0 ? Math.max(evidence.okAt, at) : evidence.okAt,
    failedAt: [...evidence.failedAt, ...run].sort((a, b) => b - a).slice(0, RUN_KEPT),
    usual: learn
      ? {
          failed: addDecayed(evidence.usual.failed, at, failed, USUAL_TAU_MS),
          all: addDecayed(evidence.usual.all, at, failed + counts.ok, USUAL_TAU_MS),
        }
      : evidence.usual,
  };
}

export type Cause = 'run' | 'share' | 'slow';

/**
 * How long a success may be under way when a failure is told at once: nothing in an isolate that judges by what it has seen
 * itself, a second in an object that is told of successes in batches.
 */
export type Hearing = 'own' | 'fleet';
const UNHEARD_MS: Readonly<Record<Hearing, number>> = { own: 0, fleet: 1200 };

/** Why the scope should be opened, or `undefined` when it should not. */
export function verdict(evidence: Evidence, now: number, hearing: Hearing): Cause | undefined {
  const { failed, limited, slow } = sumOfRing(evidence.slow, now);
  if (failed + limited + slow === 0) return undefined;
  const usual = usualShare(evidence, now);
  const unheard = (rate(evidence, now) * UNHEARD_MS[hearing]) / 1000;
  if (run(evidence) >= runMin(usual, unheard)) return 'run';
  const windows = judgedWindows(evidence, now, hearing);
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
 * Five in a row, or as many as chance would bring once in ten million where failures are usual, `unheard` being the calls
 * whose successes may not have been told yet. At 15 % a fleet of 50 calls a second makes a run of five every few minutes,
 * and at 1 % it has told of a failure or two before it tells of the successes between them.
 */
export function runMin(usual: number | undefined, unheard = 0): number {
  const share = Math.min(0.9, usual ?? USUAL_SHARE_UNKNOWN);
  const meanwhile = poissonQuantile(share * unheard);
  if (usual === undefined || usual <= 0) return Math.max(RUN_MIN, meanwhile);
  return Math.max(RUN_MIN, meanwhile, Math.ceil(Math.log(RUN_CHANCE) / Math.log(share)));
}

/** The least count that a Poisson variable of this mean reaches with less than `RUN_CHANCE`; Infinity beyond what is kept. */
function poissonQuantile(mean: number): number {
  if (mean <= 0) return 0;
  if (mean > RUN_KEPT) return Infinity;
  let term = Math.exp(-mean);
  let below = 0;
  for (let count = 0; count <= RUN_KEPT; count += 1) {
    if (1 - below < RUN_CHANCE) return count;
    below += term;
    term *= mean / (count + 1);
  }
  return Infinity;
}

/** Calls a second in the last whole seconds. */
function rate({ fast }: Evidence, now: number): number {
  const { ok, failed, limited } = sumOfRing(fast, now);
  return (ok + failed + limited) / RING_BUCKETS;
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

/**
 * The last 10 s, and the last 6, 12, … 60 s: in a long window the good minutes before an outage would speak for it for half
 * a minute. An object leaves the running second out of each: its failures are known and its successes are not yet.
 */
function judgedWindows({ fast, slow }: Evidence, now: number, hearing: Hearing): readonly Counts[] {
  const running = hearing === 'own' ? NO_COUNTS : sumOfRing(fast, now, 1);
  const shortest = hearing === 'own' ? 1 : 2;
  const suffixes = slow.buckets.slice(shortest - 1).map((_, index) => sumOfRing(slow, now, index + shortest));
  return [sumOfRing(fast, now), ...suffixes].map((counts) => minus(counts, running));
}
