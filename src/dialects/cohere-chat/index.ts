// Cohere's chat, version 2, as we speak it to Cohere. Nobody speaks it to us.
// https://docs.cohere.com/reference/chat

import type { ProviderDialect } from '../dialect.ts';
import { COHERE_CHAT_FIELDS, type CohereChatField } from './fields.ts';
import { DIALECT } from './native.ts';
import { readError } from './read-error.ts';
import { readReply } from './read-reply.ts';
import { createStreamReader } from './stream-reader.ts';
import type { CohereChatTraits } from './traits.ts';
import { writeRequest } from './write-request.ts';

export const cohereChat: ProviderDialect<CohereChatField, CohereChatTraits> = {
  id: DIALECT,
  fields: COHERE_CHAT_FIELDS,
  egress: { writeRequest, readReply, createStreamReader, readError },
};
