// JSON Schema in the subset that Cohere enforces; a schema with anything else in it is a 400. What the subset lacks moves
// into descriptions, where the model still reads it.
// https://docs.cohere.com/docs/structured-outputs#unsupported-schema-features

import { isObject, type Json, type JsonObject } from '../../core/json.ts';

export type FittedSchema = {
  readonly schema: JsonObject;
  /** Something that the schema asked for is no longer enforced. */
  readonly isLooser: boolean;
};

/** `undefined`: the subset cannot say it at all. At the root it wants an object with a field that is required. */
export function fitSchema(schema: JsonObject): FittedSchema | undefined {
  const state = { isLooser: false };
  const fitted = fit(schema, state);
  const { type, properties, required } = fitted;
  const [first] = isObject(properties) ? Object.keys(properties) : [];
  if (type !== 'object' || first === undefined) return undefined;
  if (Array.isArray(required) && required.length > 0) return { schema: fitted, isLooser: state.isLooser };
  // Stricter than what was asked, and what it admits is what was asked.
  return { schema: { ...fitted, required: [first] }, isLooser: true };
}

const UNENFORCED: ReadonlySet<string> = new Set([
  'allOf',
  'not',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'uniqueItems',
  'contains',
  'minContains',
  'maxContains',
  'prefixItems',
  'additionalItems',
  'minProperties',
  'maxProperties',
  'patternProperties',
  'propertyNames',
  'dependentRequired',
  'dependentSchemas',
  'unevaluatedProperties',
  'unevaluatedItems',
  'if',
  'then',
  'else',
]);
const FORMATS: readonly Json[] = ['date-time', 'uuid', 'date', 'time'];
const SCHEMA_MAPS: ReadonlySet<string> = new Set(['properties', '$defs', 'definitions']);

type State = { isLooser: boolean };

function fit(given: JsonObject, state: State): JsonObject {
  const schema = unwrapped(given);
  const fitted: Record<string, Json | undefined> = {};
  const unenforced: string[] = [];
  for (const [keyword, value] of Object.entries(schema)) {
    if (keyword === '$schema' || value === undefined) continue;
    if (!isEnforced(keyword, value)) unenforced.push(`${keyword}: ${JSON.stringify(value)}`);
    else if (keyword === 'oneOf') fitted['anyOf'] = fitAll(value, state);
    else fitted[keyword] = fitValue(keyword, value, state);
  }
  if (unenforced.length === 0) return fitted;
  state.isLooser = true;
  const { description } = fitted;
  const before = typeof description === 'string' && description !== '' ? `${description} ` : '';
  return { ...fitted, description: `${before}(${unenforced.join(', ')})` };
}

/** Generators write a reference with something beside it as an `allOf` of one. */
function unwrapped(schema: JsonObject): JsonObject {
  const { allOf, ...rest } = schema;
  const [only, ...others]: readonly Json[] = Array.isArray(allOf) ? allOf : [];
  return isObject(only) && others.length === 0 ? { ...only, ...rest } : schema;
}

function isEnforced(keyword: string, value: Json): boolean {
  if (keyword === 'format') return FORMATS.includes(value);
  // Neither anchors nor a look around.
  if (keyword === 'pattern') return typeof value === 'string' && !/[\^$]|\(\?[=!<]/.test(value);
  return !UNENFORCED.has(keyword);
}

function fitValue(keyword: string, value: Json, state: State): Json {
  if (keyword === 'anyOf') return fitAll(value, state);
  if (keyword === 'items' || keyword === 'additionalProperties') return fitOne(value, state);
  if (!SCHEMA_MAPS.has(keyword) || !isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, schema]) => [
      name,
      schema === undefined ? undefined : fitOne(schema, state),
    ]),
  );
}

function fitAll(value: Json, state: State): Json {
  return Array.isArray(value) ? value.map((schema: Json) => fitOne(schema, state)) : value;
}

function fitOne(value: Json, state: State): Json {
  return isObject(value) ? fit(value, state) : value;
}
