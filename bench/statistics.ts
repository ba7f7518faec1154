// Medians and percentiles: the only statistics here, because one slow second of a shared machine must not move a figure.

/** The value that the share of the values does not exceed; undefined when there are none. */
export function quantile(values: readonly number[], share: number): number | undefined {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.round(share * (sorted.length - 1))];
}

export function median(values: readonly number[]): number | undefined {
  return quantile(values, 0.5);
}
