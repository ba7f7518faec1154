// How much of a share is certain. A fixed minimum of samples is either too slow for a quiet target or too nervous for a
// busy one; the lower end of Wilson's interval is both at once.

/** 97.5 % one-sided. */
const Z = 1.96;

/**
 * The lower bound of the share `count / of`: `(p + z²/2n − z·√(p(1−p)/n + z²/4n²)) / (1 + z²/n)`, and 0 for nothing.
 * Above one half at 4 of 4, 7 of 8, 9 of 10, 15 of 20, 32 of 50 and 60 of 100.
 */
export function wilsonLowerBound(count: number, of: number): number {
  if (of <= 0) return 0;
  const share = count / of;
  const z2 = Z * Z;
  const spread = Z * Math.sqrt((share * (1 - share)) / of + z2 / (4 * of * of));
  return (share + z2 / (2 * of) - spread) / (1 + z2 / of);
}
