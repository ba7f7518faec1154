// Objects as they lie on the wire. None is closed: a field that a shape does not name passes, because callers may be ahead
// of us. What becomes of such a field depends on the shape: its reader keeps it, or it is known to be unread.

import * as z from 'zod/mini';

import { isObject, type Json, type JsonObject } from '../core/json.ts';
import { isMissed } from './told.ts';

export const anything = z.custom<Json>();
export const anyObject = z.custom<JsonObject>(isObject, 'an object');
export const text = z.nullish(z.string());
export const number = z.nullish(z.number());
export const wholeNumber = z.nullish(z.int());
export const flag = z.nullish(z.boolean());

/** The reader keeps the fields that are not named. */
export function open<Shape extends z.core.$ZodShape>(shape: Shape) {
  return z.catchall(z.object(shape), anything);
}

/** The reader takes the fields that are named; those that it leaves are noted while the object is checked. */
export function picked<Shape extends z.core.$ZodShape>(shape: Shape) {
  return open(shape).check(({ value }) => {
    for (const name of Object.keys(value)) {
      if (!Object.hasOwn(shape, name) && isMissed(value[name])) note(value, name);
    }
  });
}

/** What a schema with named `type`s does not know, kept whole. */
export function otherThan(known: readonly string[], wanted: string) {
  const isOther = (value: unknown): boolean =>
    isObject(value) && typeof value['type'] === 'string' && !known.includes(value['type']);
  return z.pipe(
    z.custom<JsonObject>(isOther, wanted),
    z.transform((block) => ({ type: 'other' as const, block })),
  );
}

/**
 * Runs a check, which has no pause, and tells what is left unread of the value that it makes: paths without places,
 * `messages.content.detail`, each once.
 */
export function collectUnread<Value>(check: () => Value): {
  readonly value: Value;
  readonly unread: readonly string[];
} {
  try {
    const value = check();
    const paths = new Set<string>();
    if (unread.size > 0) gatherPaths(value, '', paths);
    return { value, unread: [...paths] };
  } finally {
    unread.clear();
  }
}

/** By object, for as long as one check takes. Beside the objects, so that what is read stays what was sent. */
const unread = new Map<object, string[]>();

function note(object: object, name: string): void {
  const names = unread.get(object);
  if (names === undefined) unread.set(object, [name]);
  else names.push(name);
}

function gatherPaths(value: unknown, path: string, paths: Set<string>): void {
  if (Array.isArray(value)) {
    for (const element of value) gatherPaths(element, path, paths);
  } else if (isObject(value)) {
    for (const name of unread.get(value) ?? []) paths.add(path + name);
    for (const [name, field] of Object.entries(value)) gatherPaths(field, `${path}${name}.`, paths);
  }
}
