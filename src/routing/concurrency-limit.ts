// How much a provider can take at once, found out as TCP does: up while it goes well, down when it says that it is
// overloaded, by as much as it refused. Loss-based, because we do not own all of its traffic and so no gradient of latency
// means anything.

export type ConcurrencyLimit = {
  /** Absent until the provider has once been overloaded: before that there is nothing to protect. */
  readonly max?: number;
  /** Since the limit was last looked at. */
  readonly sent: number;
  readonly refused: number;
  readonly lookedAt: number;
  readonly raisedAt: number;
  readonly refusedAt: number;
};

export const NO_LIMIT: ConcurrencyLimit = { sent: 0, refused: 0, lookedAt: 0, raisedAt: 0, refusedAt: 0 };

const LIMIT_MIN = 2;
/** At most three tenths down in one step. */
const BACK_OFF_MAX = 0.3;
/** One step down in this: what is refused within it was sent by isolates that had not heard of the last one. */
const SETTLE_MS = 4000;
/** One step up in this, and none so soon after a refusal. */
const STEP_MS = 1000;
const CALM_MS = 1500;
/** An idle limit says nothing about whether more would go. */
const USED_SHARE_MIN = 0.5;

export type Told = {
  readonly sent: number;
  readonly refused: number;
  /** Nothing while no reply has ended: then there is nothing yet to begin from. */
  readonly inFlight: number;
  readonly now: number;
};

export function adjustLimit(before: ConcurrencyLimit, told: Told): ConcurrencyLimit {
  const { now, inFlight } = told;
  const limit = {
    ...before,
    sent: before.sent + told.sent,
    refused: before.refused + told.refused,
    refusedAt: told.refused > 0 ? now : before.refusedAt,
  };
  if (limit.max === undefined) {
    if (told.refused === 0 || inFlight < LIMIT_MIN)
      return now - limit.lookedAt < SETTLE_MS ? limit : looked(limit, now);
    return { ...looked(limit, now), max: inFlight };
  }
  if (now - limit.lookedAt >= SETTLE_MS) {
    const share = limit.refused / Math.max(1, limit.sent, limit.refused);
    return {
      ...looked(limit, now),
      max: Math.max(LIMIT_MIN, limit.max * (1 - Math.min(BACK_OFF_MAX, share))),
    };
  }
  const mayRise = now - limit.raisedAt >= STEP_MS && now - limit.refusedAt >= CALM_MS;
  if (!mayRise || inFlight < limit.max * USED_SHARE_MIN) return limit;
  // One a step, as in AIMD; the root keeps a limit of a thousand from taking five minutes to come back.
  return { ...limit, max: limit.max + Math.max(1, Math.sqrt(limit.max) / 4), raisedAt: now };
}

function looked(limit: ConcurrencyLimit, now: number): ConcurrencyLimit {
  return { ...limit, sent: 0, refused: 0, lookedAt: now };
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
