// https://platform.openai.com/docs/api-reference/chat
// https://platform.openai.com/docs/api-reference/responses
// https://platform.openai.com/docs/api-reference/completions

import { openaiChat } from '../dialects/openai-chat/index.ts';
import { openaiCompletions } from '../dialects/openai-completions/index.ts';
import { openaiResponses } from '../dialects/openai-responses/index.ts';
import { bearer } from './bearer.ts';
import { embeddingsAt } from './families/embeddings.ts';
import { gptResponsesTraits, servedByChat, servedByResponses } from './families/gpt-responses.ts';
import { gptFacts, gptTraits, isTextModel } from './families/gpt.ts';
import { imagesAt } from './families/images.ts';
import { NOT_STORED } from './not-stored.ts';
import { pass, speak, type Provider } from './provider.ts';

export const openai: Provider = {
  id: 'openai',
  baseUrl: 'https://api.openai.com/v1',
  auth: bearer,
  speaks: [
    speak(openaiChat, {
      url: ({ baseUrl }) => `${baseUrl}/chat/completions`,
      traits: gptTraits,
      serves: servedByChat,
    }),
    speak(openaiResponses, {
      url: ({ baseUrl }) => `${baseUrl}/responses`,
      countUrl: ({ baseUrl }) => `${baseUrl}/responses/input_tokens`,
      traits: gptResponsesTraits,
      serves: servedByResponses,
      quirks: { set: NOT_STORED },
    }),
    pass(openaiCompletions, {
      url: ({ baseUrl }) => `${baseUrl}/completions`,
      serves: isTextModel,
    }),
  ],
  embeddings: embeddingsAt(({ baseUrl }) => `${baseUrl}/embeddings`),
  images: imagesAt(({ baseUrl }) => `${baseUrl}/images/generations`),
  // The open-weight gpt-oss models are anyone's but OpenAI's API.
  offers: (model) =>
    /^(ft:)?(gpt-(?!oss)|chatgpt-|o\d|text-embedding-(3|ada)-)/.test(model) || isTextModel(model),
  facts: gptFacts,
  models: { url: ({ baseUrl }) => `${baseUrl}/models` },
  // A cancelled stream is no longer billed: https://openrouter.ai/docs/api-reference/streaming lists who stops.
  onHangUp: 'abort',
};
