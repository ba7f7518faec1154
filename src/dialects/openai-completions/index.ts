// OpenAI's completions of a text, which chats have replaced: callers still speak it, and some models know nothing else. A
// caller may be answered by a chat, but a chat is never asked of a text model.
// https://platform.openai.com/docs/api-reference/completions

import type { ClientDialect, PassedDialect } from '../dialect.ts';
import { readError } from '../openai-error.ts';
import { writeFailure, writeStreamFailure } from '../openai-failure.ts';
import { askUsage, readUsage } from '../openai-usage.ts';
import { OPENAI_COMPLETIONS_FIELDS, type OpenaiCompletionsField } from './fields.ts';
import { readEnvelope } from './read-envelope.ts';
import { readReply } from './read-reply.ts';
import { readRequest } from './read-request.ts';
import { createStreamReader } from './stream-reader.ts';
import { createStreamWriter } from './stream-writer.ts';
import { writeReply } from './write-reply.ts';

export const openaiCompletions: ClientDialect & PassedDialect<OpenaiCompletionsField> = {
  id: 'openai-completions',
  fields: OPENAI_COMPLETIONS_FIELDS,
  forwardedHeaders: [],
  continuesText: true,
  ingress: {
    readEnvelope,
    readRequest,
    writeReply,
    createStreamWriter,
    askUsage,
    writeFailure,
    writeStreamFailure,
    heartbeat: ': keepalive\n\n',
  },
  // Nothing is translated into it: roles, tools and pictures have no place in a text, and to make one of them is the business
  // of a chat template.
  egress: { readReply, createStreamReader, readUsage, readError },
};
