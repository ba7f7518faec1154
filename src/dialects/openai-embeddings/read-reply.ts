// The list of vectors that a provider answers with, in any of the encodings that one of them has.
// https://platform.openai.com/docs/api-reference/embeddings/object
// https://docs.perplexity.ai/api-reference/embeddings-post: signed bytes and bits, in base64

import type { EmbeddingReply, Vector, VectorEncoding } from '../../core/embeddings.ts';
import { asString, isObject } from '../../core/json.ts';
import { tokenCount, type Usage } from '../../core/usage.ts';
import type { Asked } from '../embeddings-format.ts';
import { readCost } from '../reported-cost.ts';
import { told } from '../told.ts';

export function readReply(json: unknown, asked: Asked): EmbeddingReply | { readonly wrong: string } {
  const data = isObject(json) ? json['data'] : undefined;
  if (!isObject(json) || !Array.isArray(data)) return { wrong: 'the provider answered without vectors' };
  const vectors = new Map<unknown, Vector>();
  for (const [position, entry] of data.entries()) {
    const { index, embedding }: Record<string, unknown> = isObject(entry) ? entry : {};
    const vector = readVector(embedding, asked.encoding);
    if (vector === undefined) return { wrong: 'the provider sent a vector that cannot be read' };
    vectors.set(index ?? position, vector);
  }
  // The order of the list is not promised, that of the indices is.
  const ordered = Array.from({ length: asked.inputs }, (_, index) => vectors.get(index));
  const complete = ordered.filter((vector) => vector !== undefined);
  if (complete.length !== asked.inputs || data.length !== asked.inputs)
    return { wrong: `the provider sent ${data.length} vectors for ${asked.inputs} inputs` };
  return { vectors: complete, ...told({ model: asString(json['model']), usage: readUsage(json) }) };
}

function readVector(embedding: unknown, asked: VectorEncoding): Vector | undefined {
  if (typeof embedding === 'string') {
    const base64 = embedding;
    if (asked === 'base64_int8') return { form: 'int8', base64 };
    if (asked === 'base64_binary') return { form: 'bits', base64 };
    return { form: 'float32', base64 };
  }
  return Array.isArray(embedding) && embedding.every(Number.isFinite)
    ? { form: 'numbers', values: embedding as readonly number[] }
    : undefined;
}

export function readUsage(json: unknown): Usage | undefined {
  const usage = isObject(json) && isObject(json['usage']) ? json['usage'] : {};
  const input = tokenCount(usage['prompt_tokens']) ?? tokenCount(usage['total_tokens']);
  // A vector costs no output, and providers say so by not counting any.
  return input === undefined
    ? undefined
    : { uncachedInput: input, output: 0, ...told({ costUsd: readCost(usage) }) };
}
