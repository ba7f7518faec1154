// Entries in the order in which they have to go: the least important first, and among equals the longest unread.

import type { Entry, Priority } from './entry.ts';

export type Shelf = {
  /** Its being read is noted. */
  readonly get: (key: string) => Entry | undefined;
  readonly put: (entry: Entry) => void;
  readonly remove: (key: string) => void;
  /** Drops entries until no more than so many bytes are left; how many had to go. */
  readonly shrinkTo: (bytesMax: number) => number;
  readonly all: () => readonly Entry[];
  readonly bytes: () => number;
  readonly count: () => number;
};

const PRIORITIES: readonly Priority[] = [1, 2, 3, 4, 5];

export function createShelf(): Shelf {
  // A Map keeps the order of its insertions: what is read is inserted anew, so the first is the longest unread.
  const levels = new Map(PRIORITIES.map((priority) => [priority, new Map<string, Entry>()]));
  const priorities = new Map<string, Priority>();
  let bytes = 0;

  const take = (key: string): Entry | undefined => {
    const priority = priorities.get(key);
    const level = priority === undefined ? undefined : levels.get(priority);
    const entry = level?.get(key);
    if (entry === undefined) return undefined;
    level?.delete(key);
    priorities.delete(key);
    bytes -= entry.size;
    return entry;
  };
  const insert = (entry: Entry): void => {
    levels.get(entry.priority)?.set(entry.key, entry);
    priorities.set(entry.key, entry.priority);
    bytes += entry.size;
  };

  return {
    get: (key) => {
      const entry = take(key);
      if (entry !== undefined) insert(entry);
      return entry;
    },
    put: (entry) => {
      take(entry.key);
      insert(entry);
    },
    remove: (key) => void take(key),
    shrinkTo: (bytesMax) => {
      let dropped = 0;
      for (const level of levels.values()) {
        for (const key of level.keys()) {
          if (bytes <= bytesMax) return dropped;
          take(key);
          dropped += 1;
        }
      }
      return dropped;
    },
    all: () => [...levels.values()].flatMap((level) => [...level.values()]),
    bytes: () => bytes,
    count: () => priorities.size,
  };
}
