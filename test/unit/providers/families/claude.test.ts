import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { claudeTraits } from '../../../../src/providers/families/claude.ts';

describe('claudeTraits', () => {
  it.each([
    ['claude-sonnet-5-5', 128_000, 'adaptive betweenTools'],
    ['claude-opus-5-5', 128_000, 'adaptive'],
    ['claude-fable-5-1', 128_000, 'adaptive'],
    ['claude-fable-5-2', 128_000, 'adaptive'],
    ['claude-haiku-5-5', 128_000, 'adaptive disable'],
    ['claude-opus-5', 128_000, 'adaptive budget disable'],
    ['claude-fable-5', 128_000, 'adaptive'],
    ['claude-opus-4-7', 128_000, 'adaptive budget disable'],
    ['claude-opus-4-8', 128_000, 'adaptive budget disable'],
    ['claude-sonnet-5', 128_000, 'adaptive budget disable'],
    ['claude-opus-4-6', 128_000, 'adaptive budget disable'],
    ['claude-sonnet-4-6', 128_000, 'adaptive budget disable'],
    ['claude-sonnet-4-5', 64_000, 'budget disable'],
    ['claude-opus-4-5', 64_000, 'budget disable'],
    ['claude-haiku-4-5', 64_000, 'budget disable'],
    ['claude-opus-4-1', 32_000, 'budget disable'],
    ['claude-opus-4-0', 32_000, 'budget disable'],
    ['claude-opus-4', 32_000, 'budget disable'],
    ['claude-sonnet-4', 64_000, 'budget disable'],
    ['claude-3-haiku', 4096, 'disable'],
  ])('knows the ceiling and the thinking of %s', (model, maxOutputTokens, thinking) => {
    const traits = claudeTraits(model);
    expect(traits.maxOutputTokens).toBe(maxOutputTokens);
    const modes = Object.entries(traits.thinking).filter(([, allowed]) => allowed);
    expect(modes.map(([mode]) => mode).join(' ')).toBe(thinking);
  });

  it('knows which models refuse the sampling parameters', () => {
    for (const model of ['claude-opus-4-7', 'claude-sonnet-5', 'claude-haiku-5-5']) {
      expect(claudeTraits(model).sampling).toBe(false);
    }
    for (const model of ['claude-opus-4-6', 'claude-haiku-4-5', 'claude-3-haiku']) {
      expect(claudeTraits(model).sampling).toBe(true);
    }
  });

  it('knows which models refuse a forced tool', () => {
    const refusing = ['sonnet-5-5', 'opus-5-5', 'fable-5-1', 'fable-5-2'];
    const taking = ['haiku-5-5', 'opus-5', 'fable-5', 'sonnet-4-5', '3-haiku'];
    for (const name of refusing) expect(claudeTraits(`claude-${name}`).forcedTools).toBe(false);
    for (const name of taking) expect(claudeTraits(`claude-${name}`).forcedTools).toBe(true);
  });

  it('knows since when a conversation may have system messages in its middle', () => {
    expect(claudeTraits('claude-opus-4-7').systemMessages).toBe(false);
    expect(claudeTraits('claude-opus-4-8').systemMessages).toBe(true);
    expect(claudeTraits('claude-sonnet-5').systemMessages).toBe(true);
  });

  it('asks for xhigh only where it is a word', () => {
    expect(claudeTraits('claude-opus-4-6').efforts).toEqual(['low', 'medium', 'high', 'max']);
    expect(claudeTraits('claude-opus-4-7').efforts).toContain('xhigh');
    expect(claudeTraits('claude-sonnet-4-5').efforts).toEqual([]);
  });

  it('reads a dated name, an alias and a dotted version as the same model', () => {
    const traits = claudeTraits('claude-opus-4-6');
    for (const name of [
      'claude-opus-4-6-20260205',
      'claude-opus-4-6-latest',
      'anthropic/claude-opus-4.6:beta',
    ]) {
      expect(claudeTraits(name)).toEqual(traits);
    }
    expect(claudeTraits('claude-sonnet-4-20250514')).toEqual(claudeTraits('claude-sonnet-4'));
  });

  it('takes every name that it does not know for the newest model', () => {
    const newest = claudeTraits('claude-opus-5-5');
    expect(claudeTraits('claude-sonnet-5-9')).toEqual(newest);
    expect(claudeTraits('claude-opus-7')).toEqual(newest);
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z.]*$/), (name) => {
        expect(claudeTraits(`claude-${name}`)).toEqual(newest);
      }),
    );
  });
});
