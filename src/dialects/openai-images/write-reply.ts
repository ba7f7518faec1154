// The reply as callers read it. https://platform.openai.com/docs/api-reference/images/object

import type { GeneratedImage, ImageReply } from '../../core/images.ts';
import type { JsonObject } from '../../core/json.ts';

/** `now`: seconds since the epoch, for a provider that does not say when. */
export function writeReply({ createdAt, images, fields }: ImageReply, now: number): JsonObject {
  return { created: createdAt ?? now, data: images.map(writeImage), ...fields };
}

function writeImage({ source, fields }: GeneratedImage): JsonObject {
  return { ...(source.kind === 'url' ? { url: source.url } : { b64_json: source.base64 }), ...fields };
}
