// Which models there are to be asked: the routes of the configuration, and what each enabled provider lists. A
// provider that does not answer in time is left out, or shown as it was last seen.

import { asNumber, asString, isObject } from '../core/json.ts';
import type { Ports } from '../core/ports.ts';
import { readBytes } from './read-bytes.ts';
import type { EnabledProvider, Settings } from './settings.ts';

export type Model = {
  /** `<provider>/<model>`, or a route's name. */
  readonly id: string;
  readonly ownedBy: string;
  /** Seconds since the epoch; 0 when the provider does not tell. */
  readonly createdAt: number;
  readonly displayName?: string;
};

export type ModelCatalog = { readonly list: () => Promise<readonly Model[]> };

const FRESH_MS = 300_000;
const ANSWER_MS_MAX = 5000;
const LIST_BYTES_MAX = 8_388_608;

type Seen = { readonly at: number; readonly models: readonly Model[] };

/** Values are kept for five minutes in the isolate; no promise is ever shared between requests. */
export function createModelCatalog(
  settings: Settings,
  ports: Pick<Ports, 'egress' | 'now' | 'after'>,
): ModelCatalog {
  const seen = new Map<string, Seen>();

  const listOf = async (enabled: EnabledProvider): Promise<readonly Model[]> => {
    const { id } = enabled.provider;
    const last = seen.get(id);
    if (last !== undefined && ports.now() - last.at < FRESH_MS) return last.models;
    const models = await fetchModels(enabled, ports);
    if (models === undefined) return last?.models ?? [];
    seen.set(id, { at: ports.now(), models });
    return models;
  };

  return {
    list: async () => {
      const routes = [...settings.configuration.routes.keys()].map((id) => ({
        id,
        ownedBy: 'llm-proxy',
        createdAt: 0,
      }));
      const listed = await Promise.all(settings.enabled.map(listOf));
      return [...routes, ...listed.flat()];
    },
  };
}

/** `undefined`: the provider has not answered with a list. */
async function fetchModels(
  { provider, baseUrl, keys, apiVersion }: EnabledProvider,
  { egress, after }: Pick<Ports, 'egress' | 'after'>,
): Promise<readonly Model[] | undefined> {
  if (provider.models === undefined) return [];
  if ('names' in provider.models) {
    return provider.models.names.map((name) => ({
      id: `${provider.id}/${name}`,
      ownedBy: provider.id,
      createdAt: 0,
    }));
  }
  const stop = new AbortController();
  const cancel = after(ANSWER_MS_MAX, () => stop.abort());
  try {
    const response = await egress({
      method: 'GET',
      url: provider.models.url({ baseUrl, ...(apiVersion === undefined ? {} : { apiVersion }) }),
      headers: { accept: 'application/json', ...provider.models.headers, ...provider.auth(keys[0] ?? '') },
      signal: stop.signal,
    });
    const bytes = await readBytes(response, LIST_BYTES_MAX);
    return response.ok && bytes !== undefined
      ? readModels(provider.id, JSON.parse(new TextDecoder().decode(bytes)))
      : undefined;
  } catch {
    // Unreachable, late or not JSON: the list goes without this provider, and chat will say what is wrong with it.
    return undefined;
  } finally {
    cancel();
  }
}

/** `{data:[…]}` (OpenAI, Anthropic, OpenRouter), a bare array, or `{models:[…]}`: servers differ. */
function readModels(providerId: string, json: unknown): readonly Model[] | undefined {
  const entries = isObject(json) ? (json['data'] ?? json['models']) : json;
  return Array.isArray(entries)
    ? entries.flatMap((entry: unknown) => readModel(providerId, entry))
    : undefined;
}

function readModel(providerId: string, entry: unknown): readonly Model[] {
  const name = isObject(entry) ? (asString(entry['id']) ?? asString(entry['name'])) : undefined;
  if (!isObject(entry) || name === undefined) return [];
  const displayName = asString(entry['display_name']) ?? asString(entry['name']);
  const created = asNumber(entry['created']) ?? Date.parse(asString(entry['created_at']) ?? '') / 1000;
  return [
    {
      id: `${providerId}/${name}`,
      ownedBy: asString(entry['owned_by']) ?? providerId,
      createdAt: Number.isFinite(created) ? Math.floor(created) : 0,
      ...(displayName === undefined ? {} : { displayName }),
    },
  ];
}
