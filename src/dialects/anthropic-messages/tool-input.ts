// The input of a tool call: here an object, in our vocabulary the JSON text of one as some model wrote it.

import type { Json, JsonObject } from '../../core/json.ts';
import { isJsonObject } from './json-object.ts';

export type ToolInput = {
  readonly value: JsonObject;
  /** The text was an object, or nothing at all. */
  readonly isWhole: boolean;
};

/** Never throws: what is no object goes into one, so that a slip of one model does not make a history unusable. */
export function parseArguments(text: string): ToolInput {
  const trimmed = text.trim();
  if (trimmed === '' || trimmed === 'null') return { value: {}, isWhole: true };
  const parsed = parse(trimmed);
  if (parsed === undefined) return { value: { rawInvalidInput: text }, isWhole: false };
  return isJsonObject(parsed)
    ? { value: parsed, isWhole: true }
    : { value: { rawInvalidInput: parsed }, isWhole: false };
}

function parse(text: string): Json | undefined {
  try {
    const value: Json = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}
