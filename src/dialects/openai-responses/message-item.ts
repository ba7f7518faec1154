// A message of the output: its parts are blocks of text, or of a refusal.

import type { TokenLogprob } from '../../core/event.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import { asFilled, asList, asObject } from '../json-access.ts';
import type { Assembly } from './assembly.ts';
import { readCitation } from './citation.ts';
import { restOf } from './rest.ts';
import { citeSources } from './sources.ts';

export type OpenMessage = {
  readonly kind: 'message';
  isDone: boolean;
  readonly parts: Map<number, OpenPart>;
};

type OpenPart = {
  readonly isRefusal: boolean;
  /** Absent until there is something to say. */
  block: number | undefined;
  text: string;
  hasLogprobs: boolean;
  citations: number;
  isDone: boolean;
};

export function newMessage(): OpenMessage {
  return { kind: 'message', isDone: false, parts: new Map() };
}

export function partAt(message: OpenMessage, place: number, isRefusal: boolean): OpenPart {
  const known = message.parts.get(place);
  if (known !== undefined) return known;
  const part = { isRefusal, block: undefined, text: '', hasLogprobs: false, citations: 0, isDone: false };
  message.parts.set(place, part);
  return part;
}

export function sayText(assembly: Assembly, part: OpenPart, text: string, tokens: Json | undefined): void {
  const logprobs = readLogprobs(tokens);
  if (part.isDone || (text === '' && logprobs === undefined)) return;
  const block = openBlock(assembly, part);
  part.text += text;
  if (logprobs !== undefined) part.hasLogprobs = true;
  assembly.events.push(
    logprobs === undefined
      ? { type: 'text-delta', block, text }
      : { type: 'text-delta', block, text, logprobs },
  );
}

/** The text in full, which its end repeats. */
export function sayRest(assembly: Assembly, part: OpenPart, full: Json | undefined, tokens?: Json): void {
  sayText(assembly, part, restOf(part.text, asFilled(full)), part.hasLogprobs ? undefined : tokens);
}

export function cite(assembly: Assembly, part: OpenPart, annotation: JsonObject): void {
  if (part.isDone) return;
  part.citations += 1;
  const block = openBlock(assembly, part);
  assembly.events.push({ type: 'citation', block, citation: readCitation(annotation) });
}

/** `whole`: the part as it is in the end. */
export function endPart(assembly: Assembly, part: OpenPart, whole: JsonObject): void {
  if (part.isDone) return;
  sayRest(assembly, part, part.isRefusal ? whole['refusal'] : whole['text'], whole['logprobs']);
  for (const annotation of asList(whole['annotations']).slice(part.citations)) {
    cite(assembly, part, asObject(annotation) ?? {});
  }
  if (part.citations === 0 && !part.isRefusal && part.block !== undefined) {
    for (const citation of citeSources(part.text, assembly.sources)) {
      assembly.events.push({ type: 'citation', block: part.block, citation });
    }
  }
  part.isDone = true;
  if (part.block !== undefined) assembly.events.push({ type: 'text-end', block: part.block });
}

/** `item`: as it is in the end; empty when nobody told. */
export function endMessage(assembly: Assembly, message: OpenMessage, item: JsonObject): void {
  for (const [place, element] of asList(item['content']).entries()) {
    const whole = asObject(element) ?? {};
    endPart(assembly, partAt(message, place, whole['type'] === 'refusal'), whole);
  }
  for (const part of message.parts.values()) endPart(assembly, part, {});
}

function openBlock(assembly: Assembly, part: OpenPart): number {
  if (part.block !== undefined) return part.block;
  const block = assembly.blocks++;
  part.block = block;
  if (part.isRefusal) assembly.hasRefusal = true;
  assembly.events.push(
    part.isRefusal ? { type: 'text-start', block, refusal: true } : { type: 'text-start', block },
  );
  return block;
}

function readLogprobs(tokens: Json | undefined): readonly TokenLogprob[] | undefined {
  const listed = asList(tokens);
  return listed.length === 0 ? undefined : listed.map(asObject).filter((token) => token !== undefined);
}
