// The Cache API and KV, in the runtime that has them.

import { env } from 'cloudflare:test';
import { shield } from '../../src/cache/shield.ts';
import type { TextStore } from '../../src/cache/store.ts';
import { storeTier } from '../../src/cache/tier.ts';
import { createPorts } from '../../src/platform/ports.ts';
import { coloStore, kvStore } from '../../src/platform/stores.ts';
import { describeTier, type TierUnderTest } from '../contract/cache-tier.contract.ts';

const ports = createPorts(() => Promise.reject(new Error('nobody is called')), 'silent');

function overStore(store: TextStore): TierUnderTest {
  return {
    tier: storeTier(shield({ ...store, patienceMs: 5000 }, ports)),
    plant: (key, text) => store.write(`entry1:${key}`, text, 60_000),
  };
}

describeTier('colo', () => overStore(coloStore()));
describeTier('kv', () => overStore(kvStore((env as unknown as { CACHE_KV: KVNamespace }).CACHE_KV)));
