import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { JsonObject } from '../../../../src/core/json.ts';
import { readFloat32 } from '../../../../src/core/vector.ts';
import { embed } from '../../../../src/providers/sandbox/embed.ts';

type Reply = { readonly data: readonly { readonly embedding: never }[]; readonly usage: JsonObject };
const ask = (fields: JsonObject): Reply => embed({ model: 'echo', ...fields }) as unknown as Reply;
const vectors = (fields: JsonObject): readonly (readonly number[])[] =>
  ask(fields).data.map(({ embedding }) => embedding);

describe('a vector of the sandbox', () => {
  it('is the same for the same text, another for another, and of length 1', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.integer({ min: 2, max: 100 }), (one, other, dimensions) => {
        const [first = [], second = [], third = []] = vectors({ input: [one, other, one], dimensions });
        expect(first).toEqual(third);
        expect(first).toHaveLength(dimensions);
        expect(Math.hypot(...first)).toBeCloseTo(1);
        if (one !== other) expect(first).not.toEqual(second);
      }),
    );
  });

  it('is the same in base64', () => {
    const [base64 = ''] = ask({ input: 'a', encoding_format: 'base64' }).data.map(
      ({ embedding }) => embedding,
    );
    expect(readFloat32(base64)).toEqual(vectors({ input: 'a' })[0]?.map(Math.fround));
  });

  it('counts a token for every four characters', () => {
    expect(ask({ input: ['abcd', 'abcde'] }).usage).toEqual({ prompt_tokens: 3, total_tokens: 3 });
  });

  it('is never larger than fits', () => {
    expect(embed({ input: 'a', dimensions: 1e9 })).toMatchObject({ refused: { param: 'dimensions' } });
  });
});
