// https://docs.x.ai/docs/api-reference#create-new-response
// https://docs.x.ai/docs/guides/reasoning

import { openaiChat } from '../dialects/openai-chat/index.ts';
import type { OpenaiChatTraits } from '../dialects/openai-chat/traits.ts';
import { responsesOf } from '../dialects/openai-responses/index.ts';
import type { OpenaiResponsesTraits } from '../dialects/openai-responses/traits.ts';
import { bearer } from './bearer.ts';
import { compatibleTraits } from './families/compatible.ts';
import { NOT_STORED } from './not-stored.ts';
import { speak, type Provider } from './provider.ts';
import { xaiVideos } from './xai/videos.ts';
import { xaiImages } from './xai/images.ts';

const xaiResponses = responsesOf({ reasoningFormat: 'xai-responses-v1' });

export const xai: Provider = {
  id: 'xai',
  baseUrl: 'https://api.x.ai/v1',
  auth: bearer,
  speaks: [
    speak(xaiResponses, {
      url: ({ baseUrl }) => `${baseUrl}/responses`,
      traits: grokTraits,
      quirks: { set: NOT_STORED },
    }),
    // Deprecated, and without reasoning or server tools; it answers on, for callers who speak it.
    speak(openaiChat, {
      url: ({ baseUrl }) => `${baseUrl}/chat/completions`,
      traits: grokChatTraits,
      // Refused by the models that reason, which all of today's are: https://docs.x.ai/docs/guides/reasoning
      quirks: { drop: ['stop', 'frequency_penalty', 'presence_penalty', 'logit_bias', 'top_k'] },
    }),
  ],
  images: xaiImages,
  offers: (model) => model.startsWith('grok-'),
  models: { url: ({ baseUrl }) => `${baseUrl}/models` },
  videos: xaiVideos,
  // A cancelled stream is no longer billed: https://openrouter.ai/docs/api-reference/streaming lists who stops.
  onHangUp: 'abort',
  // "Override the timeout for reasoning models": https://docs.x.ai/docs/guides/reasoning
  timeouts: { headersMs: 600_000, firstContentMs: 600_000 },
};

function grokTraits(model: string): OpenaiResponsesTraits {
  return {
    sampling: true,
    logprobs: true,
    moreSampling: true,
    efforts: effortsOf(model),
    ...(model.startsWith('grok-4.20-reasoning') ? { alwaysReasons: true } : {}),
    // Whatever is asked for, they are detailed.
    summaries: false,
    encryptedReasoning: true,
    outputField: 'text',
    customTools: false,
    toolChoice: 'typed',
    documents: 'by-url',
    resultParts: true,
    cacheMarks: 'none',
    hostedItems: true,
    userField: 'user',
    hints: true,
    verbosity: false,
  };
}

function grokChatTraits(model: string): OpenaiChatTraits {
  return {
    ...compatibleTraits,
    outputCapField: 'max_completion_tokens',
    penalties: false,
    stop: false,
    efforts: effortsOf(model),
    structuredOutput: 'json-schema',
    userField: 'user',
  };
}

/** grok-4.20 comes with and without reasoning, and refuses any word about it; `xhigh` came with 4.6. */
function effortsOf(model: string): readonly string[] {
  if (model.startsWith('grok-4.20')) return [];
  const usual = ['none', 'low', 'medium', 'high'];
  return /^grok-(4\.[6-9]|[5-9]|latest)/.test(model) ? [...usual, 'xhigh'] : usual;
}
