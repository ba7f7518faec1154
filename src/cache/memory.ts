// What the isolate itself remembers, bounded in bytes. An isolate cannot read its heap, so what is counted is what the
// cache keeps and what replies under way hold for it.

import type { Entry } from './entry.ts';
import { createHolds, type Hold } from './holds.ts';
import { createShelf } from './shelf.ts';

export type MemoryLimits = {
  readonly maxBytes: number;
  /** Counted bytes from which on half of the maximum must do. */
  readonly thresholdBytes: number;
  /** And from which on hardly anything is kept, and nothing new is gathered. */
  readonly emergencyBytes: number;
};

export type Pressure = 'normal' | 'high' | 'emergency';

export type Memory = {
  readonly get: (key: string) => Entry | undefined;
  readonly put: (entry: Entry) => void;
  readonly remove: (key: string) => void;
  readonly removeWhere: (matches: (entry: Entry) => boolean) => void;
  /** Room for a reply that is being gathered; `undefined` in an emergency. */
  readonly hold: () => Hold | undefined;
  readonly report: () => MemoryReport;
};

export type MemoryReport = {
  readonly entries: number;
  readonly bytes: number;
  readonly heldBytes: number;
  readonly maxBytes: number;
  readonly pressure: Pressure;
  readonly evicted: number;
  /** Replies that were torn down without letting go of what they held. */
  readonly leaked: number;
};

const FLOOR_BYTES = 1_048_576;

export function createMemory(limits: MemoryLimits, now: () => number): Memory {
  const { maxBytes, thresholdBytes, emergencyBytes } = limits;
  const allowed: Readonly<Record<Pressure, number>> = {
    normal: maxBytes,
    high: maxBytes / 2,
    emergency: Math.min(FLOOR_BYTES, maxBytes / 2),
  };
  let evicted = 0;
  const shelf = createShelf();
  const obey = (): void => {
    evicted += shelf.shrinkTo(allowed[pressure()]);
  };
  const holds = createHolds(now, obey);
  const pressure = (): Pressure => {
    const counted = shelf.bytes() + holds.bytes();
    if (counted >= emergencyBytes) return 'emergency';
    return counted >= thresholdBytes ? 'high' : 'normal';
  };

  return {
    get: shelf.get,
    put: (entry) => {
      shelf.put(entry);
      obey();
    },
    remove: shelf.remove,
    removeWhere: (matches) => {
      for (const { key } of shelf.all().filter(matches)) shelf.remove(key);
    },
    hold: () => (pressure() === 'emergency' ? undefined : holds.open()),
    report: () => ({
      entries: shelf.count(),
      bytes: shelf.bytes(),
      heldBytes: holds.bytes(),
      maxBytes,
      pressure: pressure(),
      evicted,
      leaked: holds.leaked(),
    }),
  };
}
