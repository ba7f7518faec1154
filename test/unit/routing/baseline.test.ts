// what is usual at a provider decides what is an outage there.

import { describe, expect, it } from 'vitest';
import { newBreaker, reduceBreaker, type Breaker } from '../../../src/routing/breaker.ts';
import { seeded } from '../../support/random.ts';

const START = 10_000_000;
const HOUR_MS = 3_600_000;

/** An hour at 5 requests a second of which a share fails, minute by minute. */
function anHourOf(share: number): Breaker {
  let breaker = newBreaker(START - HOUR_MS);
  for (let minute = 0; minute < 60; minute += 1) {
    const at = START - HOUR_MS + minute * 60_000;
    const failed = Math.round(300 * share * (minute + 1)) - Math.round(300 * share * minute);
    // Far enough apart from each other that the windows of one do not judge the other.
    const learn = (sighted: { readonly at: number; readonly ok?: number; readonly failed?: number }) => {
      breaker = reduceBreaker(breaker, { kind: 'seen', sighted }, { now: at + 59_000, drawn: 0.5 });
    };
    learn({ at: at + 1000, ok: 300 - failed });
    learn({ at, failed });
    learn({ at: at + 58_000, ok: 0 });
  }
  return breaker;
}

/** Five requests a second of which a share fails, until it opens or the time is over. */
function opensAfterMs(
  before: Breaker,
  share: number,
  forMs: number,
  random: () => number,
): number | undefined {
  let breaker = before;
  for (let ms = 0; ms < forMs; ms += -Math.log(1 - random()) * 200) {
    const at = START + ms;
    const sighted = random() < share ? { at, failed: 1 } : { at, ok: 1 };
    breaker = reduceBreaker(breaker, { kind: 'seen', sighted }, { now: at, drawn: 0.5 });
    if (breaker.phase.is === 'open') return ms;
  }
  return undefined;
}

describe('R-16: a provider', () => {
  it('that fails once in 200 is opened within 30 s when it fails three in ten, in 95 of 100 worlds', () => {
    const usual = anHourOf(0.005);
    expect(usual.phase.is).toBe('closed');
    const opened = Array.from({ length: 100 }, (_, seed) => opensAfterMs(usual, 0.3, 60_000, seeded(seed)));
    expect(opened.filter((ms) => ms !== undefined && ms <= 30_000).length).toBeGreaterThanOrEqual(95);
    expect(opened.filter((ms) => ms === undefined)).toEqual([]);
  });

  it('that always fails three in twenty is never opened for it', () => {
    const usual = anHourOf(0.15);
    expect(usual.phase.is).toBe('closed');
    const opened = Array.from({ length: 100 }, (_, seed) => opensAfterMs(usual, 0.15, 600_000, seeded(seed)));
    expect(opened.filter((ms) => ms !== undefined)).toEqual([]);
  });
});
