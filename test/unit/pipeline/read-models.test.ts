import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { nextPage, readModels } from '../../../src/pipeline/read-models.ts';

const fixture = (file: string): unknown => JSON.parse(readFileSync(`test/fixtures/${file}`, 'utf8'));

describe("a provider's list of models", () => {
  it("is read in OpenAI's form, which says no more than names", () => {
    const models = readModels('openai', fixture('openai/synthetic-models.json'));
    expect(models?.[0]).toEqual({
      id: 'openai/gpt-5.6-sol',
      ownedBy: 'system',
      createdAt: 1780000000,
      facts: {},
    });
  });

  it("is read in Anthropic's form, with its limits and its further pages", () => {
    const json = fixture('anthropic/synthetic-models.json');
    expect(readModels('anthropic', json)).toEqual([
      {
        id: 'anthropic/claude-sonnet-5',
        ownedBy: 'anthropic',
        createdAt: 1777593600,
        displayName: 'Claude Sonnet 5',
        facts: { contextWindow: 1_000_000, outputMax: 128_000 },
      },
    ]);
    expect(nextPage(json)).toEqual(['after_id', 'claude-sonnet-5']);
  });

  it("is read in OpenRouter's form, with prices for a million tokens and what a model lacks", () => {
    expect(readModels('openrouter', fixture('openrouter/synthetic-models.json'))?.[0]?.facts).toEqual({
      contextWindow: 1_000_000,
      outputMax: 128_000,
      capabilities: {
        vision: true,
        'image-generation': false,
        'tool-calling': true,
        'structured-output': false,
        reasoning: true,
      },
      prices: { input: 3, output: 15, cacheRead: 0.3 },
    });
  });

  it("is read in Perplexity's form, whose prices are for a million tokens", () => {
    expect(readModels('perplexity', fixture('perplexity/models.json'))?.[0]).toMatchObject({
      id: 'perplexity/anthropic/claude-fable-5',
      facts: { prices: { input: 10, output: 50, cacheRead: 1, cacheWrite: 12.5 } },
    });
  });

  it("is read in Cohere's form, page by page", () => {
    const json = {
      models: [
        { name: 'command-a-03-2025', endpoints: ['chat'], context_length: 288_000 },
        { name: 'embed-v4.0', endpoints: ['embed'], context_length: 128_000 },
      ],
      next_page_token: 'more',
    };
    expect(readModels('cohere', json)?.map(({ id, facts }) => [id, facts])).toEqual([
      [
        'cohere/command-a-03-2025',
        { contextWindow: 288_000, capabilities: { chat: true, embeddings: false } },
      ],
      ['cohere/embed-v4.0', { contextWindow: 128_000, capabilities: { chat: false, embeddings: true } }],
    ]);
    expect(nextPage(json)).toEqual(['page_token', 'more']);
    expect(nextPage({ models: [], next_page_token: '' })).toBeUndefined();
  });

  it('is read from servers of one’s own: Cerebras, Ollama, vLLM', () => {
    const recorded = readModels('openai-compatible', fixture('openai-compatible/cerebras.json'));
    expect(recorded?.length).toBeGreaterThan(0);
    expect(
      readModels('x', { models: [{ name: 'llama3.2:latest', model: 'llama3.2:latest' }] })?.[0]?.id,
    ).toBe('x/llama3.2:latest');
    expect(readModels('x', { data: [{ id: 'qwen', max_model_len: 32_768 }] })?.[0]?.facts).toEqual({
      contextWindow: 32_768,
    });
  });

  it('leaves out what is no model, and is no list when it is none', () => {
    const long = 'x'.repeat(300);
    expect(
      readModels('x', [null, 1, {}, { id: '' }, { id: long }, { id: 'm' }])?.map(({ id }) => id),
    ).toEqual(['x/m']);
    expect(readModels('x', { error: 'no' })).toBeUndefined();
    expect(readModels('x', 'no')).toBeUndefined();
  });

  it('takes no price that depends, and none that is not a number', () => {
    const priced = (pricing: unknown) => readModels('x', [{ id: 'm', pricing }])?.[0]?.facts.prices;
    expect(priced({ prompt: '-1', completion: '-1' })).toBeUndefined();
    expect(priced({ prompt: 'much', completion: '0' })).toBeUndefined();
    expect(priced({ prompt: '0', completion: '0' })).toEqual({ input: 0, output: 0 });
  });
});
