import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { openaiChat } from '../../src/dialects/openai-chat/index.ts';
import { environmentPrefix, isProviderId, providerIds, providers } from '../../src/providers/index.ts';
import { speak, type Provider } from '../../src/providers/provider.ts';
import { describeProvider } from './provider.contract.ts';

for (const [name, provider] of Object.entries<Provider>(providers)) describeProvider(name, provider);

describe('the registry', () => {
  it('has a line for every provider file', () => {
    const shared = ['index.ts', 'provider.ts', 'bearer.ts', 'meaning.ts', 'not-stored.ts'];
    const files = readdirSync(join(import.meta.dirname, '../../src/providers')).filter(
      (file) => file.endsWith('.ts') && !shared.includes(file),
    );
    expect(files.map((file) => file.replace(/\.ts$/, '')).toSorted()).toEqual(providerIds.toSorted());
  });

  it('knows its own ids and no property of an object', () => {
    expect(providerIds.every(isProviderId)).toBe(true);
    for (const name of ['', 'toString', '__proto__', 'OpenAI']) expect(isProviderId(name)).toBe(false);
  });

  it('names settings after ids', () => {
    expect(environmentPrefix('openai')).toBe('OPENAI');
    expect(environmentPrefix('openai-compatible')).toBe('OPENAI_COMPATIBLE');
    expect(new Set(providerIds.map(environmentPrefix)).size).toBe(providerIds.length);
  });
});

describe('the address of a chat', () => {
  it.each<[keyof typeof providers, readonly string[]]>([
    [
      'openai',
      [
        'https://api.openai.com/v1/chat/completions',
        'https://api.openai.com/v1/responses',
        'https://api.openai.com/v1/completions',
      ],
    ],
    ['anthropic', ['https://api.anthropic.com/v1/messages']],
    [
      'openrouter',
      [
        'https://openrouter.ai/api/v1/chat/completions',
        'https://openrouter.ai/api/v1/responses',
        'https://openrouter.ai/api/v1/messages',
        'https://openrouter.ai/api/v1/completions',
      ],
    ],
    ['xai', ['https://api.x.ai/v1/responses', 'https://api.x.ai/v1/chat/completions']],
    ['perplexity', ['https://api.perplexity.ai/v1/responses']],
    ['blackbox', ['https://api.blackbox.ai/chat/completions']],
    ['cohere', ['https://api.cohere.com/v2/chat']],
    ['sandbox', ['https://sandbox.invalid/v1/chat/completions']],
  ])('at %s is as documented', (id, urls) => {
    const { baseUrl = '', speaks }: Provider = providers[id];
    expect(speaks.map(({ url }) => url({ baseUrl, model: 'any' }))).toEqual(urls);
  });
});

describe('the address of what is no chat', () => {
  it.each<[keyof typeof providers, 'embeddings' | 'images', string]>([
    ['openai', 'embeddings', 'https://api.openai.com/v1/embeddings'],
    ['openai', 'images', 'https://api.openai.com/v1/images/generations'],
    ['openrouter', 'embeddings', 'https://openrouter.ai/api/v1/embeddings'],
    ['openrouter', 'images', 'https://openrouter.ai/api/v1/images'],
    ['xai', 'images', 'https://api.x.ai/v1/images/generations'],
    ['perplexity', 'embeddings', 'https://api.perplexity.ai/v1/embeddings'],
    ['cohere', 'embeddings', 'https://api.cohere.com/v2/embed'],
    ['blackbox', 'images', 'https://api.blackbox.ai/chat/completions'],
  ])('at %s, %s, is as documented', (id, operation, url) => {
    const provider: Provider = providers[id];
    expect(provider[operation]?.url({ baseUrl: provider.baseUrl ?? '', model: 'any' })).toBe(url);
  });

  it('at Azure follows the surface, as that of a chat does', () => {
    const { embeddings, images }: Provider = providers['azure-openai'];
    const place = { baseUrl: 'https://r.openai.azure.com', model: 'small' };
    expect(embeddings?.url(place)).toBe('https://r.openai.azure.com/openai/v1/embeddings');
    expect(images?.url({ ...place, apiVersion: '2024-10-21' })).toBe(
      'https://r.openai.azure.com/openai/deployments/small/images/generations?api-version=2024-10-21',
    );
  });
});

describe('quirks', () => {
  it('that name no field of the dialect do not compile', () => {
    const at = { url: () => '', traits: () => Object.assign({}) };
    // @ts-expect-error logits_bias
    speak(openaiChat, { ...at, quirks: { drop: ['logits_bias'] } });
    // @ts-expect-error max_completion_tokenz
    speak(openaiChat, { ...at, quirks: { rename: { max_tokens: 'max_completion_tokenz' } } });
    // @ts-expect-error max_token
    speak(openaiChat, { ...at, quirks: { rename: { max_token: 'max_completion_tokens' } } });
    // @ts-expect-error temprature
    speak(openaiChat, { ...at, quirks: { set: { temprature: 1 } } });
    // @ts-expect-error a trait is missing
    speak(openaiChat, { url: () => '', traits: () => ({ outputCapField: 'max_tokens' }) });
    expect(speak(openaiChat, { ...at, quirks: { drop: ['logit_bias'] } }).quirks).toEqual({
      drop: ['logit_bias'],
    });
  });
});
