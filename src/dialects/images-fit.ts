// What is changed of a request for pictures for a model that does not take all of it: fields set, fields taken out, and
// what is lost by that. What would make another picture is refused.

import { unsupported } from '../core/failure.ts';
import type { Json, JsonObject } from '../core/json.ts';
import type { Loss } from './dialect.ts';
import { nearestRatio, readPixels } from './image-size.ts';
import type { FieldRule, ImagesTraits } from './images-format.ts';
import { createLosses, type Losses } from './losses.ts';
import { isMissed } from './told.ts';

export type FittedImages = {
  readonly set: Readonly<Record<string, Json>>;
  readonly drop: readonly string[];
  readonly losses: readonly Loss[];
};

type Changes = { readonly set: Record<string, Json>; readonly drop: string[]; readonly losses: Losses };

/** `place`: how the model is called in an error. Throws `GatewayError` unsupported. */
export function fitImages(json: JsonObject, traits: ImagesTraits, place: string): FittedImages {
  const changes: Changes = { set: {}, drop: [], losses: createLosses() };
  refuseCount(json, traits, place);
  if (json['stream'] === true && !traits.streams)
    throw unsupported(`${place} does not stream pictures`, 'stream');
  for (const [field, value] of Object.entries(json)) {
    if (OWN.includes(field)) continue;
    if (field === 'size') fitSize(json, traits, changes);
    else if (field === 'response_format') fitResponseFormat(value, traits, changes);
    else fitField(field, value, ruleOf(field, traits), place, changes);
  }
  return { set: changes.set, drop: changes.drop, losses: changes.losses.list() };
}

/** Told to every provider, or to none. */
const OWN: readonly string[] = ['model', 'models', 'prompt', 'stream', 'n'];

function refuseCount({ n }: JsonObject, { countMax = Infinity }: ImagesTraits, place: string): void {
  if (typeof n !== 'number' || n <= countMax) return;
  throw unsupported(`${place} makes ${countMax} at a time`, 'n');
}

function ruleOf(field: string, { rules, others }: ImagesTraits): FieldRule | 'pass' {
  return (Object.hasOwn(rules, field) ? rules[field] : undefined) ?? others;
}

function fitSize(json: JsonObject, { sizes }: ImagesTraits, { set, drop, losses }: Changes): void {
  const { size } = json;
  if (sizes === 'pixels') return;
  drop.push('size');
  if (!isSaid(size)) return;
  const pixels = sizes === 'aspect-ratio' ? readPixels(size) : undefined;
  if (pixels === undefined || isMissed(json['aspect_ratio'])) {
    losses.add('dropped', 'size');
    return;
  }
  losses.add('emulated', 'size');
  set['aspect_ratio'] = nearestRatio(pixels);
  if (Math.max(...pixels) >= LARGE && !isMissed(json['resolution'])) set['resolution'] = '2k';
}

/** Pixels of the longer side, from which on the larger of two resolutions is nearer. */
const LARGE = 1536;

function fitResponseFormat(
  value: Json | undefined,
  { gives }: ImagesTraits,
  { drop, losses }: Changes,
): void {
  if (gives === 'as-asked') return;
  drop.push('response_format');
  // Addresses are fetched for a caller who wants pictures; the other way round there is nowhere to put them.
  if (gives === 'base64' && value === 'url') losses.add('dropped', 'response_format');
}

function fitField(
  field: string,
  value: Json | undefined,
  rule: FieldRule | 'pass',
  place: string,
  { set, drop, losses }: Changes,
): void {
  if (rule === 'pass') return;
  const choice = typeof rule === 'object' ? rule : undefined;
  if (typeof value === 'string' && choice?.takes.includes(value) === true) return;
  const instead = typeof value === 'string' ? choice?.instead?.[value] : undefined;
  if (instead !== undefined) {
    set[field] = instead;
    losses.add('clamped', field);
    return;
  }
  drop.push(field);
  if (!isSaid(value)) return;
  const isSpared = typeof value === 'string' && choice?.spares?.includes(value) === true;
  if (rule === 'refuse' || (choice?.otherwise === 'refuse' && !isSpared))
    throw unsupported(`${place} cannot do what ${field} asks for`, field);
  losses.add('dropped', field);
}

/** `auto` leaves it to the provider, as silence does. */
function isSaid(value: Json | undefined): boolean {
  return isMissed(value) && value !== 'auto';
}
