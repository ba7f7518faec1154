// Which targets could answer, best first. A model's name is `<provider>/<model>`, a route, or a bare name that exactly
// one enabled provider offers; a body's `models` are further choices in order. A target that is known to lack what the
// request needs is left out.

import type { Capability } from '../core/capability.ts';
import { GatewayError, type Failure } from '../core/failure.ts';
import type { Envelope } from '../dialects/dialect.ts';
import { missing, refuseLacking } from './capable.ts';
import type { ModelCatalog } from './models.ts';
import type { EnabledProvider, Settings } from './settings.ts';

/** In the order in which they are to be tried. */
export type Targets = readonly [Target, ...Target[]];

export type Target = {
  readonly enabled: EnabledProvider;
  readonly model: string;
  /** Index into `enabled.keys`. */
  readonly credential: number;
};

export type Demand = {
  readonly needs?: readonly Capability[];
  /** Nothing of it is awaited: what it knows by now is what counts. */
  readonly catalog?: ModelCatalog;
};

/**
 * Every target in the order in which it is to be tried, one per credential. `drawn` in [0, 1) chooses the credential
 * that goes first. Throws `GatewayError` model-not-found when none of the names resolves, unsupported when none of the
 * targets can do what is needed.
 */
export function plan(
  { model, fallbackModels }: Partial<Envelope> & Pick<Envelope, 'model' | 'fallbackModels'>,
  settings: Settings,
  drawn: number,
  { needs = [], catalog }: Demand = {},
): Targets {
  const resolved = [model, ...fallbackModels].map((name) => resolve(name, settings, catalog));
  const places = distinct(resolved.flatMap((found) => ('kind' in found ? [] : found)));
  const able = places.filter((place) => missing(place, needs, catalog) === undefined);
  const [first, ...rest] = able.flatMap((place) => withCredentials(place, drawn));
  if (first !== undefined) return [first, ...rest];
  if (places.length > 0) throw refuseLacking(places, needs, settings, catalog);
  throw new GatewayError(resolved.find((found) => 'kind' in found) ?? notFound(model));
}

export type TargetPlace = { readonly enabled: EnabledProvider; readonly model: string };

/** No vendor's are half as long, and they go into headers and the log. */
const NAME_LENGTH_MAX = 256;

function resolve(
  name: string,
  settings: Settings,
  catalog: ModelCatalog | undefined,
): readonly TargetPlace[] | Failure {
  if (name.length > NAME_LENGTH_MAX) return notFound(name);
  const route = settings.configuration.routes.get(name);
  if (route !== undefined) {
    const places = route.map((target) => prefixed(target, settings)).filter((place) => place !== undefined);
    return places.length > 0
      ? places
      : { ...notFound(name), message: `none of the providers behind "${short(name)}" is enabled here` };
  }
  const place = prefixed(name, settings);
  return place !== undefined ? [place] : bare(name, settings, catalog);
}

function prefixed(name: string, settings: Settings): TargetPlace | undefined {
  const slash = name.indexOf('/');
  if (slash <= 0 || slash === name.length - 1) return undefined;
  const enabled = settings.enabled.find(({ provider }) => provider.id === name.slice(0, slash));
  return enabled && { enabled, model: name.slice(slash + 1) };
}

/** A provider that lists the name, or knows it for its own, wins over one that would take any. */
function bare(
  name: string,
  settings: Settings,
  catalog: ModelCatalog | undefined,
): readonly TargetPlace[] | Failure {
  const claiming = settings.enabled.filter(
    ({ provider }) => provider.offers?.(name) === true || catalog?.lists(provider.id, name) === true,
  );
  const candidates =
    claiming.length > 0 ? claiming : settings.enabled.filter(({ provider }) => provider.offers === undefined);
  const remote = candidates.filter(({ provider }) => provider.local === undefined);
  const choices = remote.length > 0 ? remote : candidates;
  const [only, second] = choices;
  if (only !== undefined && second === undefined) return [{ enabled: only, model: name }];
  if (only === undefined) return notFound(name);
  const offers = choices.map(({ provider }) => `"${provider.id}/${short(name)}"`).join(' or ');
  return { ...notFound(name), message: `several providers may offer "${short(name)}": say ${offers}` };
}

function notFound(name: string): Failure {
  return {
    kind: 'model-not-found',
    message: `no enabled provider offers the model "${short(name)}"; GET /v1/models lists what there is`,
    param: 'model',
  };
}

function short(name: string): string {
  return name.length <= 64 ? name : `${name.slice(0, 63)}…`;
}

function distinct(places: readonly TargetPlace[]): readonly TargetPlace[] {
  return places.filter(
    (place, index) =>
      index === places.findIndex((other) => other.enabled === place.enabled && other.model === place.model),
  );
}

function withCredentials({ enabled, model }: TargetPlace, drawn: number): readonly Target[] {
  const count = enabled.keys.length;
  const offset = Math.floor(drawn * count);
  return enabled.keys.map((_, index) => ({ enabled, model, credential: (index + offset) % count }));
}
