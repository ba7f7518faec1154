// JSON Schema in the subset that Claude's structured outputs enforce. What the subset lacks moves into descriptions,
// where the model still reads it. https://docs.anthropic.com/en/docs/build-with-claude/structured-outputs

import type { Json, JsonObject } from '../../core/json.ts';
import { isJsonObject } from './json-object.ts';

export type ClosedSchema = {
  readonly schema: JsonObject;
  /** Something that the schema asked for is no longer enforced, or no longer possible. */
  readonly isLooser: boolean;
};

export function closeSchema(schema: JsonObject): ClosedSchema {
  const state = { isLooser: false };
  return { schema: close(schema, state), isLooser: state.isLooser };
}

/** More than 24 optional properties, or a schema that contains itself, are a 400. */
export function isCompilable(schema: JsonObject): boolean {
  return countOptional(schema) <= OPTIONAL_MAX && !isRecursive(schema);
}

const OPTIONAL_MAX = 24;

function countOptional(json: Json | undefined): number {
  if (Array.isArray(json)) return json.reduce((sum: number, item: Json) => sum + countOptional(item), 0);
  if (!isJsonObject(json)) return 0;
  const { properties, required } = json;
  const listed: readonly Json[] = Array.isArray(required) ? required : [];
  const own = isJsonObject(properties)
    ? Object.keys(properties).filter((name) => !listed.includes(name)).length
    : 0;
  return Object.values(json).reduce((sum: number, value) => sum + countOptional(value), own);
}

/** Follows the references of each definition; one to the root, or to what is none, is taken for a circle. */
function isRecursive(schema: JsonObject): boolean {
  const { $defs, definitions, ...root } = schema;
  const places = new Map<string, readonly string[]>([
    ['#', refsIn(root)],
    ...refsOf('#/$defs/', $defs),
    ...refsOf('#/definitions/', definitions),
  ]);
  const returns = (ref: string, path: readonly string[]): boolean => {
    const refs = places.get(ref);
    if (refs === undefined || path.includes(ref)) return true;
    return refs.some((next) => returns(next, [...path, ref]));
  };
  return [...places.keys()].some((ref) => returns(ref, []));
}

function refsOf(
  prefix: string,
  definitions: Json | undefined,
): readonly (readonly [string, readonly string[]])[] {
  return isJsonObject(definitions)
    ? Object.entries(definitions).map(([name, schema]) => [prefix + name, refsIn(schema)] as const)
    : [];
}

function refsIn(json: Json | undefined): readonly string[] {
  if (Array.isArray(json)) return json.flatMap(refsIn);
  if (!isJsonObject(json)) return [];
  const { $ref } = json;
  return [...(typeof $ref === 'string' ? [$ref] : []), ...Object.values(json).flatMap(refsIn)];
}

const UNENFORCED: ReadonlySet<string> = new Set([
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'pattern',
  'minItems',
  'maxItems',
  'uniqueItems',
  'contains',
  'minContains',
  'maxContains',
  'minProperties',
  'maxProperties',
  'patternProperties',
  'propertyNames',
  'dependentRequired',
  'dependentSchemas',
  'unevaluatedProperties',
  'unevaluatedItems',
  'additionalItems',
  'if',
  'then',
  'else',
  'not',
]);
const FORMATS: readonly Json[] = [
  'date-time',
  'time',
  'date',
  'duration',
  'email',
  'hostname',
  'uri',
  'ipv4',
  'ipv6',
  'uuid',
];
const SCHEMA_MAPS: ReadonlySet<string> = new Set(['properties', '$defs', 'definitions']);
const SCHEMA_LISTS: ReadonlySet<string> = new Set(['anyOf', 'allOf', 'prefixItems']);

type State = { isLooser: boolean };

function close(schema: JsonObject, state: State): JsonObject {
  const closed: Record<string, Json | undefined> = {};
  const unenforced: string[] = [];
  for (const [keyword, value] of Object.entries(schema)) {
    if (keyword === '$schema' || value === undefined) continue;
    if (UNENFORCED.has(keyword) || (keyword === 'format' && !FORMATS.includes(value))) {
      unenforced.push(`${keyword}: ${JSON.stringify(value)}`);
    } else if (keyword === 'oneOf') {
      closed['anyOf'] = closeAll(value, state);
    } else {
      closed[keyword] = closeValue(keyword, value, state);
    }
  }
  if (unenforced.length > 0) {
    state.isLooser = true;
    const { description } = closed;
    const before = typeof description === 'string' && description !== '' ? `${description} ` : '';
    closed['description'] = `${before}(${unenforced.join(', ')})`;
  }
  return describesObject(closed) ? withoutOthers(closed, state) : closed;
}

function closeValue(keyword: string, value: Json, state: State): Json {
  if (SCHEMA_LISTS.has(keyword)) return closeAll(value, state);
  if (keyword === 'items') return closeOne(value, state);
  if (!SCHEMA_MAPS.has(keyword) || !isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, schema]) => [
      name,
      schema === undefined ? undefined : closeOne(schema, state),
    ]),
  );
}

function closeAll(value: Json, state: State): Json {
  return Array.isArray(value) ? value.map((schema: Json) => closeOne(schema, state)) : value;
}

function closeOne(value: Json, state: State): Json {
  return isJsonObject(value) ? close(value, state) : value;
}

function describesObject({ type, properties }: JsonObject): boolean {
  return type === 'object' || properties !== undefined || (Array.isArray(type) && type.includes('object'));
}

/** Every object must name all of its fields: one that is meant as an open map can only stay empty. */
function withoutOthers(schema: JsonObject, state: State): JsonObject {
  const { additionalProperties, properties } = schema;
  if (additionalProperties === false) return schema;
  if (additionalProperties !== undefined || properties === undefined) state.isLooser = true;
  return { ...schema, additionalProperties: false };
}
