// Reasoning items of an output: a summary of one part, and what is encrypted of it.

import type { OpaqueReasoning } from '../../core/chat.ts';
import type { JsonObject } from '../../core/json.ts';
import { told } from '../told.ts';
import { showEncrypted } from './opaque.ts';
import { leaveMessage } from './output-message.ts';
import { addItem, claim, finishItem, placeFields, type Output, type Place } from './output.ts';

export type ReasoningBlock = {
  readonly type: 'reasoning';
  /** Absent until there is something to say. */
  at: Place | undefined;
  text: string;
};

export function newReasoningBlock(): ReasoningBlock {
  return { type: 'reasoning', at: undefined, text: '' };
}

export function writeReasoning(output: Output, block: ReasoningBlock, text: string): string {
  if (text === '') return '';
  const { at, frames } = open(output, block);
  const fields = summaryFields(at);
  const beginning =
    block.text === ''
      ? output.frame('response.reasoning_summary_part.added', `${fields},"part":${summaryPart('')}`)
      : '';
  block.text += text;
  const delta = `${fields},"delta":${JSON.stringify(text)}`;
  return frames + beginning + output.frame('response.reasoning_summary_text.delta', delta);
}

/** Only at the end comes what is encrypted: clients do not rely on what stands in an item that has just begun. */
export function endReasoningBlock(
  output: Output,
  block: ReasoningBlock,
  opaque: OpaqueReasoning | undefined,
): string {
  const encrypted = showEncrypted(opaque);
  if (block.at === undefined && encrypted === undefined) return '';
  const { at, frames } = open(output, block);
  const item = { ...writeItem(at, block.text), ...told({ encrypted_content: encrypted }) };
  return frames + endSummary(output, at, block.text) + finishItem(output, at.place, item);
}

function endSummary({ frame }: Output, at: Place, text: string): string {
  if (text === '') return '';
  const fields = summaryFields(at);
  return (
    frame('response.reasoning_summary_text.done', `${fields},"text":${JSON.stringify(text)}`) +
    frame('response.reasoning_summary_part.done', `${fields},"part":${summaryPart(text)}`)
  );
}

function open(output: Output, block: ReasoningBlock): { readonly at: Place; readonly frames: string } {
  if (block.at !== undefined) return { at: block.at, frames: '' };
  const leaving = leaveMessage(output);
  const at = claim(output, 'rs');
  block.at = at;
  return { at, frames: leaving + addItem(output, at.place, writeItem(at, '')) };
}

function writeItem({ id }: Place, text: string): JsonObject {
  return { id, type: 'reasoning', summary: text === '' ? [] : [{ type: 'summary_text', text }] };
}

function summaryFields(at: Place): string {
  return `${placeFields(at)},"summary_index":0`;
}

function summaryPart(text: string): string {
  return JSON.stringify({ type: 'summary_text', text });
}
