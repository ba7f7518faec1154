// How answers are withdrawn: nothing is searched and deleted. A stamp says that whatever was made until then, under a key,
// a tag, a model, a category or a tenant, is void; the stamps of all scopes are one small document, and every isolate reads
// it anew after a few seconds.

import * as z from 'zod/mini';
import type { Ports } from '../core/ports.ts';
import type { Entry } from './entry.ts';
import type { Defer, ShieldedStore } from './shield.ts';

export type Scope =
  | { readonly of: 'all' }
  | { readonly of: 'key' | 'tag' | 'model' | 'category' | 'tenant'; readonly is: string };

export type Generations = {
  readonly isVoid: (entry: Entry) => boolean;
  /** Reads what is void anew, behind the request's back, if that is due. */
  readonly follow: (defer: Defer) => void;
  /** The same, waiting for it the first time. False when no store could say what is void: then nothing that is outside the isolate may be trusted. Never rejects. */
  readonly ready: (defer: Defer) => Promise<boolean>;
  /** Voids what was made until now; false when a store could not be told. */
  readonly raise: (scope: Scope, defer: Defer) => Promise<boolean>;
};

const NAME = 'generations1';
const READ_AGAIN_MS = 5000;
/** No entry is kept longer, whatever its policy: a stamp that is older voids nothing any more. */
const STAMP_MS_MAX = 35 * 86_400_000;
const STAMPS_MAX = 1000;

const documentSchema = z.object({ stamps: z.record(z.string(), z.number()) });

export function createGenerations(
  stores: readonly ShieldedStore[],
  { now }: Pick<Ports, 'now'>,
): Generations {
  // Where nothing reaches all isolates, what reaches the neighbours must do.
  const global = stores.filter(({ isGlobal }) => isGlobal);
  const asked = global.length > 0 ? global : stores;
  let stamps: ReadonlyMap<string, number> = new Map();
  let readAt = -Infinity;
  let isRead = asked.length === 0;

  const read = async (defer: Defer): Promise<boolean> => {
    readAt = now();
    const readings = await Promise.all(asked.map((store) => store.read(NAME, defer)));
    if (readings.every(({ kind }) => kind === 'failed')) return isRead;
    const documents = readings.flatMap((reading) => (reading.kind === 'found' ? parse(reading.text) : []));
    stamps = bounded(merged([stamps, ...documents]), now());
    isRead = true;
    return true;
  };

  const follow = (defer: Defer): void => {
    if (asked.length > 0 && now() - readAt >= READ_AGAIN_MS) defer(read(defer));
  };

  return {
    isVoid: (entry) => scopesOf(entry).some((scope) => (stamps.get(scope) ?? -Infinity) >= entry.createdAt),
    follow,
    ready: (defer) => {
      if (!isRead) return read(defer);
      follow(defer);
      return Promise.resolve(true);
    },
    raise: async (scope, defer) => {
      await read(defer);
      stamps = bounded(new Map(stamps).set(nameOf(scope), now()), now());
      const text = JSON.stringify({ stamps: Object.fromEntries(stamps) });
      const written = await Promise.all(asked.map((store) => store.write(NAME, text, STAMP_MS_MAX)));
      return written.every(Boolean);
    },
  };
}

function nameOf(scope: Scope): string {
  return scope.of === 'all' ? 'all' : `${scope.of}:${scope.is}`;
}

function scopesOf({ key, tags, model, category, tenant }: Entry): readonly string[] {
  const named = [`key:${key}`, `model:${model}`, `category:${category}`, `tenant:${tenant}`];
  return ['all', ...named, ...tags.map((tag) => `tag:${tag}`)];
}

function parse(text: string): readonly ReadonlyMap<string, number>[] {
  try {
    const { data } = z.safeParse(documentSchema, JSON.parse(text));
    return data === undefined ? [] : [new Map(Object.entries(data.stamps))];
  } catch {
    return [];
  }
}

/** The later stamp of each scope. */
function merged(documents: readonly ReadonlyMap<string, number>[]): ReadonlyMap<string, number> {
  const all = new Map<string, number>();
  for (const document of documents) {
    for (const [scope, at] of document) all.set(scope, Math.max(at, all.get(scope) ?? -Infinity));
  }
  return all;
}

/** What no longer fits becomes a stamp on everything: that voids more than was asked, never less. */
function bounded(stamps: ReadonlyMap<string, number>, now: number): ReadonlyMap<string, number> {
  const live = [...stamps].filter(([, at]) => now - at < STAMP_MS_MAX).toSorted(([, a], [, b]) => b - a);
  const dropped = live[STAMPS_MAX];
  const kept = new Map(live.slice(0, STAMPS_MAX));
  return dropped === undefined ? kept : kept.set('all', Math.max(dropped[1], kept.get('all') ?? 0));
}
