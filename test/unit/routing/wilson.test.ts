import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wilsonLowerBound } from '../../../src/routing/wilson.ts';

describe('the lower bound of a share', () => {
  it.each([
    [0.5, 4, 4],
    [0.5, 7, 8],
    [0.5, 9, 10],
    [0.5, 15, 20],
    [0.5, 32, 50],
    [0.5, 60, 100],
    [0.2, 3, 5],
    [0.2, 5, 10],
    [0.2, 8, 20],
    [0.2, 28, 100],
  ])('R-3: passes %f at %i of %i and not at one less', (share, count, of) => {
    expect(wilsonLowerBound(count, of)).toBeGreaterThan(share);
    expect(wilsonLowerBound(count - 1, of)).toBeLessThanOrEqual(share);
  });

  it('lies below the share, and nearer with more calls', () => {
    fc.assert(
      fc.property(fc.nat(200), fc.integer({ min: 1, max: 200 }), (count, of) => {
        const share = Math.min(count, of) / of;
        const bound = wilsonLowerBound(Math.min(count, of), of);
        expect(bound).toBeLessThanOrEqual(share + 1e-12);
        expect(bound).toBeGreaterThanOrEqual(-1e-12);
        expect(wilsonLowerBound(Math.min(count, of) * 4, of * 4)).toBeGreaterThanOrEqual(bound - 1e-12);
      }),
    );
  });
});
