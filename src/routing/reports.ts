// What an isolate tells the provider's object: what it saw since the last time, and what it would like. A report is a
// difference, known by isolate and number, so that it may come late, twice or after its successor.

import type { Rewards } from './balancers/balancer.ts';
import type { OutcomeClass, Place, ScopeKey } from './scope.ts';
import { NO_FLOW, type Flow } from './traffic.ts';

/** Attempts that ended alike within one second. */
export type Sighting = Place & {
  readonly outcome: OutcomeClass;
  /** The last of them, on the object's clock as far as the isolate knows it. */
  readonly at: number;
  readonly count: number;
  readonly slow: number;
  /** Buckets of the latency sketch, one a first token. */
  readonly ttft: readonly number[];
  readonly rewards: Rewards;
  /** When the provider says that one may come again. */
  readonly comeAgainAt?: number;
};

export type Probe = {
  readonly scope: ScopeKey;
  readonly lease: string;
  readonly verdict: 'passed' | 'failed' | 'released';
};

/** Grows when an older object would misread a report. Unknown fields are no reason: they are not looked at. */
export const REPORT_VERSION = 1;

export type Report = {
  readonly v: number;
  readonly isolate: string;
  readonly seq: number;
  readonly sentAt: number;
  /** Whether the isolate has heard the object's clock. If not, its times mean only how long before `sentAt`. */
  readonly synced: boolean;
  readonly sightings: readonly Sighting[];
  readonly flow: Flow;
  /** Per model, what this isolate has in flight now: no difference, so that a lost report heals with the next. */
  readonly inFlight: Readonly<Record<string, number>>;
  readonly probes: readonly Probe[];
  /** Scopes for which a permit to probe is wanted. */
  readonly asks: readonly ScopeKey[];
  readonly wantsRetry: boolean;
};

/** What has not been told yet. */
export type Pending = Pick<Report, 'sightings' | 'flow' | 'probes' | 'asks' | 'wantsRetry'> & {
  readonly events: number;
  /** A failure or a probe's verdict: tell at once, and the successes with it, or failures would seem more frequent than they are. */
  readonly urgent: boolean;
  readonly since: number | undefined;
};

export const NOTHING_PENDING: Pending = {
  sightings: [],
  flow: NO_FLOW,
  probes: [],
  asks: [],
  wantsRetry: false,
  events: 0,
  urgent: false,
  since: undefined,
};

const FLUSH_AFTER_MS = 1000;
const FLUSH_EVENTS = 20;

export function isDue({ events, urgent, since }: Pending, now: number): boolean {
  return urgent || events >= FLUSH_EVENTS || (since !== undefined && now - since >= FLUSH_AFTER_MS);
}

export function addSighting(pending: Pending, sighting: Sighting, urgent: boolean): Pending {
  const alike = pending.sightings.findIndex((other) => isAlike(other, sighting));
  const before = pending.sightings[alike];
  return {
    ...pending,
    sightings:
      before === undefined
        ? [...pending.sightings, sighting]
        : pending.sightings.with(alike, together(before, sighting)),
    events: pending.events + sighting.count,
    urgent: pending.urgent || urgent,
    since: pending.since ?? sighting.at,
  };
}

/** Alone it makes no report due: what an attempt comes to, or the next one, takes it along. */
export function addPendingFlow(pending: Pending, flow: Partial<Flow>): Pending {
  const before = pending.flow;
  const wanted = flow.wanted ?? NO_FLOW.wanted;
  return {
    ...pending,
    flow: {
      first: before.first + (flow.first ?? 0),
      retry: before.retry + (flow.retry ?? 0),
      failover: before.failover + (flow.failover ?? 0),
      wanted: {
        interactive: before.wanted.interactive + wanted.interactive,
        background: before.wanted.background + wanted.background,
      },
      requests: before.requests + (flow.requests ?? 0),
      accepts: before.accepts + (flow.accepts ?? 0),
      heldMs: before.heldMs + (flow.heldMs ?? 0),
      ended: before.ended + (flow.ended ?? 0),
    },
  };
}

function isAlike(a: Sighting, b: Sighting): boolean {
  return (
    a.outcome === b.outcome &&
    a.model === b.model &&
    a.credential === b.credential &&
    Math.floor(a.at / 1000) === Math.floor(b.at / 1000)
  );
}

function together(a: Sighting, b: Sighting): Sighting {
  const comeAgainAt = Math.max(a.comeAgainAt ?? 0, b.comeAgainAt ?? 0);
  return {
    ...a,
    at: Math.max(a.at, b.at),
    count: a.count + b.count,
    slow: a.slow + b.slow,
    ttft: [...a.ttft, ...b.ttft],
    rewards: { won: a.rewards.won + b.rewards.won, lost: a.rewards.lost + b.rewards.lost },
    ...(comeAgainAt > 0 ? { comeAgainAt } : {}),
  };
}

/** A second of silence is over for what is not urgent and hardly anything: such a report may be thinned. */
export function isLone({ events, urgent, asks, probes, wantsRetry }: Pending): boolean {
  return events <= 1 && !urgent && asks.length === 0 && probes.length === 0 && !wantsRetry;
}

/** The same told for `times` as many: what is told stays right on average when the others are left out. */
export function multiplied(pending: Pending, times: number): Pending {
  const { flow } = pending;
  return {
    ...pending,
    sightings: pending.sightings.map((one) => ({
      ...one,
      count: times * one.count,
      rewards: { won: times * one.rewards.won, lost: times * one.rewards.lost },
    })),
    flow: {
      first: times * flow.first,
      retry: times * flow.retry,
      failover: times * flow.failover,
      wanted: { interactive: times * flow.wanted.interactive, background: times * flow.wanted.background },
      requests: times * flow.requests,
      accepts: times * flow.accepts,
      heldMs: times * flow.heldMs,
      ended: times * flow.ended,
    },
  };
}
