// JSON Schema in the subset that OpenAI's strict mode enforces: every object is closed, and every property of it required.
// https://platform.openai.com/docs/guides/structured-outputs#supported-schemas

import { isObject, type Json, type JsonObject } from '../core/json.ts';

/**
 * `undefined` where strict mode would ask for something else: an optional property would have to be made up, an open map
 * would stay empty. Whatever is valid against the result is valid against the schema.
 */
export function strictSchema(schema: JsonObject): JsonObject | undefined {
  const strict: Record<string, Json> = {};
  for (const [keyword, value] of Object.entries(schema)) {
    if (value === undefined || ANNOTATIONS.has(keyword)) continue;
    const written = writeKeyword(keyword, value);
    if (written === undefined) return undefined;
    strict[keyword === 'oneOf' ? 'anyOf' : keyword] = written;
  }
  if (!DEFINING.some((keyword) => strict[keyword] !== undefined)) return undefined;
  if (isArray(strict) && strict['items'] === undefined) return undefined;
  return describesObject(strict) ? closed(strict) : strict;
}

/** They bind nobody, and strict mode answers some of them with 400. */
const ANNOTATIONS: ReadonlySet<string> = new Set([
  '$schema',
  '$id',
  '$comment',
  'default',
  'examples',
  'deprecated',
  'readOnly',
  'writeOnly',
]);
/** Without one of these a schema takes any value, which strict mode does not. */
const DEFINING: readonly string[] = ['type', 'properties', 'anyOf', 'enum', 'const', '$ref'];
const AS_THEY_ARE: ReadonlySet<string> = new Set([
  'type',
  'title',
  'description',
  'required',
  'additionalProperties',
  'enum',
  'const',
  '$ref',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minItems',
  'maxItems',
]);
const FORMATS: readonly Json[] = [
  'date-time',
  'time',
  'date',
  'duration',
  'email',
  'hostname',
  'ipv4',
  'ipv6',
  'uuid',
];

function writeKeyword(keyword: string, value: Json): Json | undefined {
  if (AS_THEY_ARE.has(keyword)) return value;
  switch (keyword) {
    case 'items':
      return writeOne(value);
    case 'anyOf':
    case 'oneOf':
      return Array.isArray(value) ? allOrNothing(value.map(writeOne)) : undefined;
    case 'properties':
    case '$defs':
    case 'definitions':
      return writeMap(value);
    case 'format':
      return FORMATS.includes(value) ? value : undefined;
    case 'pattern':
      // "Lookarounds are not supported."
      return typeof value === 'string' && !/\(\?<?[=!]/.test(value) ? value : undefined;
    default:
      return undefined;
  }
}

function writeOne(value: Json): Json | undefined {
  return isObject(value) ? strictSchema(value) : undefined;
}

function writeMap(value: Json): Json | undefined {
  if (!isObject(value)) return undefined;
  const names = Object.keys(value);
  const schemas = allOrNothing(Object.values(value).map((schema) => writeOne(schema ?? null)));
  return schemas && Object.fromEntries(names.map((name, place) => [name, schemas[place]]));
}

function allOrNothing(values: readonly (Json | undefined)[]): readonly Json[] | undefined {
  const written = values.filter((value) => value !== undefined);
  return written.length === values.length ? written : undefined;
}

function isArray({ type }: JsonObject): boolean {
  return type === 'array' || (Array.isArray(type) && type.includes('array'));
}

function describesObject({ type, properties }: JsonObject): boolean {
  return type === 'object' || properties !== undefined || (Array.isArray(type) && type.includes('object'));
}

function closed(schema: JsonObject): JsonObject | undefined {
  const { properties, required, additionalProperties } = schema;
  if (additionalProperties !== undefined && additionalProperties !== false) return undefined;
  if (properties === undefined && additionalProperties === undefined) return undefined;
  const names = isObject(properties) ? Object.keys(properties) : [];
  const listed: readonly Json[] = Array.isArray(required) ? required : [];
  if (!names.every((name) => listed.includes(name))) return undefined;
  return {
    ...schema,
    type: schema['type'] ?? 'object',
    properties: properties ?? {},
    required: names,
    additionalProperties: false,
  };
}
