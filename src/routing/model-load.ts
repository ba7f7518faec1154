// How one model of a provider does: first tokens of the last hour, of the last seconds, and how often it was good.

import { addDecayed, decayedAt, NOTHING, type Decayed } from './decayed.ts';
import {
  addToSketch,
  bucketMs,
  EMPTY_SKETCH,
  sketchQuantile,
  sketchWeight,
  type LatencySketch,
} from './latency-sketch.ts';
import type { Rewards } from './balancers/balancer.ts';

export type ModelLoad = {
  readonly seenAt: number;
  readonly ttft: LatencySketch;
  readonly recentMs: Decayed;
  readonly recentCount: Decayed;
  readonly won: Decayed;
  readonly lost: Decayed;
};

export const UNKNOWN_LOAD: ModelLoad = {
  seenAt: 0,
  ttft: EMPTY_SKETCH,
  recentMs: NOTHING,
  recentCount: NOTHING,
  won: NOTHING,
  lost: NOTHING,
};

const RECENT_TAU_MS = 10_000;
/** A half-life of five minutes. */
const REWARD_TAU_MS = 300_000 / Math.LN2;
/** Without news for so long, rewards are no longer believed. */
const REWARD_EXPIRES_MS = 180_000;

/** Later than three times what is usual, and never before this, is slow. */
const SLOW_MS_MIN = 10_000;
const SLOW_FACTOR = 3;
/** With fewer replies behind it no percentile is believed. */
const PERCENTILE_WEIGHT_MIN = 50;

export type Observed = {
  readonly at: number;
  /** Buckets of the latency sketch, one a first token. */
  readonly ttft: readonly number[];
  readonly won: number;
  readonly lost: number;
};

export function observeLoad(load: ModelLoad, { at, ttft, won, lost }: Observed): ModelLoad {
  const ms = ttft.reduce((sum, bucket) => sum + bucketMs(bucket), 0);
  return {
    seenAt: Math.max(load.seenAt, at),
    ttft: addToSketch(load.ttft, at, ttft),
    recentMs: addDecayed(load.recentMs, at, ms, RECENT_TAU_MS),
    recentCount: addDecayed(load.recentCount, at, ttft.length, RECENT_TAU_MS),
    won: addDecayed(load.won, at, won, REWARD_TAU_MS),
    lost: addDecayed(load.lost, at, lost, REWARD_TAU_MS),
  };
}

/** The mean of the last seconds; `undefined` when there was hardly anything. */
export function recentTtftMs(load: ModelLoad, now: number): number | undefined {
  const count = decayedAt(load.recentCount, now, RECENT_TAU_MS);
  return count < 0.01 ? undefined : decayedAt(load.recentMs, now, RECENT_TAU_MS) / count;
}

export function rewardsAt(load: ModelLoad, now: number): Rewards {
  if (now - load.seenAt > REWARD_EXPIRES_MS) return { won: 0, lost: 0 };
  return {
    won: decayedAt(load.won, now, REWARD_TAU_MS),
    lost: decayedAt(load.lost, now, REWARD_TAU_MS),
  };
}

export function ttftQuantileMs(load: ModelLoad, quantile: number, now: number): number | undefined {
  return sketchWeight(load.ttft, now) < PERCENTILE_WEIGHT_MIN
    ? undefined
    : sketchQuantile(load.ttft, quantile);
}

/** Above this a first token is slow: max(10 s, 3 × p95). `undefined` while nothing is usual. */
export function slowAboveMs(load: ModelLoad, now: number): number | undefined {
  const usual = ttftQuantileMs(load, 0.95, now);
  return usual === undefined ? undefined : Math.max(SLOW_MS_MIN, SLOW_FACTOR * usual);
}
