// The list of pictures that a provider answers with. https://platform.openai.com/docs/api-reference/images/object

import type { GeneratedImage, ImageReply } from '../../core/images.ts';
import { asNumber, isObject, type JsonObject } from '../../core/json.ts';
import { tokenCount, type Usage } from '../../core/usage.ts';
import { readCost } from '../reported-cost.ts';
import { told } from '../told.ts';

export function readReply(json: unknown): ImageReply | { readonly wrong: string; readonly filtered?: true } {
  const data = isObject(json) ? json['data'] : undefined;
  if (!isObject(json) || !Array.isArray(data) || data.length === 0)
    return { wrong: 'the provider answered without pictures' };
  const images = data.map(readImage).filter((image) => image !== undefined);
  // xAI leaves the picture out, under a good status. https://docs.x.ai/docs/guides/image-generations
  if (images.length === 0 && data.some((entry) => isObject(entry) && entry['respect_moderation'] === false))
    return { wrong: "the provider's moderation held the pictures back", filtered: true };
  if (images.length < data.length) return { wrong: 'the provider sent an entry without a picture' };
  const { created, data: _, ...fields } = json as JsonObject;
  return { images, fields, ...told({ createdAt: asNumber(created), usage: readUsage(json['usage']) }) };
}

function readImage(entry: unknown): GeneratedImage | undefined {
  if (!isObject(entry)) return undefined;
  const { url, b64_json: base64, ...fields } = entry as JsonObject;
  if (typeof base64 === 'string' && base64 !== '') return { source: { kind: 'base64', base64 }, fields };
  if (typeof url !== 'string' || url === '') return undefined;
  // Some servers write the picture itself where its address should be.
  const [, inline] = /^data:image\/[\w.+-]+;base64,([\s\S]+)$/.exec(url) ?? [];
  return {
    source: inline === undefined ? { kind: 'url', url } : { kind: 'base64', base64: inline },
    fields,
  };
}

/** Of a reply, or of the event that completes a stream. */
export function readUsage(usage: unknown): Usage | undefined {
  if (!isObject(usage)) return undefined;
  const counts = told({
    uncachedInput: tokenCount(usage['input_tokens']),
    output: tokenCount(usage['output_tokens']),
    costUsd: readCost(usage),
  });
  return Object.keys(counts).length === 0 ? undefined : counts;
}
