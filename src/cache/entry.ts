// One remembered answer, with all that is known of it. It carries its own key and its tenant, and both are asked again on
// every read: whatever a store mixes up, nobody is given what is another's.

import * as z from 'zod/mini';

export type Category = 'model_discovery' | 'response_cache' | 'summary_cache' | 'user_sessions';
export type Priority = 1 | 2 | 3 | 4 | 5;

export type Entry = {
  readonly schema: typeof SCHEMA;
  /** An HMAC over the whole question: says nothing about it to whoever reads the store. */
  readonly key: string;
  /** Id of the caller that it was made for; '' for callers without a key. */
  readonly tenant: string;
  readonly category: Category;
  /** `<provider>/<model>` that answered. */
  readonly model: string;
  readonly tags: readonly string[];
  /** What has to go goes from 1 upwards. */
  readonly priority: Priority;
  readonly value: string;
  /** Bytes that it is counted with. */
  readonly size: number;
  readonly createdAt: number;
  /** How long it is good for, ms, before its use is looked at; see life.ts. */
  readonly ttlMs: number;
  readonly floorMs: number;
  readonly capMs: number;
  /** How long it took to make, ms: what is dear is renewed earlier. */
  readonly makingMs: number;
  /** Reads, those that found it too old included. */
  readonly accessCount: number;
  /** Reads that were answered with it. */
  readonly hits: number;
  readonly lastAccessedAt: number;
  /** How long a read took, ms, over all tiers that were asked. */
  readonly averageAccessMs: number;
};

/** Another form is another number: an isolate does not read what it does not know. */
export const SCHEMA = 1;

/** What an entry is asked for by. */
export type EntryId = Pick<Entry, 'key' | 'tenant'>;

const OVERHEAD_BYTES = 512;

/** In UTF-16, the most that the runtime takes for it. */
export function sizeOf({ value, tags }: Pick<Entry, 'value' | 'tags'>): number {
  return OVERHEAD_BYTES + 2 * (value.length + tags.reduce((sum, tag) => sum + tag.length, 0));
}

const count = z.int().check(z.nonnegative());
const ms = z.number().check(z.nonnegative());
const entrySchema = z.object({
  schema: z.literal(SCHEMA),
  key: z.string(),
  tenant: z.string(),
  category: z.enum(['model_discovery', 'response_cache', 'summary_cache', 'user_sessions']),
  model: z.string(),
  tags: z.array(z.string()),
  priority: z.literal([1, 2, 3, 4, 5]),
  value: z.string(),
  size: count,
  createdAt: ms,
  ttlMs: ms,
  floorMs: ms,
  capMs: ms,
  makingMs: ms,
  accessCount: count,
  hits: count,
  lastAccessedAt: ms,
  averageAccessMs: ms,
});

export function encodeEntry(entry: Entry): string {
  return JSON.stringify(entry);
}

/** `undefined` for everything that is not the entry that was asked for. */
export function decodeEntry(text: string, { key, tenant }: EntryId): Entry | undefined {
  const { data } = z.safeParse(entrySchema, parse(text));
  return data?.key === key && data.tenant === tenant ? data : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The entry after one more read, which took `tookMs`. */
export function accessed(entry: Entry, now: number, tookMs: number, isHit: boolean): Entry {
  const accessCount = entry.accessCount + 1;
  return {
    ...entry,
    accessCount,
    hits: entry.hits + (isHit ? 1 : 0),
    // What is found too old was not used, and is not to look as if it were.
    lastAccessedAt: isHit ? now : entry.lastAccessedAt,
    averageAccessMs: entry.averageAccessMs + (tookMs - entry.averageAccessMs) / accessCount,
  };
}
