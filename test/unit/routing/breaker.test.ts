import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  admits,
  changesAt,
  LEASE_MS,
  newBreaker,
  rampWeight,
  reduceBreaker,
  type Breaker,
  type BreakerEvent,
} from '../../../src/routing/breaker.ts';
import { run } from '../../../src/routing/evidence.ts';
import { seeded } from '../../support/random.ts';

const NOW = 1_000_000;
const after = (breaker: Breaker, event: BreakerEvent, now = NOW, drawn = 0.5): Breaker =>
  reduceBreaker(breaker, event, { now, drawn });
const failures = (breaker: Breaker, count: number, now = NOW, drawn = 0.5): Breaker =>
  after(breaker, { kind: 'seen', sighted: { at: now, failed: count } }, now, drawn);
const opened = (drawn = 0.5): Breaker => failures(newBreaker(0), 5, NOW, drawn);
const until = ({ phase }: Breaker): number => (phase.is === 'open' ? phase.until : Number.NaN);
const ask = (breaker: Breaker, lease: string, now: number) => after(breaker, { kind: 'asked', lease }, now);
const tell = (breaker: Breaker, lease: string, verdict: 'passed' | 'failed' | 'released', now: number) =>
  after(breaker, { kind: 'probed', lease, verdict }, now);

describe('opening', () => {
  it('R-1: five failures in a row open it', () => {
    expect(admits(failures(newBreaker(0), 3), NOW)).toBe('yes');
    expect(admits(opened(), NOW)).toBe('no');
  });

  it('R-5: lasts min(300 s, 5 s · 2^(n−1)), give or take a fifth', () => {
    const random = seeded(5);
    for (let n = 1; n <= 9; n += 1) {
      const breaker: Breaker = { ...newBreaker(0), phase: { is: 'ramp', since: NOW, opened: n - 1 } };
      const middle = Math.min(300_000, 5000 * 2 ** (n - 1));
      const lasts = Array.from({ length: 200 }, () => until(failures(breaker, 5, NOW, random())) - NOW);
      expect(Math.min(...lasts)).toBeGreaterThanOrEqual(0.8 * middle);
      expect(Math.max(...lasts)).toBeLessThan(1.2 * middle);
      expect(lasts.reduce((a, b) => a + b) / 200 / middle).toBeCloseTo(1, 1);
    }
  });

  it('R-5: is not over before the provider said it would be, and no wish is longer than 300 s', () => {
    const wish = (floorUntil: number) =>
      until(after(newBreaker(0), { kind: 'seen', sighted: { at: NOW, failed: 5 }, floorUntil }));
    expect(wish(NOW + 60_000)).toBe(NOW + 60_000);
    expect(wish(NOW + 1e9)).toBe(NOW + 300_000);
  });

  it('is a first one again after ten minutes closed', () => {
    const closed: Breaker = { ...newBreaker(0), phase: { is: 'closed', since: 0, opened: 6 } };
    expect(until(failures(closed, 5, 599_999))).toBe(599_999 + 300_000);
    expect(until(failures(closed, 5, 600_000))).toBe(600_000 + 5000);
  });

  it('F-1: a rate limit with a wish cools down until then, without opening', () => {
    const cool = after(newBreaker(0), {
      kind: 'seen',
      sighted: { at: NOW, limited: 1 },
      coolUntil: NOW + 2000,
    });
    expect(cool.phase.is).toBe('closed');
    expect([admits(cool, NOW + 1999), admits(cool, NOW + 2000)]).toEqual(['no', 'yes']);
  });
});

describe('a credential without money', () => {
  const bar = (breaker: Breaker, now: number) =>
    after(breaker, { kind: 'barred', cause: 'quota', at: now }, now, 0);

  it('R-11: is left alone for 15 minutes, then four times as long, up to a day', () => {
    let breaker = newBreaker(0);
    let now = NOW;
    const lasted: number[] = [];
    for (let n = 0; n < 6; n += 1) {
      breaker = bar(breaker, now);
      lasted.push(until(breaker) - now);
      now = until(breaker);
      breaker = ask(breaker, `lease-${n}`, now);
    }
    expect(lasted.map((ms) => ms / 60_000)).toEqual([15, 60, 240, 960, 1440, 1440]);
  });

  it('R-11: F-4: nothing that is seen meanwhile shortens or lengthens it', () => {
    const barred = bar(newBreaker(0), NOW);
    const later = failures(bar(barred, NOW + 5000), 9, NOW + 6000);
    expect(later.phase).toEqual(barred.phase);
  });
});

describe('probing', () => {
  const due = until(opened());

  it('R-6: one lease before the first success, three after it', () => {
    let breaker = ask(ask(opened(), 'a', due), 'b', due);
    expect(breaker.phase).toMatchObject({ is: 'half-open', leases: [{ id: 'a' }] });
    breaker = tell(breaker, 'a', 'passed', due);
    for (const lease of ['b', 'c', 'd', 'e']) breaker = ask(breaker, lease, due + 1);
    expect(breaker.phase).toMatchObject({ leases: [{ id: 'b' }, { id: 'c' }, { id: 'd' }] });
  });

  it('R-7: the lease of a prober that died runs out, and half open ends with it', () => {
    const held = ask(opened(), 'a', due);
    expect(admits(held, due + LEASE_MS - 1)).toBe('no');
    expect(changesAt(held)).toBe(due + LEASE_MS);
    const left = after(held, { kind: 'passed-time' }, due + LEASE_MS);
    expect(left.phase).toMatchObject({ is: 'open', opened: 1 });
    expect(admits(left, due + LEASE_MS)).toBe('probe');
  });

  it('R-4: a cancelled probe gives its permit back and says nothing', () => {
    const back = tell(ask(opened(), 'a', due), 'a', 'released', due + 5);
    expect(back.phase).toMatchObject({ is: 'open', opened: 1 });
    expect(admits(back, due + 5)).toBe('probe');
  });

  it('R-8: a failure opens for longer, three successes lead to a ramp with an empty window', () => {
    const failed = tell(ask(opened(), 'a', due), 'a', 'failed', due);
    expect(until(failed) - due).toBe(10_000);
    let breaker = opened();
    for (const lease of ['a', 'b', 'c']) breaker = tell(ask(breaker, lease, due), lease, 'passed', due);
    expect(breaker.phase).toEqual({ is: 'ramp', since: due, opened: 1 });
    expect(run(breaker.evidence)).toBe(0);
    expect(after(breaker, { kind: 'passed-time' }, due + 30_000).phase.is).toBe('closed');
  });

  it('a verdict comes too late when the lease is over, and twice is once', () => {
    const held = ask(opened(), 'a', due);
    expect(tell(held, 'a', 'failed', due + LEASE_MS).phase).toMatchObject({ is: 'open', opened: 1 });
    const once = tell(held, 'a', 'passed', due);
    expect(tell(once, 'a', 'passed', due)).toEqual(once);
  });
});

describe('the ramp', () => {
  it('R-9: goes from a tenth to all in 30 s', () => {
    const weights = [0, 10_000, 20_000, 30_000, 40_000].map((ms) =>
      rampWeight({ is: 'ramp', since: NOW }, NOW + ms),
    );
    expect(weights.map((weight) => weight.toFixed(2))).toEqual(['0.10', '0.40', '0.70', '1.00', '1.00']);
  });
});

describe('an order', () => {
  it('R-14: holds against all evidence, and ends with the next order', () => {
    const forced = after(newBreaker(0), { kind: 'ordered', to: 'forced-open' });
    const later = after(forced, { kind: 'seen', sighted: { at: NOW + 1, ok: 99 } }, NOW + 1e9);
    expect(admits(ask(later, 'a', NOW + 1e9), NOW + 1e9)).toBe('no');
    const disabled = failures(after(forced, { kind: 'ordered', to: 'disabled' }), 99);
    expect([disabled.phase.is, admits(disabled, NOW)]).toEqual(['disabled', 'yes']);
    expect(admits(after(disabled, { kind: 'ordered', to: 'closed' }), NOW)).toBe('yes');
  });
});

describe('whatever happens', () => {
  const events = fc.oneof(
    fc.record({
      kind: fc.constant('seen' as const),
      sighted: fc.record({ at: fc.integer({ min: 0, max: 200_000 }), ok: fc.nat(2), failed: fc.nat(4) }),
      floorUntil: fc.integer({ min: 0, max: 1e9 }),
    }),
    fc.record({ kind: fc.constant('asked' as const), lease: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f') }),
    fc.record({
      kind: fc.constant('probed' as const),
      lease: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
      verdict: fc.constantFrom('passed' as const, 'failed' as const, 'released' as const),
    }),
    fc.record({
      kind: fc.constant('barred' as const),
      cause: fc.constantFrom('auth' as const, 'quota' as const),
      at: fc.integer({ min: 0, max: 200_000 }),
    }),
  );
  const histories = fc.array(fc.tuple(events, fc.nat(20_000)), { maxLength: 60 });
  const play = (
    history: readonly (readonly [BreakerEvent, number])[],
    check?: (breaker: Breaker, now: number) => void,
  ) => {
    let breaker = newBreaker(0);
    let now = 0;
    for (const [event, ms] of history) {
      now += ms;
      breaker = after(breaker, event, now);
      check?.(breaker, now);
    }
    return { breaker, now };
  };

  it('R-6: never more than three leases live, and one while nothing has passed', () => {
    fc.assert(
      fc.property(histories, (history) => {
        play(history, ({ phase }, now) => {
          if (phase.is !== 'half-open') return;
          const live = phase.leases.filter((lease) => lease.until > now).length;
          expect(live).toBeLessThanOrEqual(phase.passed === 0 ? 1 : 3);
        });
      }),
    );
  });

  it('I8: somebody is let in again in bounded time', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const { breaker, now } = play(history);
        const dayLater = now + 86_400_000 * 1.2 + LEASE_MS;
        expect(admits(after(breaker, { kind: 'passed-time' }, dayLater), dayLater)).not.toBe('no');
      }),
    );
  });
});
