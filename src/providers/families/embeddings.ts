// Places that make vectors in OpenAI's form. https://platform.openai.com/docs/api-reference/embeddings/create

import type { EmbeddingsTraits } from '../../dialects/embeddings-format.ts';
import { openaiChat } from '../../dialects/openai-chat/index.ts';
import { openaiEmbeddings } from '../../dialects/openai-embeddings/index.ts';
import type { EmbeddingsOffer, Place } from '../provider.ts';

/** As OpenAI itself has it. Its models make one kind of vectors, and an unknown field would fail the request. */
const traits: EmbeddingsTraits = {
  encodings: ['float', 'base64'],
  inputs: ['text', 'tokens'],
  batchMax: 2048,
  dimensions: 'any',
  inputTypes: 'none',
  user: true,
};

/** `differences`: from OpenAI's own. */
export function embeddingsAt(
  url: (place: Place) => string,
  differences: Partial<EmbeddingsTraits> = {},
): EmbeddingsOffer {
  const own = { ...traits, ...differences };
  return {
    format: openaiEmbeddings,
    url,
    traits: () => own,
    // The same envelope for errors on all of its paths.
    readError: openaiChat.egress.readError,
  };
}
