// https://docs.cohere.com/reference/embed

import { cohereChat } from '../../dialects/cohere-chat/index.ts';
import { cohereEmbed } from '../../dialects/cohere-embed/index.ts';

import type { EmbeddingsOffer } from '../provider.ts';

/** Models up to the third generation have one size of vectors; those behind them a few to choose from. */
const FIXED_SIZE = /-v[123](?:\.|$)/;

export const cohereEmbeddings: EmbeddingsOffer = {
  format: cohereEmbed,
  url: ({ baseUrl }) => `${baseUrl}/v2/embed`,
  traits: (model) => ({
    encodings: ['float', 'base64', 'base64_int8'],
    inputs: ['text', 'parts'],
    batchMax: 96,
    dimensions: FIXED_SIZE.test(model) ? 'none' : [256, 512, 1024, 1536],
    // It has to be told. What callers embed by the batch is mostly what is searched, not what it is searched for.
    inputTypes: {
      words: ['search_document', 'search_query', 'classification', 'clustering', 'image'],
      usual: 'search_document',
    },
    user: false,
  }),
  // The same on all of its paths.
  readError: cohereChat.egress.readError,
};
