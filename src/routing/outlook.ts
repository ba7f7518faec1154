// What one isolate knows of one provider: the last snapshot, what it has seen itself since, what it has under way, and
// what it has not told yet. It protects itself at once on its own evidence; the snapshot overrules it, both ways.

import { addEvidence, noEvidence, verdict, type Evidence } from './evidence.ts';
import { latencyBucket } from './latency-sketch.ts';
import { observePeak, penaltyMs, type PeakEwma } from './peak-ewma.ts';
import {
  addPendingFlow,
  addSighting,
  isLone,
  multiplied,
  NOTHING_PENDING,
  REPORT_VERSION,
  type Pending,
  type Probe,
  type Report,
} from './reports.ts';
import {
  probeVerdict,
  scopeKey,
  scopeKinds,
  testimony,
  type OutcomeClass,
  type Place,
  type ScopeKey,
} from './scope.ts';
import { newer, type Reply, type Snapshot } from './snapshot.ts';
import type { Priority } from './admission.ts';

export type Outlook = {
  readonly provider: string;
  readonly isolate: string;
  /** Of the next report. */
  readonly seq: number;
  readonly snapshot?: Snapshot;
  /** What to add to our clock to get the object's; absent before its first reply. */
  readonly offsetMs?: number;
  readonly own: ReadonlyMap<ScopeKey, OwnScope>;
  readonly peaks: Readonly<Record<string, PeakEwma>>;
  /** Per model, replies that have not ended. */
  readonly inFlight: Readonly<Record<string, number>>;
  /** The same as it was last told, and so as a snapshot may have it. */
  readonly told: Readonly<Record<string, number>>;
  readonly leases: Reply['leases'];
  /** On our clock. */
  readonly reportedAt: number;
  readonly pending: Pending;
};

export type OwnScope = {
  readonly evidence: Evidence;
  readonly openedAt: number;
  readonly openUntil: number;
  readonly why: 'own-evidence' | 'barred' | 'cooling';
};

/** Our own evidence is that of one among thousands: it holds until the object has had time to judge. */
const OWN_OPEN_MS = 5000;
/** Money and keys are no matter of judgement; if the object cannot be reached, this is how long we hold. */
const OWN_BARRED_MS = 300_000;
/** A reply is good when it began within this. */
export const TTFT_GOAL_MS = 5000;
const OWN_SCOPES_MAX = 256;

export function newOutlook(provider: string, isolate: string): Outlook {
  return {
    provider,
    isolate,
    seq: 0,
    own: new Map(),
    peaks: {},
    inFlight: {},
    told: {},
    leases: [],
    reportedAt: 0,
    pending: NOTHING_PENDING,
  };
}

export type Started = {
  readonly place: Place;
  readonly kind: 'first' | 'retry' | 'failover';
  readonly priority: Priority;
};

/** A request begins to wait for the provider. */
export function started(outlook: Outlook, { place, kind, priority }: Started): Outlook {
  return {
    ...outlook,
    inFlight: changed(outlook.inFlight, place.model, 1),
    pending: addPendingFlow(outlook.pending, { [kind]: 1, wanted: oneWanted(priority) }),
  };
}

/**
 * A request that was not sent. It counts as wanted, or the limit would think that nobody needs more; and against the
 * throttle when that kept it back, which is what lets the throttle find its balance.
 */
export function keptBack(
  outlook: Outlook,
  { by, priority }: { readonly by: 'throttle' | 'limit'; readonly priority: Priority },
): Outlook {
  const flow = { wanted: oneWanted(priority), requests: by === 'throttle' ? 1 : 0 };
  return { ...outlook, pending: addPendingFlow(outlook.pending, flow) };
}

export type Seen = {
  readonly place: Place;
  readonly outcome: OutcomeClass;
  readonly ttftMs?: number;
  readonly retryAfterMs?: number;
  /** Of a probe. */
  readonly lease?: Probe | Omit<Probe, 'verdict'>;
};

/** What an attempt came to. Once an attempt; a stream that breaks after its first content is seen when it breaks. */
export function seen(
  outlook: Outlook,
  { place, outcome, ttftMs, retryAfterMs, lease }: Seen,
  now: number,
): Outlook {
  const at = now + (outlook.offsetMs ?? 0);
  const slowAbove = outlook.snapshot?.models[place.model]?.slowAboveMs;
  const isSlow = ttftMs !== undefined && slowAbove !== undefined && ttftMs > slowAbove;
  const isNeutral = outcome === 'client' || outcome === 'cancelled';
  const isGood = outcome === 'ok' && (ttftMs === undefined || ttftMs <= TTFT_GOAL_MS);
  const sighting = {
    ...place,
    outcome,
    at,
    count: 1,
    slow: isSlow ? 1 : 0,
    ttft: ttftMs === undefined ? [] : [latencyBucket(ttftMs)],
    rewards: { won: isGood ? 1 : 0, lost: isNeutral || isGood ? 0 : 1 },
    ...(retryAfterMs === undefined ? {} : { comeAgainAt: at + retryAfterMs }),
  };
  const urgent = (outcome !== 'ok' && !isNeutral) || lease !== undefined;
  const pending = addPendingFlow(
    outlook.pending,
    outcome === 'cancelled' ? {} : { requests: 1, accepts: isAccepted(outcome) ? 1 : 0 },
  );
  const probes: readonly Probe[] =
    lease === undefined ? [] : [{ scope: lease.scope, lease: lease.lease, verdict: probeVerdict(outcome) }];
  const latency = outcome === 'ok' ? ttftMs : isNeutral ? undefined : penaltyMs(retryAfterMs);
  return {
    ...outlook,
    own: isNeutral ? outlook.own : withOwn(outlook.own, place, outcome, { at, retryAfterMs, isSlow, ttftMs }),
    peaks:
      latency === undefined
        ? outlook.peaks
        : { ...outlook.peaks, [place.model]: observePeak(outlook.peaks[place.model], latency, now) },
    leases: outlook.leases.filter(({ id }) => id !== lease?.lease),
    pending: { ...addSighting(pending, sighting, urgent), probes: [...pending.probes, ...probes] },
  };
}

/** The reply has ended, however: at the end of the stream and not at its headers. What failed early tells nothing of how long replies are. */
export function ended(
  outlook: Outlook,
  { model, heldMs, good }: { readonly model: string; readonly heldMs: number; readonly good: boolean },
  now: number,
): Outlook {
  const pending = addPendingFlow(outlook.pending, good ? { heldMs, ended: 1 } : {});
  return {
    ...outlook,
    inFlight: changed(outlook.inFlight, model, -1),
    pending: {
      ...pending,
      // Who counts on what we said was in flight is to learn that it no longer is.
      since: pending.since ?? (outlook.told[model] === undefined ? undefined : now),
    },
  };
}

/** Asks with the next report, which is due at once. */
export function asking(outlook: Outlook, asks: readonly ScopeKey[], wantsRetry: boolean): Outlook {
  return { ...outlook, pending: { ...outlook.pending, asks, wantsRetry, urgent: true } };
}

export function takeReport(
  outlook: Outlook,
  now: number,
): { readonly outlook: Outlook; readonly report: Report } {
  const { isolate, seq, pending, offsetMs } = outlook;
  const { sightings, flow, probes, asks, wantsRetry } = pending;
  const sentAt = now + (offsetMs ?? 0);
  const synced = offsetMs !== undefined;
  // Said once in a while it would be believed long after it has ended; the object infers it from the flow instead.
  const inFlight = isQuiet(outlook, now) ? {} : outlook.inFlight;
  return {
    outlook: { ...outlook, seq: seq + 1, told: inFlight, reportedAt: now, pending: NOTHING_PENDING },
    report: {
      v: REPORT_VERSION,
      isolate,
      seq,
      sentAt,
      synced,
      sightings,
      flow,
      inFlight,
      probes,
      asks,
      wantsRetry,
    },
  };
}

const QUIET_AFTER_MS = 5000;
/** Of so many lone successes one is told, for all of them. */
const LONE_TOLD_OF = 4;

/**
 * Before a report that is due for nothing but time: a thousand isolates with a request a minute would call the object for
 * each of them. Of their lone successes one in four is told, by lot, and counts for four.
 */
export function thinned(outlook: Outlook, now: number, drawn: number): Outlook {
  if (!isQuiet(outlook, now) || !isLone(outlook.pending)) return outlook;
  return {
    ...outlook,
    pending: drawn < 1 / LONE_TOLD_OF ? multiplied(outlook.pending, LONE_TOLD_OF) : NOTHING_PENDING,
  };
}

function isQuiet({ reportedAt }: Outlook, now: number): boolean {
  return now - reportedAt > QUIET_AFTER_MS;
}

/** The object's own reply: its clock is then ours to compare with. */
export function heedReply(outlook: Outlook, reply: Reply, now: number): Outlook {
  return {
    ...heed({ ...outlook, offsetMs: reply.snapshot.at - now }, reply.snapshot),
    leases: [...outlook.leases, ...reply.leases],
  };
}

/** A snapshot from wherever. What we opened before it was made is closed by it, unless it says so itself. */
export function heed(outlook: Outlook, heard: Snapshot): Outlook {
  const snapshot = newer(outlook.snapshot, heard);
  if (snapshot === outlook.snapshot) return outlook;
  const own = [...outlook.own].filter(
    ([, { openedAt, openUntil }]) => openUntil === 0 || openedAt >= snapshot.at,
  );
  return { ...outlook, snapshot, own: own.length === outlook.own.size ? outlook.own : new Map(own) };
}

function withOwn(
  own: Outlook['own'],
  place: Place,
  outcome: OutcomeClass,
  seenThere: {
    readonly at: number;
    readonly retryAfterMs: number | undefined;
    readonly isSlow: boolean;
    readonly ttftMs: number | undefined;
  },
): Outlook['own'] {
  const next = new Map(own);
  for (const kind of scopeKinds) {
    const said = testimony(outcome, kind);
    if (said === undefined) continue;
    const scope = scopeKey(kind, place);
    next.set(scope, judged(next.get(scope) ?? unknownScope, said, kind === 'model', seenThere));
  }
  for (const scope of next.keys()) {
    if (next.size <= OWN_SCOPES_MAX) break;
    next.delete(scope);
  }
  return next;
}

const unknownScope: OwnScope = { evidence: noEvidence(0), openedAt: 0, openUntil: 0, why: 'own-evidence' };

function judged(
  scope: OwnScope,
  said: 'ok' | 'failed' | 'limited' | 'barred',
  timed: boolean,
  { at, retryAfterMs, isSlow, ttftMs }: Parameters<typeof withOwn>[3],
): OwnScope {
  if (said === 'barred') {
    return {
      ...scope,
      openedAt: at,
      openUntil: at + Math.max(OWN_BARRED_MS, retryAfterMs ?? 0),
      why: 'barred',
    };
  }
  const slowness = timed && ttftMs !== undefined ? { timed: 1, slow: isSlow ? 1 : 0 } : {};
  const evidence = addEvidence(scope.evidence, { at, [said]: 1, ...slowness }, true);
  if (said === 'limited') {
    const wish = Math.min(retryAfterMs ?? 1000, OWN_BARRED_MS);
    return { evidence, openedAt: at, openUntil: Math.max(scope.openUntil, at + wish), why: 'cooling' };
  }
  if (verdict(evidence, at, 'own') === undefined) return { ...scope, evidence };
  // Afterwards it is looked at afresh.
  return {
    evidence: noEvidence(at + 1, evidence.usual),
    openedAt: at,
    openUntil: at + OWN_OPEN_MS,
    why: 'own-evidence',
  };
}

/** The provider took it: whatever it then said, it was not too busy to say something. */
function isAccepted(outcome: OutcomeClass): boolean {
  return outcome !== 'local' && outcome !== 'overload' && outcome !== 'timeout';
}

function oneWanted(priority: Priority): Readonly<Record<Priority, number>> {
  return { interactive: priority === 'interactive' ? 1 : 0, background: priority === 'background' ? 1 : 0 };
}

function changed(
  counts: Readonly<Record<string, number>>,
  model: string,
  by: 1 | -1,
): Readonly<Record<string, number>> {
  const { [model]: before = 0, ...others } = counts;
  const now = Math.max(0, before + by);
  return now === 0 ? others : { ...others, [model]: now };
}
