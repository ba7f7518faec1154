// What we know of a provider's model before anyone has asked the provider: its traits, the price table, the tables of
// families. A source that knows the model better comes later and wins.

import { mergeFacts, NO_FACTS, type ModelFacts } from '../../core/model-facts.ts';
import { tableFacts } from './model-table.ts';
import { findPriceRow, pricedNames, pricesAt } from '../prices/find-prices.ts';
import type { Provider } from '../provider.ts';

export function staticFacts(provider: Provider, model: string, now: number): ModelFacts {
  const told = provider.facts?.(model) ?? NO_FACTS;
  return mergeFacts(mergeFacts(told, tableFacts(provider.id, model)), priceFacts(provider.id, model, now));
}

/** Names that the provider has, or has had: of use where its own list is not here. */
export function staticNames({ id, models }: Provider): readonly string[] {
  return models !== undefined && 'names' in models ? models.names : pricedNames(id);
}

function priceFacts(providerId: string, model: string, now: number): ModelFacts {
  const row = findPriceRow(providerId, model);
  const prices = row && pricesAt(row, now);
  return {
    ...(row?.contextWindow === undefined ? {} : { contextWindow: row.contextWindow }),
    ...(prices === undefined ? {} : { prices }),
  };
}
