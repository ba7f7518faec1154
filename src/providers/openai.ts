// https://platform.openai.com/docs/api-reference/chat
// https://platform.openai.com/docs/api-reference/completions

import { openaiChat } from '../dialects/openai-chat/index.ts';
import { openaiCompletions } from '../dialects/openai-completions/index.ts';
import { bearer } from './bearer.ts';
import { gptTraits, isTextModel } from './families/gpt.ts';
import { speak, type Provider } from './provider.ts';

export const openai: Provider = {
  id: 'openai',
  baseUrl: 'https://api.openai.com/v1',
  auth: bearer,
  speaks: [
    speak(openaiChat, {
      url: ({ baseUrl }) => `${baseUrl}/chat/completions`,
      traits: gptTraits,
      for: (model) => !isTextModel(model),
    }),
    speak(openaiCompletions, {
      url: ({ baseUrl }) => `${baseUrl}/completions`,
      traits: () => undefined,
      for: isTextModel,
    }),
  ],
  // The open-weight gpt-oss models are anyone's but OpenAI's API.
  offers: (model) => /^(ft:)?(gpt-(?!oss)|chatgpt-|o\d)/.test(model) || isTextModel(model),
  models: { url: ({ baseUrl }) => `${baseUrl}/models` },
  // A cancelled stream is no longer billed: https://openrouter.ai/docs/api-reference/streaming lists who stops.
  onHangUp: 'abort',
};
