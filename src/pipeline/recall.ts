// What is remembered of a question, and what it is good for now; how it went stands in the journal.

import type { Found } from '../cache/cache.ts';
import { lifeMs } from '../cache/life.ts';
import { GatewayError, type FailureKind } from '../core/failure.ts';
import type { Call, Deps } from './call.ts';
import type { Memo } from './memo.ts';
import { readRemembered, type Remembered } from './remembered.ts';

export type Recalled = Found & { readonly remembered: Remembered };

/** Asks the cache, or does not where the caller wants a new answer. */
export async function recall(memo: Memo, call: Call, deps: Deps): Promise<Recalled | undefined> {
  const { id, directives } = memo;
  if (directives.noCache) {
    call.journal.cache = { outcome: 'miss', key: id.key, status: 'llm-proxy; fwd=request' };
    return undefined;
  }
  const found = await deps.cache.find(id, { maxAgeMs: directives.maxAgeMs, defer: call.defer });
  const remembered = found && readRemembered(found.entry.value);
  const isGood = remembered !== undefined && suits(remembered, memo, call);
  const recalled = found !== undefined && isGood ? { ...found, remembered } : undefined;
  if (isServable(recalled)) noteHit(recalled, call, deps.now());
  else {
    const reason = recalled === undefined ? 'miss' : 'stale';
    call.journal.cache = { outcome: 'miss', key: id.key, status: `llm-proxy; fwd=${reason}` };
  }
  return recalled;
}

/** Whoever wants everything as it was sent is not given what was answered to less. */
function suits(
  { losses, isUncounted, dialect }: Remembered,
  { wantsUsage }: Memo,
  { strict, dialect: own }: Call,
): boolean {
  return (
    !(strict && losses.length > 0) &&
    !(wantsUsage && isUncounted === true) &&
    (dialect === undefined || dialect === own.id)
  );
}

export function isServable(recalled: Recalled | undefined): recalled is Recalled {
  return recalled !== undefined && recalled.freshness !== 'last-resort';
}

/** What is too old for better times, when nobody can answer; `undefined` where it is the caller who is to blame. */
export function lastResort(
  recalled: Recalled | undefined,
  error: unknown,
  call: Call,
  { now }: Pick<Deps, 'now'>,
): Recalled | undefined {
  const isOutage = error instanceof GatewayError && OUTAGES.has(error.failure.kind);
  if (recalled === undefined || !isOutage) return undefined;
  noteHit(recalled, call, now());
  return recalled;
}

const OUTAGES: ReadonlySet<FailureKind> = new Set<FailureKind>([
  'rate-limited',
  'quota-exhausted',
  'overloaded',
  'unavailable',
  'upstream-auth',
  'upstream-error',
  'upstream-protocol',
  'upstream-timeout',
]);

function noteHit({ entry, ageMs, tier, freshness }: Found, { journal }: Call, now: number): void {
  // https://www.rfc-editor.org/rfc/rfc9211#section-2.5: what is left of its life, below 0 for what is served beyond it.
  const ttl = Math.floor((lifeMs(entry, now) - ageMs) / 1000);
  const isStale = freshness === 'stale' || freshness === 'last-resort';
  journal.cache = {
    outcome: isStale ? 'stale' : 'hit',
    key: entry.key,
    status: `llm-proxy; hit; ttl=${ttl}; detail=${tier}`,
    age: Math.floor(ageMs / 1000),
    tier,
  };
}
