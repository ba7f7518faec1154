// What is left of a request for vectors at a model that does not take all of it. Dropped is what makes no other vector;
// whatever would is refused.

import type { EmbeddingRequest, VectorEncoding } from '../core/embeddings.ts';
import { kindOfInput } from '../core/embeddings.ts';
import { unsupported } from '../core/failure.ts';
import type { JsonObject } from '../core/json.ts';
import type { Loss } from './dialect.ts';
import type { EmbeddingsFormat, EmbeddingsTraits } from './embeddings-format.ts';
import { createLosses, type Losses } from './losses.ts';
import { isMissed, told } from './told.ts';

export type FittedEmbeddings = {
  readonly request: EmbeddingRequest;
  /** How the vectors are to come. */
  readonly ask: VectorEncoding;
  readonly losses: readonly Loss[];
};

/** `place`: how the model is called in an error. Throws `GatewayError` unsupported. */
export function fitEmbeddings(
  request: EmbeddingRequest,
  { extensions }: Pick<EmbeddingsFormat, 'extensions'>,
  traits: EmbeddingsTraits,
  place: string,
): FittedEmbeddings {
  const losses = createLosses();
  refuseInputs(request, traits, place);
  refuseDimensions(request, traits, place);
  const { inputType: _type, user: _user, ...others } = request;
  const fitted: EmbeddingRequest = {
    ...others,
    ...told({
      inputType: fitInputType(request, traits, place, losses),
      user: traits.user ? request.user : drop('user', request.user, losses),
    }),
    extensions: fitExtensions(request.extensions, extensions, losses),
  };
  return { request: fitted, ask: fitEncoding(request, traits, place, losses), losses: losses.list() };
}

function refuseInputs({ inputs }: EmbeddingRequest, traits: EmbeddingsTraits, place: string): void {
  const strange = inputs.map(kindOfInput).find((kind) => !traits.inputs.includes(kind));
  if (strange !== undefined) throw unsupported(`${place} does not take ${INPUT_NAMES[strange]}`, 'input');
}

const INPUT_NAMES = { text: 'texts', tokens: 'arrays of tokens', parts: 'inputs of several parts' } as const;

function refuseDimensions({ dimensions }: EmbeddingRequest, traits: EmbeddingsTraits, place: string): void {
  if (dimensions === undefined || traits.dimensions === 'any') return;
  if (traits.dimensions === 'none') throw unsupported(`${place} has vectors of one size only`, 'dimensions');
  if (traits.dimensions.includes(dimensions)) return;
  throw unsupported(`${place} has vectors of ${traits.dimensions.join(', ')} dimensions`, 'dimensions');
}

function fitInputType(
  { inputType }: EmbeddingRequest,
  { inputTypes }: EmbeddingsTraits,
  place: string,
  losses: Losses,
): string | undefined {
  if (inputTypes === 'any') return inputType;
  if (inputTypes === 'none') return drop('input_type', inputType, losses);
  if (inputType === undefined) return inputTypes.usual;
  if (inputTypes.words.includes(inputType)) return inputType;
  throw unsupported(`${place} knows the input types ${inputTypes.words.join(', ')}`, 'input_type');
}

/** Numbers and float32 can be made of each other, and of signed bytes; then the vectors are no finer than those. */
function fitEncoding(
  { encoding }: EmbeddingRequest,
  { encodings }: EmbeddingsTraits,
  place: string,
  losses: Losses,
): VectorEncoding {
  const wanted = encoding ?? 'float';
  const native = encodings.find((known) => known === wanted);
  if (native !== undefined) return native;
  const makeable = encodings.find((known) => known !== 'base64_binary');
  if (makeable === undefined || (wanted !== 'float' && wanted !== 'base64'))
    throw unsupported(`${place} has no vectors in this encoding`, 'encoding_format');
  if (makeable === 'base64_int8' && encoding !== undefined) losses.add('emulated', 'encoding_format');
  return makeable;
}

function fitExtensions(
  extensions: JsonObject,
  known: readonly string[] | undefined,
  losses: Losses,
): JsonObject {
  if (known === undefined) return extensions;
  const kept: Record<string, JsonObject[string]> = {};
  for (const [field, value] of Object.entries(extensions)) {
    if (known.includes(field)) kept[field] = value;
    else drop(field, value, losses);
  }
  return kept;
}

function drop(field: string, value: unknown, losses: Losses): undefined {
  if (isMissed(value)) losses.add('dropped', field);
}
