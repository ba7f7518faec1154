// An error where an answer should be: in a chunk of a stream or a JSON body that came with status 200.

import type { JsonObject } from '../core/json.ts';
import { firstChoice } from './openai-choice.ts';
import { asFilled, asObject } from './json-access.ts';

/** The body of the error, for `readError`; `undefined` when there is none. */
export function errorIn(reply: JsonObject): JsonObject | undefined {
  if (isError(reply['error']) || reply['object'] === 'error') return reply;
  const choice = firstChoice(reply);
  if (choice === undefined) return undefined;
  // https://openrouter.ai/docs/api-reference/errors: the choice that failed says so itself, or only by its reason.
  if (isError(choice['error'])) return { error: choice['error'] };
  return choice['finish_reason'] === 'error' ? {} : undefined;
}

/** Servers in Python write `None` for "no error". */
function isError(value: JsonObject[string]): boolean {
  return asObject(value) !== undefined || (asFilled(value) ?? 'None') !== 'None';
}
