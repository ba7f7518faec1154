// Percentiles that can be merged: a histogram with logarithmic buckets 2 % wide, whose counts fade. Two sketches of the
// same values are the same in whatever order the values came.

export type LatencySketch = {
  /** Counts are kept as they were worth at this moment; a later value weighs e^((t − landmark)/τ) there. */
  readonly landmark: number;
  readonly counts: ReadonlyMap<number, number>;
};

const GAMMA = 1.02;
const LOG_GAMMA = Math.log(GAMMA);
/** Ten minutes: 672 buckets at most. */
const LATENCY_MS_MAX = 600_000;
const TAU_MS = 3_600_000;
/** Beyond this the weights would leave the range of numbers. */
const LANDMARK_AGE_MAX = 20 * TAU_MS;

export const EMPTY_SKETCH: LatencySketch = { landmark: 0, counts: new Map() };

/** The bucket of a latency: what travels in reports. */
export function latencyBucket(ms: number): number {
  return Math.ceil(Math.log(Math.min(LATENCY_MS_MAX, Math.max(1, ms))) / LOG_GAMMA);
}

/** The middle of a bucket: within 1 % of each value in it. */
export function bucketMs(bucket: number): number {
  return (2 * GAMMA ** bucket) / (1 + GAMMA);
}

export function addToSketch(sketch: LatencySketch, at: number, buckets: readonly number[]): LatencySketch {
  if (buckets.length === 0) return sketch;
  const { landmark, counts } = at - sketch.landmark > LANDMARK_AGE_MAX ? rebased(sketch, at) : sketch;
  const next = new Map(counts);
  const weight = Math.exp((at - landmark) / TAU_MS);
  for (const bucket of buckets) next.set(bucket, (next.get(bucket) ?? 0) + weight);
  return { landmark, counts: next };
}

/** How many values the sketch is worth at `now`. */
export function sketchWeight({ landmark, counts }: LatencySketch, now: number): number {
  let sum = 0;
  for (const count of counts.values()) sum += count;
  return sum * Math.exp((landmark - now) / TAU_MS);
}

/** `quantile` in (0, 1]. `undefined` for an empty sketch. */
export function sketchQuantile({ counts }: LatencySketch, quantile: number): number | undefined {
  let total = 0;
  for (const count of counts.values()) total += count;
  let left = total * quantile;
  for (const bucket of [...counts.keys()].sort((a, b) => a - b)) {
    left -= counts.get(bucket) ?? 0;
    if (left <= 1e-9 * total) return bucketMs(bucket);
  }
  return undefined;
}

function rebased({ landmark, counts }: LatencySketch, at: number): LatencySketch {
  const faded = Math.exp((landmark - at) / TAU_MS);
  const kept = [...counts]
    .map(([bucket, count]) => [bucket, count * faded] as const)
    .filter(([, count]) => count > 1e-9);
  return { landmark: at, counts: new Map(kept) };
}
