import { describe, expect, it } from 'vitest';
import { balancers } from '../../src/routing/balancers/index.ts';
import { CHANGE_MS, HALF_LIFE_MS, herding, learn, leastOfAll, mean, type Learned } from './balancing.ts';

const SEEDS = Array.from({ length: 100 }, (_, seed) => seed);
const MINUTE_MS = 60_000;

describe('least connections', () => {
  it('R-29: news that is 2 s old makes the busiest target at most half as busy again as fresh news does', () => {
    for (const seed of [1, 2, 3]) {
      const fresh = mean(herding(balancers['least-connections'], 0, seed));
      const stale = mean(herding(balancers['least-connections'], 2000, seed));
      expect(stale / fresh).toBeLessThanOrEqual(1.5);
      expect(mean(herding(leastOfAll, 2000, seed))).toBeGreaterThan(stale);
    }
  });
});

describe('adaptive, in 100 worlds whose best target becomes the worst', { timeout: 120_000 }, () => {
  const part = ({ rewards }: Learned, from: number, until: number) =>
    mean(rewards.slice(from / MINUTE_MS, until / MINUTE_MS));
  const learned = SEEDS.map((seed) => learn('adaptive', seed));
  const oracle = SEEDS.map((seed) => learn('oracle', seed));
  const afterwards = [CHANGE_MS + HALF_LIFE_MS, CHANGE_MS + 2 * HALF_LIFE_MS] as const;

  it('R-33: reaches 80 % of what an oracle gets, within two half-lives, in each world', () => {
    const shares = learned.map((one, seed) => part(one, ...afterwards) / part(oracle[seed]!, ...afterwards));
    expect(Math.min(...shares)).toBeGreaterThanOrEqual(0.8);
  });

  it('R-33: strays from what it believes best in at most a fifth of requests', () => {
    expect(Math.max(...learned.map(({ explored }) => explored))).toBeLessThanOrEqual(0.2);
  });

  it('R-33: gets more over all than every strategy that does not learn', () => {
    const all = (one: Learned) => mean(one.rewards);
    for (const name of [
      'round-robin',
      'weighted-random',
      'least-latency',
      'cost-optimized',
      'in-order',
    ] as const) {
      expect(mean(learned.map(all)), name).toBeGreaterThan(
        mean(SEEDS.slice(0, 20).map((seed) => all(learn(name, seed)))),
      );
    }
  });
});
