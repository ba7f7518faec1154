// https://platform.claude.com/docs/en/api/messages

import { anthropicMessages } from '../dialects/anthropic-messages/index.ts';
import { claudeFacts, claudeTraits } from './families/claude.ts';
import { speak, type Provider } from './provider.ts';

/**
 * 2026-10-21 refuses the sampling parameters on every model; this one keeps them where the model takes them. A caller's
 * own version goes through with the caller's own body. https://platform.claude.com/docs/en/api/versioning
 */
const version = { 'anthropic-version': '2023-06-01' };

export const anthropic: Provider = {
  id: 'anthropic',
  baseUrl: 'https://api.anthropic.com',
  auth: (key) => ({ 'x-api-key': key }),
  speaks: [
    speak(anthropicMessages, {
      url: ({ baseUrl }) => `${baseUrl}/v1/messages`,
      // https://platform.claude.com/docs/en/api/messages-count-tokens
      countUrl: ({ baseUrl }) => `${baseUrl}/v1/messages/count_tokens`,
      headers: version,
      traits: claudeTraits,
    }),
  ],
  offers: (model) => model.startsWith('claude-'),
  facts: claudeFacts,
  // 1000 is the longest page. https://platform.claude.com/docs/en/api/models-list
  models: { url: ({ baseUrl }) => `${baseUrl}/v1/models?limit=1000`, headers: version },
  // A cancelled stream is no longer billed: https://openrouter.ai/docs/api-reference/streaming lists who stops.
  onHangUp: 'abort',
};
