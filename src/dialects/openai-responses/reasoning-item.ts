// A reasoning item of the output: one block, whatever number of parts its summary has. Open models show their reasoning
// itself instead of a summary.

import { asString, type Json, type JsonObject } from '../../core/json.ts';
import { asList, asObject } from '../json-access.ts';
import { told } from '../told.ts';
import type { Assembly } from './assembly.ts';
import { readEncrypted, SUMMARY_BREAK } from './opaque.ts';
import { restOf } from './rest.ts';

export type OpenReasoning = {
  readonly kind: 'reasoning';
  isDone: boolean;
  /** Absent until there is something to say. */
  block: number | undefined;
  /** Which of the two is told: where both come, they say the same. */
  source: 'summary' | 'content' | undefined;
  /** The part that is being told, and what has been said of it and of all. */
  part: number;
  partText: string;
  text: string;
};

export function newReasoning(): OpenReasoning {
  return {
    kind: 'reasoning',
    isDone: false,
    block: undefined,
    source: undefined,
    part: 0,
    partText: '',
    text: '',
  };
}

export function sayReasoning(
  assembly: Assembly,
  open: OpenReasoning,
  source: 'summary' | 'content',
  part: number,
  text: string,
): void {
  if (text === '' || open.isDone) return;
  open.source ??= source;
  if (open.source !== source) return;
  if (part !== open.part) {
    if (open.text !== '') push(assembly, open, SUMMARY_BREAK);
    open.part = part;
    open.partText = '';
  }
  open.partText += text;
  push(assembly, open, text);
}

/** A part in full, which its end repeats. */
export function sayReasoningRest(
  assembly: Assembly,
  open: OpenReasoning,
  source: 'summary' | 'content',
  part: number,
  full: Json | undefined,
): void {
  const said = part === open.part ? open.partText : '';
  // A part that is told after later ones has been told before.
  if (part < open.part) return;
  sayReasoning(assembly, open, source, part, restOf(said, asString(full)));
}

/** `item`: as it is in the end; only now what is encrypted is complete. */
export function endReasoning(assembly: Assembly, open: OpenReasoning, item: JsonObject): void {
  const { summary, content } = item;
  const shown = asList(summary).length > 0 && open.source !== 'content' ? summary : content;
  const rest = restOf(open.text, joinParts(shown));
  if (rest !== '') push(assembly, open, rest);
  const opaque = readEncrypted(asString(item['encrypted_content']), assembly.variant.reasoningFormat);
  if (open.block === undefined && opaque === undefined) return;
  assembly.events.push({ type: 'reasoning-end', block: openBlock(assembly, open), ...told({ opaque }) });
}

function joinParts(parts: Json | undefined): string {
  return asList(parts)
    .map((part) => asString(asObject(part)?.['text']) ?? '')
    .join(SUMMARY_BREAK);
}

function push(assembly: Assembly, open: OpenReasoning, text: string): void {
  const block = openBlock(assembly, open);
  open.text += text;
  assembly.events.push({ type: 'reasoning-delta', block, text });
}

function openBlock(assembly: Assembly, open: OpenReasoning): number {
  if (open.block !== undefined) return open.block;
  const block = assembly.blocks++;
  open.block = block;
  assembly.events.push({ type: 'reasoning-start', block });
  return block;
}
