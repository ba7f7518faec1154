// https://openrouter.ai/docs/api-reference/overview
// https://openrouter.ai/docs/api-reference/parameters

import { anthropicMessages } from '../dialects/anthropic-messages/index.ts';
import { openaiChat } from '../dialects/openai-chat/index.ts';
import type { OpenaiChatTraits } from '../dialects/openai-chat/traits.ts';
import { openaiCompletions } from '../dialects/openai-completions/index.ts';
import { openaiResponses } from '../dialects/openai-responses/index.ts';
import type { OpenaiResponsesTraits } from '../dialects/openai-responses/traits.ts';
import { bearer } from './bearer.ts';
import { claudeTraits } from './families/claude.ts';
import { embeddingsAt } from './families/embeddings.ts';
import { imagesAt } from './families/images.ts';
import { asksForSeveral, isFilled, isTrue } from './meaning.ts';
import { NOT_STORED } from './not-stored.ts';
import { openrouterVideos } from './openrouter/videos.ts';
import { pass, speak, type Provider } from './provider.ts';

/** OpenRouter leaves out what the model behind it cannot take. https://openrouter.ai/docs/api-reference/parameters */
const traits: OpenaiChatTraits = {
  outputCapField: 'max_tokens',
  systemRole: 'system',
  sampling: true,
  penalties: true,
  stop: true,
  efforts: ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'],
  structuredOutput: 'json-schema',
  strictTools: true,
  parallelToolCalls: true,
  toolResultParts: true,
  documents: true,
  cacheMarks: 'cache_control',
  reasoningDetails: true,
  userField: 'user',
  streamUsage: true,
};

const responsesTraits: OpenaiResponsesTraits = {
  sampling: true,
  logprobs: true,
  efforts: traits.efforts,
  summaries: true,
  encryptedReasoning: true,
  outputField: 'text',
  customTools: false,
  toolChoice: 'typed',
  documents: 'any',
  resultParts: true,
  cacheMarks: 'none',
  hostedItems: true,
  userField: 'user',
  hints: true,
  verbosity: true,
};

export const openrouter: Provider = {
  id: 'openrouter',
  baseUrl: 'https://openrouter.ai/api/v1',
  auth: bearer,
  speaks: [
    speak(openaiChat, {
      url: ({ baseUrl }) => `${baseUrl}/chat/completions`,
      traits: () => traits,
      // Not among its parameters, and unknown ones are ignored in silence.
      quirks: { drop: ['n'], refuse: { n: asksForSeveral } },
    }),
    // Stateless: https://openrouter.ai/docs/api-reference/responses/overview
    speak(openaiResponses, {
      url: ({ baseUrl }) => `${baseUrl}/responses`,
      traits: () => responsesTraits,
      quirks: { set: NOT_STORED },
    }),
    speak(anthropicMessages, {
      url: ({ baseUrl }) => `${baseUrl}/messages`,
      traits: claudeTraits,
    }),
    pass(openaiCompletions, {
      url: ({ baseUrl }) => `${baseUrl}/completions`,
      quirks: {
        drop: ['n', 'best_of', 'echo', 'suffix'],
        refuse: { n: asksForSeveral, best_of: asksForSeveral, echo: isTrue, suffix: isFilled },
      },
    }),
  ],
  // https://openrouter.ai/docs/api-reference/embeddings. What a model takes is known behind it, not here.
  embeddings: embeddingsAt(({ baseUrl }) => `${baseUrl}/embeddings`, {
    inputs: ['text', 'tokens', 'parts'],
    inputTypes: 'any',
  }),
  // https://openrouter.ai/docs/api-reference/images. Always base64, and its own path.
  images: imagesAt(({ baseUrl }) => `${baseUrl}/images`, {
    rules: {
      output_format: { takes: ['png', 'jpeg', 'webp', 'svg'], otherwise: 'refuse' },
      frame_count: 'refuse',
      frame_duration_ms: 'refuse',
      svg: 'refuse',
      moderation: 'drop',
      complexity: 'drop',
      partial_images: 'drop',
      safety_identifier: 'drop',
      style: 'drop',
    },
  }),
  // The author of the model is the vendor behind it.
  reasoningOrigin: ({ model }) => `openrouter ${model.slice(0, Math.max(0, model.indexOf('/')))}`,
  // `author/slug`, `author/slug:variant`, `~author/alias`. https://openrouter.ai/docs/overview/models
  offers: (model) => /^~?[\w.-]+\/[\w.:-]+$/.test(model),
  models: { url: ({ baseUrl }) => `${baseUrl}/models` },
  videos: openrouterVideos,
  // Whether hanging up stops the bill depends on the provider behind it, which nobody knows beforehand; the stream's
  // last chunk has the true cost. https://openrouter.ai/docs/api-reference/streaming#stream-cancellation
  onHangUp: 'drain',
};
