// What the vocabulary does not model: kept under the name of its dialect, replayed to that dialect only.

import type { Extensions } from '../../core/chat.ts';
import { unsupported } from '../../core/failure.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import { isMissed, told } from '../told.ts';
import type { Losses } from '../losses.ts';
import { DIALECT } from './native.ts';

/** To be spread: nothing when there is nothing to keep. */
export function readExtensions(unmodelled: JsonObject): { readonly extensions?: Extensions } {
  const fields = told(unmodelled);
  return Object.keys(fields).length === 0 ? {} : { extensions: { [DIALECT]: fields } };
}

/** This dialect's own, as they are. */
export function ownFields(extensions: Extensions | undefined): JsonObject {
  return extensions?.[DIALECT] ?? {};
}

/**
 * What of another dialect's fields is said in the same words here. The others are lost, or refused where the request
 * would be a different one. `place`: what they are fields of, as their losses tell it.
 */
export function writeForeign(
  extensions: Extensions | undefined,
  place: '' | 'messages.' | 'tools.',
  shared: readonly string[],
  losses: Losses,
): JsonObject {
  const carried: Record<string, Json | undefined> = {};
  for (const [dialect, fields] of Object.entries(extensions ?? {})) {
    if (dialect === DIALECT || fields === undefined) continue;
    for (const [field, value] of Object.entries(fields)) {
      if (!isMissed(value)) continue;
      if (shared.includes(field)) carried[field] = value;
      else lose(field, value, place, losses);
    }
  }
  return carried;
}

function lose(field: string, value: Json | undefined, place: string, losses: Losses): void {
  // The modality that every answer has is not missed.
  if (field === 'modalities' && isTextOnly(value)) return;
  if (ESSENTIAL_FIELDS.has(field)) {
    throw unsupported(`${field}: this model is not reached through an API that has it`, field);
  }
  losses.add('dropped', place + field);
}

function isTextOnly(modalities: Json | undefined): boolean {
  return Array.isArray(modalities) && modalities.every((modality: Json) => modality === 'text');
}

/** They bring tools, files or earlier turns with them, or ask for another kind of answer. */
const ESSENTIAL_FIELDS: ReadonlySet<string> = new Set([
  // https://platform.claude.com/docs/en/api/messages
  'mcp_servers',
  'container',
  'thread',
  // https://platform.openai.com/docs/api-reference/chat/create
  'modalities',
  'audio',
  'web_search_options',
  'search_parameters',
  'data_sources',
]);
