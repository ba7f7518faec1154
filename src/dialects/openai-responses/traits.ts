// What the writer must know of a model behind a Responses endpoint. A provider supplies these per model.

import type { CacheSpelling } from '../openai-cache-mark.ts';

export type OpenaiResponsesTraits = {
  /** temperature, top_p and logprobs are accepted. */
  readonly sampling: boolean;
  /** They are accepted all the same while the effort is `none`. */
  readonly samplingWithoutReasoning?: true;
  readonly logprobs: boolean;
  /** top_k and seed, which are xAI's. */
  readonly moreSampling?: true;
  /** Efforts it takes in `reasoning.effort`, weakest first; empty: `reasoning` is not sent. */
  readonly efforts: readonly string[];
  /** It cannot be told not to. */
  readonly alwaysReasons?: true;
  /** `reasoning.summary` asks for something. */
  readonly summaries: boolean;
  /** Its reasoning comes back encrypted when `include` asks for it, and goes on from there in the next turn. */
  readonly encryptedReasoning: boolean;
  /** Chat Completions' `response_format` instead of `text.format`. */
  readonly outputField: 'text' | 'response_format';
  /** Tools of free text; elsewhere they are functions with one field. */
  readonly customTools: boolean;
  /** A tool is named as `{type: 'function', name}` or as `{name}`; some of them are allowed or all. */
  readonly toolChoice: 'typed' | 'by-name';
  /** `input_file`, of any source or of an address only. */
  readonly documents: 'any' | 'by-url' | 'none';
  /** Results of calls may hold images and files; elsewhere these follow in a message of the user. */
  readonly resultParts: boolean;
  readonly cacheMarks: CacheSpelling;
  /** Items of hosted tools in the history. */
  readonly hostedItems: boolean;
  /** The smallest `max_output_tokens`. */
  readonly outputCapMin?: number;
  /** Required by the model, for callers who set none. */
  readonly outputCap?: number;
  readonly userField: 'safety_identifier' | 'user' | 'none';
  /** service_tier and the fields of prompt caching. */
  readonly hints: boolean;
  readonly verbosity: boolean;
  /** Fields that it takes and the vocabulary has no word for, where it refuses unknown ones, at any depth; absent: it does not. */
  readonly fields?: readonly string[];
  /** Names that a caller's function may not have. */
  readonly reservedNames?: readonly string[];
  /** Tools of its own that it has to be offered to be what it is. */
  readonly ownTools?: readonly { readonly type: string }[];
};
