// OpenAI's Responses API, spoken in both directions, by several vendors with differences of their own.
// https://platform.openai.com/docs/api-reference/responses

import { countEgress } from './count-tokens.ts';
import type { Dialect, ProviderDialect } from '../dialect.ts';
import { writeFailure } from '../openai-failure.ts';
import { readError } from '../openai-error.ts';
import { OPENAI_RESPONSES_FIELDS, type OpenaiResponsesField } from './fields.ts';
import { DIALECT } from './native.ts';
import { OPENAI_REASONING } from './opaque.ts';
import { readEnvelope } from './read-envelope.ts';
import { readReply } from './read-reply.ts';
import { readRequest } from './read-request.ts';
import { createStreamReader } from './stream-reader.ts';
import { createStreamWriter } from './stream-writer.ts';
import type { OpenaiResponsesTraits } from './traits.ts';
import { readUsage } from './usage.ts';
import type { ResponsesVariant } from './variant.ts';
import { writeReply } from './write-reply.ts';
import { writeRequest } from './write-request.ts';
import { writeStreamFailure } from './write-stream-failure.ts';

/** The dialect as a vendor speaks it. */
export function responsesOf(
  variant: ResponsesVariant,
): ProviderDialect<OpenaiResponsesField, OpenaiResponsesTraits> {
  return {
    id: DIALECT,
    fields: OPENAI_RESPONSES_FIELDS,
    egress: {
      count: countEgress,
      writeRequest: (request, traits) => writeRequest(request, traits, variant),
      readReply: (json) => readReply(json, variant),
      createStreamReader: () => createStreamReader(variant),
      readUsage: ({ usage }) => readUsage(usage),
      readError,
    },
  };
}

export const openaiResponses: Dialect<OpenaiResponsesField, OpenaiResponsesTraits> = {
  ...responsesOf({ reasoningFormat: OPENAI_REASONING }),
  id: DIALECT,
  forwardedHeaders: [],
  ingress: {
    readEnvelope,
    readRequest,
    writeReply,
    createStreamWriter,
    writeFailure,
    writeStreamFailure,
    heartbeat: ': keepalive\n\n',
  },
};
