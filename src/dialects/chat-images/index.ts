// Pictures through a chat: the prompt is a message, and the answer's text is the picture's address.
// https://docs.blackbox.ai/api-reference/image

import type { ImageReply } from '../../core/images.ts';
import { asNumber, isObject, type JsonObject } from '../../core/json.ts';
import type { ImagesFormat } from '../images-format.ts';
import { told } from '../told.ts';

export const chatImages: ImagesFormat = {
  id: 'chat-images',
  writeRequest: ({ model, prompt }: JsonObject) => ({ model, messages: [{ role: 'user', content: prompt }] }),
  readReply,
};

/** Its counts of tokens are all zero, which says nothing. */
function readReply(json: unknown): ImageReply | { readonly wrong: string } {
  const choices = isObject(json) ? json['choices'] : undefined;
  const [choice]: readonly unknown[] = Array.isArray(choices) ? choices : [];
  const message = isObject(choice) && isObject(choice['message']) ? choice['message'] : {};
  const url = typeof message['content'] === 'string' ? message['content'].trim() : '';
  // Prose about a picture, several addresses, or one of another kind: nothing that a caller could use as a picture.
  if (!/^https:\/\/\S+$/.test(url)) return { wrong: 'the provider answered something else than a picture' };
  return {
    images: [{ source: { kind: 'url', url }, fields: {} }],
    fields: {},
    ...told({ createdAt: isObject(json) ? asNumber(json['created']) : undefined }),
  };
}
