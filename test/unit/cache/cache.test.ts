// The tiers as one cache: read through, brought nearer, written behind the request's back, and never the worse for a
// store that is down.

import { describe, expect, it } from 'vitest';
import { createCache } from '../../../src/cache/cache.ts';
import type { TextStore } from '../../../src/cache/store.ts';
import { entry } from '../../support/entries.ts';
import { createManualClock, settle, type ManualClock } from '../../support/manual-clock.ts';
import { scriptedStore, type ScriptedStore } from '../../support/text-stores.ts';

const MB = 1_048_576;
const limits = { maxBytes: 4 * MB, thresholdBytes: 8 * MB, emergencyBytes: 16 * MB };
const ID = { key: 'key', tenant: 'tenant' };

function isolate(stores: readonly TextStore[], clock: ManualClock) {
  const deferred: Promise<unknown>[] = [];
  const defer = (work: Promise<unknown>): void => void deferred.push(work);
  const cache = createCache(limits, stores, { now: clock.now, after: clock.after, random: () => 0 });
  return {
    cache,
    defer,
    find: (id = ID, maxAgeMs = Infinity) => cache.find(id, { maxAgeMs, defer }),
    keep: (fields: Parameters<typeof entry>[0] = {}) =>
      cache.keep(entry({ ...ID, createdAt: clock.now(), lastAccessedAt: clock.now(), ...fields }), defer),
    done: async () => {
      await settle();
      await Promise.all(deferred);
    },
  };
}

describe('an answer that was kept', () => {
  it('is found in the isolate without asking a store', async () => {
    const store = scriptedStore();
    const here = isolate([store], createManualClock());
    here.keep();
    await here.find();
    const asked = store.asked();
    expect(await here.find()).toMatchObject({ tier: 'memory', freshness: 'fresh', entry: { hits: 2 } });
    expect(store.asked()).toBe(asked);
  });

  it('is found by another isolate, and brought nearer on the way', async () => {
    const clock = createManualClock();
    const [nearHere, nearThere, everywhere] = [
      scriptedStore('colo', false),
      scriptedStore('colo', false),
      scriptedStore('kv'),
    ] as [ScriptedStore, ScriptedStore, ScriptedStore];
    const here = isolate([nearHere, everywhere], clock);
    here.keep();
    await here.done();
    const there = isolate([nearThere, everywhere], clock);
    expect(await there.find()).toMatchObject({ tier: 'kv' });
    expect(await there.find()).toMatchObject({ tier: 'memory' });
    await there.done();
    const neighbour = isolate([nearThere, everywhere], clock);
    expect(await neighbour.find()).toMatchObject({ tier: 'colo' });
  });

  it('R-80: is not found for another tenant in any tier', async () => {
    const clock = createManualClock();
    const stores = [scriptedStore('colo', false), scriptedStore('redis'), scriptedStore('kv')];
    const here = isolate(stores, clock);
    here.keep();
    await here.done();
    const other = { key: 'key', tenant: 'other' };
    expect(await here.find(other)).toBeUndefined();
    expect(await isolate(stores, clock).find(other)).toBeUndefined();
  });

  it('is not found for one who wants it younger', async () => {
    const clock = createManualClock();
    const here = isolate([], clock);
    here.keep();
    await clock.pass(5000);
    expect(await here.find(ID, 4000)).toBeUndefined();
    expect(await here.find(ID, 5000)).toMatchObject({ ageMs: 5000 });
  });

  it('is renewed by one reader at a time', () => {
    const { cache } = isolate([], createManualClock());
    expect([cache.claim('a'), cache.claim('a'), cache.claim('b')]).toEqual([true, false, true]);
  });
});

describe('a store that is down', () => {
  it('R-83, F-45: costs its patience once, and then nothing', async () => {
    const clock = createManualClock();
    const store = scriptedStore('redis');
    store.be('silent');
    const { find } = isolate([store], clock);
    const first = find();
    let isFound = false;
    void first.then(() => (isFound = true));
    await clock.pass(59);
    expect(isFound).toBe(false);
    await clock.pass(1);
    expect(isFound).toBe(true);

    const before = clock.now();
    for (let times = 0; times < 100; times += 1) await find();
    expect(clock.now()).toBe(before);
  });

  it('costs nothing while it is found out whether it is back, and is used when it is', async () => {
    const clock = createManualClock();
    const store = scriptedStore('redis');
    const writer = isolate([store], clock);
    writer.keep();
    await writer.done();
    const { find, done } = isolate([store], clock);
    store.be('broken');
    expect(await find()).toBeUndefined();
    store.be('well');
    await clock.pass(1000);
    const asked = store.asked();
    expect(await find()).toBeUndefined();
    await done();
    expect(store.asked()).toBeGreaterThan(asked);
    expect(await find()).toMatchObject({ tier: 'redis' });
  });

  it('does not keep the isolate from remembering', async () => {
    const store = scriptedStore('redis');
    store.be('broken');
    const { keep, find, done, cache } = isolate([store], createManualClock());
    keep();
    await done();
    expect(await find()).toMatchObject({ tier: 'memory' });
    expect(cache.report().stores[0]).toMatchObject({ store: 'redis', open: true });
  });
});

describe('what is withdrawn', () => {
  const SCOPES = [
    { of: 'all' },
    { of: 'key', is: 'key' },
    { of: 'tag', is: 'faq' },
    { of: 'model', is: 'openai/gpt-4o' },
    { of: 'category', is: 'response_cache' },
    { of: 'tenant', is: 'tenant' },
  ] as const;

  it.each(SCOPES)(
    'by $of is gone here at once, everywhere within seconds, and nothing else is',
    async (scope) => {
      const clock = createManualClock();
      const store = scriptedStore('redis');
      const [here, there] = [isolate([store], clock), isolate([store], clock)];
      here.keep({ tags: ['faq'] });
      here.keep({
        key: 'else',
        tenant: 'else',
        model: 'else/else',
        category: 'user_sessions',
        tags: ['else'],
      });
      await here.done();
      expect(await there.find()).toBeDefined();

      expect(await here.cache.invalidate(scope, here.defer)).toBe(true);
      expect(await here.find()).toBeUndefined();
      await clock.pass(5000);
      // The reader that finds the stamps too old is answered from them once more.
      await there.find();
      await there.done();
      expect(await there.find()).toBeUndefined();
      expect(await isolate([store], clock).find()).toBeUndefined();
      const others = await here.find({ key: 'else', tenant: 'else' });
      expect(others === undefined).toBe(scope.of === 'all');
    },
  );

  it('can be kept again', async () => {
    const clock = createManualClock();
    const here = isolate([scriptedStore()], clock);
    here.keep();
    await here.cache.invalidate({ of: 'all' }, here.defer);
    await clock.pass(1);
    here.keep();
    expect(await here.find()).toBeDefined();
  });

  it('does not come back from a store while nobody can say what is withdrawn', async () => {
    const clock = createManualClock();
    const [near, far] = [scriptedStore('colo', false), scriptedStore('redis')] as [
      ScriptedStore,
      ScriptedStore,
    ];
    const here = isolate([near, far], clock);
    here.keep();
    await here.done();
    far.be('broken');
    expect(await isolate([near, far], clock).find()).toBeUndefined();
  });

  it('is said not to be withdrawn everywhere when a store could not be told', async () => {
    const store = scriptedStore();
    store.be('broken');
    const here = isolate([store], createManualClock());
    expect(await here.cache.invalidate({ of: 'all' }, here.defer)).toBe(false);
  });

  it('is more than was asked, never less, when there are too many withdrawals to list', async () => {
    const clock = createManualClock();
    const here = isolate([scriptedStore()], clock);
    here.keep({ tags: ['first'] });
    await here.cache.invalidate({ of: 'tag', is: 'first' }, here.defer);
    for (let tag = 0; tag < 1001; tag += 1) {
      await here.cache.invalidate({ of: 'tag', is: `tag-${tag}` }, here.defer);
    }
    expect(await here.find()).toBeUndefined();
  });
});
