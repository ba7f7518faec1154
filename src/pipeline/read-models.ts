// A provider's list of models, whatever its form. Providers say more of a model than OpenAI does; what several of them
// say in one way is read here, and what nobody says stays unknown.

import type { KnownCapabilities } from '../core/capability.ts';
import { asNumber, asString, isObject } from '../core/json.ts';
import type { ModelFacts } from '../core/model-facts.ts';
import type { Prices } from '../core/price.ts';

export type Model = {
  /** `<provider>/<model>`, or a route's name. */
  readonly id: string;
  readonly ownedBy: string;
  /** Seconds since the epoch; 0 when the provider does not tell. */
  readonly createdAt: number;
  readonly displayName?: string;
  readonly facts: ModelFacts;
};

type Entry = Readonly<Record<string, unknown>>;

/**
 * One page: `{data:[…]}` (OpenAI, Anthropic, OpenRouter), `{models:[…]}` (Cohere, xAI, Ollama's own), a bare array.
 * `undefined`: it is no list.
 */
export function readModels(providerId: string, json: unknown): readonly Model[] | undefined {
  const entries = isObject(json) ? (json['data'] ?? json['models']) : json;
  return Array.isArray(entries)
    ? entries.flatMap((entry: unknown) => readModel(providerId, entry))
    : undefined;
}

/** What to add to the query for the page after this one; `undefined`: there is none. */
export function nextPage(json: unknown): readonly [name: string, value: string] | undefined {
  if (!isObject(json)) return undefined;
  // https://platform.claude.com/docs/en/api/models-list
  const last = json['has_more'] === true ? asString(json['last_id']) : undefined;
  if (last !== undefined) return ['after_id', last];
  // https://docs.cohere.com/reference/list-models
  const token = asString(json['next_page_token']);
  return token === undefined || token === '' ? undefined : ['page_token', token];
}

/** No vendor's are half as long. */
const NAME_LENGTH_MAX = 256;

function readModel(providerId: string, entry: unknown): readonly Model[] {
  if (!isObject(entry)) return [];
  const name = asString(entry['id']) ?? asString(entry['name']) ?? asString(entry['model']);
  if (name === undefined || name === '' || name.length > NAME_LENGTH_MAX) return [];
  const displayName = asString(entry['display_name']) ?? asString(entry['name']);
  const created = asNumber(entry['created']) ?? Date.parse(asString(entry['created_at']) ?? '') / 1000;
  return [
    {
      id: `${providerId}/${name}`,
      ownedBy: asString(entry['owned_by']) ?? providerId,
      createdAt: Number.isFinite(created) ? Math.floor(created) : 0,
      ...(displayName === undefined ? {} : { displayName: displayName.slice(0, NAME_LENGTH_MAX) }),
      facts: readFacts(entry),
    },
  ];
}

function readFacts(entry: Entry): ModelFacts {
  const top = objectOf(entry['top_provider']);
  const contextWindow = firstCount(
    entry['context_length'], // OpenRouter, Cohere
    entry['max_input_tokens'], // Anthropic
    entry['context_window'], // Groq
    entry['max_model_len'], // vLLM
    entry['max_context_length'], // Mistral
  );
  const outputMax = firstCount(
    top['max_completion_tokens'],
    entry['max_tokens'],
    entry['max_completion_tokens'],
  );
  const capabilities = readCapabilities(entry);
  const prices = readPrices(objectOf(entry['pricing']));
  return {
    ...(contextWindow === undefined ? {} : { contextWindow }),
    ...(outputMax === undefined ? {} : { outputMax }),
    ...(Object.keys(capabilities).length === 0 ? {} : { capabilities }),
    ...(prices === undefined ? {} : { prices }),
  };
}

function readCapabilities(entry: Entry): KnownCapabilities {
  const { input, output } = readModalities(entry);
  const parameters = stringsOf(entry['supported_parameters']); // OpenRouter
  const endpoints = stringsOf(entry['endpoints']); // Cohere
  const told = objectOf(entry['capabilities']); // Anthropic, Mistral
  const all: { readonly [Name in keyof KnownCapabilities]: boolean | undefined } = {
    chat: told['completion_chat'] === false ? false : endpoints?.includes('chat'),
    embeddings: endpoints?.includes('embed'),
    vision: input?.includes('image') ?? supported(told['image_input'] ?? told['vision']),
    'image-generation': output?.includes('image'),
    'tool-calling': parameters?.includes('tools') ?? supported(told['function_calling']),
    'structured-output': parameters?.includes('structured_outputs') ?? supported(told['structured_outputs']),
    reasoning: parameters?.includes('reasoning') ?? supported(told['thinking']),
  };
  return Object.fromEntries(Object.entries(all).filter(([, is]) => is !== undefined));
}

/** OpenRouter keeps them under `architecture`, xAI beside the id. */
function readModalities(entry: Entry) {
  const place = isObject(entry['architecture']) ? entry['architecture'] : entry;
  return { input: stringsOf(place['input_modalities']), output: stringsOf(place['output_modalities']) };
}

/** `{supported: true}` (Anthropic), `true` (Mistral). */
function supported(value: unknown): boolean | undefined {
  const is: unknown = isObject(value) ? value['supported'] : value;
  return typeof is === 'boolean' ? is : undefined;
}

function readPrices(pricing: Entry): Prices | undefined {
  // https://docs.perplexity.ai/api-reference/models-get
  if (pricing['unit'] === 'usd_per_1m_tokens') {
    return priceList(
      {
        input: pricing['input'],
        output: pricing['output'],
        cacheRead: pricing['cache_read'],
        cacheWrite: pricing['cache_write'],
      },
      1,
    );
  }
  // https://openrouter.ai/docs/api-reference/list-available-models: decimal strings, for one token. -1 is "it depends".
  return priceList(
    {
      input: pricing['prompt'],
      output: pricing['completion'],
      cacheRead: pricing['input_cache_read'],
      cacheWrite: pricing['input_cache_write'],
    },
    1_000_000,
  );
}

function priceList(given: { readonly [Bucket in keyof Prices]: unknown }, times: number): Prices | undefined {
  const read = Object.entries(given).flatMap(([bucket, value]) => {
    const price = typeof value === 'string' && value !== '' ? Number(value) : asNumber(value);
    return price !== undefined && price >= 0
      ? [[bucket, Number((price * times).toPrecision(12))] as const]
      : [];
  });
  const prices: Prices = Object.fromEntries(read);
  return prices.input === undefined ? undefined : prices;
}

function objectOf(value: unknown): Entry {
  return isObject(value) ? value : {};
}

function stringsOf(value: unknown): readonly unknown[] | undefined {
  return Array.isArray(value) ? value : undefined;
}

function firstCount(...values: readonly unknown[]): number | undefined {
  return values.map(asNumber).find((count) => count !== undefined && Number.isInteger(count) && count > 0);
}
