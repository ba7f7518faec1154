import { describe, expect, it } from 'vitest';

import { closeSchema } from '../../../../src/dialects/anthropic-messages/json-schema.ts';

const closed = { type: 'object', additionalProperties: false };

describe('closeSchema', () => {
  it('leaves a schema within the subset as it is', () => {
    const schema = {
      ...closed,
      properties: {
        minimum: { type: 'string', format: 'date-time', enum: ['a'] },
        list: { type: 'array', items: { anyOf: [{ type: 'null' }, { const: 1 }] } },
      },
      required: ['minimum'],
      $defs: { node: { ...closed, properties: {} } },
    };
    expect(closeSchema(schema)).toEqual({ schema, isLooser: false });
  });

  it('moves what is not enforced into the description', () => {
    const { schema, isLooser } = closeSchema({
      ...closed,
      properties: {
        age: { type: 'integer', minimum: 0, maximum: 130, description: 'In years.' },
        color: { type: 'string', format: 'color' },
      },
    });
    expect(schema['properties']).toEqual({
      age: { type: 'integer', description: 'In years. (minimum: 0, maximum: 130)' },
      color: { type: 'string', description: '(format: "color")' },
    });
    expect(isLooser).toBe(true);
  });

  it('closes objects wherever they are', () => {
    expect(
      closeSchema({
        properties: { a: { type: 'array', items: { type: ['object', 'null'], properties: {} } } },
        $defs: { b: { type: 'object', properties: {} } },
      }),
    ).toEqual({
      schema: {
        properties: {
          a: {
            type: 'array',
            items: { type: ['object', 'null'], properties: {}, additionalProperties: false },
          },
        },
        $defs: { b: { ...closed, properties: {} } },
        additionalProperties: false,
      },
      isLooser: false,
    });
  });

  it.each([[{ type: 'object' }], [{ ...closed, properties: {}, additionalProperties: { type: 'string' } }]])(
    'tells that an open map %j can only stay empty',
    (schema) => {
      expect(closeSchema(schema)).toMatchObject({ schema: closed, isLooser: true });
    },
  );

  it('takes any of the alternatives where one was asked for', () => {
    expect(closeSchema({ oneOf: [{ type: 'string', minLength: 1 }, { type: 'null' }] }).schema).toEqual({
      anyOf: [{ type: 'string', description: '(minLength: 1)' }, { type: 'null' }],
    });
  });
});
