import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CAPABILITIES, type Capability } from '../../../src/core/capability.ts';
import { GatewayError } from '../../../src/core/failure.ts';
import { createModelCatalog } from '../../../src/pipeline/models.ts';
import { plan } from '../../../src/pipeline/plan.ts';
import { readSettings, type Settings } from '../../../src/pipeline/settings.ts';
import { capabilitiesOf } from '../../../src/providers/catalog/provider-capabilities.ts';
import { openai } from '../../../src/providers/openai.ts';

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

describe('a target that is known to lack what is needed', () => {
  const LACKING = JSON.stringify({
    version: 1,
    routes: { best: { targets: ['openai/blind', 'anthropic/claude-sonnet-5'] } },
    models: {
      'openai/blind': { capabilities: { vision: false } },
      'openai/lame': { capabilities: { 'tool-calling': false } },
    },
  });
  const planned = (model: string, needs: readonly Capability[], environment: Record<string, string> = {}) => {
    const read = settings({ ...KEYS, CONFIGURATION: LACKING, ...environment });
    const catalog = createModelCatalog(read, {
      now: () => Date.parse('2026-11-25'),
      after: () => () => undefined,
      egress: () => Promise.reject(new Error('nothing is awaited')),
    });
    const targets = plan({ model, fallbackModels: [] }, read, 0, { needs, catalog });
    return targets.map(({ enabled, model: name }) => `${enabled.provider.id}/${name}`);
  };
  const refused = (model: string, needs: readonly Capability[]): string => {
    try {
      return planned(model, needs).join();
    } catch (error) {
      if (error instanceof GatewayError && error.failure.kind === 'unsupported') return error.failure.message;
      throw error;
    }
  };

  it('is left out, and the next one answers', () => {
    expect(planned('best', ['chat', 'vision'])).toEqual(['anthropic/claude-sonnet-5']);
    expect(planned('best', ['chat'])).toContain('openai/blind');
  });

  it('is named with what it lacks, beside those who have it, where there is no other', () => {
    const message = refused('openai/blind', ['chat', 'vision', 'tool-calling']);
    expect(message).toContain('openai/blind (no vision)');
    expect(message).toMatch(/it is offered by openai\/gpt-\S+, anthropic\/claude-\S+/);
    expect(message).not.toContain('openai/lame');
  });

  it('is a provider without the endpoint, too', () => {
    expect(refused('anthropic/claude-sonnet-5', ['embeddings'])).toContain(
      'anthropic/claude-sonnet-5 (no embeddings)',
    );
  });

  it('is a model that is for something else', () => {
    expect(refused('openai/text-embedding-3-small', ['chat'])).toContain('(no chat)');
    expect(refused('openai/gpt-image-2', ['chat'])).toContain('(no chat)');
  });

  it('is never a model that nobody knows', () => {
    for (const model of ['openai/gpt-99-nova', 'openrouter/any/thing', 'anthropic/next'])
      expect(planned(model, ['chat', 'vision', 'tool-calling', 'structured-output'])).toContain(model);
  });

  it('cannot be made to be tried: for every known lack, whatever else is needed', () => {
    fc.assert(
      fc.property(
        fc.subarray([...CAPABILITIES]),
        fc.dictionary(fc.constantFrom(...CAPABILITIES), fc.boolean()),
        (needs, capabilities) => {
          const CONFIGURATION = JSON.stringify({ version: 1, models: { 'openai/m': { capabilities } } });
          const offered = capabilitiesOf(openai);
          const lacks = needs.some((need) => offered[need] === false || capabilities[need] === false);
          const isTried = (() => {
            try {
              return planned('openai/m', needs, { CONFIGURATION }).length > 0;
            } catch {
              return false;
            }
          })();
          expect(isTried).toBe(!lacks);
        },
      ),
    );
  });
});

describe('a bare name', () => {
  it('is resolved through the lists that are here: one provider has it, or several are named', async () => {
    const read = settings({
      OPENAI_COMPATIBLE_BASE_URL: 'https://llm.company.com/v1',
      AZURE_OPENAI_API_KEY: 'a',
      AZURE_OPENAI_BASE_URL: 'https://r.openai.azure.com',
      OPENAI_API_KEY: 'b',
    });
    const catalog = createModelCatalog(read, {
      now: () => 0,
      after: () => () => undefined,
      egress: ({ url }) =>
        Promise.resolve(
          Response.json({ data: url.includes('company') ? [{ id: 'qwen' }, { id: 'gpt-5.2' }] : [] }),
        ),
    });
    const planned = (model: string) =>
      plan({ model, fallbackModels: [] }, read, 0, { catalog }).map(({ enabled }) => enabled.provider.id);
    expect(() => planned('qwen')).toThrow('several providers may offer');
    await catalog.list(() => undefined);
    expect(planned('qwen')).toEqual(['openai-compatible']);
    expect(() => planned('gpt-5.2')).toThrow('"openai/gpt-5.2" or "openai-compatible/gpt-5.2"');
  });
});
