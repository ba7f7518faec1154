import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstContentMs } from '../../../src/routing/adaptive-timeouts.ts';
import { refusalChance } from '../../../src/routing/admission.ts';
import { adjustLimit, admittedShares, NO_LIMIT } from '../../../src/routing/concurrency-limit.ts';
import {
  earnHedge,
  hedgeAfterMs,
  NO_HEDGES,
  spendHedge,
  type HedgeSituation,
} from '../../../src/routing/hedge.ts';
import {
  addToSketch,
  EMPTY_SKETCH,
  latencyBucket,
  sketchQuantile,
} from '../../../src/routing/latency-sketch.ts';
import { admitSequence, NOTHING_SEEN, type ReplayWindow } from '../../../src/routing/replay-window.ts';
import { mayFailOver } from '../../../src/routing/retry-budget.ts';
import { seeded } from '../../support/random.ts';

describe('the throttle', () => {
  it('R-26: at 30 % accepted keeps back 0.40 of interactive and 0.66 of background requests', () => {
    const random = seeded(26);
    for (const [priority, expected] of [
      ['interactive', 0.4],
      ['background', 0.66],
    ] as const) {
      const chance = refusalChance({ requests: 100, accepts: 30 }, priority);
      const refused = Array.from({ length: 100_000 }, () => random() < chance).filter(Boolean).length;
      expect(Math.abs(refused / 100_000 - expected)).toBeLessThan(0.02);
    }
  });

  it('keeps nobody back while most is accepted', () => {
    expect(refusalChance({ requests: 100, accepts: 51 }, 'interactive')).toBe(0);
  });
});

describe('the concurrency limit', () => {
  const told = (now: number, refused: number, inFlight: number) => ({ now, sent: 10, refused, inFlight });
  const limit = { ...NO_LIMIT, max: 100 };

  it('is none until the provider has been overloaded, and until one knows what is in flight', () => {
    expect(adjustLimit(NO_LIMIT, told(9000, 0, 500)).max).toBeUndefined();
    expect(adjustLimit(NO_LIMIT, told(9000, 1, 0)).max).toBeUndefined();
    expect(adjustLimit(NO_LIMIT, told(9000, 1, 100)).max).toBe(100);
  });

  it('goes down by what was refused, three tenths at most, once in four seconds', () => {
    expect(adjustLimit(limit, told(3999, 9, 100)).max).toBe(100);
    expect(adjustLimit(limit, told(4000, 1, 100)).max).toBe(90);
    expect(adjustLimit(limit, told(4000, 9, 100)).max).toBe(70);
  });

  it('goes up in calm, and only while it is used', () => {
    expect(adjustLimit(limit, told(3000, 0, 90)).max).toBe(102.5);
    expect(adjustLimit(limit, told(3000, 0, 49)).max).toBe(100);
    expect(adjustLimit({ ...limit, refusedAt: 2000 }, told(3000, 0, 90)).max).toBe(100);
  });

  it('R-27: background work is kept back first, and never gets the last fifth', () => {
    expect(admittedShares(100, { interactive: 50, background: 60 })).toEqual({
      interactive: 1,
      background: 0.5,
    });
    expect(admittedShares(100, { interactive: 90, background: 60 })).toEqual({
      interactive: 1,
      background: 0,
    });
    expect(admittedShares(100, { interactive: 200, background: 60 })).toEqual({
      interactive: 0.5,
      background: 0,
    });
  });
});

describe('failover', () => {
  it('into a provider is a fifth of its own traffic and what its limit leaves free', () => {
    expect(mayFailOver({ first: 100, failover: 19 }, 0)).toBe(true);
    expect(mayFailOver({ first: 100, failover: 20 }, 0)).toBe(false);
    expect(mayFailOver({ first: 100, failover: 20 }, 5)).toBe(true);
    expect(mayFailOver({ first: 0, failover: 99 }, Infinity)).toBe(true);
  });
});

describe('a hedge', () => {
  const policy = { enabled: true, outputTokensMax: 1000 };
  const good: HedgeSituation = {
    idempotent: true,
    hasTools: false,
    outputTokensMax: 500,
    cancellable: true,
    ttftP95Ms: 2500,
    retryOk: true,
    attemptsLeft: 2,
    otherTarget: true,
    budget: { tokens: 1 },
  };

  it('goes out after the 95th percentile and never before a second', () => {
    expect(hedgeAfterMs(policy, good)).toBe(2500);
    expect(hedgeAfterMs(policy, { ...good, ttftP95Ms: 20 })).toBe(1000);
  });

  it.each<[string, Partial<HedgeSituation>]>([
    ['tools', { hasTools: true }],
    ['a request that may not be repeated', { idempotent: false }],
    ['a provider that bills what was cancelled', { cancellable: false }],
    ['a long reply', { outputTokensMax: 1001 }],
    ['a fleet that may not retry', { retryOk: false }],
    ['an empty budget', { budget: { tokens: 0.9 } }],
    ['the last attempt', { attemptsLeft: 0 }],
  ])('never with %s', (_, but) => {
    expect(hedgeAfterMs(policy, { ...good, ...but })).toBeUndefined();
  });

  it('R-25: costs two in a hundred requests and not one more', () => {
    let budget = NO_HEDGES;
    let hedges = 0;
    for (let request = 1; request <= 5000; request += 1) {
      budget = earnHedge(budget);
      if (hedgeAfterMs(policy, { ...good, budget }) !== undefined) {
        budget = spendHedge(budget);
        hedges += 1;
      }
      expect(hedges).toBeLessThanOrEqual(0.02 * request + 1e-9);
    }
    expect(hedges).toBeGreaterThan(95);
  });
});

describe('the timeout of a first token', () => {
  it('is half as long again as one in a thousand takes, within bounds', () => {
    expect(firstContentMs(60_000, {})).toBe(60_000);
    expect(firstContentMs(60_000, { p999Ms: 10_000 })).toBe(15_000);
    expect(firstContentMs(60_000, { p999Ms: 100 })).toBe(5000);
    expect(firstContentMs(60_000, { p999Ms: 90_000 })).toBe(60_000);
  });
});

describe('a latency sketch', () => {
  it('knows every percentile within 2 %', () => {
    const latencies = fc.array(fc.double({ min: 1, max: 500_000, noNaN: true }), {
      minLength: 1,
      maxLength: 200,
    });
    fc.assert(
      fc.property(latencies, fc.double({ min: 0.01, max: 1, noNaN: true }), (values, quantile) => {
        const sketch = addToSketch(EMPTY_SKETCH, 5000, values.map(latencyBucket));
        const exact =
          values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(quantile * values.length - 1e-9) - 1)] ?? 0;
        expect((sketchQuantile(sketch, quantile) ?? 0) / exact).toBeGreaterThan(0.98);
        expect((sketchQuantile(sketch, quantile) ?? 0) / exact).toBeLessThan(1.02);
      }),
    );
  });
});

describe('the window of reports', () => {
  it('lets each number in once, in any order within 32', () => {
    const numbers = fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 80 });
    fc.assert(
      fc.property(numbers, (sequence) => {
        let window: ReplayWindow = NOTHING_SEEN;
        const counted = new Set<number>();
        let high = -1;
        for (const seq of sequence) {
          const next = admitSequence(window, seq);
          expect(next !== undefined).toBe(!counted.has(seq) && seq > high - 32);
          if (next !== undefined) counted.add(seq);
          window = next ?? window;
          high = Math.max(high, seq);
        }
      }),
    );
  });
});
