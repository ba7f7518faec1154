import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addEvidence,
  noEvidence,
  run,
  runMin,
  threshold,
  usualShare,
  verdict,
  type Evidence,
  type Sighted,
} from '../../../src/routing/evidence.ts';
import { sumOfRing } from '../../../src/routing/ring.ts';

const NOW = 1_000_000;
const gather = (sighted: readonly Sighted[], learn = true): Evidence =>
  sighted.reduce((evidence, one) => addEvidence(evidence, one, learn), noEvidence(0));

describe('evidence', () => {
  const sightings = fc.array(
    fc.record({
      at: fc.integer({ min: NOW - 70_000, max: NOW }),
      ok: fc.nat(3),
      failed: fc.nat(3),
      limited: fc.nat(2),
      slow: fc.nat(1),
      timed: fc.nat(3),
    }),
    { maxLength: 40 },
  );

  it('R-36: is the same whatever the order in which it came', () => {
    fc.assert(
      fc.property(
        sightings.chain((list) =>
          fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
        ),
        ([list, shuffled]) => {
          const [a, b] = [gather(list), gather(shuffled)];
          expect(sumOfRing(b.fast, NOW)).toEqual(sumOfRing(a.fast, NOW));
          expect(sumOfRing(b.slow, NOW)).toEqual(sumOfRing(a.slow, NOW));
          expect([b.okAt, b.failedAt]).toEqual([a.okAt, a.failedAt]);
          expect(b.usual.all.value).toBeCloseTo(a.usual.all.value, 9);
          expect(b.usual.failed.value).toBeCloseTo(a.usual.failed.value, 9);
        },
      ),
    );
  });

  it('counts exactly what was seen in the last ten buckets', () => {
    fc.assert(
      fc.property(sightings, (list) => {
        const first = Math.floor(NOW / 1000) - 9;
        const inside = list.filter(({ at }) => Math.floor(at / 1000) >= first);
        const total = (of: 'ok' | 'failed') => inside.reduce((sum, one) => sum + one[of], 0);
        const { ok, failed } = sumOfRing(gather(list).fast, NOW);
        expect({ ok, failed }).toEqual({ ok: total('ok'), failed: total('failed') });
      }),
    );
  });

  it('forgets by itself', () => {
    const evidence = gather([{ at: NOW, failed: 3, limited: 4 }]);
    expect(verdict(evidence, NOW, 'own')).toBe('share');
    expect(verdict(evidence, NOW + 66_000, 'own')).toBeUndefined();
  });

  it('does not hear what was seen before it begins', () => {
    const evidence = addEvidence(noEvidence(NOW), { at: NOW - 1, failed: 9 }, true);
    expect(run(evidence)).toBe(0);
  });
});

describe('the verdict', () => {
  it('R-1: is a run at five failures in a row and not at four of six', () => {
    const failures = (count: number) => Array.from({ length: count }, (_, k) => ({ at: NOW + k, failed: 1 }));
    const past = { at: NOW - 1, ok: 20 };
    expect(verdict(gather([past, ...failures(4)]), NOW + 9, 'own')).toBeUndefined();
    expect(verdict(gather([past, ...failures(5)]), NOW + 9, 'own')).toBe('run');
  });

  it('R-2: rate limits neither make a run nor end one, and count in the share', () => {
    const limited = { at: NOW + 3, limited: 1 };
    expect(run(gather([{ at: NOW, failed: 2 }, limited, { at: NOW + 5, failed: 2 }]))).toBe(4);
    expect(verdict(gather([{ at: NOW, limited: 4 }]), NOW, 'own')).toBe('share');
  });

  it('R-15: is slow when most first tokens are, and never for a long reply', () => {
    expect(verdict(gather([{ at: NOW, ok: 10, slow: 9, timed: 10 }]), NOW, 'own')).toBe('slow');
    expect(verdict(gather([{ at: NOW, ok: 10, slow: 8, timed: 10 }]), NOW, 'own')).toBeUndefined();
  });

  it('asks for a longer run where failures are usual', () => {
    expect([undefined, 0.005, 0.15].map((usual) => runMin(usual))).toEqual([5, 5, 9]);
  });

  it('R-37: asks for a longer run where successes may not have been told of yet, and for none where that is many', () => {
    expect([0, 60, 600, 6000].map((unheard) => runMin(0.005, unheard))).toEqual([5, 7, 17, Infinity]);
  });

  it('R-37: an object does not judge the second whose successes it has not heard of', () => {
    const evidence = gather([
      { at: NOW - 8000, ok: 4 },
      { at: NOW, limited: 20 },
    ]);
    expect(verdict(evidence, NOW, 'own')).toBe('share');
    expect(verdict(evidence, NOW + 999, 'fleet')).toBeUndefined();
    expect(verdict(evidence, NOW + 1000, 'fleet')).toBe('share');
  });

  it('asks for a larger share where failures are usual, within bounds', () => {
    expect(threshold(undefined, 5)).toBe(0.5);
    expect(threshold(0.005, 50)).toBe(0.2);
    expect(threshold(0.15, 20)).toBeCloseTo(0.469, 3);
    expect(threshold(0.15, 600)).toBeCloseTo(0.208, 3);
  });

  it('learns what is usual only while it may', () => {
    const bad = { at: NOW - 70_000, failed: 50, ok: 50 };
    expect(usualShare(gather([bad]), NOW)).toBeCloseTo(0.5);
    expect(usualShare(gather([bad, { at: NOW, failed: 90 }]), NOW)).toBeCloseTo(0.5);
    expect(usualShare(gather([bad], false), NOW)).toBeUndefined();
  });
});
