// Many small worlds in which everything goes wrong at once, and what must hold in each: I1-I3, I8, I10, I11, R-6, R-18, and
// that a recorded decision is made again. `SIMULATION_SEEDS=200000` runs more, `SIMULATION_FROM` begins elsewhere; the name
// of a failing test says the seed, and the seed says all the rest.

import { describe, expect, it } from 'vitest';
import { chaos } from './chaos.ts';

const seeds = Number(process.env['SIMULATION_SEEDS'] ?? 2000);
const from = Number(process.env['SIMULATION_FROM'] ?? 0);
const PORTION = 100;

describe('chaos', () => {
  const portions = Array.from({ length: Math.ceil(seeds / PORTION) }, (_, k) => from + k * PORTION);

  it.each(portions)('R-111: breaks nothing in the hundred seeds from %i', { timeout: 300_000 }, (first) => {
    const last = Math.min(first + PORTION, from + seeds);
    for (let seed = first; seed < last; seed += 1) {
      expect({ seed, violations: chaos(seed).violations }).toEqual({ seed, violations: [] });
    }
  });

  it('R-111: is the same again with the same seed, event for event', () => {
    for (const seed of [0, 7, 20, 1999]) {
      expect(chaos(seed).run.digest).toBe(chaos(seed).run.digest);
    }
    expect(chaos(1).run.digest).not.toBe(chaos(2).run.digest);
  });
});
