import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RETRY_AFTER_MS_MAX, retryAfterMs } from '../../../src/routing/retry-after.ts';

const NOW = Date.UTC(2026, 10, 23, 12, 0, 0);
const read = (headers: Record<string, string>): number | undefined => retryAfterMs(new Headers(headers), NOW);

it.each([
  ['seconds', { 'retry-after': '2' }, 2000],
  ['fractions of a second', { 'retry-after': '0.5' }, 500],
  ['milliseconds', { 'retry-after-ms': '1500.5' }, 1500.5],
  ['a date', { 'retry-after': new Date(NOW + 7000).toUTCString() }, 7000],
  ['the larger of both', { 'retry-after': '1', 'retry-after-ms': '0' }, 1000],
  ['a past date', { 'retry-after': new Date(NOW - 7000).toUTCString() }, undefined],
  ['zero', { 'retry-after': '0' }, undefined],
  ['a negative number', { 'retry-after': '-5', 'retry-after-ms': '-5' }, undefined],
  ['a huge number', { 'retry-after': '1e9' }, undefined],
  ['eleven days', { 'retry-after': '1000000' }, RETRY_AFTER_MS_MAX],
  ['garbage', { 'retry-after': 'soon', 'retry-after-ms': 'NaN' }, undefined],
  ['nothing', {}, undefined],
])('F-2: reads %s', (_, headers, expected) => {
  expect(read(headers)).toBe(expected);
});

it('R-20: is never NaN, negative or above the cap, whatever stands there', () => {
  const values = fc.oneof(fc.string(), fc.double().map(String), fc.integer().map(String)).filter((value) => {
    try {
      return new Headers({ 'retry-after': value }).has('retry-after');
    } catch {
      return false;
    }
  });
  fc.assert(
    fc.property(values, values, (seconds, ms) => {
      const read = retryAfterMs(new Headers({ 'retry-after': seconds, 'retry-after-ms': ms }), NOW);
      if (read !== undefined) expect(read > 0 && read <= RETRY_AFTER_MS_MAX).toBe(true);
    }),
  );
});
