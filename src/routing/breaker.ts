// The breaker of one scope. A pure reducer over what was seen there, who asks to probe, and what operators say.
//
//            verdict, or a credential that is barred                 its time is over, and somebody asks to probe
//   CLOSED ──────────────────────────────────────────▶ OPEN ────────────────────────────────────▶ HALF_OPEN
//     ▲  ▲                                              ▲ ▲   a probe fails: longer than before      │ │
//     │  └──── 30 s ──── RAMP ── verdict ───────────────┘ └─────────────────────────────────────────┘ │
//     │                   ▲       a lease expires and nobody reported: as before, due at once          │
//     │                   └──────────────────────── three probes pass ────────────────────────────────┘
//   operators:  FORCED_OPEN refuses, DISABLED counts and refuses nobody; both last until they say otherwise
//
// HALF_OPEN exists only while a lease lives, so a prober that dies cannot keep a scope half open.

import { addEvidence, noEvidence, verdict, type Cause, type Evidence, type Sighted } from './evidence.ts';

export type Phase =
  | { readonly is: 'closed'; readonly since: number; readonly opened: number }
  | {
      readonly is: 'open';
      readonly since: number;
      readonly until: number;
      /** Openings in a row: each lasts longer. */
      readonly opened: number;
      readonly cause: OpenCause;
    }
  | {
      readonly is: 'half-open';
      readonly since: number;
      readonly opened: number;
      readonly cause: OpenCause;
      readonly passed: number;
      readonly leases: readonly Lease[];
      /** The last lease granted or reported. */
      readonly movedAt: number;
    }
  | { readonly is: 'ramp'; readonly since: number; readonly opened: number }
  | { readonly is: 'forced-open'; readonly since: number }
  | { readonly is: 'disabled'; readonly since: number };

export type OpenCause = Cause | BarredCause;
export type BarredCause = 'auth' | 'quota';

export type Lease = { readonly id: string; readonly until: number };

export type Breaker = {
  readonly phase: Phase;
  readonly evidence: Evidence;
  /** "Come again in n seconds": refused until then, whatever the phase. */
  readonly coolUntil: number;
  /** The same wish with a failure: an opening does not end before it. */
  readonly floorUntil: number;
};

export type BreakerEvent =
  | {
      readonly kind: 'seen';
      readonly sighted: Sighted;
      readonly floorUntil?: number;
      readonly coolUntil?: number;
    }
  | {
      readonly kind: 'barred';
      readonly cause: BarredCause;
      readonly at: number;
      readonly retryAfterMs?: number;
    }
  | { readonly kind: 'asked'; readonly lease: string }
  | { readonly kind: 'probed'; readonly lease: string; readonly verdict: 'passed' | 'failed' | 'released' }
  | { readonly kind: 'ordered'; readonly to: 'forced-open' | 'disabled' | 'closed' }
  | { readonly kind: 'passed-time' };

export type Moment = {
  readonly now: number;
  /** Uniform in [0, 1). */
  readonly drawn: number;
};

const OPEN_MS_FIRST = 5000;
const OPEN_MS_MAX = 300_000;
/** Closed for so long, and the next opening is a first one again. */
const FORGIVEN_AFTER_MS = 600_000;
export const LEASE_MS = 30_000;
const PROBES_FIRST = 1;
const PROBES_AFTER_SUCCESS = 3;
const PASSES_NEEDED = 3;
const RAMP_MS = 30_000;
const RAMP_WEIGHT_FIRST = 0.1;
const WISH_MS_MAX = 300_000;
const QUOTA_WISH_MS_MAX = 3_600_000;

/** Money does not come back in seconds; a key that was refused needs an operator. */
const BARRED_MS: Readonly<Record<BarredCause, { readonly first: number; readonly max: number }>> = {
  quota: { first: 900_000, max: 86_400_000 },
  auth: { first: 300_000, max: 3_600_000 },
};

export function newBreaker(now: number): Breaker {
  return {
    phase: { is: 'closed', since: now, opened: 0 },
    evidence: noEvidence(0),
    coolUntil: 0,
    floorUntil: 0,
  };
}

export function reduceBreaker(before: Breaker, event: BreakerEvent, moment: Moment): Breaker {
  const breaker = passTime(before, moment.now);
  switch (event.kind) {
    case 'seen':
      return seen(breaker, event, moment);
    case 'barred':
      return bar(breaker, event, moment);
    case 'asked':
      return grant(breaker, event.lease, moment.now);
    case 'probed':
      return probed(breaker, event, moment);
    case 'ordered':
      return order(breaker, event.to, moment.now);
    case 'passed-time':
      return breaker;
  }
}

/** Whether a request may go through: `probe` only with a lease. */
export function admits({ phase, coolUntil }: Breaker, now: number): 'yes' | 'probe' | 'no' {
  if (phase.is === 'disabled') return 'yes';
  if (phase.is === 'forced-open' || now < coolUntil) return 'no';
  switch (phase.is) {
    case 'closed':
    case 'ramp':
      return 'yes';
    case 'open':
      return now < phase.until ? 'no' : 'probe';
    case 'half-open':
      return liveLeases(phase.leases, now).length < probesAllowed(phase.passed) ? 'probe' : 'no';
  }
}

export function holdsLease({ phase }: Breaker, lease: string): boolean {
  return phase.is === 'half-open' && phase.leases.some(({ id }) => id === lease);
}

/** A target that has just come back is not at once given all that it had: 0.1 to 1 in 30 s. */
export function rampWeight(phase: { readonly is: string; readonly since: number }, now: number): number {
  if (phase.is !== 'ramp') return 1;
  const done = Math.min(1, Math.max(0, (now - phase.since) / RAMP_MS));
  return RAMP_WEIGHT_FIRST + (1 - RAMP_WEIGHT_FIRST) * done;
}

/** When the phase changes by itself, if it does: the alarm. */
export function changesAt({ phase }: Breaker): number | undefined {
  switch (phase.is) {
    case 'half-open':
      return phase.movedAt + LEASE_MS;
    case 'ramp':
      return phase.since + RAMP_MS;
    case 'closed':
    case 'open':
    case 'forced-open':
    case 'disabled':
      return undefined;
  }
}

function passTime(breaker: Breaker, now: number): Breaker {
  const { phase } = breaker;
  if (phase.is === 'ramp' && now - phase.since >= RAMP_MS) {
    return { ...breaker, phase: { is: 'closed', since: phase.since + RAMP_MS, opened: phase.opened } };
  }
  if (phase.is !== 'half-open') return breaker;
  const leases = liveLeases(phase.leases, now);
  if (leases.length === 0 && now - phase.movedAt >= LEASE_MS) {
    const { since, opened, cause } = phase;
    return { ...breaker, phase: { is: 'open', since, until: phase.movedAt + LEASE_MS, opened, cause } };
  }
  return leases.length === phase.leases.length ? breaker : { ...breaker, phase: { ...phase, leases } };
}

function seen(breaker: Breaker, event: Extract<BreakerEvent, { kind: 'seen' }>, moment: Moment): Breaker {
  const { phase } = breaker;
  const wishes = {
    coolUntil: Math.max(breaker.coolUntil, Math.min(event.coolUntil ?? 0, moment.now + WISH_MS_MAX)),
    floorUntil: Math.max(breaker.floorUntil, Math.min(event.floorUntil ?? 0, moment.now + WISH_MS_MAX)),
  };
  const learn = phase.is === 'closed' || phase.is === 'disabled';
  const next = { ...breaker, ...wishes, evidence: addEvidence(breaker.evidence, event.sighted, learn) };
  if (phase.is !== 'closed' && phase.is !== 'ramp') return next;
  const cause = verdict(next.evidence, moment.now, 'fleet');
  return cause === undefined ? next : open(next, cause, moment);
}

function open(breaker: Breaker, cause: OpenCause, { now, drawn }: Moment): Breaker {
  const { phase } = breaker;
  const opened = openedBefore(phase, now) + 1;
  const lasts = Math.min(OPEN_MS_MAX, OPEN_MS_FIRST * 2 ** (opened - 1)) * (0.8 + 0.4 * drawn);
  const until = Math.max(now + lasts, breaker.floorUntil);
  return { ...breaker, phase: { is: 'open', since: now, until, opened, cause } };
}

function openedBefore(phase: Phase, now: number): number {
  if (!('opened' in phase)) return 0;
  return phase.is === 'closed' && now - phase.since >= FORGIVEN_AFTER_MS ? 0 : phase.opened;
}

/** While it is open, further refusals of calls that were under way say nothing new, and nothing shortens it. */
function bar(
  breaker: Breaker,
  event: Extract<BreakerEvent, { kind: 'barred' }>,
  { now, drawn }: Moment,
): Breaker {
  const { phase } = breaker;
  if (phase.is === 'forced-open' || phase.is === 'disabled') return breaker;
  if (event.at < breaker.evidence.from) return breaker;
  if (phase.is === 'open' && (phase.cause === event.cause || phase.cause === 'quota')) return breaker;
  const { first, max } = BARRED_MS[event.cause];
  const opened = openedBefore(phase, now) + 1;
  const lasts = Math.min(max, first * 4 ** (opened - 1)) * (1 + 0.2 * drawn);
  const wished = Math.min(event.retryAfterMs ?? 0, event.cause === 'quota' ? QUOTA_WISH_MS_MAX : WISH_MS_MAX);
  const until = now + Math.max(lasts, wished);
  return { ...breaker, phase: { is: 'open', since: now, until, opened, cause: event.cause } };
}

function grant(breaker: Breaker, lease: string, now: number): Breaker {
  if (admits(breaker, now) !== 'probe') return breaker;
  const { phase } = breaker;
  const granted = { id: lease, until: now + LEASE_MS };
  if (phase.is === 'half-open') {
    return { ...breaker, phase: { ...phase, leases: [...phase.leases, granted], movedAt: now } };
  }
  if (phase.is !== 'open') return breaker;
  const { opened, cause } = phase;
  return {
    ...breaker,
    phase: { is: 'half-open', since: now, opened, cause, passed: 0, leases: [granted], movedAt: now },
  };
}

/** A verdict on a lease that has expired, or that is not ours, is not heard. */
function probed(breaker: Breaker, event: Extract<BreakerEvent, { kind: 'probed' }>, moment: Moment): Breaker {
  const { phase } = breaker;
  if (phase.is !== 'half-open' || !holdsLease(breaker, event.lease)) return breaker;
  const { now } = moment;
  const leases = phase.leases.filter(({ id }) => id !== event.lease);
  if (event.verdict === 'failed') {
    const { cause } = phase;
    return cause === 'auth' || cause === 'quota'
      ? bar(breaker, { kind: 'barred', cause, at: now }, moment)
      : open(breaker, cause, moment);
  }
  const passed = phase.passed + (event.verdict === 'passed' ? 1 : 0);
  if (passed >= PASSES_NEEDED)
    return { ...restart(breaker, now), phase: { is: 'ramp', since: now, opened: phase.opened } };
  // A permit given back without a verdict leaves things as they were before it was taken.
  if (leases.length === 0 && passed === 0) {
    const { since, opened, cause } = phase;
    return { ...breaker, phase: { is: 'open', since, until: now, opened, cause } };
  }
  return { ...breaker, phase: { ...phase, leases, passed, movedAt: now } };
}

function order(breaker: Breaker, to: 'forced-open' | 'disabled' | 'closed', now: number): Breaker {
  if (breaker.phase.is === to) return breaker;
  const phase: Phase = to === 'closed' ? { is: 'closed', since: now, opened: 0 } : { is: to, since: now };
  return { ...restart(breaker, now), phase };
}

/** What was seen before does not testify against what is there now. What is usual is kept. */
function restart(breaker: Breaker, now: number): Breaker {
  return { ...breaker, evidence: noEvidence(now, breaker.evidence.usual), coolUntil: 0, floorUntil: 0 };
}

function liveLeases(leases: readonly Lease[], now: number): readonly Lease[] {
  return leases.filter(({ until }) => until > now);
}

function probesAllowed(passed: number): number {
  return passed === 0 ? PROBES_FIRST : PROBES_AFTER_SUCCESS;
}
