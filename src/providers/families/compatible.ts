// What every server in OpenAI's manner can be trusted to take: where nothing better is known of a model, a translation
// keeps to this. Vendors' own inventions are left out, and what is left out is named as a loss.

import type { OpenaiChatTraits } from '../../dialects/openai-chat/traits.ts';

export const compatibleTraits: OpenaiChatTraits = {
  outputCapField: 'max_tokens',
  systemRole: 'system',
  sampling: true,
  penalties: true,
  stop: true,
  efforts: [],
  structuredOutput: 'json-object',
  strictTools: false,
  parallelToolCalls: true,
  toolResultParts: false,
  documents: false,
  cacheMarks: 'none',
  reasoningDetails: false,
  userField: 'none',
  streamUsage: true,
  hints: false,
};
