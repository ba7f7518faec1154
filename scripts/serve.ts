// The production bundle on workerd, without wrangler's dev proxy: configured by the process environment, state in
// STATE_DIR. One line when ready, a clean stop on SIGTERM. One node: what Cloudflare spreads over the world is here in
// one process.

import { readFileSync } from 'node:fs';
import { Miniflare, convertV4MiniflareOptions } from 'miniflare';
import { unstable_readConfig } from 'wrangler';
import { readSettings } from '../src/pipeline/settings.ts';
import { workerVariables } from './tools.ts';

const bindings = { ENVIRONMENT: 'development', ...workerVariables(process.env) };
const settings = readSettings(bindings);
if ('refused' in settings) {
  for (const reason of settings.refused) console.error(`llm-proxy: ${reason}`);
  process.exit(1);
}
if (settings.clientKeysRequired && settings.clientKeys.length === 0) {
  console.error(
    'llm-proxy: API_KEYS is empty, so every request will be 401; API_KEYS_REQUIRED=false opens the gateway',
  );
}

const config = unstable_readConfig({ config: 'wrangler.toml' });
// The flag keeps the Worker off private addresses, which is where a local provider is.
const flags = config.compatibility_flags.filter(
  (flag: string) => !settings.insecureProviders || flag !== 'global_fetch_strictly_public',
);
type DurableBinding = { readonly name: string; readonly class_name: string };
const host = process.env['HOST'] ?? '127.0.0.1';
const port = Number(process.env['PORT'] ?? 8787);
const miniflare = new Miniflare({
  ...convertV4MiniflareOptions({
    cf: false,
    host,
    port,
    workers: [
      {
        name: config.name ?? 'llm-proxy',
        modules: [{ type: 'ESModule', path: 'index.js', contents: readFileSync('dist/index.js', 'utf8') }],
        compatibilityDate: config.compatibility_date,
        compatibilityFlags: flags,
        bindings,
        durableObjects: Object.fromEntries(
          config.durable_objects.bindings.map(({ name, class_name }: DurableBinding) => [
            name,
            { className: class_name, useSQLite: true },
          ]),
        ),
        kvNamespaces: config.kv_namespaces.map(({ binding }: { readonly binding: string }) => binding),
      },
    ],
  }),
  resourcePersistencePath: process.env['STATE_DIR'] ?? '.state',
  telemetry: { enabled: false },
});
const url = await miniflare.ready;
console.log(
  `llm-proxy is ready at ${url.origin} (${settings.enabled.map(({ provider }) => provider.id).join(', ')})`,
);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    void miniflare.dispose().then(() => process.exit(0));
  });
}
