// What an isolate makes of its environment, once: settings, ports, keys.

import { sha256 } from '@noble/hashes/sha2.js';
import { createKeyring } from '../http/client-keys.ts';
import type { AppDeps } from '../app.ts';
import { createModelCatalog } from '../pipeline/models.ts';
import { readSettings, type RefusedSettings } from '../pipeline/settings.ts';
import { createEgress } from './egress.ts';
import { createPorts } from './ports.ts';
import { createSigner, signingKey } from './signer.ts';

export function createDeps(environment: Readonly<Record<string, unknown>>): AppDeps | RefusedSettings {
  const settings = readSettings(environment);
  if ('refused' in settings) return settings;
  const egress = createEgress({ insecure: settings.insecureProviders, production: settings.production });
  const ports = createPorts(egress, settings.logLevel);
  return {
    ...ports,
    settings,
    keyring: createKeyring(settings.clientKeys, (text) => sha256(encoder.encode(text))),
    signer: createSigner(signingKey(settings)),
    catalog: createModelCatalog(settings, ports),
  };
}

const encoder = new TextEncoder();
