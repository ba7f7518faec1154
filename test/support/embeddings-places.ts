// Every place that makes vectors, and a model of it.

import { providers } from '../../src/providers/index.ts';
import type { Provider } from '../../src/providers/provider.ts';

export type EmbeddingsPlace = { readonly provider: Provider; readonly model: string };

export const embeddingsPlaces = {
  openai: at(providers.openai, 'text-embedding-3-small'),
  'azure-openai': at(providers['azure-openai'], 'text-embedding-3-small'),
  openrouter: at(providers.openrouter, 'openai/text-embedding-3-small'),
  'openai-compatible': at(providers['openai-compatible'], 'intfloat/e5-mistral-7b-instruct'),
  sandbox: at(providers.sandbox, 'echo'),
  perplexity: at(providers.perplexity, 'pplx-embed-v1-0.6b'),
  cohere: at(providers.cohere, 'embed-v4.0'),
} satisfies Readonly<Record<string, EmbeddingsPlace>>;

export type EmbeddingsPlaceName = keyof typeof embeddingsPlaces;

function at(provider: Provider, model: string): EmbeddingsPlace {
  return { provider, model };
}
