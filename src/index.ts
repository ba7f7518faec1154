// The Worker. Composition only.

import { createApp, createRefusingApp, type App } from './app.ts';
import { createDeps } from './platform/isolate.ts';

/** A value, never a promise: requests of one isolate must not wait for each other's work. */
let app: App | undefined;

async function start(environment: Env): Promise<App> {
  const deps = await createDeps(environment);
  if (!('refused' in deps)) return createApp(deps);
  // oxlint-disable-next-line no-console -- there are no settings yet that a log could follow
  console.error(JSON.stringify({ level: 'error', event: 'misconfigured', refused: deps.refused }));
  return createRefusingApp(deps);
}

type Env = Readonly<Record<string, unknown>>;

export default {
  async fetch(request, environment, context) {
    app ??= await start(environment);
    return app.fetch(request, environment, context);
  },
} satisfies ExportedHandler<Env>;
