// How long an answer is good for. It grows with its use and shrinks while nobody asks, between a floor and a cap; it is
// renewed a little before its time, each reader by chance, so that one that is asked for all the time never runs out
// under everybody at once.

import type { Category, Entry, Priority } from './entry.ts';

export type CategoryDefaults = {
  readonly ttlMs: number;
  readonly floorMs: number;
  readonly capMs: number;
  readonly priority: Priority;
};

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

export const CATEGORIES: Readonly<Record<Category, CategoryDefaults>> = {
  model_discovery: { ttlMs: HOUR, floorMs: 5 * MINUTE, capMs: 24 * HOUR, priority: 4 },
  response_cache: { ttlMs: HOUR, floorMs: 10 * MINUTE, capMs: 24 * HOUR, priority: 3 },
  summary_cache: { ttlMs: 24 * HOUR, floorMs: HOUR, capMs: 168 * HOUR, priority: 4 },
  user_sessions: { ttlMs: HOUR / 2, floorMs: 5 * MINUTE, capMs: 24 * HOUR, priority: 5 },
};

/** Beyond its life it is served for so long while it is renewed. */
const STALE_MS = 10 * MINUTE;
/** And for so long when nobody can renew it. */
const STALE_IF_ERROR_MS = 24 * HOUR;

/** How long stores have to keep it. */
export function keptMs({ capMs }: Pick<Entry, 'capMs'>): number {
  return capMs + STALE_IF_ERROR_MS;
}

type Lived = Pick<
  Entry,
  'createdAt' | 'ttlMs' | 'floorMs' | 'capMs' | 'hits' | 'lastAccessedAt' | 'makingMs'
>;

/** From its making, ms: longer with every doubling of its hits, half as long for each ttl that nobody has asked. */
export function lifeMs({ ttlMs, floorMs, capMs, hits, lastAccessedAt }: Lived, now: number): number {
  const idle = Math.max(0, now - lastAccessedAt) / ttlMs;
  const grown = ttlMs * (1 + Math.log2(1 + hits)) * 2 ** -idle;
  return Math.min(capMs, Math.max(floorMs, grown));
}

export type Freshness =
  | 'fresh'
  /** Fresh, and to be renewed by whoever has read it. */
  | 'early'
  /** Too old, good enough while it is renewed. */
  | 'stale'
  /** Too old, better than an error. */
  | 'last-resort'
  | 'gone';

/** `drawn` is uniform in [0, 1). https://cseweb.ucsd.edu/~avattani/papers/cache_stampede.pdf (XFetch, with beta 1) */
export function freshnessOf(entry: Lived, now: number, drawn: number): Freshness {
  const age = now - entry.createdAt;
  const left = lifeMs(entry, now) - age;
  if (left > 0) return -entry.makingMs * Math.log(1 - drawn) >= left ? 'early' : 'fresh';
  if (-left <= STALE_MS) return 'stale';
  return -left <= STALE_IF_ERROR_MS ? 'last-resort' : 'gone';
}
