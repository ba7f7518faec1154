// Upstash Redis over its REST protocol: the same everywhere as soon as it is written.

import type { Redis } from '@upstash/redis/cloudflare';
import type { TextStore } from '../cache/store.ts';

const PATIENCE_MS = 60;

/** Made by the first request that needs it: a deployment without Upstash does not pay for its client. */
export function redisStore({ url, token }: { readonly url: string; readonly token: string }): TextStore {
  let client: Redis | undefined;
  const connect = async (): Promise<Redis> => {
    client ??= new (await import('@upstash/redis/cloudflare')).Redis({
      url,
      token,
      // Its own five retries take seconds; whether to come again is the shield's to say.
      retry: false,
      // A signal by itself would be returned as the value; a function is called for each command.
      signal: () => AbortSignal.timeout(PATIENCE_MS),
      // Commands of different requests in one batch would be one promise for all of them.
      enableAutoPipelining: false,
      automaticDeserialization: false,
      responseEncoding: false,
      enableTelemetry: false,
    });
    return client;
  };
  return {
    name: 'redis',
    isGlobal: true,
    patienceMs: PATIENCE_MS,
    read: async (name) => (await (await connect()).get<string>(PREFIX + name)) ?? undefined,
    write: async (name, text, ttlMs) => {
      await (await connect()).set(PREFIX + name, text, { px: ttlMs });
    },
    remove: async (name) => {
      await (await connect()).del(PREFIX + name);
    },
  };
}

const PREFIX = 'llm-proxy:cache:';
