// What an object tells everyone about its provider: quantities and phases, small enough to ride on every reply. A snapshot
// is valid whole; the newest by (epoch, version) wins wherever two meet.

import type { Accepted, Priority } from './admission.ts';
import type { Rewards } from './balancers/balancer.ts';
import type { Breaker, Lease, OpenCause } from './breaker.ts';
import type { Inflow } from './retry-budget.ts';
import type { ScopeKey } from './scope.ts';

export type Snapshot = {
  readonly v: 1;
  readonly provider: string;
  /** Grows with each life of the object; `version` with each change within it. */
  readonly epoch: number;
  readonly version: number;
  /** On the object's clock. */
  readonly at: number;
  /** Only scopes about which there is something to say: what is not here is closed. */
  readonly scopes: Readonly<Record<ScopeKey, ScopeState>>;
  readonly models: Readonly<Record<string, ModelState>>;
  readonly accepted: Accepted;
  readonly inflow: Inflow;
  readonly retryOk: boolean;
  readonly inFlight: number;
  readonly limit?: number;
  readonly shares: Readonly<Record<Priority, number>>;
};

/** A phase as others need it. */
export type ScopeState = {
  readonly is: Breaker['phase']['is'];
  readonly since: number;
  readonly until?: number;
  readonly cause?: OpenCause;
  readonly coolUntil?: number;
  /** Half open: whether another prober may be let in. */
  readonly room?: boolean;
};

export type ModelState = {
  readonly inFlight: number;
  readonly rewards: Rewards;
  readonly ttftMs?: number;
  readonly p50Ms?: number;
  readonly p95Ms?: number;
  readonly p999Ms?: number;
  readonly slowAboveMs?: number;
};

export type Reply = {
  readonly snapshot: Snapshot;
  readonly leases: readonly (Lease & { readonly scope: ScopeKey })[];
  readonly retryGranted: boolean;
};

/** Older than this, an isolate looks at what its colo has; if that is no younger, it is renewed behind the request. */
export const SOFT_AGE_MS = 2000;
/** Older than this, it is no longer believed: who is to be asked first is then read from the object, with a bound. */
export const HARD_AGE_MS = 5000;
/** An order of an operator is obeyed for longer when the object cannot be reached: R-14 fails closed. */
export const ORDER_AGE_MS = 60_000;

export function newer(a: Snapshot | undefined, b: Snapshot): Snapshot {
  if (a === undefined) return b;
  return b.epoch > a.epoch || (b.epoch === a.epoch && b.version > a.version) ? b : a;
}
