// Whether counts look like the shares they should have.

/** Pearson's statistic of counts against expected shares. */
export function chiSquare(counts: readonly number[], shares: readonly number[]): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.reduce((sum, count, index) => {
    const expected = (shares[index] ?? 0) * total;
    return sum + (count - expected) ** 2 / expected;
  }, 0);
}

/** The value that chi-square exceeds with a chance of one in a thousand (Wilson and Hilferty's approximation). */
export function chiSquareCritical(degrees: number): number {
  const z = 3.09;
  return degrees * (1 - 2 / (9 * degrees) + z * Math.sqrt(2 / (9 * degrees))) ** 3;
}
