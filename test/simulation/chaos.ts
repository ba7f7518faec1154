// A plan for each seed: what may go wrong at once, drawn at random. One provider is always well, so that there is somebody
// to go to.

import { seeded } from '../support/random.ts';
import { FAIR, type Script, type Weather } from './provider.ts';
import { PLAN, POLICY, simulate, type Plan, type Run } from './simulate.ts';
import { balancers, type StrategyName } from '../../src/routing/balancers/index.ts';
import type { FailureClass } from '../../src/core/failure.ts';

const CLASSES: readonly FailureClass[] = [
  'auth',
  'quota',
  'ratelimit',
  'overload',
  'server',
  'local',
  'timeout',
  'protocol',
];
const STRATEGIES = Object.keys(balancers) as readonly StrategyName[];
/** From here on all is well again: providers, network, objects. */
const CHAOS_MS = 6000;
const DURATION_MS = 9000;

export function chaosPlan(seed: number): Plan {
  const random = seeded(seed ^ 0x5eed);
  const one = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const maybe = (share: number, most: number) => (random() < share ? random() * most : 0);
  const sick = Array.from(
    { length: 1 + Math.floor(random() * 3) },
    (_, k) => [`sick-${k}`, script(random, one)] as const,
  );
  const cutOff = { colo: random() < 0.3 ? 0 : -1, from: random() * CHAOS_MS, ms: random() * 3000 };
  return {
    ...PLAN,
    seed,
    isolates: 20 + Math.floor(random() * 280),
    colos: 1 + Math.floor(random() * 6),
    providers: Object.fromEntries([...sick, ['well', () => FAIR]]),
    requestsPerSecond: 8 + random() * 16,
    durationMs: DURATION_MS,
    policy: { ...POLICY, strategy: one(STRATEGIES), unknownPrices: true },
    network: {
      delayMsMax: 10 + random() * 100,
      lost: maybe(0.5, 0.2),
      twice: maybe(0.5, 0.2),
      late: maybe(0.5, 0.1),
      isCutOff: (colo, ms) => colo === cutOff.colo && ms >= cutOff.from && ms < cutOff.from + cutOff.ms,
    },
    skewMsMax: one([0, 1000, 30_000, 300_000]),
    evictionsPerMinute: maybe(0.5, 30),
    cancelled: maybe(0.5, 0.2),
    background: maybe(0.5, 0.5),
    orders: [],
  };
}

function script(random: () => number, one: <T>(list: readonly T[]) => T): Script {
  const from = random() * CHAOS_MS;
  const until = Math.min(CHAOS_MS, from + 500 + random() * CHAOS_MS);
  const bad: Weather = {
    ...FAIR,
    failing: one([1, 1, 0.5, 0.2, 0]),
    as: one(CLASSES),
    failsAfterMs: one([5, 60, 500, 2000]),
    ttftMs: one([300, 300, 3000]),
    capacity: one([Infinity, 5, 20]),
    breaking: one([0, 0, 0.2]),
  };
  return (ms) => (ms >= from && ms < until ? bad : FAIR);
}

/** What must hold in every run, whatever went wrong. Empty when all does. */
export function violations(plan: Plan, run: Run): readonly string[] {
  const found = [...run.violations];
  for (const [index, { ends, attempts, contents }] of run.requests.entries()) {
    if (ends.length !== 1) found.push(`I1: request ${index} ended ${ends.length} times`);
    if (attempts.length > 3) found.push(`I2: request ${index} made ${attempts.length} attempts`);
    if (contents > 1) found.push(`I3: request ${index} was given content of ${contents} attempts`);
    if (ends[0]?.is === 'refused') found.push(`I10: request ${index} was refused while a provider was well`);
    const ms = (ends[0]?.at ?? Infinity) - (run.requests[index]?.at ?? 0);
    if (!(ms < 120_000)) found.push(`R-18: request ${index} took ${ms} ms`);
  }
  return [...found, ...tooManyRetries(plan, run)].slice(0, 10);
}

/**
 * I2: of a provider at most 3 retries and a tenth of the first attempts in any 10 s. An object that is evicted begins with
 * three again; first attempts are counted when they are reported, thinned by lot, up to some seconds late.
 */
function tooManyRetries(plan: Plan, { requests, evictions }: Run): readonly string[] {
  const attempts = requests.flatMap((request) => request.attempts);
  return Object.keys(plan.providers).flatMap((provider) => {
    const at = (kind: string) =>
      attempts.filter((one) => one.provider === provider && one.kind === kind).map((one) => one.at);
    const [retries, firsts] = [at('retry'), at('first')];
    const worst = retries.find((end) => {
      const made = retries.filter((time) => time > end - 10_000 && time <= end).length;
      const earned = firsts.filter((time) => time > end - 20_000 && time <= end).length;
      return made > 0.1 * 2 * earned + 3 * (1 + evictions);
    });
    return worst === undefined ? [] : [`I2: too many retries at ${provider}`];
  });
}

export const chaos = (seed: number): { readonly run: Run; readonly violations: readonly string[] } => {
  const plan = chaosPlan(seed);
  const run = simulate(plan);
  return { run, violations: violations(plan, run) };
};
