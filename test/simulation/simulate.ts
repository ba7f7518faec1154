// One run of the whole: isolates in colos, objects, providers and the messages between them, under one seeded generator.
// The same plan and seed give the same run, event for event; its digest says so.

import { LEASE_MS } from '../../src/routing/breaker.ts';
import { order, type Policy } from '../../src/routing/order.ts';
import { nextChangeAt } from '../../src/routing/provider-state.ts';
import { seeded } from '../support/random.ts';
import { createIsolate, type Colo, type Isolate, type RequestLog } from './isolate.ts';
import { carry, GOOD_NETWORK, type NetworkFaults } from './network.ts';
import { createObject } from './object.ts';
import { createProvider, type Script } from './provider.ts';
import { createScheduler } from './scheduler.ts';

export type Plan = {
  readonly seed: number;
  readonly isolates: number;
  readonly colos: number;
  readonly providers: Readonly<Record<string, Script>>;
  readonly requestsPerSecond: number;
  readonly durationMs: number;
  /** Off: every isolate has only its own breaker, as is common. */
  readonly coordinated: boolean;
  readonly policy: Policy;
  readonly network: NetworkFaults;
  readonly skewMsMax: number;
  readonly evictionsPerMinute: number;
  readonly cancelled: number;
  readonly background: number;
  readonly orders: readonly {
    readonly atMs: number;
    readonly provider: string;
    readonly to: 'forced-open' | 'closed';
  }[];
};

export const POLICY: Policy = { strategy: 'in-order', sticky: false, unknownPrices: false, breakers: 'on' };

export const PLAN: Omit<Plan, 'providers'> = {
  seed: 1,
  isolates: 1000,
  colos: 100,
  requestsPerSecond: 50,
  durationMs: 80_000,
  coordinated: true,
  policy: POLICY,
  network: GOOD_NETWORK,
  skewMsMax: 0,
  evictionsPerMinute: 0,
  cancelled: 0,
  background: 0,
  orders: [],
};

export type Run = {
  readonly startedAt: number;
  readonly requests: readonly RequestLog[];
  /** Calls of each provider's object. */
  readonly calls: Readonly<Record<string, number>>;
  /** When a scope of the provider was opened, as the object saw it. */
  readonly openings: Readonly<Record<string, readonly number[]>>;
  readonly evictions: number;
  readonly digest: string;
  readonly violations: readonly string[];
};

const START = 1_000_000_000;
/** Longest reply and wait, so that everything has ended. */
const DRAIN_MS = 120_000;

export function simulate(plan: Plan): Run {
  const random = seeded(plan.seed);
  const scheduler = createScheduler(START);
  const sinceStart = () => scheduler.now() - START;
  const names = Object.keys(plan.providers);
  const objects = new Map(names.map((name) => [name, createObject(name)]));
  const providers = new Map(
    Object.entries(plan.providers).map(([name, script]) => [name, createProvider(name, script)]),
  );
  const violations: string[] = [];
  const requests: RequestLog[] = [];
  const openings = new Map<string, number[]>(names.map((name) => [name, []]));
  let digest = 0x811c9dc5;
  let evictions = 0;
  const note = (...facts: readonly (string | number)[]) => {
    for (const fact of facts) {
      const text = String(fact);
      for (let i = 0; i < text.length; i += 1) digest = Math.imul(digest ^ text.charCodeAt(i), 0x01000193);
    }
  };
  const violated = (invariant: string, what: string) => {
    if (violations.length < 20) violations.push(`${invariant} at ${Math.round(sinceStart())} ms: ${what}`);
  };
  const moment = () => ({ now: scheduler.now(), drawn: random() });
  const travel = (colo: number, deliver: () => void) =>
    carry(plan.network, colo, { scheduler, sinceStart: sinceStart(), random }, deliver);

  const alarms = new Map<string, number>();
  const afterChange = (provider: string) => {
    const object = objects.get(provider)!;
    checkObject(provider);
    const at = nextChangeAt(object.state());
    if (at === undefined || alarms.get(provider) === at) return;
    alarms.set(provider, at);
    scheduler.after(at - scheduler.now(), () => {
      if (alarms.get(provider) !== at) return;
      alarms.delete(provider);
      object.alarm(moment());
      afterChange(provider);
    });
  };

  function checkObject(provider: string) {
    for (const [scope, { phase }] of objects.get(provider)!.state().breakers) {
      const opened = openings.get(provider)!;
      if (phase.is === 'open' && !opened.includes(phase.since)) opened.push(phase.since);
      if (phase.is !== 'half-open') continue;
      const live = phase.leases.filter(({ until }) => until > scheduler.now()).length;
      if (live > (phase.passed === 0 ? 1 : 3)) violated('R-6', `${live} permits for ${provider} ${scope}`);
      if (scheduler.now() > phase.movedAt + LEASE_MS + 1000)
        violated('I8', `${provider} ${scope} is stuck half open`);
    }
  }

  const colos: readonly Colo[] = Array.from({ length: plan.colos }, (_, id) => ({
    id,
    snapshots: new Map(),
  }));
  const isolates: readonly Isolate[] = Array.from({ length: plan.isolates }, (_, index) =>
    createIsolate(`isolate-${index}`, colos[index % plan.colos]!, (random() * 2 - 1) * plan.skewMsMax, {
      coordinated: plan.coordinated,
      policy: plan.policy,
      providers: names,
      now: scheduler.now,
      after: scheduler.after,
      random,
      report: (provider, colo, report, answer) =>
        travel(colo, () => {
          note('report', provider, report.isolate, report.seq, Math.round(sinceStart()));
          const reply = objects.get(provider)!.report(report, moment());
          afterChange(provider);
          travel(colo, () => answer(reply));
        }),
      snapshot: (provider, colo, answer) =>
        travel(colo, () => {
          const snapshot = objects.get(provider)!.snapshot(scheduler.now());
          travel(colo, () => answer(snapshot));
        }),
      begin: (provider) => {
        const place = providers.get(provider)!;
        note('begin', provider, Math.round(sinceStart()));
        return { answer: place.begin(sinceStart(), random), end: place.end };
      },
      decided: (question, decision) => {
        if (random() > 1 / 16) return;
        if (JSON.stringify(order(question)) !== JSON.stringify(decision))
          violated('replay', 'another choice');
      },
    }),
  );

  const arrive = () => {
    if (sinceStart() >= plan.durationMs) return;
    const isolate = isolates[Math.floor(random() * isolates.length)]!;
    const log: RequestLog = {
      at: scheduler.now(),
      priority: random() < plan.background ? 'background' : 'interactive',
      attempts: [],
      ends: [],
      contents: 0,
    };
    requests.push(log);
    isolate.handle(log, random() < plan.cancelled ? random() * 1000 : undefined);
    scheduler.after((-Math.log(1 - random()) * 1000) / plan.requestsPerSecond, arrive);
  };
  const evict = () => {
    if (sinceStart() >= plan.durationMs) return;
    const name = names[Math.floor(random() * names.length)]!;
    objects.get(name)!.evict();
    evictions += 1;
    note('evict', name);
    scheduler.after((-Math.log(1 - random()) * 60_000) / plan.evictionsPerMinute, evict);
  };
  scheduler.after(0, arrive);
  if (plan.evictionsPerMinute > 0) scheduler.after(random() * 10_000, evict);
  for (const { atMs, provider, to } of plan.orders) {
    scheduler.after(atMs, () => objects.get(provider)!.order('host', to, moment()));
  }
  scheduler.run(START + plan.durationMs + DRAIN_MS);

  const leftInFlight = isolates.reduce((sum, isolate) => sum + isolate.inFlight(), 0);
  const leftThere = [...providers.values()].reduce((sum, provider) => sum + provider.inFlight(), 0);
  if (leftInFlight !== 0 || leftThere !== 0)
    violated('I11', `${leftInFlight} and ${leftThere} still in flight`);
  for (const { ends, attempts } of requests) note(ends[0]?.is ?? '', attempts.length);
  return {
    startedAt: START,
    requests,
    calls: Object.fromEntries(names.map((name) => [name, objects.get(name)!.calls()])),
    openings: Object.fromEntries(openings),
    evictions,
    digest: (digest >>> 0).toString(16).padStart(8, '0'),
    violations,
  };
}
