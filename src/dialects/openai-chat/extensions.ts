// What the vocabulary does not model: kept under the name of its dialect, replayed to that dialect only.

import type { Extensions } from '../../core/chat.ts';
import { unsupported } from '../../core/failure.ts';
import type { JsonObject } from '../../core/json.ts';
import { isMissed, told } from '../told.ts';
import type { Losses } from '../losses.ts';

/** To be spread: nothing when there is nothing to keep. */
export function readExtensions(unmodelled: JsonObject): { readonly extensions?: Extensions } {
  const fields = told(unmodelled);
  return Object.keys(fields).length === 0 ? {} : { extensions: { 'openai-chat': fields } };
}

/**
 * This dialect's own fields. Another dialect's are lost, or refused where the request would be a different one. `place`:
 * what they are fields of, as their losses tell it.
 */
export function writeExtensions(
  extensions: Extensions | undefined,
  place: '' | 'messages.' | 'tools.',
  losses: Losses,
): JsonObject {
  for (const [dialect, fields] of Object.entries(extensions ?? {})) {
    if (dialect === 'openai-chat' || fields === undefined) continue;
    for (const [field, value] of Object.entries(fields)) {
      if (!isMissed(value)) continue;
      if (ESSENTIAL_FIELDS.has(field)) {
        throw unsupported(`${field}: this model is not reached through an API that has it`, field);
      }
      losses.add('dropped', place + field);
    }
  }
  return extensions?.['openai-chat'] ?? {};
}

/** Fields of other dialects that bring tools, files or earlier turns with them. */
const ESSENTIAL_FIELDS: ReadonlySet<string> = new Set([
  // https://platform.claude.com/docs/en/api/messages
  'mcp_servers',
  'container',
  'thread',
  // https://platform.openai.com/docs/api-reference/responses/create
  'previous_response_id',
  'conversation',
  'background',
]);
