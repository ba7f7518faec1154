// The snapshot of a state, and the reply to a report.

import { admits, holdsLease, type Breaker } from './breaker.ts';
import { admittedShares } from './concurrency-limit.ts';
import { recentTtftMs, rewardsAt, slowAboveMs, ttftQuantileMs, type ModelLoad } from './model-load.ts';
import type { ProviderState } from './provider-state.ts';
import type { Report } from './reports.ts';
import type { ScopeKey } from './scope.ts';
import type { ModelState, Reply, ScopeState, Snapshot } from './snapshot.ts';
import { totalInFlight } from './sources.ts';
import { acceptedAt, inferredInFlight, inflowAt, wantedInFlight } from './traffic.ts';

/** In a snapshot, which has to stay below 8 KiB. */
const SCOPES_SHOWN = 40;
const MODELS_SHOWN = 16;
export function snapshotOf(state: ProviderState, now: number): Snapshot {
  const { limit, sources, traffic } = state;
  const told = [...state.breakers]
    .map(([scope, breaker]) => [scope, scopeState(breaker, now)] as const)
    .filter((entry): entry is [ScopeKey, ScopeState] => entry[1] !== undefined)
    .sort(([, a], [, b]) => b.since - a.since);
  const models = [...state.models].sort(([, a], [, b]) => b.seenAt - a.seenAt).slice(0, MODELS_SHOWN);
  return {
    v: 1,
    provider: state.provider,
    epoch: state.epoch,
    version: state.version,
    at: now,
    scopes: Object.fromEntries(told.slice(0, SCOPES_SHOWN)),
    models: Object.fromEntries(
      models.map(([model, load]) => [model, modelState(load, sources.inFlight[model] ?? 0, now)]),
    ),
    accepted: acceptedAt(traffic, now),
    inflow: inflowAt(traffic, now),
    retryOk: state.retries.tokens >= 1,
    inFlight: Math.max(totalInFlight(sources), inferredInFlight(traffic, now)),
    ...(limit.max === undefined ? {} : { limit: limit.max }),
    shares: admittedShares(limit.max, wantedInFlight(traffic, now)),
  };
}

export function replyTo(state: ProviderState, report: Report, retryGranted: boolean, now: number): Reply {
  const leases = report.asks.flatMap((scope) => {
    const id = leaseId(report, scope);
    const breaker = state.breakers.get(scope);
    if (breaker === undefined || !holdsLease(breaker, id) || breaker.phase.is !== 'half-open') return [];
    return breaker.phase.leases.filter((lease) => lease.id === id).map((lease) => ({ ...lease, scope }));
  });
  return { snapshot: snapshotOf(state, now), leases, retryGranted };
}

/** The same for a report that comes twice, so that it cannot take two permits. */
export function leaseId({ isolate, seq }: Report, scope: ScopeKey): string {
  return `${isolate}.${seq}.${scope}`;
}

function scopeState(breaker: Breaker, now: number): ScopeState | undefined {
  const { phase, coolUntil } = breaker;
  const cooling = coolUntil > now ? { coolUntil } : {};
  switch (phase.is) {
    case 'closed':
      return coolUntil > now ? { is: 'closed', since: phase.since, coolUntil } : undefined;
    case 'open':
      return { is: 'open', since: phase.since, until: phase.until, cause: phase.cause, ...cooling };
    case 'half-open':
      return {
        is: 'half-open',
        since: phase.since,
        cause: phase.cause,
        room: admits(breaker, now) === 'probe',
        ...cooling,
      };
    case 'ramp':
    case 'forced-open':
    case 'disabled':
      return { is: phase.is, since: phase.since, ...cooling };
  }
}

function modelState(load: ModelLoad, inFlight: number, now: number): ModelState {
  const told = {
    ttftMs: recentTtftMs(load, now),
    p50Ms: ttftQuantileMs(load, 0.5, now),
    p95Ms: ttftQuantileMs(load, 0.95, now),
    p999Ms: ttftQuantileMs(load, 0.999, now),
    slowAboveMs: slowAboveMs(load, now),
  };
  const rounded = Object.entries(told).filter((entry): entry is [string, number] => entry[1] !== undefined);
  return {
    inFlight,
    rewards: rewardsAt(load, now),
    ...Object.fromEntries(rounded.map(([name, ms]) => [name, Math.round(ms)])),
  };
}
