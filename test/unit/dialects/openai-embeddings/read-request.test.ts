import { describe, expect, it } from 'vitest';

import { GatewayError } from '../../../../src/core/failure.ts';
import type { Json, JsonObject } from '../../../../src/core/json.ts';
import { INPUTS_MAX, readRequest } from '../../../../src/dialects/openai-embeddings/read-request.ts';

const read = (fields: JsonObject) => readRequest({ model: 'm', ...fields });

describe('inputs', () => {
  it.each<[string, Json, readonly Json[]]>([
    ['a text', 'hello', ['hello']],
    ['texts', ['a', 'b'], ['a', 'b']],
    ['tokens, which are one input', [1, 2, 3], [[1, 2, 3]]],
    ['lists of tokens', [[1, 2], [3]], [[1, 2], [3]]],
    ['parts', [{ content: [{ type: 'text', text: 'a' }] }], [{ content: [{ type: 'text', text: 'a' }] }]],
  ])('are %s', (_, input, inputs) => {
    expect(read({ input }).inputs).toEqual(inputs);
  });

  it.each<[string, Json | undefined, string]>([
    ['none', undefined, 'input'],
    ['null', null, 'input'],
    ['an empty text', '', 'input'],
    ['an empty list', [], 'input'],
    ['an object', { text: 'a' }, 'input'],
    ['a number', 7, 'input'],
    ['a flag among texts', ['a', true], 'input[1]'],
    ['an object without content', [{ text: 'a' }], 'input[0]'],
    ['a list of no tokens', [[]], 'input[0]'],
    ['a text among tokens', [1, 'a'], 'input[1]'],
    ['a fraction among tokens', [[1, 1.5]], 'input[0][1]'],
    ['a negative token', [-1], 'input[0]'],
    ['more than the dialect allows', Array.from({ length: INPUTS_MAX + 1 }, () => 'a'), 'input'],
  ])('may not be %s', (_, input, param) => {
    expect(refusalOf({ input })).toMatchObject({ kind: 'invalid-request', param });
  });
});

describe('the other fields', () => {
  it('are kept, and null says nothing', () => {
    expect(
      read({ input: 'a', dimensions: 3, encoding_format: 'base64', user: null, truncate: 'END' }),
    ).toEqual({
      model: 'm',
      inputs: ['a'],
      dimensions: 3,
      encoding: 'base64',
      extensions: { truncate: 'END' },
    });
  });

  it.each<[string, Json]>([
    ['dimensions', '3'],
    ['dimensions', 0],
    ['dimensions', 1.5],
    ['encoding_format', 1],
    ['input_type', []],
    ['user', 5],
  ])('%s may not be %j', (param, value) => {
    expect(refusalOf({ input: 'a', [param]: value })).toMatchObject({ kind: 'invalid-request', param });
  });
});

function refusalOf(fields: JsonObject): unknown {
  try {
    read(fields);
  } catch (error) {
    if (error instanceof GatewayError) return error.failure;
    throw error;
  }
  return undefined;
}
