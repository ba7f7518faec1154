// What a reply costs, in US dollars: its tokens, bucket by bucket, at a model's prices. An unknown price, or a bucket that
// nobody counted, makes the cost unknown; it is never taken for 0. Tokens are all there is to it: fees of hosted tools
// are known only to a provider that reports the cost itself.

import { inputTotal, type Usage } from './usage.ts';

/** US dollars for a million tokens. A bucket without a price of its own has that of the bucket around it. */
export type Prices = {
  readonly input?: Price;
  readonly output?: Price;
  readonly cacheRead?: Price;
  readonly cacheWrite?: Price;
  /** Of what is written to be kept for an hour. */
  readonly cacheWriteLong?: Price;
};

/** One price, or steps: each holds for the whole request when its prompt is longer than `above` tokens. */
export type Price = number | { readonly base: number; readonly steps: readonly PriceStep[] };
export type PriceStep = { readonly above: number; readonly price: number };

/** In US dollars; `undefined`: unknown. */
export function costOf(told: Usage, prices: Prices): number | undefined {
  const usage = onTheBill(told);
  const prompt = inputTotal(usage);
  // Embeddings have no output, and no price for it.
  const output = usage.output ?? (prices.output === undefined ? 0 : undefined);
  if (prompt === undefined || output === undefined) return undefined;
  const written = usage.cacheWrite ?? 0;
  const writtenLong = Math.min(usage.cacheWriteLong ?? 0, written);
  const cacheWrite = prices.cacheWrite ?? prices.input;
  const parts: readonly (readonly [tokens: number, price: Price | undefined])[] = [
    [usage.uncachedInput ?? 0, prices.input],
    [usage.cacheRead ?? 0, prices.cacheRead ?? prices.input],
    [written - writtenLong, cacheWrite],
    [writtenLong, prices.cacheWriteLong ?? cacheWrite],
    [output, prices.output],
  ];
  let micros = 0;
  for (const [tokens, price] of parts) {
    if (tokens === 0) continue;
    if (price === undefined) return undefined;
    micros += tokens * priceAt(price, prompt);
  }
  return micros / 1_000_000;
}

/** Who tells the tokens on the bill tells no more of them than how many went in and came out. */
function onTheBill(usage: Usage): Usage {
  const { billedInput, billedOutput } = usage;
  return billedInput === undefined || billedOutput === undefined
    ? usage
    : { uncachedInput: billedInput, output: billedOutput };
}

function priceAt(price: Price, prompt: number): number {
  if (typeof price === 'number') return price;
  let reached: PriceStep = { above: -1, price: price.base };
  for (const step of price.steps) if (prompt > step.above && step.above > reached.above) reached = step;
  return reached.price;
}

/** A decimal without exponent, as it stands in a header: `0.00125`. A millionth of a millionth is as fine as it gets. */
export function formatUsd(cost: number): string {
  return cost.toFixed(12).replace(/\.?0+$/, '');
}
