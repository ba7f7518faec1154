// What an isolate makes of its environment, once: settings, ports, keys.

import { sha256 } from '@noble/hashes/sha2.js';
import { createCache } from '../cache/cache.ts';
import { createKeyring } from '../http/client-keys.ts';
import type { AppDeps } from '../app.ts';
import { createModelCatalog } from '../pipeline/models.ts';
import { readSettings, type RefusedSettings, type Settings } from '../pipeline/settings.ts';
import { createEgress } from './egress.ts';
import { createPorts } from './ports.ts';
import { redisStore } from './redis-store.ts';
import { createSigner, signingKey } from './signer.ts';
import { coloStore, kvStore } from './stores.ts';

export function createDeps(environment: Readonly<Record<string, unknown>>): AppDeps | RefusedSettings {
  const settings = readSettings(environment);
  if ('refused' in settings) return settings;
  const egress = createEgress({ insecure: settings.insecureProviders, production: settings.production });
  const ports = createPorts(egress, settings.logLevel);
  return {
    ...ports,
    settings,
    keyring: createKeyring(settings.clientKeys, digest),
    ...(settings.adminKey === undefined ? {} : { adminKeyring: createKeyring([settings.adminKey], digest) }),
    signer: createSigner(signingKey(settings)),
    cache: createCache(settings.cacheMemory, storesOf(environment, settings), ports),
    catalog: createModelCatalog(settings, ports),
  };
}

/** From the nearest to the furthest, those that are bound. */
function storesOf(environment: Readonly<Record<string, unknown>>, { upstash }: Settings) {
  const kv = environment['CACHE_KV'] as KVNamespace | undefined;
  return [
    coloStore(),
    ...(upstash === undefined ? [] : [redisStore(upstash)]),
    ...(kv === undefined ? [] : [kvStore(kv)]),
  ];
}

const encoder = new TextEncoder();
const digest = (text: string): Uint8Array => sha256(encoder.encode(text));
