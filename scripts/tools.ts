// What the scripts share: where a tool's binary is, and an environment in which wrangler does not call home.

import { realpathSync } from 'node:fs';
import path from 'node:path';
import { environmentNames } from '../src/pipeline/settings.ts';
import { environmentPrefix, providerIds } from '../src/providers/index.ts';

/** The script behind a package's binary, to be run by the Node that runs us. */
export function bin(name: string): string {
  return realpathSync(path.join('node_modules', '.bin', name));
}

export const quietWrangler = {
  WRANGLER_SEND_METRICS: 'false',
  WRANGLER_HIDE_BANNER: 'true',
  CLOUDFLARE_CF_FETCH_ENABLED: 'false',
  WRANGLER_LOG_SANITIZE: 'true',
} as const;

/** The variables of the environment that the Worker reads: everything else of the shell stays outside. */
export function workerVariables(environment: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && OURS.has(entry[0]),
    ),
  );
}

const OURS: ReadonlySet<string> = new Set([
  ...environmentNames,
  ...providerIds.flatMap((id) =>
    ['API_KEY', 'BASE_URL', 'API_VERSION'].map((name) => `${environmentPrefix(id)}_${name}`),
  ),
]);
