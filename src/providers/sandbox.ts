// The built-in provider: answers in this isolate, without network, key or chance. For trying the gateway out, and for
// tests of everything around a provider. It speaks the wire format of https://platform.openai.com/docs/api-reference/chat

import { openaiChat } from '../dialects/openai-chat/index.ts';
import type { OpenaiChatTraits } from '../dialects/openai-chat/traits.ts';
import { embeddingsAt } from './families/embeddings.ts';
import { imagesAt } from './families/images.ts';
import { speak, type Provider } from './provider.ts';
import { sandboxModels } from './sandbox/models.ts';
import { serve } from './sandbox/serve.ts';
import { sandboxVideos } from './sandbox/videos.ts';

const traits: OpenaiChatTraits = {
  outputCapField: 'max_completion_tokens',
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
  cacheMarks: 'none',
  reasoningDetails: false,
  userField: 'user',
  streamUsage: true,
};

export const sandbox: Provider = {
  id: 'sandbox',
  // A name that cannot resolve (RFC 6761): should a request ever try to leave, it finds nobody.
  baseUrl: 'https://sandbox.invalid/v1',
  keyless: 'always',
  auth: () => ({}),
  speaks: [
    speak(openaiChat, {
      url: ({ baseUrl }) => `${baseUrl}/chat/completions`,
      traits: () => traits,
    }),
  ],
  videos: sandboxVideos,
  embeddings: embeddingsAt(({ baseUrl }) => `${baseUrl}/embeddings`, { inputs: ['text', 'tokens', 'parts'] }),
  images: imagesAt(({ baseUrl }) => `${baseUrl}/images/generations`, { streams: false }),
  models: { names: sandboxModels.map(({ name }) => name) },
  onHangUp: 'abort',
  local: serve,
};
