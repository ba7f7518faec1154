// Embeddings in Cohere's own form. https://docs.cohere.com/reference/embed

import type {
  EmbeddingInput,
  EmbeddingReply,
  EmbeddingRequest,
  Vector,
  VectorEncoding,
} from '../../core/embeddings.ts';
import { isObject, type Json, type JsonObject } from '../../core/json.ts';
import { tokenCount } from '../../core/usage.ts';
import { writeInt8 } from '../../core/vector.ts';
import type { Asked, EmbeddingsFormat } from '../embeddings-format.ts';
import { told } from '../told.ts';

export const cohereEmbed: EmbeddingsFormat = {
  id: 'cohere-embed',
  extensions: ['truncate', 'max_tokens', 'priority'],
  writeRequest,
  readReply,
};

/** Its bits lie in another order than those of the one provider that has the name, so there is no `base64_binary`. */
const TYPES = { float: 'float', base64: 'base64', base64_int8: 'int8', base64_binary: 'ubinary' } as const;

function writeRequest(request: EmbeddingRequest, ask: VectorEncoding): JsonObject {
  const { model, inputs, dimensions, inputType, extensions } = request;
  const texts = inputs.filter((input) => typeof input === 'string');
  return {
    model,
    ...(texts.length === inputs.length ? { texts } : { inputs: inputs.map(writeParts) }),
    embedding_types: [TYPES[ask]],
    ...told({ input_type: inputType, output_dimension: dimensions }),
    ...extensions,
  };
}

function writeParts(input: EmbeddingInput): Json {
  return typeof input === 'string' ? { content: [{ type: 'text', text: input }] } : input;
}

function readReply(json: unknown, { inputs, encoding }: Asked): EmbeddingReply | { readonly wrong: string } {
  const embeddings = isObject(json) && isObject(json['embeddings']) ? json['embeddings'] : {};
  const list = embeddings[TYPES[encoding]];
  if (!Array.isArray(list)) return { wrong: 'the provider answered without vectors' };
  if (list.length !== inputs)
    return { wrong: `the provider sent ${list.length} vectors for ${inputs} inputs` };
  const vectors = list
    .map((vector: unknown) => readVector(vector, encoding))
    .filter((one) => one !== undefined);
  if (vectors.length !== inputs) return { wrong: 'the provider sent a vector that cannot be read' };
  const tokens = billedTokens(json);
  return {
    vectors,
    ...told({ usage: tokens === undefined ? undefined : { uncachedInput: tokens, output: 0 } }),
  };
}

function readVector(vector: unknown, encoding: VectorEncoding): Vector | undefined {
  if (typeof vector === 'string') return { form: 'float32', base64: vector };
  if (!Array.isArray(vector) || !vector.every(Number.isFinite)) return undefined;
  const values = vector as readonly number[];
  return encoding === 'base64_int8'
    ? { form: 'int8', base64: writeInt8(values) }
    : { form: 'numbers', values };
}

/** There is no other count of an embedding's tokens. */
function billedTokens(json: unknown): number | undefined {
  const meta = isObject(json) && isObject(json['meta']) ? json['meta'] : {};
  const billed = isObject(meta['billed_units']) ? meta['billed_units'] : {};
  return tokenCount(billed['input_tokens']);
}
