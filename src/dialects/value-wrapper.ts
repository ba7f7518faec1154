// A list, a union or a bare value inside an object: providers enforce a schema only where its root is an object. The
// model answers `{"value": …}`, and the caller gets what is inside, as it comes.
// https://platform.openai.com/docs/guides/structured-outputs#supported-schemas

import { isObject, type Json, type JsonObject } from '../core/json.ts';
import { createUnwrapping, HELD_CHARS_MAX, type Begun, type TextRevision } from './text-revision.ts';

/** The root is, or may be, something other than an object. One that says nothing at all is left to the provider. */
export function needsWrapper(schema: JsonObject): boolean {
  const { type, properties } = schema;
  if (UNIONS.some((keyword) => schema[keyword] !== undefined)) return true;
  if (type !== undefined) return type !== 'object';
  return properties === undefined && VALUES.some((keyword) => schema[keyword] !== undefined);
}

const UNIONS = ['anyOf', 'oneOf', 'allOf'] as const;
const VALUES = ['$ref', 'enum', 'const', 'items'] as const;

export function wrapSchema(schema: JsonObject): JsonObject {
  const { $schema: _dialect, $defs, definitions, ...value } = schema;
  const shared = { ...(isObject($defs) ? { $defs } : {}), ...(isObject(definitions) ? { definitions } : {}) };
  return {
    type: 'object',
    properties: { value: moveRefs(value) },
    required: ['value'],
    additionalProperties: false,
    ...moveAllRefs(shared),
  };
}

/** Where what stood at the root stands now. */
const ROOT = '#/properties/value';

/** Keywords with values in them, in which nothing is a reference. */
const LITERALS: ReadonlySet<string> = new Set(['const', 'enum', 'default', 'examples']);

function moveRefs(json: Json): Json {
  if (Array.isArray(json)) return json.map(moveRefs);
  return isObject(json) ? moveAllRefs(json) : json;
}

function moveAllRefs(schema: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(schema).map(([keyword, value]) => [
      keyword,
      value === undefined || LITERALS.has(keyword)
        ? value
        : keyword === '$ref' && typeof value === 'string'
          ? moveRef(value)
          : moveRefs(value),
    ]),
  );
}

function moveRef(ref: string): string {
  const isMoved = ref === '#' || (ref.startsWith('#/') && !/^#\/(?:\$defs|definitions)\//.test(ref));
  return isMoved ? ROOT + ref.slice(1) : ref;
}

const OPENING = '{"value":';

/** Text that is no such object passes as it is. */
export function createUnwrapper(): TextRevision {
  return createUnwrapping({ begin, closingAt, end: withoutLastBrace });
}

function begin(held: string): Begun | undefined {
  const compact = held.replaceAll(/\s+/g, '');
  const isUnclear = compact.length < OPENING.length && OPENING.startsWith(compact);
  if (isUnclear && held.length <= HELD_CHARS_MAX) return undefined;
  const [opening] = /^\s*\{\s*"value"\s*:/.exec(held) ?? [];
  return opening === undefined
    ? { state: 'plain', rest: held }
    : { state: 'within', rest: held.slice(opening.length) };
}

function withoutLastBrace(held: string): string {
  const last = held.lastIndexOf('}');
  return last === -1 ? held : held.slice(0, last).trimEnd();
}

/** White space and braces at the end may be all that is left. */
function closingAt(text: string): number {
  let at = text.length;
  while (at > 0 && isClosing(text[at - 1] ?? '')) at -= 1;
  return at;
}

function isClosing(character: string): boolean {
  return character === '}' || character.trim() === '';
}
