// Is it alive, is it ready. Neither asks a provider anything.

import type { JsonObject } from '../core/json.ts';
import type { RefusedSettings, Settings } from '../pipeline/settings.ts';

export type Health = { readonly status: number; readonly body: JsonObject };

export const live: Health = { status: 200, body: { status: 'ok' } };

/** Ready when the environment was accepted and there is a provider to ask. Wrong variables are named, values are not. */
export function readiness(settings: Settings | RefusedSettings): Health {
  if ('refused' in settings)
    return { status: 503, body: { status: 'misconfigured', refused: [...settings.refused] } };
  if (settings.enabled.length === 0) return { status: 503, body: { status: 'no provider is enabled' } };
  return {
    status: 200,
    body: { status: 'ok', providers: settings.enabled.map(({ provider }) => provider.id) },
  };
}
