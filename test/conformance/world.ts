// What a cell works with: the gateway, one fake provider behind all of its providers, and both official clients twice,
// through the gateway and straight at the provider. They are as npm delivers them, with an address and a key.

import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { startFakeProvider, type FakeProvider } from '../support/fake-provider.ts';
import { CLIENT_KEY, startGateway, type Gateway } from '../support/gateway.ts';
import type { Upstream } from './matrix.ts';

export type World = {
  readonly provider: FakeProvider;
  readonly gateway: Gateway;
  readonly through: Clients;
  readonly straight: Clients;
  /** Forgets what the provider was asked and was to answer. */
  readonly reset: () => void;
  readonly close: () => Promise<void>;
};

export type Clients = { readonly openai: OpenAI; readonly anthropic: Anthropic };

/** The provider that stands for a dialect, and a model of it that takes every parameter the scenarios send. */
export const TARGETS: Readonly<Record<Upstream, { readonly provider: string; readonly model: string }>> = {
  'openai-chat': { provider: 'openai', model: 'gpt-4.1' },
  'anthropic-messages': { provider: 'anthropic', model: 'claude-sonnet-4-6' },
};

/** What the providers know us by. It never comes from a client and never gets to one. */
export const PROVIDER_KEYS = {
  openai: 'upstream-key-openai',
  anthropic: 'upstream-key-anthropic',
  openrouter: 'upstream-key-openrouter',
  cohere: 'upstream-key-cohere',
} as const;

export async function openWorld(environment: Readonly<Record<string, string>>): Promise<World> {
  const provider = await startFakeProvider();
  const gateway = await startGateway({
    OPENAI_API_KEY: PROVIDER_KEYS.openai,
    OPENAI_BASE_URL: `${provider.url}/v1`,
    ANTHROPIC_API_KEY: PROVIDER_KEYS.anthropic,
    ANTHROPIC_BASE_URL: provider.url,
    OPENROUTER_API_KEY: PROVIDER_KEYS.openrouter,
    OPENROUTER_BASE_URL: `${provider.url}/v1`,
    COHERE_API_KEY: PROVIDER_KEYS.cohere,
    COHERE_BASE_URL: provider.url,
    OPENAI_COMPATIBLE_BASE_URL: `${provider.url}/v1`,
    ...environment,
  });
  return {
    provider,
    gateway,
    through: {
      openai: new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: CLIENT_KEY }),
      anthropic: new Anthropic({ baseURL: gateway.url, apiKey: CLIENT_KEY }),
    },
    straight: {
      openai: new OpenAI({ baseURL: `${provider.url}/v1`, apiKey: PROVIDER_KEYS.openai }),
      anthropic: new Anthropic({ baseURL: provider.url, apiKey: PROVIDER_KEYS.anthropic }),
    },
    reset: () => {
      provider.asked.length = 0;
      provider.answer({ status: 500, pieces: ['no answer is scripted'] });
    },
    close: async () => {
      await gateway.stop();
      await provider.stop();
    },
  };
}
