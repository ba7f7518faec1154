import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_MEMORY, type Contender, type Memory } from '../../../../src/routing/balancers/balancer.ts';
import { expectedCost } from '../../../../src/routing/balancers/cost-optimized.ts';
import { balancers, type StrategyName } from '../../../../src/routing/balancers/index.ts';
import { drawsFrom } from '../../../../src/routing/draws.ts';
import { chiSquare, chiSquareCritical } from '../../../support/chi-square.ts';

const names = Object.keys(balancers) as readonly StrategyName[];
const contender = (id: string, more: Partial<Contender> = {}): Contender => ({
  id,
  weight: 1,
  inFlight: 0,
  rewards: { won: 0, lost: 0 },
  ...more,
});

/** The picks of many decisions in a row, as one isolate makes them. */
function picks(
  name: StrategyName,
  contenders: readonly Contender[],
  count: number,
  seed = 0.5,
): readonly string[] {
  const draw = drawsFrom(seed);
  let memory: Memory = NO_MEMORY;
  return Array.from({ length: count }, () => {
    const balanced = balancers[name](contenders, memory, draw);
    memory = balanced.memory;
    return balanced.ranking[0]?.id ?? '';
  });
}

const counts = (picked: readonly string[], ids: readonly string[]): readonly number[] =>
  ids.map((id) => picked.filter((one) => one === id).length);
const shares = (picked: readonly string[], ids: readonly string[]): readonly number[] =>
  counts(picked, ids).map((count) => count / picked.length);

describe.each(names)('%s', (name) => {
  const contenders = fc.uniqueArray(
    fc.record({
      id: fc.string({ minLength: 1, maxLength: 3 }),
      weight: fc.double({ min: 0.01, max: 100, noNaN: true }),
      inFlight: fc.nat(50),
      latencyMs: fc.double({ min: 1, max: 1e5, noNaN: true }),
      cost: fc.double({ min: 0, max: 10, noNaN: true }),
      rewards: fc.record({ won: fc.nat(1000), lost: fc.nat(1000) }),
    }),
    { minLength: 1, maxLength: 12, selector: ({ id }) => id },
  );

  it('R-31: R-34: puts every contender in order exactly once', () => {
    fc.assert(
      fc.property(contenders, fc.double({ min: 0, max: 0.999, noNaN: true }), (among, drawn) => {
        const { ranking } = balancers[name](among, NO_MEMORY, drawsFrom(drawn));
        expect(ranking.map(({ id }) => id).sort()).toEqual(among.map(({ id }) => id).sort());
      }),
    );
  });

  it('decides the same with the same number drawn', () => {
    fc.assert(
      fc.property(contenders, fc.double({ min: 0, max: 0.999, noNaN: true }), (among, drawn) => {
        const decide = () => balancers[name](among, NO_MEMORY, drawsFrom(drawn));
        expect(decide()).toEqual(decide());
      }),
    );
  });
});

describe('round robin', () => {
  const abc = [contender('a', { weight: 5 }), contender('b'), contender('c')];

  it('R-28: with weights 5, 1, 1 goes a a b a c a a, from whatever phase', () => {
    const warm = { running: { a: 0, b: 0, c: 0 } };
    let memory: Memory = warm;
    const from = Array.from({ length: 14 }, () => {
      const balanced = balancers['round-robin'](abc, memory, drawsFrom(0));
      memory = balanced.memory;
      return balanced.ranking[0]?.id;
    });
    expect(from.join('')).toBe('aabacaaaabacaa');
  });

  it('R-28: every contender gets its weight in every round', () => {
    const weighted = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(weighted, (weights) => {
        const among = weights.map((weight, index) => contender(String(index), { weight }));
        const round = weights.reduce((a, b) => a + b);
        let memory: Memory = { running: Object.fromEntries(among.map(({ id }) => [id, 0])) };
        for (let lap = 0; lap < 3; lap += 1) {
          const picked = Array.from({ length: round }, () => {
            const balanced = balancers['round-robin'](among, memory, drawsFrom(0));
            memory = balanced.memory;
            return balanced.ranking[0]?.id ?? '';
          });
          expect(
            counts(
              picked,
              among.map(({ id }) => id),
            ),
          ).toEqual(weights);
        }
      }),
    );
  });

  it('R-28: fresh isolates begin where their weights say, not all at the first', () => {
    const draw = drawsFrom(0.1);
    const first = Array.from(
      { length: 20_000 },
      () => balancers['round-robin'](abc, NO_MEMORY, draw).ranking[0]?.id ?? '',
    );
    expect(chiSquare(counts(first, ['a', 'b', 'c']), [5 / 7, 1 / 7, 1 / 7])).toBeLessThan(
      chiSquareCritical(2),
    );
  });
});

describe('least connections', () => {
  it('R-29: of two, the one with fewer in flight for its weight', () => {
    const among = [contender('a', { inFlight: 9, weight: 3 }), contender('b', { inFlight: 3, weight: 1 })];
    expect(new Set(picks('least-connections', among, 50))).toEqual(new Set(['a']));
  });

  it('R-29: of many, the i-th least loaded as often as two draws make it the better one', () => {
    const ids = ['a', 'b', 'c', 'd'];
    const picked = picks(
      'least-connections',
      ids.map((id, inFlight) => contender(id, { inFlight })),
      100_000,
    );
    // C(n−i, 1) / C(n, 2)
    expect(chiSquare(counts(picked, ids).slice(0, 3), [3 / 6, 2 / 6, 1 / 6])).toBeLessThan(
      chiSquareCritical(2),
    );
    expect(counts(picked, ids)[3]).toBe(0);
  });
});

describe('least latency', () => {
  it('R-30: prefers the one that begins first, for its load', () => {
    const among = [contender('a', { latencyMs: 300, inFlight: 3 }), contender('b', { latencyMs: 1000 })];
    expect(new Set(picks('least-latency', among, 50))).toEqual(new Set(['b']));
  });

  it('sends one request at a time to an unknown target', () => {
    const known = contender('a', { latencyMs: 5000 });
    expect(picks('least-latency', [known, contender('b')], 1)).toEqual(['b']);
    expect(picks('least-latency', [known, contender('b', { inFlight: 1 })], 1)).toEqual(['a']);
  });
});

describe('weighted random', () => {
  it('R-31: shares are weights, and the second place goes to the rest by their weights', () => {
    const weights = [5, 3, 2];
    const ids = ['a', 'b', 'c'];
    const among = ids.map((id, index) => contender(id, { weight: weights[index] ?? 0 }));
    const draw = drawsFrom(0.7);
    const rankings = Array.from({ length: 100_000 }, () =>
      balancers['weighted-random'](among, NO_MEMORY, draw).ranking.map(({ id }) => id),
    );
    expect(
      chiSquare(
        counts(
          rankings.map(([first]) => first ?? ''),
          ids,
        ),
        [0.5, 0.3, 0.2],
      ),
    ).toBeLessThan(chiSquareCritical(2));
    const second = rankings.filter(([first]) => first === 'a').map(([, next]) => next ?? '');
    expect(chiSquare(counts(second, ['b', 'c']), [0.6, 0.4])).toBeLessThan(chiSquareCritical(1));
  });

  it('a weight of nothing is never picked', () => {
    expect(
      counts(picks('weighted-random', [contender('a'), contender('b', { weight: 0 })], 1000), ['b']),
    ).toEqual([0]);
  });
});

describe('cost optimized', () => {
  const priced = [1, 2, 3].map((cost) => contender(String(cost), { cost }));

  it('R-32: spread shares go with the inverse square of the price', () => {
    const picked = picks('cost-spread', priced, 100_000);
    const [one = 0, two = 0, three = 0] = shares(picked, ['1', '2', '3']);
    expect(Math.abs(one - 0.735)).toBeLessThan(0.005);
    expect(Math.abs(two - 0.184)).toBeLessThan(0.005);
    expect(Math.abs(three - 0.082)).toBeLessThan(0.005);
  });

  it('R-32: takes the cheapest, and leaves it only for one that is 5 % cheaper', () => {
    expect(new Set(picks('cost-optimized', priced, 20))).toEqual(new Set(['1']));
    const near = [contender('a', { cost: 1 }), contender('b', { cost: 0.96 })];
    const pick = (cheapest: string, among = near) =>
      balancers['cost-optimized'](among, { running: {}, cheapest }, drawsFrom(0)).ranking[0]?.id;
    expect(pick('a')).toBe('a');
    expect(pick('a', [contender('a', { cost: 1 }), contender('b', { cost: 0.95 })])).toBe('b');
  });

  it('R-32: an unknown price comes last and is not a price of nothing', () => {
    expect(picks('cost-optimized', [contender('x'), ...priced], 1)).toEqual(['1']);
    expect(counts(picks('cost-spread', [contender('x'), ...priced], 1000), ['x'])).toEqual([0]);
  });

  it('R-32: counts cached tokens, failures that are paid twice, and waiting', () => {
    const tariff = { input: 2, cached: 0.5, output: 10 };
    const demand = { inputTokens: 100, cachedTokens: 200, outputTokens: 50 };
    const prompt = { failureShare: 0, ttftGoalMs: 1000, pricePerMs: 1 };
    expect(expectedCost(tariff, demand, prompt)).toBe(800);
    expect(expectedCost(tariff, demand, { ...prompt, failureShare: 0.2 })).toBe(1000);
    expect(expectedCost(tariff, demand, { ...prompt, ttftP95Ms: 1100 })).toBe(900);
  });
});

describe('adaptive', () => {
  const good = contender('good', { rewards: { won: 900, lost: 100 } });
  const bad = contender('bad', { rewards: { won: 500, lost: 500 } });

  it('goes where it was answered well, and still looks elsewhere once in a hundred', () => {
    const [share = 0] = shares(picks('adaptive', [good, bad], 50_000), ['bad']);
    expect(share).toBeGreaterThan(0.007);
    expect(share).toBeLessThan(0.014);
  });

  it('R-33: explores no more than a fifth, even when it knows nothing', () => {
    const unknown = ['a', 'b', 'c', 'd'].map((id) => contender(id));
    const [leader = 0] = shares(picks('adaptive', unknown, 50_000), ['a']);
    expect(1 - leader).toBeLessThanOrEqual(0.2);
  });

  it('takes the cheaper of two that are equally good', () => {
    const among = [
      contender('a', { rewards: good.rewards, cost: 3 }),
      contender('b', { rewards: good.rewards, cost: 1 }),
    ];
    const [cheap = 0] = shares(picks('adaptive', among, 5000), ['b']);
    expect(cheap).toBeGreaterThan(0.95);
  });
});
