// OpenRouter's `reasoning_details`: reasoning with its signature or its encrypted form, which must go back unchanged for
// the model to go on where it stopped. Entries with the same `index` belong to one block: in a stream its text comes in
// fragments and its signature last; for OpenAI's models a summary is followed by its encrypted reasoning.
// https://openrouter.ai/docs/use-cases/reasoning-tokens

import type { OpaqueReasoning, ReasoningPart } from '../../core/chat.ts';
import { asNumber, asString, type JsonObject } from '../../core/json.ts';
import { told } from '../told.ts';

/** One entry, or as much of a block as its entries so far have told. */
export type ReasoningDetail = {
  readonly text: string;
  readonly index: number | undefined;
  readonly opaque: OpaqueReasoning | undefined;
};

export function readReasoningDetail(detail: Readonly<Record<string, unknown>>): ReasoningDetail {
  return {
    text: asString(detail['text']) ?? asString(detail['summary']) ?? '',
    index: asNumber(detail['index']),
    opaque: readOpaque(detail),
  };
}

/** Whether an entry goes on with the block before it. A block has one opaque part at most. */
export function continues(block: Omit<ReasoningDetail, 'text'>, detail: ReasoningDetail): boolean {
  if (block.index !== detail.index) return false;
  return block.opaque === undefined || (detail.opaque === undefined && detail.index !== undefined);
}

/** All entries of an assistant message as blocks. */
export function readReasoningDetails(
  details: readonly Readonly<Record<string, unknown>>[],
): readonly ReasoningPart[] {
  const blocks: ReasoningDetail[] = [];
  for (const detail of details.map(readReasoningDetail)) {
    const last = blocks.at(-1);
    if (last !== undefined && continues(last, detail)) {
      blocks[blocks.length - 1] = {
        ...last,
        text: last.text + detail.text,
        opaque: detail.opaque ?? last.opaque,
      };
    } else {
      blocks.push(detail);
    }
  }
  return blocks
    .filter((block) => block.text !== '' || block.opaque !== undefined)
    .map(({ text, opaque }) => ({ type: 'reasoning', text, ...told({ opaque }) }));
}

/** One block as entries. */
export function writeReasoningDetails(
  { text, opaque }: Pick<ReasoningPart, 'text'> & { readonly opaque?: OpaqueReasoning | undefined },
  index: number,
): readonly JsonObject[] {
  if (opaque === undefined) return [{ type: 'reasoning.text', text, index }];
  const entry = writeReasoningOpaque(opaque, index);
  if (text === '') return [entry];
  if (opaque.kind === 'signature') return [{ ...entry, text }];
  return [{ ...writeText(text, opaque.format), format: opaque.format, index }, entry];
}

/** The entry that carries a block's opaque part alone. */
export function writeReasoningOpaque(opaque: OpaqueReasoning, index: number): JsonObject {
  const { format, data } = opaque;
  const fields = { ...told({ id: opaque.id }), format, index };
  return opaque.kind === 'signature'
    ? { type: 'reasoning.text', signature: data, ...fields }
    : { type: 'reasoning.encrypted', data, ...fields };
}

/** The formats of the Responses APIs (OpenAI, xAI) show summaries of the reasoning that they encrypt. */
function writeText(text: string, format: string): JsonObject {
  return /-responses-v\d+$/.test(format)
    ? { type: 'reasoning.summary', summary: text }
    : { type: 'reasoning.text', text };
}

function readOpaque(detail: Readonly<Record<string, unknown>>): OpaqueReasoning | undefined {
  const signature = asString(detail['signature']) ?? '';
  const encrypted = asString(detail['data']) ?? '';
  if (signature === '' && encrypted === '') return undefined;
  return {
    // `unknown` is OpenRouter's own word for it.
    format: asString(detail['format']) ?? 'unknown',
    kind: signature === '' ? 'encrypted' : 'signature',
    data: signature === '' ? encrypted : signature,
    ...told({ id: asString(detail['id']) }),
  };
}
