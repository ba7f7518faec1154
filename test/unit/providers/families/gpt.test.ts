import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { gptTraits } from '../../../../src/providers/families/gpt.ts';

const unknown = gptTraits('gpt-99');

describe('gptTraits', () => {
  it.each([
    'gpt-3.5-turbo',
    'gpt-35-turbo-16k',
    'gpt-4',
    'gpt-4-turbo',
    'gpt-4o-mini',
    'gpt-4.1-nano',
    'chatgpt-4o-latest',
    'gpt-5-chat-latest',
    'ft:gpt-4o-mini:acme::1',
  ])('lets %s sample, be penalised and stop, and asks no reasoning of it', (model) => {
    expect(gptTraits(model)).toMatchObject({
      sampling: true,
      penalties: true,
      stop: true,
      efforts: [],
      systemRole: 'system',
    });
  });

  it.each([
    'o1',
    'o3-mini',
    'o4-mini-2025-04-16',
    'gpt-5',
    'gpt-5-mini',
    'gpt-5.1',
    'gpt-5.6-sol',
    'gpt-6-astra',
  ])('knows that %s reasons: no sampling, penalties or stop, and a developer role', (model) => {
    expect(gptTraits(model)).toMatchObject({
      sampling: false,
      penalties: false,
      stop: false,
      systemRole: 'developer',
    });
  });

  it.each([
    ['o3', 'low medium high'],
    ['gpt-5-nano-2025-08-07', 'minimal low medium high'],
    ['gpt-5.1', 'none low medium high'],
    ['gpt-5.2', 'none low medium high xhigh'],
    ['gpt-5.5', 'none low medium high xhigh'],
    ['gpt-5.6-terra', 'none low medium high xhigh'],
    ['gpt-6-sol', 'none low medium high xhigh'],
    ['gpt-6.1-terra', 'none low medium high xhigh'],
    ['gpt-6.1-sol', 'low medium high xhigh'],
    ['gpt-6-astra', 'low medium high xhigh'],
  ])('knows the efforts of %s', (model, efforts) => {
    expect(gptTraits(model).efforts.join(' ')).toBe(efforts);
  });

  it('knows who may be sampled while it does not reason', () => {
    for (const model of ['gpt-5.1', 'gpt-5.4-mini', 'gpt-5.6-sol', 'gpt-6-luna', 'gpt-6.1-terra']) {
      expect(gptTraits(model).samplingWithoutReasoning).toBe(true);
    }
    for (const model of ['o3', 'gpt-5', 'gpt-6-astra', 'gpt-99']) {
      expect(gptTraits(model).samplingWithoutReasoning).toBeUndefined();
    }
  });

  it('never names max_tokens, which newer models refuse', () => {
    for (const model of ['gpt-4', 'o3', 'gpt-5', 'anything']) {
      expect(gptTraits(model).outputCapField).toBe('max_completion_tokens');
    }
  });

  it('marks cache breakpoints from 5.6 on', () => {
    expect(gptTraits('gpt-5.5').cacheMarks).toBe('none');
    expect(gptTraits('gpt-5.6-sol').cacheMarks).toBe('prompt_cache_breakpoint');
    expect(unknown.cacheMarks).toBe('prompt_cache_breakpoint');
  });

  it('gives schemas to the models that take them', () => {
    expect(gptTraits('gpt-4-0613').structuredOutput).toBe('json-object');
    expect(gptTraits('gpt-4o').structuredOutput).toBe('json-schema');
  });

  it('takes every name that it does not know for the newest model', () => {
    expect(gptTraits('gpt-6-astra')).toEqual(unknown);
    fc.assert(
      fc.property(fc.string(), (name) => {
        expect(gptTraits(`my-${name}`)).toEqual(unknown);
      }),
    );
  });
});
