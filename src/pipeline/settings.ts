// The environment, validated once: what is wrong is named by its variable, never by its value.

import * as z from 'zod/mini';
import type { CacheMode } from '../cache/admission.ts';
import type { MemoryLimits } from '../cache/memory.ts';
import { refuseUrl } from '../core/egress-policy.ts';
import { environmentPrefix, providers } from '../providers/index.ts';
import type { Provider } from '../providers/provider.ts';
import { defaultConfiguration, readConfiguration, type Configuration } from './configuration.ts';

export type Settings = {
  readonly production: boolean;
  readonly insecureProviders: boolean;
  readonly enabled: readonly EnabledProvider[];
  /** Plain or `sha256:<hex>`; the keyring hashes them and this list is then dropped. */
  readonly clientKeys: readonly string[];
  readonly clientKeysRequired: boolean;
  readonly clientKeyHeader?: string;
  /** Opens `/admin`; absent: there is none. */
  readonly adminKey?: string;
  /** What signs the ids that we hand out; absent: made of the keys above. */
  readonly signingSecret?: string;
  readonly retryMax: number;
  readonly logLevel: LogLevel;
  readonly configuration: Configuration;
  readonly cacheMode: CacheMode;
  readonly cacheMemory: MemoryLimits;
  readonly upstash?: { readonly url: string; readonly token: string };
};

export type EnabledProvider = {
  readonly provider: Provider;
  readonly baseUrl: string;
  /** One entry a credential; a single '' for a provider without a key. */
  readonly keys: readonly string[];
  readonly apiVersion?: string;
};

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

export type RefusedSettings = { readonly refused: readonly string[] };

const flag = z.pipe(
  z.enum(['1', 'true', 'yes', '0', 'false', 'no', '']),
  z.transform((word) => word === '1' || word === 'true' || word === 'yes'),
);
const list = z.pipe(
  z.string(),
  z.transform((text) =>
    text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== ''),
  ),
);
const megabytes = z.string().check(z.regex(/^(?:[1-9]|[1-9]\d|1[01]\d|120)$/, 'is not 1 to 120'));
const environmentSchema = z.object({
  ENVIRONMENT: z.optional(z.enum(['production', 'staging', 'development', 'test'])),
  ALLOW_INSECURE_PROVIDERS: z.optional(flag),
  API_KEYS: z.optional(list),
  API_KEYS_REQUIRED: z.optional(flag),
  API_KEY_HEADER: z.optional(z.string().check(z.regex(/^[A-Za-z0-9-]{1,64}$/))),
  ADMIN_API_KEY: z.optional(
    z.string().check(z.regex(/^(?:sha256:[\da-f]{64}|(?!sha256:)[\x21-\x7E]{16,512})$/i)),
  ),
  SIGNING_SECRET: z.optional(z.string().check(z.minLength(32), z.maxLength(512))),
  RETRY_MAX: z.optional(z.enum(['0', '1', '2'])),
  LOG_LEVEL: z.optional(z.enum(['debug', 'info', 'warn', 'error', 'silent'])),
  CONFIGURATION: z.optional(z.string()),
  CACHE_MODE: z.optional(z.enum(['off', 'deterministic', 'all'])),
  CACHE_MAX_MEMORY_MB: z.optional(megabytes),
  MEMORY_THRESHOLD_MB: z.optional(megabytes),
  EMERGENCY_THRESHOLD_MB: z.optional(megabytes),
  UPSTASH_REDIS_REST_URL: z.optional(z.string()),
  UPSTASH_REDIS_REST_TOKEN: z.optional(z.string()),
});

const KEY_SPEC = /^(?:sha256:[\da-f]{64}|(?!sha256:)[\x21-\x7E]{1,512})$/i;

/** The variables that are not a provider's. */
export const environmentNames: readonly string[] = Object.keys(environmentSchema.shape);

/** Everything the environment says, or every variable that is wrong. An absent ENVIRONMENT is production. */
export function readSettings(environment: Readonly<Record<string, unknown>>): Settings | RefusedSettings {
  const read = z.safeParse(environmentSchema, strings(environment));
  if (!read.success)
    return { refused: read.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`) };
  const env = read.data;

  const refused: string[] = [];
  const production = (env.ENVIRONMENT ?? 'production') === 'production';
  const insecureProviders = env.ALLOW_INSECURE_PROVIDERS ?? false;
  if (production && insecureProviders) refused.push('ALLOW_INSECURE_PROVIDERS: is refused in production');

  const wrongKey = (env.API_KEYS ?? []).findIndex((spec) => !KEY_SPEC.test(spec));
  if (wrongKey >= 0)
    refused.push(`API_KEYS: entry ${wrongKey + 1} is neither a key nor sha256: and 64 hex digits`);

  const configuration =
    env.CONFIGURATION === undefined ? defaultConfiguration : readConfiguration(env.CONFIGURATION);
  if ('refused' in configuration) refused.push(`CONFIGURATION: ${configuration.refused}`);

  const cacheMemory = readCacheMemory(env);
  if ('refused' in cacheMemory) refused.push(cacheMemory.refused);
  const upstash = readUpstash(env, { insecure: insecureProviders, production });
  if (upstash !== undefined && 'refused' in upstash) refused.push(upstash.refused);

  const enabled: EnabledProvider[] = [];
  for (const provider of Object.values<Provider>(providers)) {
    const found = readProvider(provider, strings(environment), { insecure: insecureProviders, production });
    if (found !== undefined && 'refused' in found) refused.push(found.refused);
    else if (found !== undefined) enabled.push(found);
  }

  if (refused.length > 0 || 'refused' in configuration || 'refused' in cacheMemory) return { refused };
  return {
    production,
    insecureProviders,
    enabled,
    clientKeys: env.API_KEYS ?? [],
    clientKeysRequired: env.API_KEYS_REQUIRED ?? true,
    ...(env.API_KEY_HEADER === undefined ? {} : { clientKeyHeader: env.API_KEY_HEADER.toLowerCase() }),
    ...(env.ADMIN_API_KEY === undefined ? {} : { adminKey: env.ADMIN_API_KEY }),
    ...(env.SIGNING_SECRET === undefined ? {} : { signingSecret: env.SIGNING_SECRET }),
    retryMax: Number(env.RETRY_MAX ?? '2'),
    logLevel: env.LOG_LEVEL ?? 'info',
    configuration,
    cacheMode: env.CACHE_MODE ?? 'deterministic',
    cacheMemory,
    ...(upstash === undefined || 'refused' in upstash ? {} : { upstash }),
  };
}

type Environment = z.output<typeof environmentSchema>;

/** An isolate has 128 MB for everything. */
function readCacheMemory(env: Environment): MemoryLimits | { readonly refused: string } {
  const bytes = (megabytesSaid: string): number => Number(megabytesSaid) * 1_048_576;
  const maxBytes = bytes(env.CACHE_MAX_MEMORY_MB ?? '32');
  const thresholdBytes = bytes(env.MEMORY_THRESHOLD_MB ?? '48');
  const emergencyBytes = bytes(env.EMERGENCY_THRESHOLD_MB ?? '64');
  if (thresholdBytes <= emergencyBytes) return { maxBytes, thresholdBytes, emergencyBytes };
  return { refused: 'EMERGENCY_THRESHOLD_MB: is below MEMORY_THRESHOLD_MB' };
}

/** `undefined`: there is no Upstash here. */
function readUpstash(
  env: Environment,
  policy: { readonly insecure: boolean; readonly production: boolean },
): Settings['upstash'] | { readonly refused: string } {
  const url = env.UPSTASH_REDIS_REST_URL?.trim() ?? '';
  const token = env.UPSTASH_REDIS_REST_TOKEN?.trim() ?? '';
  if (url === '' && token === '') return undefined;
  if (url === '') return { refused: 'UPSTASH_REDIS_REST_URL: is needed with UPSTASH_REDIS_REST_TOKEN' };
  if (token === '') return { refused: 'UPSTASH_REDIS_REST_TOKEN: is needed with UPSTASH_REDIS_REST_URL' };
  const reason = refuseUrl(url, policy);
  return reason === undefined ? { url, token } : { refused: `UPSTASH_REDIS_REST_URL: ${reason}` };
}

/** `undefined`: the provider is not enabled here. */
function readProvider(
  provider: Provider,
  environment: Readonly<Record<string, string>>,
  policy: { readonly insecure: boolean; readonly production: boolean },
): EnabledProvider | { readonly refused: string } | undefined {
  const prefix = environmentPrefix(provider.id);
  const given = environment[`${prefix}_BASE_URL`]?.trim().replace(/\/+$/, '');
  const keys = z.safeParse(list, environment[`${prefix}_API_KEY`] ?? '').data ?? [];
  const apiVersion = environment[`${prefix}_API_VERSION`]?.trim();

  const keyless =
    (provider.keyless === 'always' && !policy.production) ||
    (provider.keyless === 'with-base-url' && given !== undefined && given !== '');
  if (keys.length === 0 && !keyless) return undefined;

  const baseUrl = given === undefined || given === '' ? provider.baseUrl : given;
  if (baseUrl === undefined) return { refused: `${prefix}_BASE_URL: is needed with ${prefix}_API_KEY` };
  if (provider.local === undefined) {
    const reason = refuseUrl(baseUrl, policy);
    if (reason !== undefined) return { refused: `${prefix}_BASE_URL: ${reason}` };
  }
  return {
    provider,
    baseUrl,
    keys: keys.length === 0 ? [''] : keys,
    ...(apiVersion === undefined || apiVersion === '' ? {} : { apiVersion }),
  };
}

/** Bindings that are not text (KV, Durable Objects) are not settings. */
function strings(environment: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(environment).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
