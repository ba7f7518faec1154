// https://docs.cohere.com/reference/chat

import { cohereChat } from '../dialects/cohere-chat/index.ts';
import { bearer } from './bearer.ts';
import { cohereEmbeddings } from './cohere/embeddings.ts';
import { commandTraits } from './families/command.ts';
import { speak, type Provider } from './provider.ts';

export const cohere: Provider = {
  id: 'cohere',
  baseUrl: 'https://api.cohere.com',
  auth: bearer,
  speaks: [
    speak(cohereChat, {
      url: ({ baseUrl }) => `${baseUrl}/v2/chat`,
      traits: commandTraits,
    }),
  ],
  embeddings: cohereEmbeddings,
  // https://docs.cohere.com/docs/models
  offers: (model) => /^(command|c4ai-|north-|embed-)/.test(model),
  // 1000 is the longest page. https://docs.cohere.com/reference/list-models
  models: { url: ({ baseUrl }) => `${baseUrl}/v1/models?page_size=1000` },
  // A cancelled stream is no longer billed: https://openrouter.ai/docs/api-reference/streaming lists who stops.
  onHangUp: 'abort',
};
