// What providers say a reply cost, in all their spellings: among the usage, whatever the dialect.

import { asNumber, isObject } from '../core/json.ts';

/** In US dollars; `undefined` when the provider does not say. */
export function readCost(usage: Readonly<Record<string, unknown>>): number | undefined {
  return (
    openrouterCost(usage) ??
    // https://docs.perplexity.ai/api-reference/responses-post: `{currency: "USD", total_cost}`.
    (isObject(usage['cost']) ? notNegative(usage['cost']['total_cost']) : undefined) ??
    ticks(usage['cost_in_usd_ticks'])
  );
}

/**
 * Credits, which are dollars. With the operator's own key at the vendor, that vendor's bill comes on top of the fee.
 * https://openrouter.ai/docs/use-cases/usage-accounting
 */
function openrouterCost(usage: Readonly<Record<string, unknown>>): number | undefined {
  const cost = notNegative(usage['cost']);
  const { is_byok: ownKey, cost_details: details } = usage;
  if (cost === undefined || ownKey !== true || !isObject(details)) return cost;
  return cost + (notNegative(details['upstream_inference_cost']) ?? 0);
}

/** xAI: ten thousand million to the dollar. Azure sends 0 for the same models, where it bills them itself: not told. */
function ticks(value: unknown): number | undefined {
  const count = notNegative(value);
  return count === undefined || count === 0 ? undefined : count / 1e10;
}

function notNegative(value: unknown): number | undefined {
  const amount = asNumber(value);
  return amount !== undefined && amount >= 0 ? amount : undefined;
}
