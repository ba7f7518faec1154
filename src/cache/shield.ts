// A store that can do no harm: nobody waits for it longer than its patience, and when it fails it is left alone for a
// while, a second at first and twice as long each time. Whether it is back is found out behind some request's back.

import type { Ports } from '../core/ports.ts';
import type { TextStore } from './store.ts';

/** Keeps the isolate at work until the promise settles. */
export type Defer = (work: Promise<unknown>) => void;

export type ShieldedStore = Pick<TextStore, 'name' | 'isGlobal'> & {
  /** Never rejects. */
  readonly read: (name: string, defer: Defer) => Promise<Reading>;
  /** True when it is written. Never rejects. */
  readonly write: (name: string, text: string, ttlMs: number) => Promise<boolean>;
  readonly remove: (name: string) => Promise<boolean>;
  readonly report: () => StoreReport;
};

export type Reading =
  | { readonly kind: 'found'; readonly text: string }
  | { readonly kind: 'absent' }
  | { readonly kind: 'failed' };

export type StoreReport = {
  readonly store: string;
  readonly open: boolean;
  readonly reads: number;
  readonly found: number;
  readonly failed: number;
  /** Reads that were not made because the store was left alone. */
  readonly skipped: number;
  readonly writes: number;
};

const FIRST_PAUSE_MS = 1000;
const PAUSE_MS_MAX = 60_000;
/** A write has no one waiting for it. */
const WRITE_MS_MAX = 5000;

export function shield(store: TextStore, { now, after }: Pick<Ports, 'now' | 'after'>): ShieldedStore {
  let failures = 0;
  let openUntil = 0;
  const counts = { reads: 0, found: 0, failed: 0, skipped: 0, writes: 0 };

  const attempt = async <T>(work: () => Promise<T>, ms: number): Promise<{ value: T } | undefined> => {
    const failuresBefore = failures;
    try {
      const value = await inTime(work(), ms, after);
      failures = 0;
      return { value };
    } catch {
      // Those that were under way together fail together: that is one failure.
      failures = Math.max(failures, failuresBefore + 1);
      counts.failed += 1;
      openUntil = now() + Math.min(PAUSE_MS_MAX, FIRST_PAUSE_MS * 2 ** (failures - 1));
      return undefined;
    }
  };
  const readNow = async (name: string): Promise<Reading> => {
    counts.reads += 1;
    const read = await attempt(() => store.read(name), store.patienceMs);
    if (read === undefined) return { kind: 'failed' };
    if (read.value === undefined) return { kind: 'absent' };
    counts.found += 1;
    return { kind: 'found', text: read.value };
  };

  return {
    name: store.name,
    isGlobal: store.isGlobal,
    read: (name, defer) => {
      if (failures === 0) return readNow(name);
      counts.skipped += 1;
      if (now() >= openUntil) {
        // One reader at a time tries it, and nobody waits for the outcome.
        openUntil = now() + PAUSE_MS_MAX;
        defer(readNow(name));
      }
      return Promise.resolve({ kind: 'failed' });
    },
    write: async (name, text, ttlMs) => {
      if (failures > 0) return false;
      counts.writes += 1;
      return (await attempt(() => store.write(name, text, ttlMs), WRITE_MS_MAX)) !== undefined;
    },
    remove: async (name) => (await attempt(() => store.remove(name), WRITE_MS_MAX)) !== undefined,
    report: () => ({ store: store.name, open: failures > 0, ...counts }),
  };
}

/** Rejects when the promise has not settled after `ms`. What it comes to then is nobody's. */
async function inTime<T>(promise: Promise<T>, ms: number, after: Ports['after']): Promise<T> {
  const late = Promise.withResolvers<never>();
  const cancel = after(ms, () => late.reject(new Error('late')));
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    cancel();
  }
}
