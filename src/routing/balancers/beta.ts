// A draw from Beta(a, b), by two gamma draws (Marsaglia and Tsang, 2000).

import type { Draws } from '../draws.ts';

export function drawBeta(a: number, b: number, draw: Draws): number {
  const x = drawGamma(a, draw);
  return x / (x + drawGamma(b, draw));
}

/** `shape` is 1 or more: the callers' counts begin with a prior of at least one. */
function drawGamma(shape: number, draw: Draws): number {
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const normal = drawNormal(draw);
    const v = (1 + c * normal) ** 3;
    if (v > 0 && Math.log(1 - draw()) < 0.5 * normal * normal + d - d * v + d * Math.log(v)) return d * v;
  }
}

/** Box and Muller. */
function drawNormal(draw: Draws): number {
  return Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw());
}
