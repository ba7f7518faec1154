// Sums that forget: v(t) = Σ d·e^(−(t−tᵢ)/τ). Decay commutes with addition, so that whatever arrives late, twice as late
// or in another order makes the same sum.

export type Decayed = { readonly at: number; readonly value: number };

export const NOTHING: Decayed = { at: 0, value: 0 };

export function addDecayed(sum: Decayed, at: number, amount: number, tauMs: number): Decayed {
  if (amount === 0) return sum;
  return at >= sum.at
    ? { at, value: decayedAt(sum, at, tauMs) + amount }
    : { at: sum.at, value: sum.value + amount * Math.exp((at - sum.at) / tauMs) };
}

/** The sum as it stands at `now`; before its newest entry it is not made larger. */
export function decayedAt(sum: Decayed, now: number, tauMs: number): number {
  return sum.value === 0 ? 0 : sum.value * Math.exp(Math.min(0, sum.at - now) / tauMs);
}
