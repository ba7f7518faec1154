import { describe, expect, it } from 'vitest';
import { timeoutsAt } from '../../../src/pipeline/configuration.ts';
import { readSettings } from '../../../src/pipeline/settings.ts';

const SECRET = 'sk-canary-5f2c';

function refused(environment: Record<string, unknown>): readonly string[] {
  const read = readSettings(environment);
  return 'refused' in read ? read.refused : [];
}

describe('the environment', () => {
  it('needs nothing', () => {
    expect(readSettings({})).toMatchObject({
      production: true,
      enabled: [],
      clientKeysRequired: true,
      retryMax: 2,
      logLevel: 'info',
    });
  });

  it('ignores bindings that are not text', () => {
    expect(refused({ KV: { get: () => undefined }, ENVIRONMENT: 'test' })).toEqual([]);
  });

  it.each([
    ['ENVIRONMENT', { ENVIRONMENT: SECRET }],
    ['RETRY_MAX', { RETRY_MAX: '3' }],
    ['LOG_LEVEL', { LOG_LEVEL: SECRET }],
    ['API_KEYS_REQUIRED', { API_KEYS_REQUIRED: SECRET }],
    ['API_KEYS', { API_KEYS: `good,sha256:${SECRET}` }],
    ['API_KEY_HEADER', { API_KEY_HEADER: 'not a header' }],
    ['ALLOW_INSECURE_PROVIDERS', { ALLOW_INSECURE_PROVIDERS: '1' }],
    [
      'OPENAI_BASE_URL',
      { OPENAI_API_KEY: SECRET, OPENAI_BASE_URL: `http://127.0.0.1/${SECRET}`, ENVIRONMENT: 'development' },
    ],
    ['OPENAI_BASE_URL', { OPENAI_API_KEY: SECRET, OPENAI_BASE_URL: 'https://169.254.169.254/v1' }],
    ['AZURE_OPENAI_BASE_URL', { AZURE_OPENAI_API_KEY: SECRET }],
    ['CONFIGURATION', { CONFIGURATION: `{"version":1,"routes":"${SECRET}"}` }],
    ['CONFIGURATION', { CONFIGURATION: '{"version":2}' }],
    ['CONFIGURATION', { CONFIGURATION: SECRET }],
    ['CONFIGURATION', { CONFIGURATION: '{"version":1,"routes":{"a":{"targets":[]}}}' }],
    ['CONFIGURATION', { CONFIGURATION: '{"version":1,"cache":{"mode":"sometimes"}}' }],
    ['CACHE_MODE', { CACHE_MODE: SECRET }],
    ['CACHE_MAX_MEMORY_MB', { CACHE_MAX_MEMORY_MB: '0' }],
    ['EMERGENCY_THRESHOLD_MB', { EMERGENCY_THRESHOLD_MB: '10', MEMORY_THRESHOLD_MB: '20' }],
    ['UPSTASH_REDIS_REST_TOKEN', { UPSTASH_REDIS_REST_URL: 'https://x.upstash.io' }],
    ['UPSTASH_REDIS_REST_URL', { UPSTASH_REDIS_REST_TOKEN: SECRET }],
    [
      'UPSTASH_REDIS_REST_URL',
      { UPSTASH_REDIS_REST_URL: `http://10.0.0.1/${SECRET}`, UPSTASH_REDIS_REST_TOKEN: SECRET },
    ],
    ['ADMIN_API_KEY', { ADMIN_API_KEY: 'short' }],
  ])('a wrong %s is named, its value is not', (name, environment) => {
    const reasons = refused(environment);
    expect(reasons.join()).toMatch(new RegExp(`^${name}\\b`));
    expect(reasons.join()).not.toContain(SECRET);
  });

  it('names everything that is wrong at once', () => {
    expect(refused({ AZURE_OPENAI_API_KEY: 'a', CONFIGURATION: 'x' })).toHaveLength(2);
  });

  it('takes loopback providers only where insecure ones are allowed', () => {
    const environment = {
      OPENAI_COMPATIBLE_BASE_URL: 'http://127.0.0.1:11434/v1',
      ENVIRONMENT: 'development',
    };
    expect(refused(environment)).toHaveLength(1);
    expect(refused({ ...environment, ALLOW_INSECURE_PROVIDERS: '1' })).toEqual([]);
  });

  it('makes several keys several credentials', () => {
    const read = readSettings({ OPENAI_API_KEY: ' a, b ,,c' });
    expect('enabled' in read && read.enabled[0]?.keys).toEqual(['a', 'b', 'c']);
  });

  it('puts the operator before the provider, and the provider before the defaults', () => {
    const read = readSettings({ CONFIGURATION: '{"version":1,"timeouts":{"idleMs":5}}' });
    const timeouts =
      'configuration' in read
        ? timeoutsAt({ timeouts: { idleMs: 7, headersMs: 8 } }, read.configuration)
        : {};
    expect(timeouts).toEqual({ headersMs: 8, firstContentMs: 60_000, idleMs: 5, totalMs: 600_000 });
  });
});
