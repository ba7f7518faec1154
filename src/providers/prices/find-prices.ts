// What the price table says of a model. The table's order matters: the first row that knows a name holds.

import type { Prices } from '../../core/price.ts';
import type { PriceRow } from './row.ts';
import { PRICE_TABLE } from './table.ts';

/** Azure's deployments are mostly called like their models, and its own rows are few. */
const ALSO: Readonly<Record<string, readonly string[] | undefined>> = {
  'azure-openai': ['openai', 'anthropic', 'xai'],
};

export function findPriceRow(providerId: string, model: string): PriceRow | undefined {
  const name = model.toLowerCase().trim();
  return findIn(providerId, name) ?? findIn(providerId, withDashes(name));
}

/** The prices in force at `now`, in ms since the epoch; `undefined`: unknown. */
export function pricesAt({ prices }: PriceRow, now: number): Prices | undefined {
  if (prices === undefined || !isDated(prices)) return prices;
  return prices.findLast(({ from }) => from === undefined || now >= Date.parse(from)) ?? prices[0];
}

/** The whole names that the table has for a provider. Those with the longest context first: they are the ones in use. */
export function pricedNames(providerId: string): readonly string[] {
  const rows = (PRICE_TABLE[providerId] ?? []).toReversed();
  rows.sort((a, b) => (b.contextWindow ?? 0) - (a.contextWindow ?? 0));
  return rows.flatMap(({ names }) => names.filter((name) => !isPattern(name)));
}

function findIn(providerId: string, name: string): PriceRow | undefined {
  for (const id of [providerId, ...(ALSO[providerId] ?? [])]) {
    const row = PRICE_TABLE[id]?.find(({ names }) => names.some((pattern) => matches(pattern, name)));
    if (row !== undefined) return row;
  }
  return undefined;
}

function matches(pattern: string, name: string): boolean {
  return isPattern(pattern) ? new RegExp(pattern.slice(1)).test(name) : pattern === name;
}

function isPattern(name: string): boolean {
  return name.startsWith('/');
}

/** `-20250929` is the same day as `-2025-09-29`; vendors write both. */
function withDashes(name: string): string {
  return name.replaceAll(/-(20\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?=-|:|$)/g, '-$1-$2-$3');
}

function isDated(
  prices: NonNullable<PriceRow['prices']>,
): prices is Exclude<PriceRow['prices'], Prices | undefined> {
  return Array.isArray(prices);
}
