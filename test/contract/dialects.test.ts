import { anthropicMessages } from '../../src/dialects/anthropic-messages/index.ts';
import { openaiChat } from '../../src/dialects/openai-chat/index.ts';
import { openaiCompletions } from '../../src/dialects/openai-completions/index.ts';
import { openaiResponses } from '../../src/dialects/openai-responses/index.ts';
import { fullTraits as anthropicTraits, request } from '../support/anthropic-messages-arbitraries.ts';
import { reply } from '../support/anthropic-messages-replies.ts';
import { completionEvents } from '../support/openai-completions-arbitraries.ts';
import { replyEvents, streamEvents } from '../support/openai-chat-arbitraries.ts';
import { wireRequest } from '../support/openai-chat-request-arbitraries.ts';
import {
  fullTraits as responsesTraits,
  responsesReply,
  responsesRequest,
  responsesStream,
} from '../support/openai-responses-arbitraries.ts';
import { fullTraits as openaiTraits } from '../unit/dialects/openai-chat/traits.ts';
import { describeDialect } from './dialect.contract.ts';

describeDialect(openaiChat, {
  requests: (['prompt_cache_breakpoint', 'cache_control'] as const).map((cacheMarks) => ({
    request: wireRequest(cacheMarks),
    traits: { ...openaiTraits, cacheMarks },
  })),
  streamed: streamEvents,
  whole: replyEvents,
});

describeDialect(anthropicMessages, {
  requests: [{ request, traits: anthropicTraits }],
  streamed: reply,
  whole: reply,
});

describeDialect(openaiResponses, {
  requests: [{ request: responsesRequest, traits: responsesTraits }],
  streamed: responsesStream,
  whole: responsesReply,
});
// Its requests are read only: nothing is translated into it.
describeDialect(openaiCompletions, { requests: [], streamed: completionEvents, whole: completionEvents });
