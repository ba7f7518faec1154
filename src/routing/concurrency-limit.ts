// How much a provider can take at once, found out as TCP does: up while it goes well, down by three tenths when it says
// that it is overloaded. Loss-based, because we do not own all of its traffic and so no gradient of latency means anything.

export type ConcurrencyLimit = {
  /** Absent until the provider has once been overloaded: before that there is nothing to protect. */
  readonly max?: number;
  readonly changedAt: number;
};

export const NO_LIMIT: ConcurrencyLimit = { changedAt: 0 };

const LIMIT_MIN = 2;
const BACK_OFF = 0.7;
/** One change in a round trip: what is lost within it was sent before the last change. */
const ROUND_TRIP_MS = 1000;
/** An idle limit says nothing about whether more would go. */
const USED_SHARE_MIN = 0.5;

export function adjustLimit(
  limit: ConcurrencyLimit,
  {
    overloads,
    inFlight,
    now,
  }: { readonly overloads: number; readonly inFlight: number; readonly now: number },
): ConcurrencyLimit {
  if (now - limit.changedAt < ROUND_TRIP_MS) return limit;
  if (overloads > 0) {
    const from = Math.min(limit.max ?? Infinity, Math.max(inFlight, LIMIT_MIN));
    return { max: Math.max(LIMIT_MIN, from * BACK_OFF), changedAt: now };
  }
  if (limit.max === undefined || inFlight < limit.max * USED_SHARE_MIN) return limit;
  // One a round trip, as in AIMD; the root keeps a limit of a thousand from taking five minutes to come back.
  return { max: limit.max + Math.max(1, Math.sqrt(limit.max) / 4), changedAt: now };
}

/** More is wanted than may go. A limit at its floor limits nothing any more: what is refused then is not our doing. */
export function isLimiting({ max }: ConcurrencyLimit, wanted: number): boolean {
  return max !== undefined && max > 2 * LIMIT_MIN && wanted > max;
}

/** Requests that want to be in flight, by who is waiting for them. */
export type Wanted = { readonly interactive: number; readonly background: number };

/** Kept free of background work. */
const RESERVED_SHARE = 0.2;

/**
 * The share of each class that may go. Computed from what is wanted and not from what is in flight: a share that is a few
 * seconds old is still right, while "full" or "free" would make all isolates stop and start together.
 */
export function admittedShares(
  max: number | undefined,
  wanted: Wanted,
): { readonly interactive: number; readonly background: number } {
  if (max === undefined) return { interactive: 1, background: 1 };
  const left = Math.max(0, max * (1 - RESERVED_SHARE) - wanted.interactive);
  return {
    interactive: wanted.interactive <= max ? 1 : max / wanted.interactive,
    background: wanted.background <= left ? 1 : left / wanted.background,
  };
}
