// Stores for tests of the cache: one that works, and one that can be told not to.

import type { TextStore } from '../../src/cache/store.ts';

export type ScriptedStore = TextStore & {
  readonly texts: Map<string, string>;
  /** How often it was asked for something. */
  readonly asked: () => number;
  /** `silent`: it never answers. */
  readonly be: (mood: 'well' | 'broken' | 'silent') => void;
};

export function scriptedStore(name = 'store', isGlobal = true): ScriptedStore {
  const texts = new Map<string, string>();
  let mood: 'well' | 'broken' | 'silent' = 'well';
  let asked = 0;
  const answer = <T>(work: () => T): Promise<T> => {
    if (mood === 'silent') return new Promise(() => undefined);
    return mood === 'broken' ? Promise.reject(new Error('broken')) : Promise.resolve(work());
  };
  return {
    name,
    isGlobal,
    patienceMs: 60,
    texts,
    asked: () => asked,
    be: (next) => {
      mood = next;
    },
    read: (key) => {
      asked += 1;
      return answer(() => texts.get(key));
    },
    write: (key, text) => answer(() => void texts.set(key, text)),
    remove: (key) => answer(() => void texts.delete(key)),
  };
}
