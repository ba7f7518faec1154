// A level of the cache. All of them keep the same promises, whatever is behind them: test/contract/cache-tier.contract.ts.

import { decodeEntry, encodeEntry, type Entry, type EntryId } from './entry.ts';
import { keptMs } from './life.ts';
import type { Memory } from './memory.ts';
import type { Defer, ShieldedStore } from './shield.ts';

export type Tier = {
  readonly name: string;
  /** The entry with this key and of this tenant, and no other. Never rejects. */
  readonly get: (id: EntryId, defer: Defer) => Promise<Entry | undefined>;
  readonly put: (entry: Entry) => Promise<unknown>;
  readonly remove: (key: string) => Promise<unknown>;
};

export function storeTier({ name, read, write, remove }: ShieldedStore): Tier {
  return {
    name,
    get: async (id, defer) => {
      const reading = await read(entryName(id.key), defer);
      return reading.kind === 'found' ? decodeEntry(reading.text, id) : undefined;
    },
    put: (entry) => write(entryName(entry.key), encodeEntry(entry), keptMs(entry)),
    remove: (key) => remove(entryName(key)),
  };
}

export function memoryTier(memory: Memory): Tier {
  return {
    name: 'memory',
    get: ({ key, tenant }) => {
      const entry = memory.get(key);
      return Promise.resolve(entry?.tenant === tenant ? entry : undefined);
    },
    put: (entry) => Promise.resolve(memory.put(entry)),
    remove: (key) => Promise.resolve(memory.remove(key)),
  };
}

/** The schema is in the name, so that two versions of the Worker side by side do not overwrite each other's. */
function entryName(key: string): string {
  return `entry1:${key}`;
}
