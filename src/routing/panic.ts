// When no target may be asked. Verdicts can be wrong, and all of them together most likely are; so a few requests are let
// through to the one that was shut first, and the rest learn when to come again.

import type { Reading } from './reading.ts';

export type Panic =
  | { readonly do: 'try'; readonly id: string }
  | { readonly do: 'refuse'; readonly retryAfterMs: number };

const CHANCE_MIN = 0.1;
const RETRY_AFTER_MS_MIN = 1000;
const RETRY_AFTER_MS_MAX = 300_000;

/** A key without money, an operator's order and a named wait are no verdicts: nobody is tried against them. */
const BEYOND_DOUBT: ReadonlySet<string> = new Set(['barred', 'forced-open', 'cooling']);

type Shut = { readonly id: string; readonly reading: Reading };

/** With chance max(0.1, 1 − P) the least recently opened is tried, P being its throttle's chance. */
export function panic(candidates: readonly Shut[], now: number, drawn: number): Panic {
  const doubtful = candidates.filter(
    ({ reading: { gate } }) => gate.is !== 'shut' || !BEYOND_DOUBT.has(gate.why),
  );
  const first = doubtful.toSorted((a, b) => sinceOf(a) - sinceOf(b))[0];
  if (first !== undefined && drawn < Math.max(CHANCE_MIN, 1 - first.reading.throttled.interactive)) {
    return { do: 'try', id: first.id };
  }
  const soonest = Math.min(
    ...candidates.map(({ reading: { gate } }) => (gate.is === 'shut' ? (gate.until ?? Infinity) : now)),
  );
  return {
    do: 'refuse',
    retryAfterMs: Math.min(RETRY_AFTER_MS_MAX, Math.max(RETRY_AFTER_MS_MIN, soonest - now)),
  };
}

function sinceOf({ reading: { gate } }: Shut): number {
  return gate.is === 'open' ? 0 : gate.since;
}
