// What a reply cost. The provider's own word wins, for it knows of discounts and tools' fees; then the prices of the
// model. What is not known stays unknown.

import type { JsonObject } from '../core/json.ts';
import { costOf, type Prices } from '../core/price.ts';
import type { Usage } from '../core/usage.ts';
import type { Deps } from './call.ts';
import type { Target } from './plan.ts';

export type Cost = {
  readonly usd: number;
  /** `estimated`: from tokens that nobody counted. */
  readonly source: 'reported' | 'computed' | 'estimated';
};

export function costFor(usage: Usage, prices: Prices | undefined): Cost | undefined {
  if (usage.costUsd !== undefined) return { usd: usage.costUsd, source: 'reported' };
  const usd = prices && costOf(usage, prices);
  return usd === undefined ? undefined : { usd, source: 'computed' };
}

/**
 * The prices of a target's model. `answered`, the model's name in the reply, says more than the target where that is an
 * alias or a deployment.
 */
export function pricesOf(
  { enabled, model }: Target,
  answered: string | undefined,
  { catalog }: Pick<Deps, 'catalog'>,
): Prices | undefined {
  const { prices } = catalog.facts(enabled, model);
  return prices ?? (answered === undefined ? undefined : catalog.facts(enabled, answered).prices);
}

/**
 * Whether a body asks for something that has a price list of its own: a faster or slower tier, a region. The standard
 * prices would be wrong for it. https://platform.openai.com/docs/pricing, https://platform.claude.com/docs/en/about-claude/pricing
 */
export function isPricedApart(body: JsonObject): boolean {
  const { service_tier: tier, speed, inference_geo: region } = body;
  return (
    !STANDARD_TIERS.has(tier ?? undefined) ||
    !STANDARD_SPEEDS.has(speed ?? undefined) ||
    !STANDARD_REGIONS.has(region ?? undefined)
  );
}

const STANDARD_TIERS: ReadonlySet<unknown> = new Set([
  undefined,
  'auto',
  'default',
  'standard',
  'standard_only',
]);
const STANDARD_SPEEDS: ReadonlySet<unknown> = new Set([undefined, 'standard']);
const STANDARD_REGIONS: ReadonlySet<unknown> = new Set([undefined, 'global']);
