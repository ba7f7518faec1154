// Whether a target can do what a request needs. Only what is known to be missing counts: a model that nobody has heard of
// is asked.

import type { Capability } from '../core/capability.ts';
import { GatewayError } from '../core/failure.ts';
import { staticNames } from '../providers/catalog/model-facts.ts';
import { capabilitiesOf } from '../providers/catalog/provider-capabilities.ts';
import type { ModelCatalog } from './models.ts';
import type { TargetPlace } from './plan.ts';
import type { EnabledProvider, Settings } from './settings.ts';

/** The first need that the target is known to lack. */
export function missing(
  { enabled, model }: TargetPlace,
  needs: readonly Capability[],
  catalog: ModelCatalog | undefined,
): Capability | undefined {
  if (needs.length === 0) return undefined;
  const offered = capabilitiesOf(enabled.provider);
  const able = catalog?.facts(enabled, model).capabilities;
  return needs.find((need) => offered[need] === false || able?.[need] === false);
}

const NAMED_MAX = 5;

/** `places` all lack something; the error says what, and who has it. */
export function refuseLacking(
  places: readonly TargetPlace[],
  needs: readonly Capability[],
  settings: Settings,
  catalog: ModelCatalog | undefined,
): GatewayError {
  const lacks = places.map((place) => ({ place, need: missing(place, needs, catalog) }));
  const need = lacks[0]?.need;
  const said = lacks
    .slice(0, NAMED_MAX)
    .map(({ place, need: lacked }) => `${nameOf(place)} (no ${lacked ?? 'such capability'})`)
    .join(', ');
  const able = need === undefined ? [] : whoHas(need, needs, settings, catalog);
  const advice =
    able.length === 0 ? 'no enabled provider is known to have it' : `it is offered by ${able.join(', ')}`;
  return new GatewayError({
    kind: 'unsupported',
    message: `no target can do what is asked: ${said}; ${advice}`,
    param: 'model',
  });
}

/** Models that are known to have it and lack nothing else; providers where it depends on no model. */
function whoHas(
  need: Capability,
  needs: readonly Capability[],
  settings: Settings,
  catalog: ModelCatalog | undefined,
): readonly string[] {
  const named: string[] = [];
  for (const enabled of settings.enabled) {
    if (named.length >= NAMED_MAX) break;
    if (capabilitiesOf(enabled.provider)[need] === false) continue;
    const model = modelsAt(enabled, settings, catalog).find(
      (name) =>
        catalog?.facts(enabled, name).capabilities?.[need] === true &&
        missing({ enabled, model: name }, needs, catalog) === undefined,
    );
    if (model !== undefined) named.push(`${enabled.provider.id}/${model}`);
    else if (capabilitiesOf(enabled.provider)[need] === true) named.push(`${enabled.provider.id}/*`);
  }
  return named;
}

/** What the operator describes first, then what the provider lists, then what our tables know. */
function modelsAt(
  { provider }: EnabledProvider,
  { configuration }: Settings,
  catalog: ModelCatalog | undefined,
): readonly string[] {
  const prefix = `${provider.id}/`;
  const known = [...configuration.models.keys(), ...(catalog?.listed(provider.id) ?? [])];
  return [
    ...known.filter((id) => id.startsWith(prefix)).map((id) => id.slice(prefix.length)),
    ...staticNames(provider),
  ];
}

function nameOf({ enabled, model }: TargetPlace): string {
  return `${enabled.provider.id}/${model.length <= 64 ? model : `${model.slice(0, 63)}…`}`;
}
