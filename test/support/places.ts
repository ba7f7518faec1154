// Models at providers, as targets of translations: those that stand for the others, and one of every family.

import type { DialectId } from '../../src/dialects/dialect.ts';
import { providers, type ProviderId } from '../../src/providers/index.ts';
import type { Provider, Spoken } from '../../src/providers/provider.ts';

export type Place = { readonly provider: Provider; readonly model: string };

/** By the dialect that is spoken there. */
export const representatives: Readonly<Record<DialectId, readonly Place[]>> = {
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
  // Nothing is translated into it.
  'openai-completions': [],
};

export const everywhere: Readonly<Record<DialectId, readonly Place[]>> = {
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
  'openai-completions': [],
};

/** Those to which a caller of the dialect does not pass through. */
export function abroad(places: readonly Place[], caller: DialectId): readonly Place[] {
  return places.filter(
    ({ provider, model }) =>
      !provider.speaks.some(({ dialect, for: serves }) => dialect.id === caller && (serves?.(model) ?? true)),
  );
}

/** How a dialect is spoken there. */
export function spokenAt({ provider }: Place, dialect: DialectId): Spoken {
  const spoken = provider.speaks.find((candidate) => candidate.dialect.id === dialect);
  if (spoken === undefined) throw new Error(`${provider.id} does not speak ${dialect}`);
  return spoken;
}

function place(provider: ProviderId, model: string): Place {
  return { provider: providers[provider], model };
}
