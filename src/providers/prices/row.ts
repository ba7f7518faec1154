// The form of the price table: what one model is called and what it costs.

import type { Prices } from '../../core/price.ts';

export type PriceRow = {
  /** Lower case. `/…` is a regular expression, anything else the whole name. */
  readonly names: readonly string[];
  /** In tokens. */
  readonly contextWindow?: number;
  /** Absent: unknown. Several: the last one whose day has come holds. */
  readonly prices?: Prices | readonly DatedPrices[];
};

/** `from`: a day in UTC; absent: from the beginning. */
export type DatedPrices = Prices & { readonly from?: string };
