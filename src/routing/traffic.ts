// What flows through one provider, in sums that forget: the reports of all isolates, merged.

import type { Accepted, Priority } from './admission.ts';
import { addDecayed, decayedAt, NOTHING, type Decayed } from './decayed.ts';
import type { Inflow } from './retry-budget.ts';

export type Traffic = {
  /** When the traffic began that is still flowing. */
  readonly since: number;
  readonly heardAt: number;
  readonly first: Decayed;
  readonly failover: Decayed;
  /** All attempts. */
  readonly sent: Decayed;
  readonly requests: Decayed;
  readonly accepts: Decayed;
  readonly interactive: Decayed;
  readonly background: Decayed;
  /** Of good replies that ended: how long they were in flight, in all, and how many they were. */
  readonly heldMs: Decayed;
  readonly ended: Decayed;
};

/** One isolate's part of it since its last report. */
export type Flow = {
  readonly first: number;
  readonly retry: number;
  readonly failover: number;
  /** Attempts that were wanted here, those that a limit kept back included. */
  readonly wanted: Readonly<Record<Priority, number>>;
  /** Attempts that came to something, and those that the throttle kept back. */
  readonly requests: number;
  readonly accepts: number;
  readonly heldMs: number;
  readonly ended: number;
};

export const NO_FLOW: Flow = {
  first: 0,
  retry: 0,
  failover: 0,
  wanted: { interactive: 0, background: 0 },
  requests: 0,
  accepts: 0,
  heldMs: 0,
  ended: 0,
};

const TAU_MS = 10_000;
/** Without a report for so long, traffic begins anew. */
const IDLE_MS = 60_000;
/** τ of the throttle: a window of about two minutes would forget an outage too late, ten seconds too early. */
const TAU_ACCEPTED_MS = 30_000;

export const NO_TRAFFIC: Traffic = {
  since: Infinity,
  heardAt: -Infinity,
  first: NOTHING,
  failover: NOTHING,
  sent: NOTHING,
  requests: NOTHING,
  accepts: NOTHING,
  interactive: NOTHING,
  background: NOTHING,
  heldMs: NOTHING,
  ended: NOTHING,
};

export function addFlow(traffic: Traffic, at: number, flow: Flow): Traffic {
  const { interactive, background } = flow.wanted;
  return {
    since: at - traffic.heardAt > IDLE_MS ? at : Math.min(traffic.since, at),
    heardAt: Math.max(traffic.heardAt, at),
    first: addDecayed(traffic.first, at, flow.first, TAU_MS),
    failover: addDecayed(traffic.failover, at, flow.failover, TAU_MS),
    sent: addDecayed(traffic.sent, at, flow.first + flow.retry + flow.failover, TAU_MS),
    requests: addDecayed(traffic.requests, at, flow.requests, TAU_ACCEPTED_MS),
    accepts: addDecayed(traffic.accepts, at, flow.accepts, TAU_ACCEPTED_MS),
    interactive: addDecayed(traffic.interactive, at, interactive, TAU_MS),
    background: addDecayed(traffic.background, at, background, TAU_MS),
    heldMs: addDecayed(traffic.heldMs, at, flow.heldMs, TAU_MS),
    ended: addDecayed(traffic.ended, at, flow.ended, TAU_MS),
  };
}

export function inflowAt(traffic: Traffic, now: number): Inflow {
  return {
    first: decayedAt(traffic.first, now, TAU_MS),
    failover: decayedAt(traffic.failover, now, TAU_MS),
  };
}

export function acceptedAt(traffic: Traffic, now: number): Accepted {
  return {
    requests: decayedAt(traffic.requests, now, TAU_ACCEPTED_MS),
    accepts: decayedAt(traffic.accepts, now, TAU_ACCEPTED_MS),
  };
}

/** Little's law again: what is in flight, by what is sent. */
export function inferredInFlight(traffic: Traffic, now: number): number {
  return perMs(traffic, traffic.sent, now) * meanHeldMs(traffic, now);
}

function meanHeldMs(traffic: Traffic, now: number): number {
  const ended = decayedAt(traffic.ended, now, TAU_MS);
  return ended < 1e-6 ? 0 : decayedAt(traffic.heldMs, now, TAU_MS) / ended;
}

/** Little's law: what would be in flight if all that is wanted went, with replies as long as they are now. */
export function wantedInFlight(traffic: Traffic, now: number): Readonly<Record<Priority, number>> {
  const heldMs = meanHeldMs(traffic, now);
  return {
    interactive: perMs(traffic, traffic.interactive, now) * heldMs,
    background: perMs(traffic, traffic.background, now) * heldMs,
  };
}

/** The sum, with a memory of τ, of a rate r that began t ago is r·τ·(1 − e^(−t/τ)). */
function perMs({ since }: Traffic, sum: Decayed, now: number): number {
  const begun = Math.max(MOMENT_MS, now - since);
  return decayedAt(sum, now, TAU_MS) / (TAU_MS * (1 - Math.exp(-begun / TAU_MS)));
}

/** No rate is told from less. */
const MOMENT_MS = 1000;
