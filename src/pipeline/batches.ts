// One request as several: cut, sent a few at a time, and summed up.

import { inputTotal, type Usage } from '../core/usage.ts';
import type { Failed } from './attempt.ts';

export function batchesOf<Item>(items: readonly Item[], sizeMax = Infinity): readonly (readonly Item[])[] {
  if (items.length <= sizeMax) return [items];
  const count = Math.ceil(items.length / sizeMax);
  return Array.from({ length: count }, (_, index) => items.slice(index * sizeMax, (index + 1) * sizeMax));
}

/** Of the six connections that the runtime lets wait for headers at once. */
const AT_ONCE_MAX = 4;

/**
 * Runs the task for each number, a few at a time. The first failure is the result, at once: no more is started then, and
 * what is under way is not waited for.
 */
export function sendInTurns(
  numbers: readonly number[],
  task: (number: number) => Promise<Failed | undefined>,
): Promise<Failed | undefined> {
  const waiting = [...numbers];
  const { promise, resolve, reject } = Promise.withResolvers<Failed | undefined>();
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const failure = await task(next);
      if (failure === undefined) continue;
      waiting.length = 0;
      resolve(failure);
    }
  };
  Promise.all(Array.from({ length: AT_ONCE_MAX }, work)).then(
    () => resolve(undefined),
    (error: unknown) => {
      waiting.length = 0;
      reject(error instanceof Error ? error : new Error('a batch could not be sent', { cause: error }));
    },
  );
  return promise;
}

/** Tokens of all together; `undefined` when one of them was not told, for a sum without it would be a wrong one. */
export function sumUsage(usages: readonly (Usage | undefined)[]): Usage | undefined {
  const uncachedInput = sumOf(usages.map((usage) => usage && inputTotal(usage)));
  const costUsd = sumOf(usages.map((usage) => usage?.costUsd));
  if (uncachedInput === undefined) return undefined;
  return { uncachedInput, output: 0, ...(costUsd === undefined ? {} : { costUsd }) };
}

function sumOf(counts: readonly (number | undefined)[]): number | undefined {
  const known = counts.filter((count) => count !== undefined);
  if (known.length === 0 || known.length < counts.length) return undefined;
  return known.reduce((sum, count) => sum + count, 0);
}
