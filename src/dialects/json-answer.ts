// An answer in the form of JSON from a model that nobody holds to a form: it is asked for in words, and what the model
// puts around it although it was asked not to is taken away as it streams. The caller is told that it is no more than that.

import type { Message, OutputFormat } from '../core/chat.ts';
import type { JsonObject } from '../core/json.ts';
import { createFenceStripper } from './code-fence.ts';
import type { ReviseReply } from './dialect.ts';
import type { Losses } from './losses.ts';
import { refine, reviseTexts } from './text-revision.ts';
import { createUnwrapper, needsWrapper, wrapSchema } from './value-wrapper.ts';

export type JsonOutput = Exclude<OutputFormat, { type: 'text' }>;

export type JsonAnswer = {
  /** A last word to the system prompt. */
  readonly instruction: string;
  readonly reviseReply: () => ReviseReply;
};

/** `objectsOnly`: the server can be held to an object, and answers with one whatever is asked. */
export function askForJson(
  output: JsonOutput,
  { objectsOnly }: { readonly objectsOnly: boolean },
  losses: Losses,
): JsonAnswer {
  noteEmulated(losses);
  if (output.type === 'json-object') return { instruction: JSON_ONLY, reviseReply: withoutFence };
  const { schema, isWrapped } = objectsOnly
    ? inObject(described(output))
    : { schema: described(output), isWrapped: false };
  return {
    instruction: `${JSON_ONLY} It must be valid against this JSON Schema:\n${JSON.stringify(schema)}`,
    reviseReply: isWrapped ? withoutFenceAndWrapper : withoutFence,
  };
}

/** Behind what the system has said already. */
export function instruct(messages: readonly Message[], instruction: string | undefined): readonly Message[] {
  if (instruction === undefined) return messages;
  const found = messages.findIndex(({ role }) => role !== 'system');
  const first = found === -1 ? messages.length : found;
  const message: Message = { role: 'system', parts: [{ type: 'text', text: instruction }] };
  return [...messages.slice(0, first), message, ...messages.slice(first)];
}

/** Nobody enforces the form of the answer. */
export function noteEmulated(losses: Losses): void {
  losses.add('emulated', 'response_format');
  losses.add('best_effort', 'structured_output');
}

/** A description of a format of its own, where there is no other place for it. */
export function described({
  schema,
  description,
}: Pick<JsonOutput & { readonly type: 'json-schema' }, 'schema' | 'description'>): JsonObject {
  return description === undefined ? schema : { description, ...schema };
}

export type InObject = { readonly schema: JsonObject; readonly isWrapped: boolean };

/** For whoever takes objects only. What is wrapped has to be unwrapped: see `unwrapped`. */
export function inObject(schema: JsonObject): InObject {
  const isWrapped = needsWrapper(schema);
  return { schema: isWrapped ? wrapSchema(schema) : schema, isWrapped };
}

export const unwrapped: () => ReviseReply = reviseTexts(createUnwrapper);

const withoutFence = reviseTexts(createFenceStripper);
const withoutFenceAndWrapper = reviseTexts(() => refine(createFenceStripper(), createUnwrapper()));

const JSON_ONLY = 'Answer with one JSON value and nothing else: no explanation, no code fence.';
