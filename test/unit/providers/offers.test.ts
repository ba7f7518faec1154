import { describe, expect, it } from 'vitest';

import { providers } from '../../../src/providers/index.ts';
import type { Provider } from '../../../src/providers/provider.ts';

describe('a bare model name', () => {
  it.each([
    ['gpt-5.2', ['openai']],
    ['chatgpt-4o-latest', ['openai']],
    ['o3-mini', ['openai']],
    ['ft:gpt-4o-mini:acme::1', ['openai']],
    ['gpt-3.5-turbo-instruct', ['openai']],
    ['davinci-002', ['openai']],
    ['ft:babbage-002:acme::1', ['openai']],
    ['davinci-002x', []],
    ['text-embedding-3-small', ['openai']],
    ['gpt-image-2', ['openai']],
    ['pplx-embed-v1-4b', ['perplexity']],
    ['embed-v4.0', ['cohere']],
    ['claude-sonnet-5', ['anthropic']],
    ['meta-llama/llama-4-maverick:free', ['openrouter']],
    ['~anthropic/claude-sonnet-latest', ['openrouter']],
    ['blackboxai/openai/gpt-4', ['blackbox']],
    ['command-a-03-2025', ['cohere']],
    ['north-mini-code', ['cohere']],
    ['gpt-oss-120b', []],
    ['llama3.2', []],
    ['olmo-3', []],
  ])('%s looks like one of %j', (model, ids) => {
    expect(claimants(model)).toEqual(ids);
  });

  it.each(['azure-openai', 'openai-compatible', 'sandbox'] as const)('may be anything at %s', (id) => {
    expect(providers[id].offers).toBeUndefined();
  });
});

function claimants(model: string): readonly string[] {
  return Object.values<Provider>(providers)
    .filter(({ offers }) => offers?.(model) === true)
    .map(({ id }) => id);
}
