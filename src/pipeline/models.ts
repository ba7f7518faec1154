// Which models there are to be asked, and what is known of each: the routes of the configuration, what each enabled
// provider lists, what our own tables say, and what the operator says over all of it. Lists are values kept in the
// isolate; no promise is ever shared between requests, and nothing here is awaited on the way of a chat request.

import { mergeFacts, NO_FACTS, type ModelFacts } from '../core/model-facts.ts';
import type { Ports } from '../core/ports.ts';
import { staticFacts } from '../providers/catalog/model-facts.ts';
import { fetchModels, namedModels } from './fetch-models.ts';
import type { Model } from './read-models.ts';
import type { EnabledProvider, Settings } from './settings.ts';

export type ModelCatalog = {
  /** Waits, within a bound, only for lists that were never here; `defer` takes the refreshing of old ones. */
  readonly list: (defer: Defer) => Promise<readonly Model[]>;
  /** The ids that a provider has listed, as far as its list is here. */
  readonly listed: (providerId: string) => readonly string[];
  /** Whether its list has the model; false also where the list is not here. */
  readonly lists: (providerId: string, model: string) => boolean;
  readonly facts: (enabled: EnabledProvider, model: string) => ModelFacts;
};

/** An older list is shown while a new one is fetched. */
const FRESH_MS = 300_000;
/** A provider that did not answer is left alone for so long. */
const RETRY_MS = 30_000;
/** Prices change at midnight, and names come from callers: what is remembered is forgotten. */
const FACTS_MS = 600_000;
const FACTS_MAX = 2000;

/** One provider's list. */
type Shelf = {
  readonly enabled: EnabledProvider;
  models: ReadonlyMap<string, Model> | undefined;
  freshUntil: number;
  /** Not to be asked again before. */
  retryAt: number;
  readonly facts: Map<string, ModelFacts>;
  factsUntil: number;
};

export function createModelCatalog(
  settings: Settings,
  ports: Pick<Ports, 'egress' | 'now' | 'after'>,
): ModelCatalog {
  const shelves = new Map(settings.enabled.map((enabled) => [enabled.provider.id, newShelf(enabled)]));
  const overrides = settings.configuration.models;

  const factsOf = (enabled: EnabledProvider, model: string): ModelFacts => {
    const { provider } = enabled;
    const now = ports.now();
    const shelf = shelves.get(provider.id) ?? newShelf(enabled);
    if (now >= shelf.factsUntil || shelf.facts.size >= FACTS_MAX) {
      shelf.facts.clear();
      shelf.factsUntil = now + FACTS_MS;
    }
    const remembered = shelf.facts.get(model);
    if (remembered !== undefined) return remembered;
    const id = `${provider.id}/${model}`;
    const known = mergeFacts(staticFacts(provider, model, now), shelf.models?.get(id)?.facts ?? NO_FACTS);
    const facts = mergeFacts(known, overrides.get(id) ?? NO_FACTS);
    shelf.facts.set(model, facts);
    return facts;
  };

  const fill = async (shelf: Shelf): Promise<void> => {
    const models = await fetchModels(shelf.enabled, ports);
    const now = ports.now();
    shelf.retryAt = now + RETRY_MS;
    // A list that fails leaves the last good one where it is.
    if (models === undefined) return;
    shelf.models = new Map(models.map((model) => [model.id, model]));
    shelf.freshUntil = now + FRESH_MS;
    shelf.facts.clear();
  };

  const refresh = async (shelf: Shelf, defer: Defer): Promise<void> => {
    const now = ports.now();
    if (now < shelf.freshUntil || now < shelf.retryAt) return;
    if (shelf.models === undefined) {
      await fill(shelf);
      return;
    }
    // One request asks for all; were it cut off, the next one would ask in its place.
    shelf.retryAt = now + RETRY_MS;
    defer(fill(shelf));
  };

  return {
    list: async (defer) => {
      await Promise.all([...shelves.values()].map((shelf) => refresh(shelf, defer)));
      const listed = [...shelves.values()].flatMap(({ models }) => [...(models?.values() ?? [])]);
      const all = new Map([...configuredModels(settings), ...listed].map((model) => [model.id, model]));
      const withFacts = [...all.values()].map((model) => {
        const [enabled, name] = split(model.id);
        return enabled === undefined ? model : { ...model, facts: factsOf(enabled, name) };
      });
      return [...routes(settings), ...withFacts];
    },
    listed: (providerId) => [...(shelves.get(providerId)?.models?.keys() ?? [])],
    lists: (providerId, model) => shelves.get(providerId)?.models?.has(`${providerId}/${model}`) === true,
    facts: factsOf,
  };

  function split(id: string): readonly [enabled: EnabledProvider | undefined, model: string] {
    const slash = id.indexOf('/');
    return [shelves.get(id.slice(0, slash))?.enabled, id.slice(slash + 1)];
  }
}

type Defer = (work: Promise<unknown>) => void;

/** A list that is known needs no asking; a provider without one has the empty list. */
function newShelf(enabled: EnabledProvider): Shelf {
  const { id, models } = enabled.provider;
  const names = models === undefined ? [] : 'names' in models ? models.names : undefined;
  return {
    enabled,
    models: names && new Map(namedModels(id, names).map((model) => [model.id, model])),
    freshUntil: names === undefined ? 0 : Infinity,
    retryAt: 0,
    facts: new Map(),
    factsUntil: 0,
  };
}

function routes({ configuration }: Settings): readonly Model[] {
  return [...configuration.routes.keys()].map((id) => ({
    id,
    ownedBy: 'llm-proxy',
    createdAt: 0,
    facts: NO_FACTS,
  }));
}

/** What the operator describes is there, whether or not its provider has a list: deployments on Azure have none. */
function configuredModels({ configuration, enabled }: Settings): readonly Model[] {
  return [...configuration.models.keys()]
    .filter((id) => enabled.some(({ provider }) => id.startsWith(`${provider.id}/`)))
    .map((id) => ({ id, ownedBy: id.slice(0, id.indexOf('/')), createdAt: 0, facts: NO_FACTS }));
}
