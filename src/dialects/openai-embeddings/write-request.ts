// A request for vectors towards a provider.

import type { EmbeddingRequest, VectorEncoding } from '../../core/embeddings.ts';
import type { JsonObject } from '../../core/json.ts';
import { told } from '../told.ts';

export function writeRequest(request: EmbeddingRequest, ask: VectorEncoding): JsonObject {
  const { model, inputs, dimensions, inputType, user, extensions } = request;
  const [only, ...others] = inputs;
  return {
    model,
    // Servers of one's own may know the plain form alone.
    input: others.length === 0 && typeof only === 'string' ? only : inputs,
    encoding_format: ask,
    ...told({ dimensions, input_type: inputType, user }),
    ...extensions,
  };
}
