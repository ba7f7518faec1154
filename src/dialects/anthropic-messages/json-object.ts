// The question of `isObject`, asked of what is known to be JSON.

import { isObject, type JsonObject } from '../../core/json.ts';

/** For values that were parsed from JSON alone: an object among them holds nothing else. */
export function isJsonObject(value: unknown): value is JsonObject {
  return isObject(value);
}
