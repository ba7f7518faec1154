import { calcPrice, findProvider } from '@pydantic/genai-prices';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { costOf, formatUsd } from '../../../src/core/price.ts';
import type { Usage } from '../../../src/core/usage.ts';
import { findPriceRow, pricesAt } from '../../../src/providers/prices/find-prices.ts';
import { PRICE_TABLE } from '../../../src/providers/prices/table.ts';

const THEIRS: Readonly<Record<string, string>> = {
  openai: 'openai',
  anthropic: 'anthropic',
  'azure-openai': 'azure',
  cohere: 'cohere',
  xai: 'x-ai',
};

const tokens = fc.oneof(fc.nat({ max: 1000 }), fc.nat({ max: 2_000_000 }));
const usages = fc
  .record({
    uncachedInput: tokens,
    cacheRead: tokens,
    written: tokens,
    writtenLong: tokens,
    output: tokens,
  })
  .map(
    ({
      uncachedInput,
      cacheRead,
      written,
      writtenLong,
      output,
    }): Required<Omit<Usage, 'reasoning' | 'billedInput' | 'billedOutput' | 'costUsd'>> => ({
      uncachedInput,
      cacheRead,
      cacheWrite: written + writtenLong,
      cacheWriteLong: writtenLong,
      output,
    }),
  );
const days = fc.date({ min: new Date('2025-01-01'), max: new Date('2027-12-31'), noInvalidDate: true });

/** Every model that the catalogue has for one of our providers, by a name that is surely its own. */
const models = Object.entries(THEIRS).flatMap(([ours, theirs]) =>
  (findProvider({ providerId: theirs })?.models ?? []).map(({ id }) => ({ ours, theirs, id })),
);

describe('the cost of a reply', () => {
  it('is what the catalogue’s own library says, for every model, whatever was used, on any day', () => {
    let compared = 0;
    for (const { ours, theirs, id } of models) {
      const row = findPriceRow(ours, id);
      fc.assert(
        fc.property(usages, days, (usage, day) => {
          const reference = calcPrice(
            {
              input_tokens: usage.uncachedInput + usage.cacheRead + usage.cacheWrite,
              cache_read_tokens: usage.cacheRead,
              cache_write_tokens: usage.cacheWrite,
              cache_write_1h_tokens: usage.cacheWriteLong,
              output_tokens: usage.output,
            },
            id,
            { providerId: theirs, timestamp: day },
          );
          const prices = row && pricesAt(row, day.getTime());
          if (prices === undefined || Object.keys(prices).length === 0) return;
          compared += 1;
          const cost = costOf(usage, prices);
          if (cost === undefined) {
            // What has no price is unknown to us and free for the library.
            expect(prices.output === undefined || prices.input === undefined).toBe(true);
            return;
          }
          expect(reference?.total_price).toBeCloseTo(cost, 9);
        }),
        { numRuns: 20 },
      );
    }
    expect(models.length).toBeGreaterThan(140);
    expect(compared).toBeGreaterThan(2500);
  });

  it('finds the row that the library finds, by every whole name in the table', () => {
    for (const [ours, rows] of Object.entries(PRICE_TABLE)) {
      for (const name of (rows ?? []).flatMap(({ names }) => names.filter((each) => !each.startsWith('/')))) {
        const reference = calcPrice({ input_tokens: 1 }, name, { providerId: THEIRS[ours] ?? '' });
        expect(findPriceRow(ours, name)?.contextWindow, `${ours}/${name}`).toBe(
          reference?.model.context_window,
        );
      }
    }
  });

  it('is unknown where a price or a count is, and 0 where both say so', () => {
    const used = { uncachedInput: 10, output: 5 };
    expect(costOf(used, {})).toBeUndefined();
    expect(costOf(used, { input: 1 })).toBeUndefined();
    expect(costOf({ output: 5 }, { input: 1, output: 1 })).toBeUndefined();
    expect(costOf({ uncachedInput: 10 }, { input: 1, output: 1 })).toBeUndefined();
    expect(costOf({ uncachedInput: 10 }, { input: 1 })).toBe(0.00001);
    expect(costOf(used, { input: 0, output: 0 })).toBe(0);
  });

  it('is of the tokens on the bill, where those are told apart', () => {
    const usage = { uncachedInput: 913, output: 10, billedInput: 37, billedOutput: 10 };
    expect(costOf(usage, { input: 1, output: 1 })).toBeCloseTo(0.000047, 12);
  });

  it('takes the step that the whole prompt has reached, for the answer too', () => {
    const step = (base: number, price: number) => ({ base, steps: [{ above: 200_000, price }] });
    const prices = { input: step(3, 6), output: step(15, 22.5), cacheRead: 0.3 };
    expect(costOf({ uncachedInput: 200_000, output: 10 }, prices)).toBeCloseTo(0.60015, 12);
    expect(costOf({ uncachedInput: 1, cacheRead: 200_000, output: 10 }, prices)).toBeCloseTo(0.060231, 12);
  });
});

describe('a sum in US dollars', () => {
  it('has no exponent, however small it is', () => {
    expect(formatUsd(2e-8)).toBe('0.00000002');
    expect(formatUsd(0)).toBe('0');
    expect(formatUsd(12)).toBe('12');
    expect(formatUsd(0.1 + 0.2)).toBe('0.3');
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e6, noNaN: true }), (cost) => {
        expect(formatUsd(cost)).toMatch(/^\d+(\.\d*[1-9])?$/);
      }),
    );
  });
});
