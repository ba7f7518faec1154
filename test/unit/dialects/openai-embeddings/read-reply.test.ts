import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Json } from '../../../../src/core/json.ts';
import { readReply } from '../../../../src/dialects/openai-embeddings/read-reply.ts';
import { encodeVectors, writeReply } from '../../../../src/dialects/openai-embeddings/write-reply.ts';

const one = { object: 'embedding', index: 0, embedding: [0.5] };
const read = (data: Json, inputs: number) => readReply({ data }, { inputs, encoding: 'float' });

describe('a reply', () => {
  it('is read as it was written, in whatever order it comes', () => {
    const vector = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 });
    const vectors = fc.array(vector, { minLength: 1, maxLength: 9 });
    const shuffled = vectors.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray([...list.keys()], { minLength: list.length })),
    );
    fc.assert(
      fc.property(shuffled, fc.nat({ max: 1e6 }), ([list, order], tokens) => {
        const usage = { uncachedInput: tokens, output: 0 };
        const written = writeReply(list, { model: 'm', usage }) as { data: Json[] };
        const data = order.map((index) => written.data[index] ?? null);
        const reply = readReply({ ...written, data }, { inputs: list.length, encoding: 'float' });
        expect(reply).toEqual({
          vectors: list.map((values) => ({ form: 'numbers', values })),
          model: 'm',
          usage,
        });
      }),
    );
  });

  it.each<[string, Json, number]>([
    ['too few vectors', [one], 2],
    ['too many vectors', [one, one], 1],
    ['an index twice', [one, one], 2],
    ['an index beyond the inputs', [{ ...one, index: 7 }], 1],
    ['an entry that is none', [null], 1],
    ['text among the numbers', [{ ...one, embedding: [0.5, 'a'] }], 1],
    ['no vector', [{ index: 0 }], 1],
    ['no list', {}, 1],
  ])('with %s is none', (_, data, inputs) => {
    expect(read(data, inputs)).toHaveProperty('wrong');
  });

  it('goes by the order of the list where there are no indices', () => {
    expect(read([{ embedding: [1] }, { embedding: [2] }], 2)).toMatchObject({
      vectors: [{ values: [1] }, { values: [2] }],
    });
  });

  it('whose base64 is none cannot be written', () => {
    expect(encodeVectors([{ form: 'float32', base64: '!' }], 'float')).toBeUndefined();
    expect(encodeVectors([{ form: 'float32', base64: 'AAA=' }], 'float')).toBeUndefined();
  });
});
