// Workers on the bare runtime: `workerd serve` with nothing between the socket and the Worker. Never `wrangler dev`,
// whose proxy costs more than everything behind it.

import { copyFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { unstable_readConfig } from 'wrangler';

/** workerd and esbuild are wrangler's dependencies: the versions that build and serve the gateway are these. */
const wranglersRequire = createRequire(createRequire(import.meta.url).resolve('wrangler/package.json'));

export const workerdBinary = (wranglersRequire('workerd') as { readonly default: string }).default;

export type WorkerOptions = {
  readonly name: string;
  /** One ES module. */
  readonly bundle: string;
  readonly port: number;
  readonly bindings: Readonly<Record<string, string>>;
};

/** Writes what `workerd serve` needs into the folder; its path. */
export function writeWorkerConfig(folder: string, options: WorkerOptions): string {
  const module = `${options.name}.js`;
  copyFileSync(options.bundle, path.join(folder, module));
  const file = path.join(folder, `${options.name}.capnp`);
  writeFileSync(file, configOf(module, options));
  return file;
}

/** Bundles a baseline as `wrangler deploy --minify` would. */
export async function bundleWorker(entry: string, outfile: string): Promise<void> {
  const { build } = wranglersRequire('esbuild') as { readonly build: (options: object) => Promise<unknown> };
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2024',
    conditions: ['workerd', 'worker', 'browser'],
    logLevel: 'error',
  });
}

const { compatibility_date: compatibilityDate, compatibility_flags: flags } = unstable_readConfig({
  config: 'wrangler.toml',
});
/** This one keeps Workers off the loopback, which is where the fake provider is. */
const compatibilityFlags = flags.filter((flag: string) => flag !== 'global_fetch_strictly_public');

function configOf(module: string, { port, bindings }: WorkerOptions): string {
  const text = JSON.stringify;
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    ( name = "main", worker = .worker ),
    ( name = "internet", network = ( allow = ["public", "private"] ) )
  ],
  sockets = [ ( name = "http", address = "127.0.0.1:${port}", http = (), service = "main" ) ]
);
const worker :Workerd.Worker = (
  modules = [ ( name = "worker", esModule = embed ${text(module)} ) ],
  compatibilityDate = ${text(compatibilityDate)},
  compatibilityFlags = [${compatibilityFlags.map((flag: string) => text(flag)).join(', ')}],
  bindings = [${Object.entries(bindings)
    .map(([name, value]) => `( name = ${text(name)}, text = ${text(value)} )`)
    .join(', ')}]
);
`;
}
