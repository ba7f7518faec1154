import { describe, expect, it } from 'vitest';
import { comparableMs, observePeak, penaltyMs } from '../../../src/routing/peak-ewma.ts';

describe('a peak-sensitive mean', () => {
  it('R-30: believes a peak at once', () => {
    expect(observePeak({ at: 0, ms: 100 }, 1000, 10).ms).toBe(1000);
  });

  it('R-30: comes down with time and not with the number of good answers', () => {
    const peak = { at: 0, ms: 1000 };
    const burst = Array.from({ length: 50 }).reduce<typeof peak>((mean) => observePeak(mean, 100, 10), peak);
    expect(burst.ms).toBeGreaterThan(990);
    expect(observePeak(peak, 100, 10_000).ms).toBeCloseTo(100 + 900 / Math.E, 6);
  });

  it('R-30: a failure in 5 ms counts as slow', () => {
    expect([undefined, 20_000, 1e9].map(penaltyMs)).toEqual([5000, 20_000, 300_000]);
  });

  it('a whole reply is compared by its time for a hundred tokens', () => {
    expect(comparableMs(6000, 500)).toBe(1000);
  });

  it('a clock that steps back does no harm', () => {
    expect(observePeak({ at: 1000, ms: 100 }, 50, 0)).toEqual({ at: 1000, ms: 100 });
  });
});
