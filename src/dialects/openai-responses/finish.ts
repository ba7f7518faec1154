// Why a reply ended, from this dialect's status and back.
// https://platform.openai.com/docs/api-reference/responses/object

import type { FinishReason } from '../../core/event.ts';
import { asString, isObject, type JsonObject } from '../../core/json.ts';

/** What the answer held: `completed` is all that the status says of it. */
export type Seen = { readonly toolCalls: boolean; readonly refusal: boolean };

/** Of a response that has neither failed nor been cancelled. */
export function readFinish(response: Readonly<Record<string, unknown>>, seen: Seen): FinishReason {
  const details = response['incomplete_details'];
  const reason = isObject(details) ? asString(details['reason']) : undefined;
  const status = asString(response['status']) ?? 'completed';
  if (status !== 'incomplete') return { unified: completed(seen), raw: status };
  return { unified: INCOMPLETE.get(reason ?? '') ?? 'other', raw: reason ?? status };
}

export function writeFinish(
  { unified }: FinishReason,
  seen: Pick<Seen, 'refusal'>,
): { readonly status: 'completed' | 'incomplete'; readonly incomplete_details: JsonObject | null } {
  const reason = incompleteReason(unified, seen);
  return reason === undefined
    ? { status: 'completed', incomplete_details: null }
    : { status: 'incomplete', incomplete_details: { reason } };
}

function completed({ toolCalls, refusal }: Seen): FinishReason['unified'] {
  if (toolCalls) return 'tool-calls';
  return refusal ? 'refusal' : 'stop';
}

function incompleteReason(unified: FinishReason['unified'], seen: Pick<Seen, 'refusal'>): string | undefined {
  switch (unified) {
    case 'stop':
    case 'stop-sequence':
    case 'tool-calls':
    case 'paused':
    case 'other':
      return undefined;
    case 'length':
    case 'context-full':
      return 'max_output_tokens';
    case 'content-filter':
      return 'content_filter';
    case 'refusal':
      // A polite refusal is an answer; without its text, the answer was cut.
      return seen.refusal ? undefined : 'content_filter';
  }
}

/** xAI says `length`. */
const INCOMPLETE: ReadonlyMap<string, FinishReason['unified']> = new Map([
  ['max_output_tokens', 'length'],
  ['max_tokens', 'length'],
  ['length', 'length'],
  ['content_filter', 'content-filter'],
]);
