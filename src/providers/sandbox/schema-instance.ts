// A small value that a JSON Schema accepts, always the same. Honours `const`, `enum`, `type`, `properties`, `required`,
// `items`, `prefixItems`, `minItems`, bounds of strings and numbers, `multipleOf`, common formats, `$ref` within the
// document, `allOf`, and one branch of `anyOf` and `oneOf`. Not `pattern`, `not`, `if`, `uniqueItems`.

import { asNumber, asString, isObject, type Json, type JsonObject } from '../../core/json.ts';
import { list } from './list.ts';

/** A schema that requires itself has no end: after so many steps everything is `null`. */
const STEPS_MAX = 500;
const LENGTH_MAX = 10_000;

export function schemaInstance(root: Json | undefined): Json {
  let steps = 0;
  return build(root, 'text');

  /** `name`: what a string says when nothing else is asked of it. `{ "city": "city" }` reads better than an empty one. */
  function build(given: Json | undefined, name: string): Json {
    const schema = flatten(given);
    if (schema['const'] !== undefined) return schema['const'];
    const [first] = list(schema['enum']);
    if (first !== undefined) return first;
    switch (typeOf(schema)) {
      case 'object':
        return buildObject(schema);
      case 'array':
        return buildArray(schema, name);
      case 'string':
        return stringInstance(schema, name);
      case 'number':
        return numberInstance(schema, undefined);
      case 'integer':
        return numberInstance(schema, 1);
      case 'boolean':
        return false;
      case 'null':
        return null;
    }
  }

  function buildObject({ properties, required }: JsonObject): JsonObject {
    const known = isObject(properties) ? properties : {};
    const names = list(required).filter((name) => typeof name === 'string');
    return Object.fromEntries(
      names.map((name) => [name, build(Object.hasOwn(known, name) ? known[name] : {}, name)]),
    );
  }

  function buildArray({ prefixItems, items, minItems }: JsonObject, name: string): Json {
    const length = Math.min(asNumber(minItems) ?? 0, STEPS_MAX);
    return Array.from({ length }, (_, index) => build(list(prefixItems)[index] ?? items, name));
  }

  /** One schema for everything that must hold at once: its own keywords, its reference, `allOf`, a branch of each choice. */
  function flatten(given: Json | undefined): JsonObject {
    steps += 1;
    if (steps > STEPS_MAX) return { const: null };
    if (!isObject(given)) return {};
    const { $ref, allOf, anyOf, oneOf, ...own } = given;
    const referred = typeof $ref === 'string' ? [follow($ref, root)] : [];
    return [...referred, ...list(allOf), ...simplest(anyOf), ...simplest(oneOf)]
      .map(flatten)
      .reduce(merge, own);
  }
}

/** The branch that does not refer to another schema, if there is one: a recursive type ends there. */
function simplest(branches: Json | undefined): readonly Json[] {
  const all = list(branches);
  const flat = all.find((branch) => isObject(branch) && branch['$ref'] === undefined);
  return [flat ?? all[0]].filter((branch) => branch !== undefined);
}

/** `#/$defs/name`: a JSON Pointer, RFC 6901. */
function follow(reference: string, root: Json | undefined): Json | undefined {
  const path = reference.split('/').slice(1);
  return path.reduce<Json | undefined>((found, step) => {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    return isObject(found) && Object.hasOwn(found, key) ? found[key] : undefined;
  }, root);
}

function merge(schema: JsonObject, other: JsonObject): JsonObject {
  const properties = { ...propertiesOf(schema), ...propertiesOf(other) };
  const required = [...list(schema['required']), ...list(other['required'])];
  return {
    ...schema,
    ...other,
    ...(Object.keys(properties).length === 0 ? {} : { properties }),
    ...(required.length === 0 ? {} : { required }),
  };
}

function propertiesOf({ properties }: JsonObject): JsonObject | undefined {
  return isObject(properties) ? properties : undefined;
}

const types = ['object', 'array', 'string', 'number', 'integer', 'boolean', 'null'] as const;
type SchemaType = (typeof types)[number];

/** The first type that it names; for one that names none, the type that its keywords speak of. */
function typeOf(schema: JsonObject): SchemaType {
  const named = [schema['type'], ...list(schema['type'])].find(isType);
  if (named !== undefined) return named;
  const has = (...keywords: readonly string[]) => keywords.some((keyword) => schema[keyword] !== undefined);
  if (has('properties', 'required')) return 'object';
  if (has('items', 'prefixItems', 'minItems')) return 'array';
  return has('minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf')
    ? 'number'
    : 'string';
}

function isType(value: Json | undefined): value is SchemaType {
  return types.some((type) => type === value);
}

const formats = new Map([
  ['date-time', '2026-01-01T00:00:00Z'],
  ['date', '2026-01-01'],
  ['time', '00:00:00Z'],
  ['duration', 'PT1S'],
  ['email', 'someone@example.com'],
  ['hostname', 'example.com'],
  ['uri', 'https://example.com/'],
  ['ipv4', '192.0.2.1'],
  ['ipv6', '2001:db8::1'],
  ['uuid', '00000000-0000-4000-8000-000000000000'],
]);

function stringInstance({ format, minLength, maxLength }: JsonObject, name: string): string {
  const text = formats.get(asString(format) ?? '') ?? name;
  const lengthMin = Math.min(asNumber(minLength) ?? 0, LENGTH_MAX);
  return text.padEnd(lengthMin, '.').slice(0, asNumber(maxLength));
}

/** 0 where that is allowed, otherwise the allowed number nearest to it. */
function numberInstance(schema: JsonObject, unit: number | undefined): number {
  const step = asNumber(schema['multipleOf']) ?? unit;
  const low = bound(schema['minimum'], schema['exclusiveMinimum'], Math.max);
  const high = bound(schema['maximum'], schema['exclusiveMaximum'], Math.min);
  if (low !== undefined && (low.value > 0 || (low.value === 0 && low.exclusive)))
    return nearest(low, high?.value, step);
  if (high !== undefined && (high.value < 0 || (high.value === 0 && high.exclusive))) {
    return -nearest({ ...high, value: -high.value }, low === undefined ? undefined : -low.value, step);
  }
  return 0;
}

type Bound = { readonly value: number; readonly exclusive: boolean };

function bound(
  inclusive: Json | undefined,
  exclusive: Json | undefined,
  tighter: (a: number, b: number) => number,
): Bound | undefined {
  const [at, beyond] = [asNumber(inclusive), asNumber(exclusive)];
  if (beyond === undefined) return at === undefined ? undefined : { value: at, exclusive: false };
  if (at === undefined || tighter(at, beyond) === beyond) return { value: beyond, exclusive: true };
  return { value: at, exclusive: false };
}

/** The first number from `low` upwards; between two bounds without a step, the middle. */
function nearest({ value, exclusive }: Bound, high: number | undefined, step: number | undefined): number {
  if (step === undefined) return exclusive ? (value + (high ?? value + 2)) / 2 : value;
  const multiple = Math.ceil(value / step) * step;
  return exclusive && multiple === value ? multiple + step : multiple;
}
