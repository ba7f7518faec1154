// The balancers where one decision says nothing: many isolates with old news, and targets that change.

import {
  NO_MEMORY,
  type Balancer,
  type Contender,
  type Memory,
} from '../../src/routing/balancers/balancer.ts';
import { balancers, type StrategyName } from '../../src/routing/balancers/index.ts';
import { drawsFrom } from '../../src/routing/draws.ts';
import { observeLoad, rewardsAt, UNKNOWN_LOAD, type ModelLoad } from '../../src/routing/model-load.ts';
import { seeded } from '../support/random.ts';
import { createScheduler } from './scheduler.ts';

/** Everybody to the one that seems least loaded: what power of two choices is there to avoid. */
export const leastOfAll: Balancer = (contenders, memory) => ({
  ranking: contenders.map(({ id, inFlight }) => ({ id, score: inFlight })).sort((a, b) => a.score - b.score),
  memory,
});

const TARGETS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

/**
 * The busiest target's load over the mean, each second: 100 isolates, 200 requests a second of 2 s, and one snapshot of what
 * is in flight for all, renewed every `staleMs`, to which each adds what it has sent itself since.
 */
export function herding(balancer: Balancer, staleMs: number, seed: number, seconds = 60): readonly number[] {
  const random = seeded(seed);
  const scheduler = createScheduler(0);
  const load = TARGETS.map(() => 0);
  const views = Array.from({ length: 100 }, () => ({ of: 0, own: TARGETS.map(() => 0) }));
  let snapshot = { at: 0, load: [...load] };
  const ratios: number[] = [];
  const arrive = () => {
    const view = views[Math.floor(random() * views.length)]!;
    if (scheduler.now() - snapshot.at >= staleMs) snapshot = { at: scheduler.now(), load: [...load] };
    if (view.of !== snapshot.at) Object.assign(view, { of: snapshot.at, own: TARGETS.map(() => 0) });
    const contenders: readonly Contender[] = TARGETS.map((id, k) => ({
      id,
      weight: 1,
      inFlight: snapshot.load[k]! + view.own[k]!,
      rewards: { won: 0, lost: 0 },
    }));
    const pick = TARGETS.indexOf(balancer(contenders, NO_MEMORY, drawsFrom(random())).ranking[0]!.id);
    load[pick]! += 1;
    view.own[pick]! += 1;
    scheduler.after(-Math.log(1 - random()) * 2000, () => {
      load[pick]! -= 1;
    });
    scheduler.after(-Math.log(1 - random()) * 5, arrive);
  };
  const look = () => {
    const total = load.reduce((a, b) => a + b, 0);
    ratios.push((Math.max(...load) * TARGETS.length) / Math.max(1, total));
    if (ratios.length < seconds) scheduler.after(1000, look);
  };
  scheduler.after(0, arrive);
  scheduler.after(10_000, look);
  scheduler.run(10_000 + seconds * 1000);
  return ratios;
}

export const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

type Arm = {
  readonly id: string;
  readonly good: (ms: number) => number;
  readonly latencyMs: number;
  readonly cost: number;
};

/** The best target becomes the worst after 15 minutes, and the worst the best. */
export const CHANGE_MS = 900_000;
export const HALF_LIFE_MS = 300_000;
const ARMS: readonly Arm[] = [
  { id: 'a', good: (ms) => (ms < CHANGE_MS ? 0.97 : 0.3), latencyMs: 400, cost: 2 },
  { id: 'b', good: () => 0.8, latencyMs: 700, cost: 3 },
  { id: 'c', good: (ms) => (ms < CHANGE_MS ? 0.5 : 0.95), latencyMs: 300, cost: 1 },
];
const MINUTE_MS = 60_000;
const END_MS = CHANGE_MS + 4 * HALF_LIFE_MS;

export type Learned = {
  /** Share of good replies, minute by minute. */
  readonly rewards: readonly number[];
  /** Share of picks that were not of the one believed best. */
  readonly explored: number;
};

/** Two requests a second; what came of each is known when the next one comes. */
export function learn(strategy: StrategyName | 'oracle', seed: number): Learned {
  const random = seeded(seed);
  const loads = new Map<string, ModelLoad>(ARMS.map(({ id }) => [id, UNKNOWN_LOAD]));
  const minutes = Array.from({ length: END_MS / MINUTE_MS }, () => ({ good: 0, all: 0 }));
  let memory: Memory = NO_MEMORY;
  let strayed = 0;
  let count = 0;
  for (let ms = 0; ms < END_MS; ms += 500) {
    const contenders = ARMS.map(({ id, latencyMs, cost }) => {
      const rewards = rewardsAt(loads.get(id)!, ms);
      return { id, weight: 1, inFlight: 0, latencyMs, rewards, ...(strategy === 'adaptive' ? {} : { cost }) };
    });
    let pick = ARMS.toSorted((x, y) => y.good(ms) - x.good(ms))[0]!.id;
    if (strategy !== 'oracle') {
      const balanced = balancers[strategy](contenders, memory, drawsFrom(random()));
      memory = balanced.memory;
      pick = balanced.ranking[0]!.id;
    }
    const believed = contenders.toSorted((x, y) => belief(y) - belief(x))[0]!.id;
    count += 1;
    strayed += pick === believed ? 0 : 1;
    const isGood = random() < ARMS.find(({ id }) => id === pick)!.good(ms);
    const seen = { at: ms, ttft: [], won: isGood ? 1 : 0, lost: isGood ? 0 : 1 };
    loads.set(pick, observeLoad(loads.get(pick)!, seen));
    const minute = minutes[Math.floor(ms / MINUTE_MS)]!;
    minute.good += isGood ? 1 : 0;
    minute.all += 1;
  }
  return { rewards: minutes.map(({ good, all }) => good / all), explored: strayed / count };
}

function belief({ rewards: { won, lost } }: Pick<Contender, 'rewards'>): number {
  return (2 + won) / (3 + won + lost);
}
