// Exact counts of the last while, in buckets that expire by themselves. Adding is commutative: counts may arrive in any
// order and late, and the ring comes out the same.

export type Counts = {
  readonly ok: number;
  readonly failed: number;
  /** Told to come later. Counts as failed in a share and never in a run. */
  readonly limited: number;
  /** First tokens that came too late, among `timed`. */
  readonly slow: number;
  readonly timed: number;
};

export const NO_COUNTS: Counts = { ok: 0, failed: 0, limited: 0, slow: 0, timed: 0 };

type Bucket = Counts & {
  /** Time divided by the width, so that no bucket begins at the moment of somebody's call. */
  readonly id: number;
};

export type Ring = {
  readonly widthMs: number;
  readonly buckets: readonly Bucket[];
};

export const RING_BUCKETS = 10;

export function emptyRing(widthMs: number): Ring {
  return {
    widthMs,
    buckets: Array.from({ length: RING_BUCKETS }, () => ({ ...NO_COUNTS, id: -RING_BUCKETS })),
  };
}

/** What is older than the newest bucket's whole turn is dropped: it would be out of the window already. */
export function addToRing(ring: Ring, at: number, counts: Counts): Ring {
  const id = Math.floor(at / ring.widthMs);
  const slot = ((id % RING_BUCKETS) + RING_BUCKETS) % RING_BUCKETS;
  const bucket = ring.buckets[slot];
  if (bucket === undefined || bucket.id > id) return ring;
  const next = { ...(bucket.id === id ? plus(bucket, counts) : counts), id };
  return { ...ring, buckets: ring.buckets.with(slot, next) };
}

/** The counts of the newest `buckets` buckets at `now`, the running one included. */
export function sumOfRing(ring: Ring, now: number, buckets = RING_BUCKETS): Counts {
  const newest = Math.floor(now / ring.widthMs);
  let sum = NO_COUNTS;
  for (const bucket of ring.buckets) {
    if (bucket.id > newest - buckets && bucket.id <= newest) sum = plus(sum, bucket);
  }
  return sum;
}

export function minus(a: Counts, b: Counts): Counts {
  return {
    ok: a.ok - b.ok,
    failed: a.failed - b.failed,
    limited: a.limited - b.limited,
    slow: a.slow - b.slow,
    timed: a.timed - b.timed,
  };
}

function plus(a: Counts, b: Counts): Counts {
  return {
    ok: a.ok + b.ok,
    failed: a.failed + b.failed,
    limited: a.limited + b.limited,
    slow: a.slow + b.slow,
    timed: a.timed + b.timed,
  };
}
