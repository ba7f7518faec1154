// Embeddings in OpenAI's form: what callers speak, and most providers.
// https://platform.openai.com/docs/api-reference/embeddings

import type { EmbeddingsFormat } from '../embeddings-format.ts';
import { readReply } from './read-reply.ts';
import { writeRequest } from './write-request.ts';

export const openaiEmbeddings: EmbeddingsFormat = { id: 'openai-embeddings', writeRequest, readReply };
