// https://docs.perplexity.ai/api-reference/embeddings-post

import { embeddingsAt } from '../families/embeddings.ts';

/**
 * Vectors of signed bytes, from which floats are made for callers who want those, or of bits. Texts only, and an unknown
 * field would fail the request.
 */
export const perplexityEmbeddings = embeddingsAt(({ baseUrl }) => `${baseUrl}/v1/embeddings`, {
  encodings: ['base64_int8', 'base64_binary'],
  inputs: ['text'],
  batchMax: 512,
  user: false,
});
