// https://platform.openai.com/docs/api-reference/chat

import { openaiChat } from '../dialects/openai-chat/index.ts';
import { bearer } from './bearer.ts';
import { gptTraits } from './families/gpt.ts';
import { speak, type Provider } from './provider.ts';

export const openai: Provider = {
  id: 'openai',
  baseUrl: 'https://api.openai.com/v1',
  auth: bearer,
  speaks: [
    speak(openaiChat, {
      url: ({ baseUrl }) => `${baseUrl}/chat/completions`,
      traits: gptTraits,
    }),
  ],
  // The open-weight gpt-oss models are anyone's but OpenAI's API.
  offers: (model) => /^(ft:)?(gpt-(?!oss)|chatgpt-|o\d)/.test(model),
  models: { url: ({ baseUrl }) => `${baseUrl}/models` },
  // A cancelled stream is no longer billed: https://openrouter.ai/docs/api-reference/streaming lists who stops.
  onHangUp: 'abort',
};
