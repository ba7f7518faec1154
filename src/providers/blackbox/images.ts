// https://docs.blackbox.ai/api-reference/image

import { chatImages } from '../../dialects/chat-images/index.ts';
import { openaiChat } from '../../dialects/openai-chat/index.ts';
import type { ImagesOffer } from '../provider.ts';

/** One picture for a prompt, by its address, and nothing to choose. */
export const blackboxImages: ImagesOffer = {
  format: chatImages,
  // Documented without `/v1`.
  url: ({ baseUrl }) => `${baseUrl}/chat/completions`,
  traits: () => ({
    gives: 'url',
    sizes: 'none',
    countMax: 1,
    streams: false,
    rules: {
      background: { takes: [], spares: ['opaque'], otherwise: 'refuse' },
      output_format: { takes: [], spares: ['png', 'jpeg', 'webp'], otherwise: 'refuse' },
      frame_count: 'refuse',
      frame_duration_ms: 'refuse',
      svg: 'refuse',
    },
    others: 'drop',
  }),
  readError: openaiChat.egress.readError,
};
