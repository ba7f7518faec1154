// The one cache. Its tiers are its inside: the isolate's memory, then what is near, then what is everywhere; what is found
// further out is brought nearer, and what is new is written outwards behind the request's back.

import type { Ports } from '../core/ports.ts';
import { accessed, type Entry, type EntryId } from './entry.ts';
import { createGenerations, type Scope } from './generations.ts';
import { freshnessOf, type Freshness } from './life.ts';
import type { Hold } from './holds.ts';
import { createMemory, type MemoryLimits, type MemoryReport } from './memory.ts';
import { shield, type Defer, type StoreReport } from './shield.ts';
import type { TextStore } from './store.ts';
import { memoryTier, storeTier, type Tier } from './tier.ts';

export type Cache = {
  /** Never rejects, and waits for each store no longer than its patience. */
  readonly find: (id: EntryId, asking: Asking) => Promise<Found | undefined>;
  /** In this isolate at once, everywhere else behind the request's back. */
  readonly keep: (entry: Entry, defer: Defer) => void;
  /** True for the one who is to renew the entry; the others of this isolate leave it to him. */
  readonly claim: (key: string) => boolean;
  /** Room for a reply that is being gathered; `undefined` when there is none. */
  readonly hold: () => Hold | undefined;
  /** Voids what was made until now; false when not every store could be told. */
  readonly invalidate: (scope: Scope, defer: Defer) => Promise<boolean>;
  readonly report: () => CacheReport;
};

export type Asking = {
  /** Entries that are older are none. */
  readonly maxAgeMs: number;
  readonly defer: Defer;
};

export type Found = {
  readonly entry: Entry;
  readonly freshness: Exclude<Freshness, 'gone'>;
  readonly tier: string;
  readonly ageMs: number;
};

export type CacheReport = {
  readonly hits: number;
  readonly misses: number;
  readonly kept: number;
  readonly memory: MemoryReport;
  readonly stores: readonly StoreReport[];
};

/** A renewal that takes longer is given up by whoever does it. */
const CLAIM_MS = 60_000;
const CLAIMS_MAX = 1000;

/** `stores` from the nearest to the furthest. */
export function createCache(
  limits: MemoryLimits,
  stores: readonly TextStore[],
  ports: Pick<Ports, 'now' | 'random' | 'after'>,
): Cache {
  const { now, random } = ports;
  const memory = createMemory(limits, now);
  const shielded = stores.map((store) => shield(store, ports));
  const near = memoryTier(memory);
  const outer = shielded.map(storeTier);
  const generations = createGenerations(shielded, ports);
  const claims = new Map<string, number>();
  const counts = { hits: 0, misses: 0, kept: 0 };

  /** Notes the read, and tells what the entry is good for. */
  const judge = (entry: Entry | undefined, tier: Tier, maxAgeMs: number, startedAt: number) => {
    if (entry === undefined || generations.isVoid(entry)) return undefined;
    const ageMs = now() - entry.createdAt;
    const freshness = freshnessOf(entry, now(), random());
    const isHit = freshness === 'fresh' || freshness === 'early' || freshness === 'stale';
    const read = accessed(entry, now(), now() - startedAt, isHit);
    if (freshness === 'gone' || ageMs > maxAgeMs) return undefined;
    memory.put(read);
    return { entry: read, freshness, tier: tier.name, ageMs, isHit };
  };

  const find = async (id: EntryId, { maxAgeMs, defer }: Asking): Promise<Found | undefined> => {
    const startedAt = now();
    let best = judge(await near.get(id, defer), near, maxAgeMs, startedAt);
    if (best?.isHit) {
      counts.hits += 1;
      generations.follow(defer);
      return best;
    }
    const ready = generations.ready(defer);
    for (const [distance, tier] of outer.entries()) {
      if (best?.isHit) break;
      const entry = await tier.get(id, defer);
      // What was withdrawn elsewhere must not come back from a store that does not know of it.
      if (entry === undefined || !(await ready)) continue;
      const found = judge(entry, tier, maxAgeMs, startedAt);
      if (found?.isHit) for (const nearer of outer.slice(0, distance)) defer(nearer.put(found.entry));
      if (found?.isHit || best === undefined) best = found;
    }
    if (best?.isHit) counts.hits += 1;
    else counts.misses += 1;
    return best;
  };

  return {
    find,
    keep: (entry, defer) => {
      counts.kept += 1;
      memory.put(entry);
      for (const tier of outer) defer(tier.put(entry));
    },
    claim: (key) => {
      const claimedAt = claims.get(key);
      if (claimedAt !== undefined && now() - claimedAt < CLAIM_MS) return false;
      claims.delete(key);
      const [oldest] = claims.keys();
      if (claims.size >= CLAIMS_MAX && oldest !== undefined) claims.delete(oldest);
      claims.set(key, now());
      return true;
    },
    hold: memory.hold,
    invalidate: async (scope, defer) => {
      const isTold = await generations.raise(scope, defer);
      memory.removeWhere(generations.isVoid);
      if (scope.of === 'key') await Promise.all(outer.map((tier) => tier.remove(scope.is)));
      return isTold;
    },
    report: () => ({
      ...counts,
      memory: memory.report(),
      stores: shielded.map(({ report }) => report()),
    }),
  };
}
