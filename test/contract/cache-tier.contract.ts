// What every level of the cache promises, whatever is behind it.

import { describe, expect, it } from 'vitest';
import type { Tier } from '../../src/cache/tier.ts';
import { entry } from '../support/entries.ts';

export type TierUnderTest = {
  readonly tier: Tier;
  /** Puts a text where the tier keeps the entry of a key; absent where a tier holds no texts. */
  readonly plant?: (key: string, text: string) => Promise<unknown>;
};

/** `start` makes a tier that may hold what an earlier one held. */
export function describeTier(name: string, start: () => TierUnderTest | Promise<TierUnderTest>): void {
  const defer = (work: Promise<unknown>): void => void work;
  let made = 0;
  const fresh = (): string => `${name}-${Date.now()}-${(made += 1)}`;

  describe(`the tier ${name}`, () => {
    it('gives back what it was given, to the last character', async () => {
      const { tier } = await start();
      const kept = entry({
        key: fresh(),
        value: '{"text":"ü 漢字 😀 \\u2028 \\" \\n \u0000"}',
        tags: ['a', 'b'],
      });
      await tier.put(kept);
      expect(await tier.get(kept, defer)).toEqual(kept);
    });

    it('keeps a long value', async () => {
      const { tier } = await start();
      const kept = entry({ key: fresh(), value: 'x'.repeat(400_000) });
      await tier.put(kept);
      expect((await tier.get(kept, defer))?.value.length).toBe(400_000);
    });

    it('has nothing under a key that it was not given', async () => {
      const { tier } = await start();
      expect(await tier.get({ key: fresh(), tenant: 'tenant' }, defer)).toBeUndefined();
    });

    it('R-80: gives no tenant what is of another, though the key is the same', async () => {
      const { tier } = await start();
      const kept = entry({ key: fresh(), tenant: 'one' });
      await tier.put(kept);
      expect(await tier.get({ key: kept.key, tenant: 'two' }, defer)).toBeUndefined();
      expect(await tier.get({ key: kept.key, tenant: '' }, defer)).toBeUndefined();
    });

    it('replaces what was there', async () => {
      const { tier } = await start();
      const key = fresh();
      await tier.put(entry({ key, value: 'old' }));
      await tier.put(entry({ key, value: 'new' }));
      expect((await tier.get({ key, tenant: 'tenant' }, defer))?.value).toBe('new');
    });

    it('forgets what is removed', async () => {
      const { tier } = await start();
      const kept = entry({ key: fresh() });
      await tier.put(kept);
      await tier.remove(kept.key);
      expect(await tier.get(kept, defer)).toBeUndefined();
    });

    it.each([
      ['no JSON', 'not json'],
      ['another schema', JSON.stringify({ ...entry({ key: 'planted' }), schema: 2 })],
      ['the entry of another key', JSON.stringify(entry({ key: 'other' }))],
      ['half an entry', JSON.stringify({ schema: 1, key: 'planted', tenant: 'tenant' })],
      ['nothing', ''],
    ])('takes %s for nothing', async (_, text) => {
      const { tier, plant } = await start();
      if (plant === undefined) return;
      await plant('planted', text);
      expect(await tier.get({ key: 'planted', tenant: 'tenant' }, defer)).toBeUndefined();
    });
  });
}
