import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../../src/core/failure.ts';
import { plan } from '../../../src/pipeline/plan.ts';
import { readSettings, type Settings } from '../../../src/pipeline/settings.ts';

function settings(environment: Record<string, string>): Settings {
  const read = readSettings(environment);
  if ('refused' in read) throw new Error(read.refused.join('; '));
  return read;
}

const KEYS = { OPENAI_API_KEY: 'a,b,c', ANTHROPIC_API_KEY: 'd', OPENROUTER_API_KEY: 'e' };

function names(
  environment: Record<string, string>,
  model: string,
  fallbackModels: string[] = [],
  drawn = 0,
): string[] {
  const targets = plan({ model, fallbackModels, stream: false }, settings(environment), drawn);
  return targets.map(
    ({ enabled, model: name, credential }) => `${enabled.provider.id}/${name}#${credential}`,
  );
}

function refusal(environment: Record<string, string>, model: string): GatewayError {
  try {
    names(environment, model);
  } catch (error) {
    if (error instanceof GatewayError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

describe('a model name', () => {
  it('says its provider up to the first slash', () => {
    expect(names(KEYS, 'anthropic/claude-sonnet-5')).toEqual(['anthropic/claude-sonnet-5#0']);
    expect(names(KEYS, 'openrouter/meta/llama-4:free')).toEqual(['openrouter/meta/llama-4:free#0']);
  });

  it('stands for itself where exactly one provider offers it', () => {
    expect(names(KEYS, 'claude-sonnet-5')).toEqual(['anthropic/claude-sonnet-5#0']);
    expect(names({ OPENAI_COMPATIBLE_BASE_URL: 'https://llm.company.com/v1' }, 'qwen3:8b')).toEqual([
      'openai-compatible/qwen3:8b#0',
    ]);
  });

  it('goes to the sandbox where nothing else is enabled, and only outside production', () => {
    expect(names({ ENVIRONMENT: 'development' }, 'gpt-5.2')).toEqual(['sandbox/gpt-5.2#0']);
    expect(refusal({}, 'gpt-5.2').failure.kind).toBe('model-not-found');
  });

  it('is no name when it is longer than any vendor gives one', () => {
    expect(refusal(KEYS, `openai/${'x'.repeat(250)}`).failure.kind).toBe('model-not-found');
    expect(names(KEYS, 'anthropic/x', [`openai/${'x'.repeat(250)}`])).toEqual(['anthropic/x#0']);
  });

  it('that no provider offers is told from one that several may', () => {
    expect(refusal({ ANTHROPIC_API_KEY: 'd' }, 'gpt-5.2').failure.message).toContain(
      'no enabled provider offers',
    );
    const several = refusal(
      {
        AZURE_OPENAI_API_KEY: 'a',
        AZURE_OPENAI_BASE_URL: 'https://r.openai.azure.com',
        OPENAI_COMPATIBLE_BASE_URL: 'https://llm.company.com/v1',
      },
      'mine',
    );
    expect(several.failure.message).toContain('"azure-openai/mine"');
  });

  it('is shortened when it is repeated in an error', () => {
    expect(
      refusal({ ANTHROPIC_API_KEY: 'd' }, `nobody/${'x'.repeat(5000)}`).failure.message.length,
    ).toBeLessThan(300);
  });
});

describe('several targets', () => {
  it('come in the order of the body, without repeats', () => {
    expect(names(KEYS, 'anthropic/claude-sonnet-5', ['openrouter/a/b', 'anthropic/claude-sonnet-5'])).toEqual(
      ['anthropic/claude-sonnet-5#0', 'openrouter/a/b#0'],
    );
  });

  it('come in the order of the route', () => {
    const CONFIGURATION = JSON.stringify({
      version: 1,
      routes: { best: { targets: ['anthropic/claude-sonnet-5', 'xx/not-enabled', 'openrouter/a/b'] } },
    });
    expect(names({ ...KEYS, CONFIGURATION }, 'best')).toEqual([
      'anthropic/claude-sonnet-5#0',
      'openrouter/a/b#0',
    ]);
  });

  it('include every credential once, beginning at the drawn one', () => {
    expect(names(KEYS, 'openai/gpt-5.2', [], 0.5)).toEqual([
      'openai/gpt-5.2#1',
      'openai/gpt-5.2#2',
      'openai/gpt-5.2#0',
    ]);
  });
});
