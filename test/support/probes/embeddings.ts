// Every field of a request for vectors, and what becomes of it at each place.

import type { Json, JsonObject } from '../../../src/core/json.ts';
import { embeddingsPlaces, type EmbeddingsPlaceName } from '../embeddings-places.ts';

const names = Object.keys(embeddingsPlaces) as EmbeddingsPlaceName[];

export type Fate = 'arrives' | 'dropped' | 'emulated' | 'refused' | JsonObject;

/** Of each field: what becomes of it. An object is what arrives in its stead, under no warning. */
export const embeddingsProbes: readonly {
  readonly field: string;
  readonly value: Json;
  readonly fates: Readonly<Record<EmbeddingsPlaceName, Fate>>;
}[] = [
  row('dimensions', 300, { cohere: 'refused' }),
  row('dimensions', 512, { cohere: { output_dimension: 512 } }),
  row('user', 'u', { perplexity: 'dropped', cohere: 'dropped' }),
  row('input_type', 'search_query', {
    openai: 'dropped',
    'azure-openai': 'dropped',
    sandbox: 'dropped',
    perplexity: 'dropped',
  }),
  row('input_type', 'of tomorrow', {
    openai: 'dropped',
    'azure-openai': 'dropped',
    sandbox: 'dropped',
    perplexity: 'dropped',
    cohere: 'refused',
  }),
  row('encoding_format', 'float', {
    perplexity: 'emulated',
    cohere: { embedding_types: ['float'] },
  }),
  row('encoding_format', 'base64', {
    'openai-compatible': { encoding_format: 'float' },
    perplexity: 'emulated',
    cohere: { embedding_types: ['base64'] },
  }),
  row('encoding_format', 'base64_int8', {
    openai: 'refused',
    'azure-openai': 'refused',
    openrouter: 'refused',
    'openai-compatible': 'refused',
    sandbox: 'refused',
    cohere: { embedding_types: ['int8'] },
  }),
  row('encoding_format', 'base64_binary', {
    openai: 'refused',
    'azure-openai': 'refused',
    openrouter: 'refused',
    'openai-compatible': 'refused',
    sandbox: 'refused',
    cohere: 'refused',
  }),
  row('input', [1, 2], { perplexity: 'refused', cohere: 'refused' }),
  row('input', [{ content: [{ type: 'text', text: 'a' }] }], {
    openai: 'refused',
    'azure-openai': 'refused',
    perplexity: 'refused',
    cohere: { inputs: [{ content: [{ type: 'text', text: 'a' }] }] },
  }),
  row('input', ['a', 'b'], { cohere: { texts: ['a', 'b'] } }),
  row('truncate', 'END', {}),
  row('a_field_of_tomorrow', 1, { cohere: 'dropped' }),
];

function row(field: string, value: Json, others: Partial<Record<EmbeddingsPlaceName, Fate>>) {
  const usual = Object.fromEntries(names.map((name) => [name, 'arrives'])) as Record<
    EmbeddingsPlaceName,
    Fate
  >;
  return { field, value, fates: { ...usual, ...others } };
}
