// All that is known about one provider, merged from the reports of all isolates. The pure half of the Durable Object
// `ProviderState`: it counts, judges and grants; the object stores and answers.

import { adjustLimit, isLimiting, NO_LIMIT, type ConcurrencyLimit } from './concurrency-limit.ts';
import {
  changesAt,
  newBreaker,
  reduceBreaker,
  type Breaker,
  type BreakerEvent,
  type Moment,
} from './breaker.ts';
import { run } from './evidence.ts';
import { observeLoad, UNKNOWN_LOAD, type ModelLoad } from './model-load.ts';
import { earn, FULL_RETRY_BUDGET, isOverflow, spend, type RetryBudget } from './retry-budget.ts';
import type { Report, Sighting } from './reports.ts';
import { scopeKey, scopeKinds, testimony, type ScopeKey } from './scope.ts';
import type { Reply } from './snapshot.ts';
import { leaseId, replyTo } from './snapshot-of.ts';
import { hear, NO_SOURCES, totalInFlight, type Sources } from './sources.ts';
import { addFlow, inferredInFlight, inflowAt, NO_TRAFFIC, wantedInFlight, type Traffic } from './traffic.ts';

export type ProviderState = {
  readonly provider: string;
  readonly epoch: number;
  readonly version: number;
  readonly breakers: ReadonlyMap<ScopeKey, Breaker>;
  readonly models: ReadonlyMap<string, ModelLoad>;
  readonly traffic: Traffic;
  readonly sources: Sources;
  readonly limit: ConcurrencyLimit;
  readonly retries: RetryBudget;
};

/** Model names come from callers: without a bound they could fill the object. */
const BREAKERS_MAX = 256;
const MODELS_MAX = 64;
/** Failures in a row after which nobody tries again at the same place. */
const RUN_HOPELESS = 3;
/** An overloaded provider that still answered somebody within this time is busy, not dead. Successes are told late. */
const BUSY_MS = 4000;

export function newProviderState(provider: string, epoch = 0): ProviderState {
  return {
    provider,
    epoch,
    version: 0,
    breakers: new Map(),
    models: new Map(),
    traffic: NO_TRAFFIC,
    sources: NO_SOURCES,
    limit: NO_LIMIT,
    retries: FULL_RETRY_BUDGET,
  };
}

/** A report that was counted before changes nothing, but is answered all the same: the first answer may be lost. */
export function receive(
  before: ProviderState,
  report: Report,
  moment: Moment,
): { readonly state: ProviderState; readonly reply: Reply } {
  const sources = hear(before.sources, report, moment.now);
  if (sources === undefined) return { state: before, reply: replyTo(before, report, false, moment.now) };
  const shiftMs = clockShift(report, moment.now);
  const sentAt = report.sentAt + shiftMs;
  const traffic = addFlow(before.traffic, sentAt, report.flow);
  const breakers = new Map(before.breakers);
  const models = new Map(before.models);
  const sightings = report.sightings.map((one) => ({ ...one, at: one.at + shiftMs }));

  const inFlight = Math.max(totalInFlight(sources), inferredInFlight(traffic, moment.now));
  const limit = adjustLimit(before.limit, {
    sent: report.flow.first + report.flow.retry + report.flow.failover,
    refused: countOf(sightings, 'overload'),
    inFlight,
    now: moment.now,
  });
  const wanted = wantedInFlight(traffic, moment.now);
  const overflow =
    isOverflow(inflowAt(traffic, moment.now)) || isLimiting(limit, wanted.interactive + wanted.background);
  // Probes before sightings: the probe's own failure must not be counted as one that came from elsewhere.
  for (const { scope, lease, verdict } of report.probes) {
    apply(breakers, scope, { kind: 'probed', lease, verdict }, moment);
  }
  for (const sighting of sightings) {
    testify(breakers, sighting, overflow, moment);
    const { model, at, ttft, rewards } = sighting;
    models.set(model, observeLoad(models.get(model) ?? UNKNOWN_LOAD, { at, ttft, ...rewards }));
  }
  for (const model of Object.keys(report.inFlight)) {
    if (!models.has(model)) models.set(model, { ...UNKNOWN_LOAD, seenAt: sentAt });
  }
  for (const scope of report.asks) {
    apply(breakers, scope, { kind: 'asked', lease: leaseId(report, scope) }, moment);
  }
  forget(breakers, models);

  const earned = earn(before.retries, report.flow.first);
  const retries = report.wantsRetry && mayHelp(sightings, breakers) ? spend(earned) : undefined;
  const state: ProviderState = {
    ...before,
    version: before.version + 1,
    breakers,
    models,
    traffic,
    sources,
    limit,
    retries: retries ?? earned,
  };
  return { state, reply: replyTo(state, report, retries !== undefined, moment.now) };
}

/** What an operator says, for a scope that need not have been seen yet. */
export function orderScope(
  state: ProviderState,
  scope: ScopeKey,
  to: 'forced-open' | 'disabled' | 'closed',
  moment: Moment,
): ProviderState {
  const breakers = new Map(state.breakers);
  apply(breakers, scope, { kind: 'ordered', to }, moment);
  return { ...state, version: state.version + 1, breakers };
}

/** Leases that have run out, ramps that are over. */
export function passTime(state: ProviderState, moment: Moment): ProviderState {
  const breakers = new Map(state.breakers);
  for (const scope of breakers.keys()) apply(breakers, scope, { kind: 'passed-time' }, moment);
  return { ...state, version: state.version + 1, breakers };
}

export function nextChangeAt({ breakers }: ProviderState): number | undefined {
  const times = [...breakers.values()].map(changesAt).filter((at) => at !== undefined);
  return times.length === 0 ? undefined : Math.min(...times);
}

/** An isolate's clock may be wrong by minutes; nothing lies in the future, and an unsynced report was sent just now. */
function clockShift({ sentAt, synced }: Report, now: number): number {
  return synced ? Math.min(0, now - sentAt) : now - sentAt;
}

function testify(breakers: Map<ScopeKey, Breaker>, sighting: Sighting, overflow: boolean, moment: Moment) {
  for (const kind of scopeKinds) {
    const said = testimony(sighting.outcome, kind);
    if (said === undefined) continue;
    const scope = scopeKey(kind, sighting);
    // What we poured over it ourselves does not testify against it, as long as it still answers somebody,
    // or has only just been asked.
    const known = breakers.get(scope) ?? newBreaker(moment.now);
    const okAt = Math.max(known.evidence.okAt, known.phase.is === 'closed' ? known.phase.since : 0);
    if (overflow && sighting.outcome === 'overload' && moment.now - okAt < BUSY_MS && said === 'failed')
      continue;
    apply(breakers, scope, breakerEvent(said, kind, sighting), moment);
  }
}

function breakerEvent(
  said: 'ok' | 'failed' | 'limited' | 'barred',
  kind: string,
  sighting: Sighting,
): BreakerEvent {
  const { at, count, slow, ttft, comeAgainAt, outcome } = sighting;
  if (said === 'barred') {
    const retryAfterMs = comeAgainAt === undefined ? {} : { retryAfterMs: comeAgainAt - at };
    return { kind: 'barred', cause: outcome === 'quota' ? 'quota' : 'auth', at, ...retryAfterMs };
  }
  const timed = kind === 'model' ? { slow, timed: ttft.length } : {};
  const sighted = { at, [said]: count, ...timed };
  if (said === 'limited') return { kind: 'seen', sighted, coolUntil: comeAgainAt ?? at + COOL_MS };
  return {
    kind: 'seen',
    sighted,
    ...(said === 'failed' && comeAgainAt !== undefined ? { floorUntil: comeAgainAt } : {}),
  };
}

/** A rate limit without a wish. */
const COOL_MS = 1000;

function apply(breakers: Map<ScopeKey, Breaker>, scope: ScopeKey, event: BreakerEvent, moment: Moment) {
  const breaker = breakers.get(scope) ?? newBreaker(moment.now);
  const after = reduceBreaker(breaker, event, moment);
  // Taken out and put back: what was touched last is forgotten last.
  if (after === breaker) return;
  breakers.delete(scope);
  breakers.set(scope, after);
}

function forget(breakers: Map<ScopeKey, Breaker>, models: Map<string, ModelLoad>) {
  for (const [scope, { phase }] of breakers) {
    if (breakers.size <= BREAKERS_MAX) break;
    if (phase.is === 'closed') breakers.delete(scope);
  }
  for (const model of models.keys()) {
    if (models.size <= MODELS_MAX) break;
    models.delete(model);
  }
}

function countOf(sightings: readonly Sighting[], of: Sighting['outcome']): number {
  return sightings.reduce((sum, { outcome, count }) => sum + (outcome === of ? count : 0), 0);
}

/** Where others have just failed as well, one more try is one more failure. */
function mayHelp(sightings: readonly Sighting[], breakers: ReadonlyMap<ScopeKey, Breaker>): boolean {
  return sightings.every((sighting) =>
    scopeKinds.every((kind) => {
      const breaker = breakers.get(scopeKey(kind, sighting));
      return breaker === undefined || (breaker.phase.is !== 'open' && run(breaker.evidence) < RUN_HOPELESS);
    }),
  );
}
