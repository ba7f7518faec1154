import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { failed } from '../../../src/pipeline/attempt.ts';
import { batchesOf, sendInTurns, sumUsage } from '../../../src/pipeline/batches.ts';

const BROKEN = failed('server', 'headers', 'upstream-error', 'broken');

describe('batches', () => {
  it('are the whole in its order, and none is too large', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer(), { minLength: 1 }),
        fc.integer({ min: 1, max: 9 }),
        (items, sizeMax) => {
          const batches = batchesOf(items, sizeMax);
          expect(batches.flat()).toEqual(items);
          expect(batches.every(({ length }) => length >= 1 && length <= sizeMax)).toBe(true);
          expect(batches).toHaveLength(Math.ceil(items.length / sizeMax));
        },
      ),
    );
  });

  it('are all sent once, and never more than four at a time', async () => {
    const sent: number[] = [];
    let open = 0;
    let most = 0;
    const numbers = Array.from({ length: 20 }, (_, index) => index);
    await sendInTurns(numbers, async (number) => {
      most = Math.max(most, (open += 1));
      await Promise.resolve();
      open -= 1;
      sent.push(number);
      return undefined;
    });
    expect(sent.toSorted((a, b) => a - b)).toEqual(numbers);
    expect(most).toBe(4);
  });

  it('stop at the first failure, and do not wait for what is under way', async () => {
    const started: number[] = [];
    const failure = await sendInTurns([0, 1, 2, 3, 4, 5, 6, 7], async (number) => {
      started.push(number);
      return number === 1 ? BROKEN : new Promise(() => undefined);
    });
    expect(failure).toBe(BROKEN);
    expect(started).toEqual([0, 1, 2, 3]);
  });

  it('that break without an answer break the whole', async () => {
    const started: number[] = [];
    const sending = sendInTurns([0, 1, 2, 3, 4, 5], (number) => {
      started.push(number);
      return Promise.reject(new Error('reset'));
    });
    await expect(sending).rejects.toThrow('reset');
    expect(started).toEqual([0, 1, 2, 3]);
  });
});

describe('the usage of batches', () => {
  it('is the sum of all', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 1000 }), { minLength: 1 }), (counts) => {
        const sum = sumUsage(counts.map((uncachedInput) => ({ uncachedInput, output: 0 })));
        expect(sum).toEqual({ uncachedInput: counts.reduce((total, count) => total + count, 0), output: 0 });
      }),
    );
  });

  it('is not told when one of them does not tell', () => {
    expect(sumUsage([{ uncachedInput: 3 }, undefined])).toBeUndefined();
    expect(sumUsage([undefined])).toBeUndefined();
  });
});
