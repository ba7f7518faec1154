// A picture without a model: one pixel, always the same. https://platform.openai.com/docs/api-reference/images/object

import { asNumber, asString, type JsonObject } from '../../core/json.ts';
import { tokensIn } from './answer.ts';
import { invalid, type Refused } from './wire-error.ts';

/** As OpenAI has it. */
const COUNT_MAX = 10;
const PIXEL_PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

export function paint(asked: JsonObject): JsonObject | Refused {
  const count = asNumber(asked['n']) ?? 1;
  if (count > COUNT_MAX) return { refused: invalid(`n must be 1 to ${COUNT_MAX}`, 'n') };
  const input = tokensIn(asString(asked['prompt']) ?? '');
  return {
    created: 0,
    data: Array.from({ length: count }, () => ({ b64_json: PIXEL_PNG })),
    output_format: 'png',
    usage: { input_tokens: input, output_tokens: count, total_tokens: input + count },
  };
}
