import type { ReplyStamp } from '../../../../src/dialects/dialect.ts';
import type { OpenaiChatTraits } from '../../../../src/dialects/openai-chat/traits.ts';

/** A model that takes everything. */
export const fullTraits: OpenaiChatTraits = {
  outputCapField: 'max_completion_tokens',
  systemRole: 'developer',
  sampling: true,
  penalties: true,
  stop: true,
  efforts: ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'],
  structuredOutput: 'json-schema',
  strictTools: true,
  parallelToolCalls: true,
  toolResultParts: true,
  documents: true,
  cacheMarks: 'prompt_cache_breakpoint',
  reasoningDetails: true,
  userField: 'safety_identifier',
  streamUsage: true,
};

/** A local server of years ago. */
export const leanTraits: OpenaiChatTraits = {
  outputCapField: 'max_tokens',
  systemRole: 'system',
  sampling: false,
  penalties: false,
  stop: false,
  efforts: [],
  structuredOutput: 'json-object',
  strictTools: false,
  parallelToolCalls: false,
  toolResultParts: false,
  documents: false,
  cacheMarks: 'none',
  reasoningDetails: false,
  userField: 'none',
  streamUsage: false,
};

export const stamp: ReplyStamp = {
  id: 'chatcmpl-stamp',
  model: 'stamped-model',
  createdAt: 1_795_392_000,
  streamUsage: true,
};
