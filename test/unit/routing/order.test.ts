import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { prefer } from '../../../src/routing/affinity.ts';
import { NO_MEMORY } from '../../../src/routing/balancers/balancer.ts';
import { balancers, type StrategyName } from '../../../src/routing/balancers/index.ts';
import { order, type Candidate, type Policy, type Question } from '../../../src/routing/order.ts';
import type { Gate, Reading } from '../../../src/routing/reading.ts';
import { seeded } from '../../support/random.ts';

const NOW = 1_000_000;
const well: Reading = {
  gate: { is: 'open' },
  ramp: 1,
  inFlight: 0,
  rewards: { won: 0, lost: 0 },
  throttled: { interactive: 0, background: 0 },
  shares: { interactive: 1, background: 1 },
  failoverOk: true,
};
const shut = (why: Extract<Gate, { is: 'shut' }>['why'], since = NOW, until?: number): Gate => ({
  is: 'shut',
  scope: 'model/m',
  why,
  since,
  ...(until === undefined ? {} : { until }),
});
const candidate = (id: string, reading: Partial<Reading> = {}, more: Partial<Candidate> = {}): Candidate => ({
  id,
  provider: id,
  place: { model: 'm', credential: '0' },
  weight: 1,
  reading: { ...well, ...reading },
  ...more,
});
const policy: Policy = { strategy: 'in-order', sticky: false, unknownPrices: false, breakers: 'on' };
const ask = (candidates: readonly Candidate[], more: Partial<Question> = {}): Question => ({
  candidates,
  policy,
  priority: 'interactive',
  memory: NO_MEMORY,
  now: NOW,
  drawn: 0.5,
  ...more,
});
const ids = (list: readonly { readonly id: string }[]) => list.map(({ id }) => id);

describe('the order', () => {
  it('says of each that is not asked why it is not', () => {
    const decision = order(
      ask([
        candidate('unfit', {}, { unfit: 'no-tools' }),
        candidate('off', {}, { weight: 0 }),
        candidate('open', { gate: shut('open') }),
        candidate('poor', { gate: shut('barred') }),
        candidate('throttled', { throttled: { interactive: 1, background: 1 } }),
        candidate('limited', { shares: { interactive: 0, background: 0 } }),
        candidate('due', { gate: { is: 'probe', scope: 'host', since: NOW } }),
        candidate('good'),
      ]),
    );
    expect(ids(decision.choices)).toEqual(['good']);
    expect(Object.fromEntries(decision.excluded.map(({ id, reason }) => [id, reason]))).toEqual({
      unfit: 'no-tools',
      off: 'weight-0',
      open: 'open',
      poor: 'barred',
      throttled: 'throttled',
      limited: 'limited',
      due: 'half-open',
    });
  });

  it('charges the second best with failover when the best is shut', () => {
    const decision = order(ask([candidate('a', { gate: shut('open') }), candidate('b')]));
    expect(decision.choices[0]).toMatchObject({ id: 'b', kind: 'failover' });
    expect(order(ask([candidate('a'), candidate('b')])).choices[0]).toMatchObject({ id: 'a', kind: 'first' });
  });

  it('a price that is not known is not asked where prices decide, unless that is wished', () => {
    const candidates = [candidate('x'), candidate('y', {}, { cost: 2 })];
    const cheap = { ...policy, strategy: 'cost-optimized' } as const;
    expect(order(ask(candidates, { policy: cheap })).excluded).toEqual([
      { id: 'x', reason: 'price-unknown' },
    ]);
    expect(ids(order(ask(candidates, { policy: { ...cheap, unknownPrices: true } })).choices)).toEqual([
      'y',
      'x',
    ]);
  });

  it('R-9: a target on its ramp gets a share that grows with it', () => {
    const random = seeded(9);
    const by = { ...policy, strategy: 'weighted-random' } as const;
    for (const ramp of [0.1, 0.5, 1]) {
      const picks = Array.from(
        { length: 5000 },
        () =>
          order(ask([candidate('a', { ramp }), candidate('b')], { policy: by, drawn: random() })).choices[0]
            ?.id,
      );
      expect(picks.filter((id) => id === 'a').length / 5000).toBeCloseTo(ramp / (1 + ramp), 1);
    }
  });

  it('while breakers only measure, refuses nobody but on an operator’s order', () => {
    const candidates = [
      candidate('a', { gate: shut('open') }),
      candidate('b', { gate: shut('forced-open') }),
    ];
    const decision = order(ask(candidates, { policy: { ...policy, breakers: 'measure' } }));
    expect([ids(decision.choices), decision.mood]).toEqual([['a'], 'calm']);
  });
});

describe('a recovering target', () => {
  const due: Gate = { is: 'probe', scope: 'model/m', since: NOW };

  it('is asked first under a permit, with the others behind it', () => {
    const held = candidate('b', { gate: { ...due, lease: 'lease-1' } });
    const decision = order(ask([candidate('a'), held]));
    expect(decision.choices[0]).toMatchObject({ id: 'b', probe: { scope: 'model/m', lease: 'lease-1' } });
    expect(ids(decision.choices)).toEqual(['b', 'a']);
  });

  it('is asked about by one in twenty at first, by everyone after half a minute, and at once when there is no other', () => {
    const random = seeded(1);
    const share = (gate: Gate, others: readonly Candidate[]) =>
      Array.from(
        { length: 4000 },
        () => order(ask([candidate('b', { gate }), ...others], { drawn: random() })).asks,
      ).filter((asks) => asks.length > 0).length / 4000;
    expect(share(due, [candidate('a')])).toBeCloseTo(0.05, 1);
    expect(share({ ...due, since: NOW - 30_000 }, [candidate('a')])).toBe(1);
    expect(share(due, [])).toBe(1);
  });
});

describe('panic', () => {
  const all = [
    candidate('young', { gate: shut('open', NOW - 1000, NOW + 9000) }),
    candidate('old', { gate: shut('own-evidence', NOW - 5000, NOW + 4000) }),
    candidate('poor', { gate: shut('barred', NOW - 9000, NOW + 900_000) }),
  ];

  it('R-13: F-65: tries the least recently opened and nobody without money', () => {
    const decision = order(ask(all));
    expect([ids(decision.choices), decision.mood]).toEqual([['old'], 'panic']);
  });

  it('R-13: lets a tenth through at least, and tells the rest when the next half-opens', () => {
    const throttled = { interactive: 1, background: 1 };
    const random = seeded(13);
    const sick = all.map((one) => ({ ...one, reading: { ...one.reading, throttled } }));
    const decisions = Array.from({ length: 5000 }, () => order(ask(sick, { drawn: random() })));
    expect(decisions.filter(({ mood }) => mood === 'panic').length / 5000).toBeCloseTo(0.1, 1);
    expect(decisions.find(({ mood }) => mood === 'refused')?.retryAfterMs).toBe(4000);
  });

  it('is not for those that we keep back ourselves: they may come again in a moment', () => {
    const decision = order(ask([candidate('a', { shares: { interactive: 0, background: 0 } })]));
    expect([decision.choices, decision.mood]).toEqual([[], 'refused']);
    expect(decision.retryAfterMs).toBeLessThanOrEqual(3000);
  });
});

describe('a shared beginning', () => {
  const three = ['a', 'b', 'c'].map((id) => candidate(id));
  const sticky = { ...policy, sticky: true, strategy: 'round-robin' } as const;
  const first = (more: Partial<Question>, candidates = three) =>
    order(ask(candidates, { policy: sticky, ...more })).choices[0]?.id;

  it('goes where it was served last, unless that target is not well', () => {
    const affinity = { prefix: 7, last: 'c' };
    expect(first({ affinity })).toBe('c');
    expect(
      first({ affinity }, [candidate('a'), candidate('b'), candidate('c', { gate: shut('open') })]),
    ).not.toBe('c');
    expect(
      first({ affinity }, [candidate('a', { latencyMs: 500 }), candidate('c', { latencyMs: 9000 })]),
    ).toBe('a');
  });

  it('is found at the same target by isolates that know nothing of each other', () => {
    const drawn = [0, 0.3, 0.6, 0.9];
    expect(new Set(drawn.map((one) => first({ affinity: { prefix: 7 }, drawn: one }))).size).toBe(1);
  });

  it('spreads over targets by weight, and only the prefixes of one that leaves move', () => {
    const contender = (id: string, weight: number) => ({
      id,
      weight,
      inFlight: 0,
      rewards: { won: 0, lost: 0 },
    });
    const prefixes = Array.from({ length: 6000 }, (_, k) => Math.imul(k, 0x9e3779b1));
    const place = (prefix: number, among: readonly ReturnType<typeof contender>[]) =>
      prefer({ prefix }, among, () => 1).id;
    const among = [contender('a', 1), contender('b', 2), contender('c', 3)];
    const before = prefixes.map((prefix) => place(prefix, among));
    expect(before.filter((id) => id === 'c').length / 6000).toBeCloseTo(0.5, 1);
    const after = prefixes.map((prefix) => place(prefix, among.slice(0, 2)));
    expect(after.filter((id, k) => before[k] !== 'c' && id !== before[k])).toEqual([]);
  });
});

describe('whatever is asked', () => {
  const gates = fc.oneof<fc.Arbitrary<Gate>[]>(
    fc.constant({ is: 'open' }),
    fc.constant({ is: 'probe', scope: 'host', since: NOW }),
    fc.constant({ is: 'probe', scope: 'host', since: NOW, lease: 'l' }),
    fc
      .constantFrom('open', 'half-open', 'barred', 'forced-open', 'cooling', 'own-evidence')
      .map((why) => shut(why as 'open')),
  );
  const readings = fc.record({
    gate: gates,
    ramp: fc.constantFrom(1, 1, 0.1),
    inFlight: fc.nat(9),
    rewards: fc.record({ won: fc.nat(99), lost: fc.nat(99) }),
    latencyMs: fc.integer({ min: 1, max: 9999 }),
    throttled: fc.constantFrom({ interactive: 0, background: 0 }, { interactive: 0.5, background: 0.9 }),
    shares: fc.constantFrom({ interactive: 1, background: 1 }, { interactive: 0.5, background: 0 }),
    failoverOk: fc.boolean(),
  });
  const candidates = fc.uniqueArray(
    fc
      .tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), readings, fc.nat(3), fc.boolean(), fc.boolean())
      .map(([id, reading, weight, fit, priced]) =>
        candidate(id, reading, {
          weight,
          ...(fit ? {} : { unfit: 'no-tools' }),
          ...(priced ? { cost: weight + 1 } : {}),
        }),
      ),
    { selector: ({ id }) => id, maxLength: 6 },
  );
  const questions = fc
    .record({
      candidates,
      strategy: fc.constantFrom(...(Object.keys(balancers) as StrategyName[])),
      sticky: fc.boolean(),
      priority: fc.constantFrom('interactive' as const, 'background' as const),
      drawn: fc.double({ min: 0, max: 0.999, noNaN: true }),
    })
    .map(({ strategy, sticky, ...more }) =>
      ask(more.candidates, {
        ...more,
        policy: { ...policy, strategy, sticky },
        affinity: { prefix: 1, last: 'b' },
      }),
    );

  it('a recorded question gets the same answer again', () => {
    fc.assert(
      fc.property(questions, (question) => {
        const recorded = JSON.parse(JSON.stringify(question)) as Question;
        expect(JSON.stringify(order(recorded))).toBe(JSON.stringify(order(question)));
      }),
    );
  });

  it('R-34: each candidate is chosen once or excluded with a reason, and none that cannot serve is chosen', () => {
    fc.assert(
      fc.property(questions, (question) => {
        const { choices, excluded, mood } = order(question);
        const named = mood === 'panic' ? ids(excluded) : [...ids(choices), ...ids(excluded)];
        expect(named.toSorted()).toEqual(ids(question.candidates).toSorted());
        const unfit = question.candidates.filter((one) => one.unfit !== undefined || one.weight === 0);
        expect(choices.filter(({ id }) => ids(unfit).includes(id))).toEqual([]);
      }),
    );
  });

  it('I10: somebody is asked, or the caller learns when to come again', () => {
    fc.assert(
      fc.property(questions, (question) => {
        const { choices, mood, retryAfterMs, excluded } = order(question);
        if (choices.length > 0) return;
        expect(mood).toBe('refused');
        const fit = excluded.filter(({ gate }) => gate !== undefined).length;
        if (fit > 0) expect(retryAfterMs).toBeGreaterThan(0);
      }),
    );
  });

  it('R-14: an operator’s order is never overridden, and a key without money never tried', () => {
    fc.assert(
      fc.property(questions, (question) => {
        const never = question.candidates.filter(
          ({ reading: { gate } }) =>
            gate.is === 'shut' && ['forced-open', 'barred', 'cooling'].includes(gate.why),
        );
        expect(order(question).choices.filter(({ id }) => ids(never).includes(id))).toEqual([]);
      }),
    );
  });
});
