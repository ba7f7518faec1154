import { describe, expect, it } from 'vitest';

import { strictSchema } from '../../../src/dialects/strict-schema.ts';

const text = { type: 'string' };

describe('a schema for strict mode', () => {
  it.each([
    ['says nothing of other properties', { properties: { a: text }, required: ['a'] }],
    ['is closed', { type: 'object', properties: { a: text }, required: ['a'], additionalProperties: false }],
    [
      'has annotations',
      {
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        type: 'object',
        properties: { a: { ...text, default: '', examples: ['a'] } },
        required: ['a'],
      },
    ],
  ])('is closed where it %s', (_, schema) => {
    expect(strictSchema(schema)).toEqual({
      type: 'object',
      properties: { a: text },
      required: ['a'],
      additionalProperties: false,
    });
  });

  it('is closed all the way down', () => {
    const open = { type: 'object', properties: { a: text }, required: ['a'] };
    const closed = { ...open, additionalProperties: false };
    const around = (inner: object) => ({
      type: 'object',
      properties: { list: { type: 'array', items: inner }, either: { anyOf: [inner, { type: 'null' }] } },
      required: ['list', 'either'],
      additionalProperties: false,
      $defs: { inner },
    });
    expect(strictSchema(JSON.parse(JSON.stringify(around(open))))).toEqual(around(closed));
  });

  it('has anyOf for oneOf', () => {
    expect(strictSchema({ oneOf: [text, { type: 'null' }] })).toEqual({ anyOf: [text, { type: 'null' }] });
  });

  it.each([
    ['an optional property', { type: 'object', properties: { a: text }, required: [] }],
    ['an open map', { type: 'object', additionalProperties: text }],
    ['an object of any form', { type: 'object' }],
    ['a property of any form', { type: 'object', properties: { a: {} }, required: ['a'] }],
    ['a property that is true', { type: 'object', properties: { a: true }, required: ['a'] }],
    ['a list of anything', { type: 'array' }],
    ['allOf', { allOf: [text] }],
    ['a pattern that looks around', { type: 'string', pattern: '(?!a)b' }],
    ['a format that is not known', { type: 'string', format: 'iban' }],
    ['a keyword that is not known', { type: 'string', maxLength: 3 }],
  ])('is none where there is %s: strict mode would ask for something else', (_, schema) => {
    expect(strictSchema(schema)).toBeUndefined();
  });
});
