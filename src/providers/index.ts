// Every provider there is, by its id. A new one is one line here and one file beside this one.

import { anthropic } from './anthropic.ts';
import { azureOpenai } from './azure-openai.ts';
import { blackbox } from './blackbox.ts';
import { cohere } from './cohere.ts';
import { openaiCompatible } from './openai-compatible.ts';
import { openai } from './openai.ts';
import { openrouter } from './openrouter.ts';
import { perplexity } from './perplexity.ts';
import type { Provider } from './provider.ts';
import { sandbox } from './sandbox.ts';
import { xai } from './xai.ts';

export const providers = {
  openai,
  anthropic,
  'azure-openai': azureOpenai,
  openrouter,
  xai,
  perplexity,
  blackbox,
  cohere,
  'openai-compatible': openaiCompatible,
  sandbox,
} satisfies Readonly<Record<string, Provider>>;

export type ProviderId = keyof typeof providers;

export function isProviderId(name: string): name is ProviderId {
  return Object.hasOwn(providers, name);
}

export const providerIds: readonly ProviderId[] = Object.keys(providers).filter(isProviderId);

/** How a provider's settings begin in the environment: `azure-openai` is `AZURE_OPENAI`, as in `AZURE_OPENAI_API_KEY`. */
export function environmentPrefix(id: string): string {
  return id.toUpperCase().replaceAll('-', '_');
}
