// Writes src/providers/prices/table.ts from the price catalogue @pydantic/genai-prices: the models of our providers, in the
// few buckets that we count. `--check` fails when the file is not what would be written.

import { readFileSync, writeFileSync } from 'node:fs';
import { findProvider, type MatchLogic, type ModelInfo, type ModelPrice } from '@pydantic/genai-prices';
import type { Price, Prices } from '../src/core/price.ts';
import type { DatedPrices, PriceRow } from '../src/providers/prices/row.ts';

/**
 * Ours, and how the catalogue calls it. OpenRouter is left out: 700 models, and it says in each reply what it cost and
 * in its list what it costs. So does Perplexity; Blackbox is not in the catalogue.
 */
const PROVIDERS = {
  openai: 'openai',
  anthropic: 'anthropic',
  'azure-openai': 'azure',
  cohere: 'cohere',
  xai: 'x-ai',
} as const;

const PATH = 'src/providers/prices/table.ts';
function tableSource(): string {
  const { version } = JSON.parse(
    readFileSync('node_modules/@pydantic/genai-prices/package.json', 'utf8'),
  ) as {
    version: string;
  };
  const table = Object.entries(PROVIDERS).map(([ours, theirs]) => {
    const provider = findProvider({ providerId: theirs });
    if (provider === undefined) throw new Error(`the catalogue has no provider ${theirs}`);
    const rows = provider.models.map((model) => `    ${JSON.stringify(toRow(model))},\n`);
    return `  ${JSON.stringify(ours)}: [\n${rows.join('')}  ],\n`;
  });
  return `// Made by scripts/prices.ts from @pydantic/genai-prices ${version}. Not to be edited: a price that is wrong is
// corrected there, or in the configuration document's \`models\`. https://github.com/pydantic/genai-prices

import type { PriceRow } from './row.ts';

/** By provider, in the order in which they are tried. */
export const PRICE_TABLE: Readonly<Record<string, readonly PriceRow[] | undefined>> = {
${table.join('')}};
`;
}

function toRow(model: ModelInfo): PriceRow {
  const prices = toPrices(model);
  return {
    names: toPatterns(model.match),
    ...(model.context_window === undefined ? {} : { contextWindow: model.context_window }),
    ...(prices === undefined ? {} : { prices }),
  };
}

function toPatterns(match: MatchLogic): readonly string[] {
  if ('or' in match) return match.or.flatMap(toPatterns);
  if ('equals' in match) return [match.equals.toLowerCase()];
  if ('starts_with' in match) return [`/^${escape(match.starts_with.toLowerCase())}`];
  if ('ends_with' in match) return [`/${escape(match.ends_with.toLowerCase())}$`];
  if ('contains' in match) return [`/${escape(match.contains.toLowerCase())}`];
  if ('regex' in match) return [`/${match.regex}`];
  throw new Error(`a way to match that the table has no word for: ${JSON.stringify(match)}`);
}

function escape(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}

function toPrices({ id, prices }: ModelInfo): PriceRow['prices'] {
  if (!Array.isArray(prices)) return readPrices(prices);
  const dated: DatedPrices[] = [];
  for (const { constraint, prices: then } of prices) {
    if (constraint !== undefined && constraint.type !== 'start_date')
      throw new Error(`${id}: a price by the time of day`);
    const read = readPrices(then);
    if (read === undefined) return undefined;
    dated.push({ ...(constraint === undefined ? {} : { from: constraint.start_date }), ...read });
  }
  return dated;
}

const BUCKETS: Readonly<Record<string, keyof Prices>> = {
  input_mtok: 'input',
  output_mtok: 'output',
  cache_read_mtok: 'cacheRead',
  cache_write_mtok: 'cacheWrite',
  cache_write_1h_mtok: 'cacheWriteLong',
};
/** What hosted tools cost besides: not tokens. */
const FEES = new Set(['web_searches_kcount', 'storage_searches_kcount']);

/** `undefined` for a model that prices something which our usage does not tell apart, such as audio: unknown is honest. */
function readPrices(prices: ModelPrice): Prices | undefined {
  const told = Object.entries(prices).filter(([key, price]) => price !== undefined && !FEES.has(key));
  if (told.length === 0 || told.some(([key]) => BUCKETS[key] === undefined)) return undefined;
  return Object.fromEntries(told.map(([key, price]) => [BUCKETS[key], toPrice(price)]));
}

function toPrice(price: ModelPrice[string]): Price {
  if (price === undefined || typeof price === 'number') return price ?? 0;
  const steps = price.tiers.map(({ start, price: stepPrice }) => ({ above: start, price: stepPrice }));
  return { base: price.base, steps: steps.toSorted((a, b) => a.above - b.above) };
}

const written = tableSource();
if (process.argv.includes('--check')) {
  if (readFileSync(PATH, 'utf8') !== written) {
    console.error(`${PATH} is not what the catalogue says: run scripts/prices.ts`);
    process.exit(1);
  }
} else {
  writeFileSync(PATH, written);
}
