// Places that make pictures in OpenAI's form. https://platform.openai.com/docs/api-reference/images/create

import type { ImagesTraits } from '../../dialects/images-format.ts';
import { openaiChat } from '../../dialects/openai-chat/index.ts';
import { openaiImages } from '../../dialects/openai-images/index.ts';
import type { ImagesOffer, Place } from '../provider.ts';

/** As OpenAI itself has it: its models of today always give base64 and refuse to be asked for anything else. */
const traits: ImagesTraits = {
  gives: 'base64',
  sizes: 'pixels',
  streams: true,
  rules: { style: 'drop' },
  others: 'pass',
};

/** `differences`: from OpenAI's own. */
export function imagesAt(
  url: (place: Place) => string,
  differences: Partial<ImagesTraits> = {},
): ImagesOffer {
  const own = { ...traits, ...differences };
  return { format: openaiImages, url, traits: () => own, readError: openaiChat.egress.readError };
}
