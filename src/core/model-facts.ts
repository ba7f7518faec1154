// What is known of one model, from whatever source: each field that nobody told is absent.

import type { KnownCapabilities } from './capability.ts';
import type { Prices } from './price.ts';

export type ModelFacts = {
  /** Tokens of prompt and answer together. */
  readonly contextWindow?: number;
  /** The longest answer, in tokens. */
  readonly outputMax?: number;
  readonly capabilities?: KnownCapabilities;
  /** Words for the reasoning effort, weakest first. */
  readonly efforts?: readonly string[];
  /** Sampling parameters that it accepts. */
  readonly parameters?: readonly string[];
  readonly prices?: Prices;
};

export const NO_FACTS: ModelFacts = {};

/** The better source wins field by field, and capability by capability. Prices are one field: half a list misleads. */
export function mergeFacts(facts: ModelFacts, better: ModelFacts): ModelFacts {
  const capabilities = { ...facts.capabilities, ...better.capabilities };
  return {
    ...facts,
    ...better,
    ...(Object.keys(capabilities).length === 0 ? {} : { capabilities }),
  };
}
