// What a wire format of embeddings must be able to do towards providers, and what its writer must know of the model.

import type {
  EmbeddingInputKind,
  EmbeddingReply,
  EmbeddingRequest,
  VectorEncoding,
} from '../core/embeddings.ts';
import type { JsonObject } from '../core/json.ts';

export type EmbeddingsFormat = {
  readonly id: 'openai-embeddings' | 'cohere-embed';
  /** The fields of the caller's that it has a place for, beyond those of the vocabulary; absent: all of them. */
  readonly extensions?: readonly string[];
  /** A request that the model's traits allow. `ask`: how the vectors are to come. */
  readonly writeRequest: (request: EmbeddingRequest, ask: VectorEncoding) => JsonObject;
  /** A 2xx JSON body; what is wrong with it when it is no reply. Never throws. */
  readonly readReply: (json: unknown, asked: Asked) => EmbeddingReply | { readonly wrong: string };
};

/** What the reply must fit. */
export type Asked = { readonly inputs: number; readonly encoding: VectorEncoding };

/** What a place takes and gives; a provider supplies it per model. */
export type EmbeddingsTraits = {
  /** How it can write vectors; the first is asked for where the caller wants one that has to be made here. */
  readonly encodings: readonly [VectorEncoding, ...VectorEncoding[]];
  readonly inputs: readonly EmbeddingInputKind[];
  /** Inputs in one request; absent: as many as a caller may send. */
  readonly batchMax?: number;
  /** The sizes of vectors that may be asked for: any (the provider judges), none, those listed. */
  readonly dimensions: 'any' | 'none' | readonly number[];
  /** Kinds of vectors: any word, none to choose from, or those listed, one of which it has to be told. */
  readonly inputTypes: 'any' | 'none' | { readonly words: readonly string[]; readonly usual: string };
  /** Whether it takes the field `user`. */
  readonly user: boolean;
};
