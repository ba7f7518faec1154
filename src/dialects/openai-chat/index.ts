// OpenAI's chat completions, the dialect that most providers speak.
// https://platform.openai.com/docs/api-reference/chat

import type { Dialect } from '../dialect.ts';
import { OPENAI_CHAT_FIELDS, type OpenaiChatField } from './fields.ts';
import { readCommonEnvelope } from '../envelope.ts';
import { readError } from '../openai-error.ts';
import { readReply } from './read-reply.ts';
import { readRequest } from './read-request.ts';
import { createStreamReader } from './stream-reader.ts';
import { createStreamWriter } from './stream-writer.ts';
import type { OpenaiChatTraits } from './traits.ts';
import { writeFailure, writeStreamFailure } from '../openai-failure.ts';
import { askUsage, readUsage } from '../openai-usage.ts';
import { writeReply } from './write-reply.ts';
import { writeRequest } from './write-request.ts';

export const openaiChat: Dialect<OpenaiChatField, OpenaiChatTraits> = {
  id: 'openai-chat',
  fields: OPENAI_CHAT_FIELDS,
  forwardedHeaders: [],
  // Of fields that it does not know the stream helper of OpenAI's SDK keeps the last fragment.
  sealsWholeReply: true,
  ingress: {
    readEnvelope: readCommonEnvelope,
    readRequest,
    writeReply,
    createStreamWriter,
    askUsage,
    writeFailure,
    writeStreamFailure,
    heartbeat: ': keepalive\n\n',
  },
  egress: { writeRequest, readReply, createStreamReader, readUsage, readError },
};
