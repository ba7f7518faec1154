// What docs/simulation.md shows, held to what is required. The same runs, so that the table cannot drift from the claims.

import { describe, expect, it } from 'vitest';
import { FAIR } from './provider.ts';
import { alone, measure, scenarios, type Scenario } from './scenarios.ts';
import { PLAN, simulate } from './simulate.ts';

const scenario = (name: string): Scenario => {
  const found = scenarios.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no scenario ${name}`);
  return found;
};
const SLOW = { timeout: 120_000 };

describe('a thousand isolates in a hundred colos at 50 requests a second', () => {
  it(
    'R-35: send at most 150 requests into a hard outage, divert 95 % within 4 s, and call an object 0.6 times a request',
    SLOW,
    () => {
      for (const seed of [1, 2, 3]) {
        const figures = measure(scenario('hard outage'), { ...scenario('hard outage').plan, seed });
        expect(figures.toSick).toBeLessThanOrEqual(150);
        expect(figures.divertedMs).toBeLessThanOrEqual(4000);
        for (const calls of Object.values(figures.callsPerRequest)) expect(calls).toBeLessThanOrEqual(0.6);
        expect(figures.failedShare + figures.refusedShare).toBe(0);
      }
    },
  );

  it('notice nothing of it when each has only its own breaker', SLOW, () => {
    const figures = measure(scenario('hard outage'), alone(scenario('hard outage').plan));
    expect(figures.toSick).toBeGreaterThan(2500);
    expect(figures.divertedMs).toBeUndefined();
  });

  it(
    'R-22: F-66: give what is left 95 % of what it can do, and do not open it by their own overflow',
    SLOW,
    () => {
      for (const seed of [1, 2, 3]) {
        const figures = measure(scenario('failover storm'), { ...scenario('failover storm').plan, seed });
        expect(figures.goodputOfB).toBeGreaterThanOrEqual(0.95 * 30);
        expect(figures.openingsOfB).toBe(0);
      }
    },
  );

  it(
    'F-67: flapping costs fewer than 5 % of callers an error, and the provider ever less traffic',
    SLOW,
    () => {
      const figures = measure(scenario('flapping'));
      expect(figures.failedShare).toBeLessThan(0.05);
      expect(figures.toSick / figures.requests).toBeLessThan(0.15);
    },
  );

  it('a brown-out is diverted like an outage', SLOW, () => {
    const figures = measure(scenario('brown-out'));
    expect(figures.divertedMs).toBeLessThan(10_000);
    expect(figures.failedShare).toBeLessThan(0.01);
  });

  it('R-15: slow first tokens are diverted, long replies are not', SLOW, () => {
    expect(measure(scenario('slow starts')).divertedMs).toBeLessThan(15_000);
    const long = { ...PLAN, providers: { a: () => ({ ...FAIR, replyMs: 60_000 }), b: () => FAIR } };
    expect(simulate(long).openings).toEqual({ a: [], b: [] });
  });

  it('R-21: retry a tenth of first attempts and three more in 10 s, when all providers fail', SLOW, () => {
    const dead = { ...FAIR, failing: 1, failsAfterMs: 500 };
    const run = simulate({ ...PLAN, durationMs: 60_000, providers: { a: () => dead } });
    const attempts = run.requests.flatMap((request) => request.attempts);
    const within = (kind: string, until: number) =>
      attempts.filter((one) => one.kind === kind && one.at > until - 10_000 && one.at <= until).length;
    for (let ms = 10_000; ms <= 60_000; ms += 1000) {
      const until = run.startedAt + ms;
      expect(within('retry', until)).toBeLessThanOrEqual(0.1 * within('first', until) + 3);
    }
  });

  it('R-14: obey an operator within 5 s, everywhere', SLOW, () => {
    const orders = [{ atMs: 20_000, provider: 'a', to: 'forced-open' as const }];
    const run = simulate({
      ...PLAN,
      durationMs: 60_000,
      orders,
      providers: { a: () => FAIR, b: () => FAIR },
    });
    const late = run.requests
      .flatMap((request) => request.attempts)
      .filter(({ provider, at }) => provider === 'a' && at > run.startedAt + 25_000 + 150);
    expect(late).toEqual([]);
  });
});
