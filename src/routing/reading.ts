// What an isolate makes of its outlook for one place: may a request go there, and how would it fare. Numbers only, so that
// a decision can be recorded with all that it was based on.

import { refusalChance, type Priority } from './admission.ts';
import type { Rewards } from './balancers/balancer.ts';
import { rampWeight } from './breaker.ts';
import type { Outlook } from './outlook.ts';
import { mayFailOver } from './retry-budget.ts';
import { scopeKey, scopeKinds, type Place, type ScopeKey } from './scope.ts';
import { HARD_AGE_MS, ORDER_AGE_MS, SOFT_AGE_MS, type ScopeState, type Snapshot } from './snapshot.ts';

export type Reading = {
  readonly gate: Gate;
  /** 1, or less while the target comes back. */
  readonly ramp: number;
  readonly inFlight: number;
  readonly latencyMs?: number;
  readonly p95Ms?: number;
  readonly rewards: Rewards;
  /** The chance that the throttle keeps a request back, and the share that the limit lets go, per priority. */
  readonly throttled: Readonly<Record<Priority, number>>;
  readonly shares: Readonly<Record<Priority, number>>;
  readonly failoverOk: boolean;
};

export type Gate =
  | { readonly is: 'open' }
  /** Open to a prober only; `lease` when we hold one. */
  | { readonly is: 'probe'; readonly scope: ScopeKey; readonly lease?: string; readonly since: number }
  | {
      readonly is: 'shut';
      readonly scope: ScopeKey;
      readonly why: 'open' | 'half-open' | 'barred' | 'forced-open' | 'cooling' | 'own-evidence';
      readonly since: number;
      /** When it may change, on our clock. */
      readonly until?: number;
    };

/** How far a snapshot may be trusted. */
export function freshness({ snapshot, offsetMs }: Outlook, now: number): 'fresh' | 'soft' | 'stale' {
  if (snapshot === undefined) return 'stale';
  const ageMs = now + (offsetMs ?? 0) - snapshot.at;
  return ageMs <= SOFT_AGE_MS ? 'fresh' : ageMs <= HARD_AGE_MS ? 'soft' : 'stale';
}

/** Our own in flight changes at once, the others' fades with the age of the snapshot. */
const IN_FLIGHT_TAU_MS = 5000;
const PEAK_TAU_MS = 10_000;
/** After a ramp begins, rewards from before it are not believed for so long. */
const BLACKOUT_MS = 10_000;
const NO_REWARDS: Rewards = { won: 0, lost: 0 };

export function read(outlook: Outlook, place: Place, now: number): Reading {
  const at = now + (outlook.offsetMs ?? 0);
  const isStale = freshness(outlook, now) === 'stale';
  const snapshot = isStale ? undefined : outlook.snapshot;
  const model = snapshot?.models[place.model];
  const ramping = rampOf(snapshot, place);
  const latencyMs = latency(outlook, place, model?.ttftMs, now);
  return {
    gate: gate(outlook, isStale, place, at),
    ramp: ramping === undefined ? 1 : rampWeight(ramping, at),
    inFlight: inFlight(outlook, snapshot, place.model, at),
    ...(latencyMs === undefined ? {} : { latencyMs }),
    ...(model?.p95Ms === undefined ? {} : { p95Ms: model.p95Ms }),
    rewards:
      ramping !== undefined && at - ramping.since < BLACKOUT_MS ? NO_REWARDS : (model?.rewards ?? NO_REWARDS),
    throttled: {
      interactive: snapshot === undefined ? 0 : refusalChance(snapshot.accepted, 'interactive'),
      background: snapshot === undefined ? 0 : refusalChance(snapshot.accepted, 'background'),
    },
    shares: snapshot?.shares ?? { interactive: 1, background: 1 },
    failoverOk:
      snapshot === undefined ||
      mayFailOver(snapshot.inflow, (snapshot.limit ?? Infinity) - snapshot.inFlight),
  };
}

function gate(outlook: Outlook, isStale: boolean, place: Place, at: number): Gate {
  const offsetMs = outlook.offsetMs ?? 0;
  let found: Gate = { is: 'open' };
  for (const kind of scopeKinds) {
    const scope = scopeKey(kind, place);
    const ordered = forcedOpen(outlook.snapshot, scope, at);
    if (ordered !== undefined)
      return { is: 'shut', scope, why: 'forced-open', since: ordered.since - offsetMs };
    const state = believed(outlook.snapshot?.scopes[scope], isStale, at);
    if (state?.is === 'disabled') continue;
    const own = outlook.own.get(scope);
    if (own !== undefined && at < own.openUntil) {
      found = stricter(found, {
        is: 'shut',
        scope,
        why: own.why,
        since: own.openedAt - offsetMs,
        until: own.openUntil - offsetMs,
      });
    }
    if (state !== undefined) found = stricter(found, gateOf(scope, state, outlook, at, offsetMs));
  }
  return found;
}

function gateOf(scope: ScopeKey, state: ScopeState, { leases }: Outlook, at: number, offsetMs: number): Gate {
  const since = state.since - offsetMs;
  if (state.coolUntil !== undefined && at < state.coolUntil) {
    return { is: 'shut', scope, why: 'cooling', since, until: state.coolUntil - offsetMs };
  }
  if (state.is !== 'open' && state.is !== 'half-open') return { is: 'open' };
  const held = leases.find((lease) => lease.scope === scope && lease.until > at);
  if (held !== undefined) return { is: 'probe', scope, lease: held.id, since };
  if (state.is === 'open' && at < (state.until ?? 0)) {
    const why = state.cause === 'auth' || state.cause === 'quota' ? 'barred' : 'open';
    return { is: 'shut', scope, why, since, until: (state.until ?? 0) - offsetMs };
  }
  return state.is === 'open' || state.room === true
    ? { is: 'probe', scope, since: (state.until ?? state.since) - offsetMs }
    : { is: 'shut', scope, why: 'half-open', since };
}

/** The strictest scope decides; of two that are shut, the one that stays so for longer. */
function stricter(a: Gate, b: Gate): Gate {
  if (a.is === 'shut' && b.is === 'shut') return (b.until ?? 0) > (a.until ?? 0) ? b : a;
  if (a.is === 'shut' || b.is === 'open') return a;
  if (b.is === 'shut' || a.is === 'open') return b;
  return a;
}

/** An opening says itself how long it lasts, and nothing but an operator ends it sooner: that it is old does not matter. */
function believed(state: ScopeState | undefined, isStale: boolean, at: number): ScopeState | undefined {
  if (!isStale || state === undefined) return state;
  const isShut = (state.is === 'open' && at < (state.until ?? 0)) || at < (state.coolUntil ?? 0);
  return isShut ? state : undefined;
}

/** Health that is old is not believed, an operator's order is, for a minute. */
function forcedOpen(snapshot: Snapshot | undefined, scope: ScopeKey, at: number): ScopeState | undefined {
  if (snapshot === undefined || at - snapshot.at > ORDER_AGE_MS) return undefined;
  const state = snapshot.scopes[scope];
  return state?.is === 'forced-open' ? state : undefined;
}

function rampOf(snapshot: Snapshot | undefined, place: Place): ScopeState | undefined {
  return scopeKinds
    .map((kind) => snapshot?.scopes[scopeKey(kind, place)])
    .filter((state) => state?.is === 'ramp')
    .sort((a, b) => (b?.since ?? 0) - (a?.since ?? 0))[0];
}

function inFlight(
  { inFlight: mine, told }: Outlook,
  snapshot: Snapshot | undefined,
  model: string,
  at: number,
): number {
  const own = mine[model] ?? 0;
  const state = snapshot?.models[model];
  if (snapshot === undefined || state === undefined) return own;
  const others = Math.max(0, state.inFlight - (told[model] ?? 0));
  return own + others * Math.exp(Math.min(0, snapshot.at - at) / IN_FLIGHT_TAU_MS);
}

/** Our own peak while it is fresh, the fleet's mean otherwise, whichever is worse. */
function latency(
  { peaks }: Outlook,
  { model }: Place,
  fleetMs: number | undefined,
  now: number,
): number | undefined {
  const peak = peaks[model];
  if (peak === undefined) return fleetMs;
  const faded = peak.ms * Math.exp(Math.min(0, peak.at - now) / PEAK_TAU_MS);
  return fleetMs === undefined ? peak.ms : Math.max(faded, fleetMs);
}
