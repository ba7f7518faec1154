// Asks a provider for its list of models: all pages, within one limit of time, size and number.

import type { Ports } from '../core/ports.ts';
import { readBytes } from './read-bytes.ts';
import { nextPage, readModels, type Model } from './read-models.ts';
import type { EnabledProvider } from './settings.ts';

const LIST_MS_MAX = 5000;
const LIST_BYTES_MAX = 8_388_608;
const PAGES_MAX = 10;
const MODELS_MAX = 5000;

/** `undefined`: the provider has not answered with a list. Never rejects. */
export async function fetchModels(
  { provider, baseUrl, keys, apiVersion }: EnabledProvider,
  { egress, after }: Pick<Ports, 'egress' | 'after'>,
): Promise<readonly Model[] | undefined> {
  if (provider.models === undefined) return [];
  if ('names' in provider.models) return namedModels(provider.id, provider.models.names);
  const stop = new AbortController();
  const cancel = after(LIST_MS_MAX, () => stop.abort());
  const url = provider.models.url({ baseUrl, ...(apiVersion === undefined ? {} : { apiVersion }) });
  const headers = { accept: 'application/json', ...provider.models.headers, ...provider.auth(keys[0] ?? '') };
  const found = new Map<string, Model>();
  try {
    let page: string | undefined = url;
    for (let count = 0; page !== undefined && count < PAGES_MAX && found.size < MODELS_MAX; count++) {
      const json = await fetchJson(page, headers, stop.signal, egress);
      const models = readModels(provider.id, json);
      if (models === undefined) return undefined;
      const before = found.size;
      for (const model of models.slice(0, MODELS_MAX - found.size)) found.set(model.id, model);
      const next = nextPage(json);
      // A server that goes on saying the same has no more to say.
      page = next === undefined || found.size === before ? undefined : withParameter(url, ...next);
    }
    return [...found.values()];
  } catch {
    // Unreachable, late or not JSON: the list goes without this provider, and chat will say what is wrong with it.
    return undefined;
  } finally {
    cancel();
  }
}

/** Throws when there is no JSON to be had. */
async function fetchJson(
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
  egress: Ports['egress'],
): Promise<unknown> {
  const response = await egress({ method: 'GET', url, headers, signal });
  const bytes = await readBytes(response, LIST_BYTES_MAX);
  if (!response.ok || bytes === undefined) throw new Error(`no list, status ${response.status}`);
  return JSON.parse(new TextDecoder().decode(bytes)) as unknown;
}

function withParameter(url: string, name: string, value: string): string {
  return `${url}${url.includes('?') ? '&' : '?'}${name}=${encodeURIComponent(value)}`;
}

export function namedModels(providerId: string, names: readonly string[]): readonly Model[] {
  return names.map((name) => ({ id: `${providerId}/${name}`, ownedBy: providerId, createdAt: 0, facts: {} }));
}
