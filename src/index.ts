// The Worker. Composition only.

export { ProviderState } from '../durable-objects/provider-state.ts';
import { createApp, createRefusingApp, type App } from './app.ts';
import { createDeps } from './platform/isolate.ts';

/** Made by the first request: the environment is not there before it. */
let app: App | undefined;

function start(environment: Env): App {
  const deps = createDeps(environment);
  if (!('refused' in deps)) return createApp(deps);
  // oxlint-disable-next-line no-console -- there are no settings yet that a log could follow
  console.error(JSON.stringify({ level: 'error', event: 'misconfigured', refused: deps.refused }));
  return createRefusingApp(deps);
}

type Env = Readonly<Record<string, unknown>>;

export default {
  fetch(request, environment, context) {
    app ??= start(environment);
    return app.fetch(request, environment, context);
  },
} satisfies ExportedHandler<Env>;
