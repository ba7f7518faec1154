// Pictures in OpenAI's form: what callers speak, and providers with differences of their own.
// https://platform.openai.com/docs/api-reference/images

import type { ImagesFormat } from '../images-format.ts';
import { readReply } from './read-reply.ts';

/** Where it is not the caller's text that is sent, it is its fields. */
export const openaiImages: ImagesFormat = {
  id: 'openai-images',
  writeRequest: (fields) => fields,
  readReply,
};
