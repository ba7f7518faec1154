import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { isObject, type Json, type JsonObject } from '../../../../src/core/json.ts';
import { schemaInstance } from '../../../../src/providers/sandbox/schema-instance.ts';

describe('schemaInstance', () => {
  it('makes an instance of every simple schema', () => {
    fc.assert(
      fc.property(simpleSchema, (schema) => {
        expect(accepts(schema, schemaInstance(schema))).toBe(true);
      }),
    );
  });

  it('makes the same instance every time', () => {
    fc.assert(
      fc.property(simpleSchema, (schema) => {
        expect(schemaInstance(schema)).toEqual(schemaInstance(schema));
      }),
    );
  });

  it('ends and stays JSON for anything that is given as a schema', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const given: Json = JSON.parse(JSON.stringify(value));
        const instance = schemaInstance(given);
        expect(JSON.parse(JSON.stringify(instance))).toEqual(instance);
      }),
    );
  });

  it('names strings after their property', () => {
    const schema = object({ city: { type: 'string' }, days: { type: 'integer', minimum: 1 } }, [
      'city',
      'days',
    ]);
    expect(schemaInstance(schema)).toEqual({ city: 'city', days: 1 });
  });

  it('leaves out what is not required', () => {
    expect(schemaInstance(object({ city: { type: 'string' } }, []))).toEqual({});
  });

  it('follows a reference and keeps what stands beside it', () => {
    const schema = {
      $defs: { place: object({ city: { type: 'string' } }, ['city']) },
      $ref: '#/$defs/place',
    };
    expect(schemaInstance(schema)).toEqual({ city: 'city' });
  });

  it('merges what must hold at once', () => {
    const schema = {
      allOf: [object({ a: { const: 1 } }, ['a']), object({ b: { enum: ['x', 'y'] } }, ['b'])],
    };
    expect(schemaInstance(schema)).toEqual({ a: 1, b: 'x' });
  });

  it('takes the branch at which a recursive type ends', () => {
    const list = object({ next: { anyOf: [{ $ref: '#' }, { type: 'null' }] } }, ['next']);
    expect(schemaInstance(list)).toEqual({ next: null });
  });

  it('ends for a schema that requires itself', () => {
    const tree = object({ left: { $ref: '#' }, right: { $ref: '#' } }, ['left', 'right']);
    expect(JSON.stringify(schemaInstance(tree)).length).toBeLessThan(100_000);
    expect(schemaInstance({ $ref: '#' })).toBe(null);
    expect(schemaInstance({ allOf: [{ $ref: '#' }, { $ref: '#' }] })).toBe(null);
  });

  it('asks no prototype for a property', () => {
    const schema: Json = JSON.parse('{"properties":{},"required":["__proto__","constructor"]}');
    expect(JSON.stringify(schemaInstance(schema))).toBe(
      '{"__proto__":"__proto__","constructor":"constructor"}',
    );
  });

  it.each([
    [{ type: 'number' }, 0],
    [{ minimum: 0.5 }, 0.5],
    [{ exclusiveMinimum: 0, exclusiveMaximum: 1 }, 0.5],
    [{ exclusiveMinimum: 0 }, 1],
    [{ maximum: -3 }, -3],
    [{ exclusiveMaximum: 0, minimum: -1 }, -0.5],
    [{ type: 'integer', exclusiveMinimum: 4 }, 5],
    [{ type: 'integer', minimum: 4, multipleOf: 3 }, 6],
    [{ type: 'integer', exclusiveMaximum: -6, multipleOf: 3 }, -9],
    [{ type: ['null', 'string'] }, null],
    [{ type: 'string', format: 'date' }, '2026-01-01'],
    [{ type: 'string', maxLength: 2 }, 'te'],
    [{ type: 'string', minLength: 6 }, 'text..'],
    [{ type: 'array', items: { type: 'boolean' }, minItems: 2 }, [false, false]],
    [{ prefixItems: [{ const: 'a' }, { const: 'b' }], minItems: 2 }, ['a', 'b']],
  ])('makes of %j the value %j', (schema, instance) => {
    expect(schemaInstance(schema)).toEqual(instance);
  });
});

function object(properties: JsonObject, required: readonly string[]): JsonObject {
  return { type: 'object', properties, required, additionalProperties: false };
}

const bounds = fc
  .tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: 2, max: 40 }))
  .map(([low, width]) => ({ low, high: low + width }));
const leaf: fc.Arbitrary<JsonObject> = fc.oneof(
  fc.constant({ type: 'boolean' }),
  fc.constant({ type: 'null' }),
  fc.array(fc.oneof(fc.integer(), fc.string()), { minLength: 1 }).map((values) => ({ enum: values })),
  fc
    .tuple(fc.nat(20), fc.nat(20))
    .map(([minLength, more]) => ({ type: 'string', minLength, maxLength: minLength + more })),
  bounds.map(({ low, high }) => ({ type: 'integer', minimum: low, maximum: high })),
  bounds.map(({ low, high }) => ({ type: 'number', exclusiveMinimum: low, exclusiveMaximum: high })),
  bounds.map(({ low, high }) => ({ type: 'integer', exclusiveMinimum: low, maximum: high, multipleOf: 2 })),
);
const { simpleSchema } = fc.letrec<{ simpleSchema: JsonObject }>((tie) => ({
  simpleSchema: fc.oneof(
    { maxDepth: 3 },
    leaf,
    fc.tuple(tie('simpleSchema'), fc.nat(3)).map(([items, minItems]) => ({ type: 'array', items, minItems })),
    fc.array(tie('simpleSchema'), { minLength: 1, maxLength: 3 }).map((anyOf) => ({ anyOf })),
    fc.dictionary(fc.string(), fc.tuple(tie('simpleSchema'), fc.boolean()), { maxKeys: 4 }).map((members) =>
      object(
        Object.fromEntries(Object.entries(members).map(([name, [schema]]) => [name, schema])),
        Object.entries(members).flatMap(([name, [, required]]) => (required ? [name] : [])),
      ),
    ),
  ),
}));

/** Written apart from the code under test, for the keywords of the generator only. */
function accepts(schema: JsonObject, value: Json): boolean {
  const { anyOf, enum: values, type } = schema;
  if (Array.isArray(anyOf)) return anyOf.some((branch) => accepts(branch, value));
  if (Array.isArray(values)) return values.includes(value);
  if (value === null) return type === 'null';
  if (Array.isArray(value)) return type === 'array' && acceptsItems(schema, value);
  if (isObject(value)) return type === 'object' && acceptsMembers(schema, value);
  if (typeof value === 'number') return acceptsNumber(schema, value);
  if (typeof value === 'string') {
    return type === 'string' && between(value.length, schema['minLength'], schema['maxLength']);
  }
  return type === 'boolean';
}

function acceptsNumber(schema: JsonObject, value: number): boolean {
  const { type, minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema;
  return (
    (type === 'number' || (type === 'integer' && Number.isInteger(value))) &&
    between(value, minimum, maximum) &&
    between(value, exclusiveMinimum, exclusiveMaximum) &&
    value !== exclusiveMinimum &&
    value !== exclusiveMaximum &&
    (typeof multipleOf !== 'number' || value % multipleOf === 0)
  );
}

function acceptsItems({ items, minItems }: JsonObject, value: readonly Json[]): boolean {
  return (
    between(value.length, minItems, undefined) &&
    value.every((item) => isObject(items) && accepts(items, item))
  );
}

function acceptsMembers(schema: JsonObject, value: JsonObject): boolean {
  const properties = new Map(Object.entries(isObject(schema['properties']) ? schema['properties'] : {}));
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  return (
    required.every((name: string) => Object.hasOwn(value, name)) &&
    Object.entries(value).every(([name, member]) => {
      const known = properties.get(name);
      return isObject(known) && member !== undefined && accepts(known, member);
    })
  );
}

function between(value: number, low: Json | undefined, high: Json | undefined): boolean {
  return (typeof low !== 'number' || value >= low) && (typeof high !== 'number' || value <= high);
}
