// The answer in a reply or a chunk of OpenAI's making, chat or text.

import { asNumber, type JsonObject } from '../core/json.ts';
import { asList, asObject } from './json-access.ts';

/** Only the first answer is read: where a caller may ask for several, the bytes are passed through. */
export function firstChoice(chunk: JsonObject): JsonObject | undefined {
  for (const element of asList(chunk['choices'])) {
    const choice = asObject(element);
    if (choice !== undefined && (asNumber(choice['index']) ?? 0) === 0) return choice;
  }
  return undefined;
}
