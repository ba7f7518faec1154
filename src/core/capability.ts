// What can be asked of a provider or a model. Three answers: it can, it cannot, nobody has said; and only "it cannot"
// ever keeps a request away.

import type { JsonObject } from './json.ts';

export const CAPABILITIES = [
  'chat',
  'text-completion',
  'embeddings',
  'model-discovery',
  'streaming',
  'image-generation',
  'video-generation',
  'tool-calling',
  'vision',
  'structured-output',
  'reasoning',
] as const;

export type Capability = (typeof CAPABILITIES)[number];

/** True: it can. False: it is known to be unable. Absent: nobody has said. */
export type KnownCapabilities = { readonly [Name in Capability]?: boolean };

/** The capabilities of which `known` says that they are there. */
export function capable(known: KnownCapabilities): readonly Capability[] {
  return CAPABILITIES.filter((name) => known[name] === true);
}

/**
 * What a chat body needs of a model, in the spelling of any dialect: told by its top-level fields and by the kinds of a
 * bounded number of content parts, so that it costs next to nothing on a pass-through. What it does not see is not
 * asked for: then the provider says so. `reasoning` is never a need: a model without it answers all the same.
 */
export function chatNeeds(body: JsonObject): readonly Capability[] {
  if (isTextToGoOn(body)) return TEXT;
  const tools = isFilled(body['tools']);
  const schema = asksForSchema(body);
  const vision = showsImage(body['messages'] ?? body['input']);
  if (!tools && !schema && !vision) return CHAT;
  return [
    ...CHAT,
    ...(tools ? (['tool-calling'] as const) : []),
    ...(schema ? (['structured-output'] as const) : []),
    ...(vision ? (['vision'] as const) : []),
  ];
}

const CHAT: readonly Capability[] = ['chat'];
const TEXT: readonly Capability[] = ['text-completion'];

/** Responses have a `prompt`, too, which is an object. */
function isTextToGoOn({ prompt, messages, input }: JsonObject): boolean {
  return (
    messages === undefined && input === undefined && (typeof prompt === 'string' || Array.isArray(prompt))
  );
}

function isFilled(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0;
}

/** Chat: `response_format`; Messages: `output_config.format`; Responses: `text.format`. */
function asksForSchema(body: JsonObject): boolean {
  const format =
    body['response_format'] ??
    (body['output_config'] as JsonObject | null | undefined)?.['format'] ??
    (body['text'] as JsonObject | null | undefined)?.['format'];
  return (format as JsonObject | null | undefined)?.['type'] === 'json_schema';
}

/** From the newest turn back: a conversation with images has one there, or has had one not long ago. */
const PARTS_MAX = 256;

function showsImage(turns: unknown): boolean {
  if (!Array.isArray(turns)) return false;
  let left = PARTS_MAX;
  for (let turn = turns.length - 1; turn >= 0 && left > 0; turn--) {
    const parts: unknown = (turns[turn] as JsonObject | null | undefined)?.['content'];
    left -= 1;
    if (!Array.isArray(parts)) continue;
    for (let part = parts.length - 1; part >= 0 && left > 0; part--, left--) {
      if (IMAGES.has((parts[part] as JsonObject | null | undefined)?.['type'])) return true;
    }
  }
  return false;
}

/** Chat, Messages, Responses. */
const IMAGES: ReadonlySet<unknown> = new Set(['image_url', 'image', 'input_image']);
