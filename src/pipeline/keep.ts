// Remembers a reply while it goes by: its events are gathered, and kept when they turn out to be complete.

import { isWorthKeeping } from '../cache/admission.ts';
import { SCHEMA, sizeOf } from '../cache/entry.ts';
import { CATEGORIES } from '../cache/life.ts';
import { createRecording } from '../cache/recording.ts';
import type { ChatEvent } from '../core/event.ts';
import type { Call, Deps } from './call.ts';
import type { Memo } from './memo.ts';
import type { Answered } from './render.ts';
import { writeRemembered } from './remembered.ts';

export type Keeper = {
  readonly note: (event: ChatEvent) => void;
  /** The reply is over, however it ended. */
  readonly end: (answered: Answered) => void;
};

/** A reply that is longer is not remembered. */
const REPLY_BYTES_MAX = 1_048_576;

/** `undefined` when there is no room for it. */
export function createKeeper(
  { id, policy, wantsUsage }: Memo,
  call: Pick<Call, 'defer' | 'dialect' | 'startedAt'>,
  { cache, now }: Pick<Deps, 'cache' | 'now'>,
): Keeper | undefined {
  const hold = cache.hold();
  if (hold === undefined) return undefined;
  const recording = createRecording(REPLY_BYTES_MAX, hold.add);
  return {
    note: recording.add,
    end: ({ target, exchange, fallbackReason }) => {
      hold.release();
      const events = recording.events();
      // What a second choice said would stand in for the first one when that is back.
      if (events === undefined || fallbackReason !== undefined || !isWorthKeeping(events, policy)) return;
      const isUncounted = !wantsUsage && !events.some(({ type }) => type === 'usage');
      const value = writeRemembered({
        events,
        losses: exchange.losses,
        ...(isUncounted ? { isUncounted } : {}),
        ...(events.some(isSealed) ? { dialect: call.dialect.id } : {}),
      });
      const { ttlMs, floorMs, capMs, priority } = CATEGORIES.response_cache;
      const life =
        policy.ttlMs === undefined
          ? { ttlMs, floorMs, capMs }
          : { ttlMs: policy.ttlMs, floorMs: policy.ttlMs, capMs: policy.ttlMs };
      const createdAt = now();
      const entry = {
        schema: SCHEMA,
        ...id,
        category: 'response_cache',
        model: `${target.enabled.provider.id}/${target.model}`,
        tags: policy.tags,
        priority,
        value,
        size: sizeOf({ value, tags: policy.tags }),
        createdAt,
        ...life,
        makingMs: createdAt - call.startedAt,
        accessCount: 0,
        hits: 0,
        lastAccessedAt: createdAt,
        averageAccessMs: 0,
      } as const;
      cache.keep(entry, call.defer);
    },
  };
}

/** Reasoning that is to be brought back: for another dialect it would have to be sealed in another way. */
function isSealed(event: ChatEvent): boolean {
  return event.type === 'reasoning-end' && event.opaque !== undefined;
}
