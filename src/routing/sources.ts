// The isolates that report to an object: which of their reports have been counted and what they have in flight. Split into
// parts, so that one report copies a sixty-fourth of it and no more.

import { admitSequence, NOTHING_SEEN, type ReplayWindow } from './replay-window.ts';

type Source = {
  readonly window: ReplayWindow;
  readonly inFlight: Readonly<Record<string, number>>;
  readonly heardAt: number;
};

export type Sources = {
  readonly parts: readonly ReadonlyMap<string, Source>[];
  /** Sums over all isolates, per model. */
  readonly inFlight: Readonly<Record<string, number>>;
};

const PARTS = 64;
/** An isolate with something in flight reports at least every 30 s; one that has been silent for so long is dead. */
const SILENT_MS_MAX = 120_000;
const PART_SIZE_MAX = 512;

export const NO_SOURCES: Sources = { parts: Array.from({ length: PARTS }, () => new Map()), inFlight: {} };

/** `undefined` when the report has been counted before. */
export function hear(
  sources: Sources,
  report: {
    readonly isolate: string;
    readonly seq: number;
    readonly inFlight: Readonly<Record<string, number>>;
  },
  now: number,
): Sources | undefined {
  const index = partOf(report.isolate);
  const part = new Map(sources.parts[index]);
  const before = part.get(report.isolate);
  const window = admitSequence(before?.window ?? NOTHING_SEEN, report.seq);
  if (window === undefined) return undefined;
  const inFlight = { ...sources.inFlight };
  // A report that was overtaken knows less than the one that overtook it.
  const isNewest = window.high === report.seq;
  const current = isNewest ? report.inFlight : (before?.inFlight ?? {});
  count(inFlight, before?.inFlight ?? {}, -1);
  count(inFlight, current, 1);
  // Last heard, last in the map.
  part.delete(report.isolate);
  for (const [isolate, source] of part) {
    if (now - source.heardAt <= SILENT_MS_MAX && part.size < PART_SIZE_MAX) break;
    count(inFlight, source.inFlight, -1);
    part.delete(isolate);
  }
  part.set(report.isolate, { window, inFlight: current, heardAt: now });
  return { parts: sources.parts.with(index, part), inFlight };
}

export function totalInFlight({ inFlight }: Sources): number {
  return Object.values(inFlight).reduce((sum, count) => sum + count, 0);
}

function count(sums: Record<string, number>, of: Readonly<Record<string, number>>, sign: 1 | -1) {
  for (const [model, amount] of Object.entries(of)) {
    const sum = (sums[model] ?? 0) + sign * amount;
    if (sum > 0) sums[model] = sum;
    else delete sums[model];
  }
}

function partOf(isolate: string): number {
  let hash = 0;
  for (let i = 0; i < isolate.length; i += 1) hash = (Math.imul(hash, 31) + isolate.charCodeAt(i)) | 0;
  return (hash >>> 0) % PARTS;
}
