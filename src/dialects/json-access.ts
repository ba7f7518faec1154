// Looking into JSON that nobody has checked: replies of providers, where any field may be missing or anything.

import { isObject, type Json, type JsonObject } from '../core/json.ts';

export function asObject(value: unknown): JsonObject | undefined {
  return isObject(value) ? (value as JsonObject) : undefined;
}

/** The elements of an array; none when it is anything else, such as the string "None" of a Python server. */
export function asList(value: unknown): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : NOTHING;
}

/** The value if it is a string with something in it. */
export function asFilled(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

const NOTHING: readonly Json[] = [];
