// Reasoning items: the summary that people may read, and the encrypted reasoning that only its maker can.
// https://platform.openai.com/docs/guides/reasoning#encrypted-reasoning-items

import { SEALED_FORMAT, type OpaqueReasoning, type ReasoningPart } from '../../core/chat.ts';
import type { JsonObject } from '../../core/json.ts';
import { told } from '../told.ts';
import type { WireReasoning } from './wire.ts';

/** OpenRouter's word for what OpenAI's Responses API has encrypted. */
export const OPENAI_REASONING = 'openai-responses-v1';

/** Parts of a summary, joined in one text. */
export const SUMMARY_BREAK = '\n\n';

/** Of a caller, who has it from us. */
export function readReasoningItem({ summary, content, encrypted_content }: WireReasoning): ReasoningPart {
  const shown = summary === undefined || summary === null || summary.length === 0 ? (content ?? []) : summary;
  return {
    type: 'reasoning',
    text: shown.map((part) => part.text).join(SUMMARY_BREAK),
    ...told({ opaque: readEncrypted(encrypted_content, OPENAI_REASONING) }),
  };
}

/** `format`: whose reasoning it is. The item's id is left behind: it is looked up among stored items, and none is. */
export function readEncrypted(data: string | null | undefined, format: string): OpaqueReasoning | undefined {
  if (data === undefined || data === null || data === '') return undefined;
  return { format, kind: 'encrypted', data };
}

/** For a caller: what was sealed in the place of a vendor's own, and OpenAI's own. */
export function showEncrypted(opaque: OpaqueReasoning | undefined): string | undefined {
  if (opaque?.format === SEALED_FORMAT) return opaque.data;
  return opaque?.kind === 'encrypted' && opaque.format === OPENAI_REASONING ? opaque.data : undefined;
}

/** For a provider: what it can read itself. The item has no id, which would be looked up among stored ones. */
export function returnReasoning({ text, opaque }: ReasoningPart, format: string): JsonObject | undefined {
  if (opaque?.kind !== 'encrypted' || opaque.format !== format) return undefined;
  const summary = text === '' ? [] : [{ type: 'summary_text', text }];
  return { type: 'reasoning', summary, encrypted_content: opaque.data };
}
