// Models at providers, as targets of translations: those that stand for the others, and one of every family.

import type { ChatRequest } from '../../src/core/chat.ts';
import type { ClientDialectId, ProviderDialectId, WrittenRequest } from '../../src/dialects/dialect.ts';
import { providers, type ProviderId } from '../../src/providers/index.ts';
import type { Provider } from '../../src/providers/provider.ts';

/** What requests are translated into; nothing is into text completions. */
export type TargetDialectId = Exclude<ProviderDialectId, 'openai-completions'>;
export const targetDialectIds: readonly TargetDialectId[] = [
  'openai-chat',
  'anthropic-messages',
  'openai-responses',
  'cohere-chat',
];

export type Place = { readonly provider: Provider; readonly model: string };

/** By the dialect that is spoken there. */
export const representatives: Readonly<Record<TargetDialectId, readonly Place[]>> = {
  'openai-chat': [
    place('openai', 'gpt-6.1-terra'),
    place('openai', 'gpt-5.2'),
    place('openai', 'gpt-4o'),
    place('openai-compatible', 'local-model'),
  ],
  'anthropic-messages': [
    place('anthropic', 'claude-sonnet-5-5'),
    place('anthropic', 'claude-opus-4-6'),
    place('anthropic', 'claude-haiku-4-5'),
  ],
  'openai-responses': [place('openai', 'gpt-5.2-pro'), place('perplexity', 'openai/gpt-5.5')],
  'cohere-chat': [
    place('cohere', 'command-a-plus-05-2026'),
    place('cohere', 'command-a-03-2025'),
    place('cohere', 'command-r-08-2024'),
  ],
};

export const everywhere: Readonly<Record<TargetDialectId, readonly Place[]>> = {
  'openai-chat': [
    ...representatives['openai-chat'],
    ...['gpt-6-astra', 'gpt-5.6-sol', 'gpt-5.1', 'gpt-5', 'gpt-4', 'o3'].map((model) =>
      place('openai', model),
    ),
    place('azure-openai', 'gpt-5.6-sol'),
    place('blackbox', 'blackboxai/any'),
    place('sandbox', 'sandbox/echo'),
  ],
  'anthropic-messages': [
    ...representatives['anthropic-messages'],
    ...['opus-5-5', 'haiku-5-5', 'fable-5', 'opus-5', 'opus-4-7', 'sonnet-4', 'opus-4-1', '3-haiku'].map(
      (name) => place('anthropic', `claude-${name}`),
    ),
    place('anthropic', 'claude-of-tomorrow'),
  ],
  'openai-responses': [
    ...representatives['openai-responses'],
    ...['gpt-6-pro', 'gpt-5.1-codex', 'o3-pro'].map((model) => place('openai', model)),
    place('azure-openai', 'gpt-5.2-codex'),
    place('perplexity', 'anthropic/claude-haiku-4-5'),
    place('xai', 'grok-4.6'),
    place('xai', 'grok-4.20-reasoning'),
  ],
  'cohere-chat': [
    ...representatives['cohere-chat'],
    ...['command-a-reasoning-08-2025', 'command-a-vision-07-2025', 'command-r7b-12-2024'].map((model) =>
      place('cohere', model),
    ),
    place('cohere', 'c4ai-aya-expanse-32b'),
  ],
};

/** Of the places, those where a caller's requests are translated into the target dialect. */
export function translatedAt(
  caller: ClientDialectId,
  target: TargetDialectId,
  places: readonly Place[],
): readonly Place[] {
  return places.filter(({ provider, model }) => {
    const serving = provider.speaks.filter(({ serves }) => serves?.(model, {}) ?? true);
    const own = serving.some(({ dialect, isVariant }) => dialect.id === caller && isVariant !== true);
    const written = serving.find(({ write }) => write !== undefined);
    return !own && written?.dialect.id === target;
  });
}

/** A request to the place's model, as the dialect is spoken there. */
export function writeAt(
  { provider, model }: Place,
  dialect: TargetDialectId,
  request: ChatRequest,
): WrittenRequest {
  const spoken = provider.speaks.find((candidate) => candidate.dialect.id === dialect);
  if (spoken?.write === undefined) throw new Error(`${provider.id} is not written to in ${dialect}`);
  return spoken.write(request, model);
}

function place(provider: ProviderId, model: string): Place {
  return { provider: providers[provider], model };
}
