// https://docs.blackbox.ai/api-reference/introduction
// https://docs.blackbox.ai/api-reference/requests

import { openaiChat } from '../dialects/openai-chat/index.ts';
import { bearer } from './bearer.ts';
import { blackboxVideos } from './blackbox/videos.ts';
import { blackboxImages } from './blackbox/images.ts';
import { compatibleTraits } from './families/compatible.ts';
import { asksForSeveral, isTrue } from './meaning.ts';
import { speak, type Provider } from './provider.ts';

export const blackbox: Provider = {
  id: 'blackbox',
  baseUrl: 'https://api.blackbox.ai',
  auth: bearer,
  speaks: [
    speak(openaiChat, {
      // Documented without `/v1`.
      url: ({ baseUrl }) => `${baseUrl}/chat/completions`,
      // The others are undocumented, and a stream ends with its usage in any case.
      traits: () => ({ ...compatibleTraits, parallelToolCalls: false, streamUsage: false }),
      quirks: {
        refuse: { n: asksForSeveral, logprobs: isTrue },
        rename: { max_completion_tokens: 'max_tokens' },
        // Undocumented, and nothing says whether they are refused or ignored: dropped, their loss has a name.
        drop: [
          'n',
          'logprobs',
          'top_logprobs',
          'reasoning_effort',
          'verbosity',
          'parallel_tool_calls',
          'stream_options',
          'service_tier',
          'store',
          'metadata',
          'user',
          'safety_identifier',
          'prompt_cache_key',
          'prompt_cache_options',
          'prompt_cache_retention',
        ],
      },
    }),
  ],
  images: blackboxImages,
  offers: (model) => model.startsWith('blackboxai/'),
  // No `models`: the list is a page for people.
  videos: blackboxVideos,
  // Nothing says that hanging up stops the bill, so the stream is read to its usage.
  onHangUp: 'drain',
};
