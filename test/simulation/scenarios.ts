// The situations of the table in docs/simulation.md, and what is measured of each.

import { FAIR, type Weather } from './provider.ts';
import type { AttemptLog, RequestLog } from './isolate.ts';
import { PLAN, simulate, type Plan, type Run } from './simulate.ts';

const OUTAGE_AT = 20_000;
const DEAD: Weather = { ...FAIR, failing: 1, as: 'server', failsAfterMs: 500 };

export type Scenario = { readonly name: string; readonly what: string; readonly plan: Plan };

/** 1,000 isolates in 100 colos, 50 requests a second; `a` is the first choice and has its trouble after 20 s. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'hard outage',
    what: '`a` answers 500 to everything, after half a second',
    plan: { ...PLAN, providers: { a: (ms) => (ms < OUTAGE_AT ? FAIR : DEAD), b: () => FAIR } },
  },
  {
    name: 'black hole',
    what: '`a` says nothing for 30 s, then the attempt times out',
    plan: {
      ...PLAN,
      providers: {
        a: (ms) => (ms < OUTAGE_AT ? FAIR : { ...DEAD, as: 'timeout', failsAfterMs: 30_000 }),
        b: () => FAIR,
      },
    },
  },
  {
    name: 'flapping',
    what: '`a` is down for 10 s and up for 10 s, six times',
    plan: {
      ...PLAN,
      durationMs: 140_000,
      providers: {
        a: (ms) => (ms >= OUTAGE_AT && Math.floor(ms / 10_000) % 2 === 0 ? DEAD : FAIR),
        b: () => FAIR,
      },
    },
  },
  {
    name: 'brown-out',
    what: '`a` fails 60 % of the time',
    plan: {
      ...PLAN,
      providers: { a: (ms) => (ms < OUTAGE_AT ? FAIR : { ...DEAD, failing: 0.6 }), b: () => FAIR },
    },
  },
  {
    name: 'slow starts',
    what: 'the first token of `a` takes 20 s instead of 0.3 s',
    plan: {
      ...PLAN,
      providers: {
        a: (ms) => (ms < OUTAGE_AT ? FAIR : { ...FAIR, ttftMs: 20_000, replyMs: 22_000 }),
        b: () => FAIR,
      },
    },
  },
  {
    name: 'failover storm',
    what: '`a` dies, and `b` can take 60 % of what `a` took; a fifth of the traffic is background work',
    plan: {
      ...PLAN,
      durationMs: 140_000,
      background: 0.2,
      providers: { a: (ms) => (ms < OUTAGE_AT ? FAIR : DEAD), b: () => ({ ...FAIR, capacity: 60 }) },
    },
  },
];

export type Figures = {
  readonly requests: number;
  /** Attempts at `a` while it had its trouble. */
  readonly toSick: number;
  /** Until 95 of 100 requests in a row do not go to `a` first; absent: never. */
  readonly divertedMs: number | undefined;
  readonly failedShare: number;
  readonly refusedShare: number;
  /** Of each provider's object. */
  readonly callsPerRequest: Readonly<Record<string, number>>;
  readonly attemptsPerRequest: number;
  readonly openingsOfB: number;
  /** Good replies of `b` a second in the last minute. */
  readonly goodputOfB: number;
};

export function figuresOf({ plan }: Scenario, run: Run): Figures {
  const since = run.requests.filter(({ at }) => at - run.startedAt >= OUTAGE_AT);
  const ended = (is: RequestLog['ends'][number]['is']) =>
    since.filter(({ ends }) => ends[0]?.is === is).length;
  const sick = since.flatMap(({ attempts }) => attempts).filter(({ provider }) => provider === 'a');
  const { length: count } = run.requests;
  return {
    requests: since.length,
    toSick: sick.length,
    divertedMs: divertedMs(since, run.startedAt + OUTAGE_AT),
    failedShare: (ended('error') + ended('broken')) / since.length,
    refusedShare: ended('refused') / since.length,
    callsPerRequest: Object.fromEntries(
      Object.entries(run.calls).map(([name, calls]) => [name, calls / count]),
    ),
    attemptsPerRequest: since.flatMap(({ attempts }) => attempts).length / since.length,
    openingsOfB: run.openings['b']?.length ?? 0,
    goodputOfB: goodput(since, run.startedAt + plan.durationMs),
  };
}

/** As in the requirement: the first 50 requests in a row of which 95 % go elsewhere. */
function divertedMs(requests: readonly RequestLog[], from: number): number | undefined {
  const elsewhere = requests.map(({ attempts }) => (attempts[0]?.provider === 'a' ? 0 : 1));
  const begin = elsewhere.findIndex((_, k) => {
    const window = elsewhere.slice(k, k + 50);
    return window.length === 50 && window.reduce<number>((a, b) => a + b, 0) >= 47.5;
  });
  return begin < 0 ? undefined : (requests[begin]?.at ?? from) - from;
}

/** Successful replies of `b` a second in the last minute. */
function goodput(requests: readonly RequestLog[], until: number): number {
  const good = requests.filter(
    ({ at, ends, attempts }) =>
      at >= until - 60_000 && ends[0]?.is === 'ok' && (attempts.at(-1) as AttemptLog).provider === 'b',
  );
  return good.length / 60;
}

export const alone = (plan: Plan): Plan => ({ ...plan, coordinated: false });
export const measure = (scenario: Scenario, plan = scenario.plan): Figures =>
  figuresOf(scenario, simulate(plan));
