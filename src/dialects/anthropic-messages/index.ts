// Anthropic's Messages API, spoken in both directions. https://docs.anthropic.com/en/api/messages

import { countEgress } from './count-tokens.ts';
import type { Dialect } from '../dialect.ts';
import { ANTHROPIC_MESSAGES_FIELDS, type AnthropicMessagesField } from './fields.ts';
import { DIALECT } from './native.ts';
import { readEnvelope } from './read-envelope.ts';
import { readError } from './read-error.ts';
import { readReply } from './read-reply.ts';
import { readRequest } from './read-request.ts';
import { createStreamReader } from './stream-reader.ts';
import { createStreamWriter } from './stream-writer.ts';
import type { AnthropicMessagesTraits } from './traits.ts';
import { usageIn } from './usage.ts';
import { writeFailure, writeStreamFailure } from './write-failure.ts';
import { writeReply } from './write-reply.ts';
import { writeRequest } from './write-request.ts';

export const anthropicMessages: Dialect<AnthropicMessagesField, AnthropicMessagesTraits> = {
  id: DIALECT,
  fields: ANTHROPIC_MESSAGES_FIELDS,
  forwardedHeaders: ['anthropic-version', 'anthropic-beta'],
  ingress: {
    readEnvelope,
    readRequest,
    writeReply,
    createStreamWriter,
    writeFailure,
    writeStreamFailure,
    heartbeat: 'event: ping\ndata: {"type": "ping"}\n\n',
    // https://platform.claude.com/docs/en/api/errors#request-id
    requestIdHeader: 'request-id',
  },
  egress: {
    count: countEgress,
    writeRequest,
    readReply,
    createStreamReader,
    readUsage: usageIn,
    readError,
  },
};
