// What we talk about when a caller wants vectors: inputs, one vector each, and how vectors are written down.

import type { JsonObject } from './json.ts';
import type { Usage } from './usage.ts';

export type EmbeddingRequest = {
  readonly model: string;
  /** One vector each, in this order. */
  readonly inputs: readonly EmbeddingInput[];
  readonly dimensions?: number;
  /** What the vectors are for, in the words of models that make different ones: `search_query`, `search_document`, ... */
  readonly inputType?: string;
  /** How the caller wants them written, in its own word; absent: as numbers. */
  readonly encoding?: string;
  readonly user?: string;
  /** What is not modelled, in the caller's words. */
  readonly extensions: JsonObject;
};

/** A text, tokens that the caller has counted itself, or parts with pictures: `{content: [...]}`. */
export type EmbeddingInput = string | readonly number[] | JsonObject;

export type EmbeddingInputKind = 'text' | 'tokens' | 'parts';

export function kindOfInput(input: EmbeddingInput): EmbeddingInputKind {
  if (typeof input === 'string') return 'text';
  return Array.isArray(input) ? 'tokens' : 'parts';
}

export type EmbeddingReply = {
  /** In the order of the inputs. */
  readonly vectors: readonly Vector[];
  /** The model that answered, in the provider's words. */
  readonly model?: string;
  readonly usage?: Usage;
};

/** A vector in the form in which it came: none is decoded that goes on as it is. */
export type Vector =
  | { readonly form: 'numbers'; readonly values: readonly number[] }
  /** The bytes of little-endian float32, in base64. */
  | { readonly form: 'float32'; readonly base64: string }
  /** One signed byte a dimension, in base64. */
  | { readonly form: 'int8'; readonly base64: string }
  /** One bit a dimension, in base64. */
  | { readonly form: 'bits'; readonly base64: string };

/** The encodings that we can write. A provider may know others; those go through or are refused. */
export type VectorEncoding = 'float' | 'base64' | 'base64_int8' | 'base64_binary';
