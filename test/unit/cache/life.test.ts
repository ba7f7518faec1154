// How long an answer is good for.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { freshnessOf, lifeMs } from '../../../src/cache/life.ts';
import { entry } from '../../support/entries.ts';

const MADE = 1_000_000;
const HOUR = 3_600_000;
const aged = (ageMs: number, fields: Parameters<typeof entry>[0] = {}, drawn = 0) =>
  freshnessOf(entry({ createdAt: MADE, lastAccessedAt: MADE + ageMs, ...fields }), MADE + ageMs, drawn);

describe('a life', () => {
  it('grows with each hit and never shrinks by one', () => {
    fc.assert(
      fc.property(fc.nat(10_000), (hits) => {
        const [before, after] = [hits, hits + 1].map((count) => lifeMs(entry({ hits: count }), MADE)) as [
          number,
          number,
        ];
        expect(after).toBeGreaterThanOrEqual(before);
      }),
    );
    expect(lifeMs(entry({ hits: 3 }), MADE)).toBe(3 * HOUR);
  });

  it('is halved by each ttl that nobody asks in', () => {
    expect(lifeMs(entry({ hits: 3 }), MADE + HOUR)).toBe(1.5 * HOUR);
  });

  it('stays between its floor and its cap, whatever its use', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), (hits, idleMs) => {
        const { floorMs, capMs } = entry();
        const life = lifeMs(entry({ hits }), MADE + idleMs);
        expect(life).toBeGreaterThanOrEqual(floorMs);
        expect(life).toBeLessThanOrEqual(capMs);
      }),
    );
  });

  it('is exactly what a policy says', () => {
    const fixed = { ttlMs: 5000, floorMs: 5000, capMs: 5000 };
    expect(aged(4999, fixed)).toBe('fresh');
    expect(aged(5001, { ...fixed, hits: 100 })).toBe('stale');
  });
});

describe('an answer', () => {
  it('is fresh, then good while it is renewed, then for an outage, then gone', () => {
    expect(aged(HOUR - 1)).toBe('fresh');
    expect(aged(HOUR)).toBe('stale');
    expect(aged(HOUR + 600_001)).toBe('last-resort');
    expect(aged(HOUR + 24 * HOUR + 1)).toBe('gone');
  });

  it('is renewed early by chance, sooner when it is dear', () => {
    const nearEnd = HOUR - 2000;
    expect(aged(nearEnd, { makingMs: 1000 }, 0.5)).toBe('fresh');
    expect(aged(nearEnd, { makingMs: 1000 }, 0.99)).toBe('early');
    expect(aged(nearEnd, { makingMs: 30_000 }, 0.5)).toBe('early');
    expect(aged(0, { makingMs: 1000 }, 0.99)).toBe('fresh');
  });

  it('under load is renewed by one of its readers before it ends, and by few of them', () => {
    // 100 reads a second over the last 20 s of its life; each draws a number of its own.
    let seed = 1;
    const draw = (): number => {
      seed = (seed * 16_807) % 2_147_483_647;
      return seed / 2_147_483_647;
    };
    const times = Array.from({ length: 2000 }, (_, index) => HOUR - 20_000 + index * 10);
    const early = times.filter((ageMs) => aged(ageMs, { makingMs: 1000 }, draw()) === 'early');
    expect(early.length).toBeGreaterThan(0);
    expect(early[0]).toBeGreaterThan(HOUR - 20_000);
  });
});
