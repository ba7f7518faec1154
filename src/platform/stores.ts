// The stores of the cache that Workers have: the Cache API of the location, and KV, which is everywhere.

import type { TextStore } from '../cache/store.ts';

/**
 * https://developers.cloudflare.com/workers/runtime-apis/cache/: of this location only, and without effect on workers.dev.
 * A cache with a name of its own: nothing that comes over HTTP reaches it.
 */
export function coloStore(): TextStore {
  const open = (): Promise<Cache> => caches.open('llm-proxy');
  return {
    name: 'colo',
    isGlobal: false,
    patienceMs: 20,
    read: async (name) => {
      const response = await (await open()).match(addressOf(name));
      return response?.text();
    },
    write: async (name, text, ttlMs) => {
      const headers = { 'cache-control': `max-age=${seconds(ttlMs)}`, 'content-type': 'text/plain' };
      await (await open()).put(addressOf(name), new Response(text, { headers }));
    },
    remove: async (name) => {
      await (await open()).delete(addressOf(name));
    },
  };
}

/** The name says nothing: for an answer it is an HMAC. */
function addressOf(name: string): string {
  return `https://cache.invalid/${encodeURIComponent(name)}`;
}

/** https://developers.cloudflare.com/kv/concepts/how-kv-works/: what is written here may be read elsewhere a minute later. */
export function kvStore(namespace: KVNamespace): TextStore {
  return {
    name: 'kv',
    isGlobal: true,
    patienceMs: 40,
    read: async (name) => (await namespace.get(name, { type: 'text', cacheTtl: KV_CACHE_S })) ?? undefined,
    write: (name, text, ttlMs) =>
      namespace.put(name, text, { expirationTtl: Math.max(KV_TTL_S_MIN, seconds(ttlMs)) }),
    remove: (name) => namespace.delete(name),
  };
}

/** The least that KV takes, for both. */
const KV_CACHE_S = 30;
const KV_TTL_S_MIN = 60;

function seconds(ms: number): number {
  return Math.ceil(ms / 1000);
}
