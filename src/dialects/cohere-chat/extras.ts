// Request fields that our vocabulary does not model. Cohere's own travel by their names, since a caller of any dialect may
// add them to a body; those of others are lost, or refused where the request would be a different one.

import type { Extensions } from '../../core/chat.ts';
import { unsupported } from '../../core/failure.ts';
import { isObject, type Json } from '../../core/json.ts';
import type { Losses } from '../losses.ts';
import { isMissed } from '../told.ts';

export type Extras = {
  readonly documents?: Json;
  readonly citation_options?: Json;
  readonly safety_mode?: Json;
  readonly priority?: Json;
};

export function writeExtras(extensions: Extensions | undefined, losses: Losses): Extras {
  const extras: Record<string, Json> = {};
  for (const [field, value] of foreignFields(extensions)) {
    if (OWN.get(field)?.(value) === true) extras[field] = value;
    else if (asksForMore(field, value)) throw unsupported(`${field}: this model cannot do that`, field);
    else if (field !== 'modalities' && field !== 'top_k') losses.add('dropped', field);
  }
  return extras;
}

/** OpenAI's chat has no `top_k`, and many of its callers send one. */
export function topKIn(extensions: Extensions | undefined): Json | undefined {
  return foreignFields(extensions).find(([field]) => field === 'top_k')?.[1];
}

/** All that are missed, whoever's they are. */
export function foreignFields(extensions: Extensions | undefined): readonly (readonly [string, Json])[] {
  return Object.values(extensions ?? {})
    .flatMap((fields) => Object.entries(fields ?? {}))
    .flatMap(([name, value]) => (value !== undefined && isMissed(value) ? [[name, value] as const] : []));
}

/** With the form that they must have. https://docs.cohere.com/reference/chat */
const OWN: ReadonlyMap<string, (value: Json) => boolean> = new Map<string, (value: Json) => boolean>([
  ['documents', Array.isArray],
  ['citation_options', isObject],
  ['safety_mode', (value) => typeof value === 'string'],
  ['priority', (value) => typeof value === 'number' && value >= 0 && value <= 999],
]);

/** They ask for sound or searches, or bring tools, files and earlier turns with them. */
const MEANINGFUL: ReadonlySet<string> = new Set([
  'audio',
  'web_search_options',
  'search_parameters',
  'data_sources',
  'mcp_servers',
  'container',
  'thread',
  'previous_response_id',
  'conversation',
  'background',
]);

function asksForMore(field: string, value: Json): boolean {
  if (field !== 'modalities') return MEANINGFUL.has(field);
  return !(Array.isArray(value) && value.every((modality: Json) => modality === 'text'));
}
