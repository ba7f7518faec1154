// Vectors without a model: the same text always has the same one, of length 1, and another text has another.
// https://platform.openai.com/docs/api-reference/embeddings/object

import { asNumber, type Json, type JsonObject } from '../../core/json.ts';
import { writeFloat32 } from '../../core/vector.ts';
import { tokensIn } from './answer.ts';
import { invalid, type Refused } from './wire-error.ts';

const DIMENSIONS_USUAL = 64;
/** Every vector of a request is in memory. */
const DIMENSIONS_MAX = 4096;

export function embed(asked: JsonObject): JsonObject | Refused {
  const dimensions = asNumber(asked['dimensions']) ?? DIMENSIONS_USUAL;
  if (dimensions > DIMENSIONS_MAX)
    return { refused: invalid(`dimensions must be 1 to ${DIMENSIONS_MAX}`, 'dimensions') };
  const texts = inputsOf(asked['input']).map((input) =>
    typeof input === 'string' ? input : JSON.stringify(input),
  );
  const tokens = texts.reduce((sum, text) => sum + tokensIn(text), 0);
  return {
    object: 'list',
    data: texts.map((text, index) => {
      const values = vectorOf(text, dimensions);
      const embedding = asked['encoding_format'] === 'base64' ? writeFloat32(values) : values;
      return { object: 'embedding', index, embedding };
    }),
    model: asked['model'],
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  };
}

function inputsOf(input: Json | undefined): readonly Json[] {
  if (!Array.isArray(input)) return [input ?? ''];
  return typeof input[0] === 'number' ? [input] : input;
}

function vectorOf(text: string, dimensions: number): readonly number[] {
  let state = seedOf(text);
  const values = Array.from({ length: dimensions }, () => {
    state = step(state);
    return state / 2 ** 31 - 1;
  });
  const length = Math.hypot(...values);
  return length === 0 ? values : values.map((value) => value / length);
}

/** FNV-1a: http://www.isthe.com/chongo/tech/comp/fnv/ */
function seedOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

/** xorshift32 over a number that is never 0. https://www.jstatsoft.org/article/view/v008i14 */
function step(state: number): number {
  let next = state === 0 ? 1 : state;
  next ^= next << 13;
  next ^= next >>> 17;
  next ^= next << 5;
  return next >>> 0;
}
