// The reply as callers read it. https://platform.openai.com/docs/api-reference/embeddings/object

import type { Vector, VectorEncoding } from '../../core/embeddings.ts';
import type { JsonObject } from '../../core/json.ts';
import { inputTotal, type Usage } from '../../core/usage.ts';
import { writeVector } from '../../core/vector.ts';

export type WrittenVector = readonly number[] | string;

export function writeReply(
  vectors: readonly WrittenVector[],
  { model, usage }: { readonly model: string; readonly usage: Usage | undefined },
): JsonObject {
  // The schema requires both counts: only here, what was not told counts as 0.
  const tokens = (usage && inputTotal(usage)) ?? 0;
  return {
    object: 'list',
    data: vectors.map((embedding, index) => ({ object: 'embedding', index, embedding })),
    model,
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  };
}

/** As the caller wants them; `undefined` when one of them is not what it was said to be. */
export function encodeVectors(
  vectors: readonly Vector[],
  wanted: string,
): readonly WrittenVector[] | undefined {
  const encoding = ENCODINGS.find((known) => known === wanted) ?? 'float';
  try {
    const written = vectors.map((vector) => writeVector(vector, encoding));
    const complete = written.filter((vector) => vector !== undefined);
    return complete.length === written.length ? complete : undefined;
  } catch {
    // What should be base64 is something else.
    return undefined;
  }
}

const ENCODINGS: readonly VectorEncoding[] = ['float', 'base64', 'base64_int8', 'base64_binary'];
