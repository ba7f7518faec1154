// One object a provider: where the reports of all isolates meet. Storage, the clock, chance and the alarm around the pure
// reducer of src/routing; there is no rule in here.
//
// Phases are stored before the reply leaves, windows are not: after an eviction it knows what is open and counts afresh.

import { DurableObject } from 'cloudflare:workers';
import type { Moment } from '../src/routing/breaker.ts';
import {
  nextChangeAt,
  orderScope,
  passTime,
  receive,
  type ProviderState as State,
} from '../src/routing/provider-state.ts';
import { REPORT_VERSION, type Report } from '../src/routing/reports.ts';
import { hasTurned, restore, save, type SavedState } from '../src/routing/saved-state.ts';
import type { ScopeKey } from '../src/routing/scope.ts';
import type { Reply, Snapshot } from '../src/routing/snapshot.ts';
import { snapshotOf } from '../src/routing/snapshot-of.ts';

const KEY = 'provider-state/v1';

export class ProviderState extends DurableObject {
  #state: State;

  constructor(context: DurableObjectState, environment: Cloudflare.Env) {
    super(context, environment);
    this.#state = restore(context.id.name ?? '', context.storage.kv.get<SavedState>(KEY));
    // The new epoch must not be given out twice.
    context.storage.kv.put(KEY, save(this.#state));
  }

  /** A report of another version, during a deployment, is answered and not counted. */
  report(report: Report): Reply {
    const moment = this.#moment();
    if (report.v !== REPORT_VERSION) {
      return { snapshot: snapshotOf(this.#state, moment.now), leases: [], retryGranted: false };
    }
    const { state, reply } = receive(this.#state, report, moment);
    this.#become(state);
    return reply;
  }

  snapshot(): Snapshot {
    return snapshotOf(this.#state, Date.now());
  }

  /** What an operator says of a scope; it holds until the operator says otherwise. */
  order(scope: ScopeKey, to: 'forced-open' | 'disabled' | 'closed'): Snapshot {
    const moment = this.#moment();
    this.#become(orderScope(this.#state, scope, to, moment));
    return snapshotOf(this.#state, moment.now);
  }

  /** Every scope that is or was not closed, in full. */
  inspect(): SavedState {
    return save(this.#state);
  }

  override alarm(): void {
    this.#become(passTime(this.#state, this.#moment()));
  }

  #become(state: State): void {
    const turned = hasTurned(this.#state, state);
    this.#state = state;
    if (!turned) return;
    this.ctx.storage.kv.put(KEY, save(state));
    const at = nextChangeAt(state);
    // The runtime holds the reply back until this and the write above are stored.
    if (at !== undefined) void this.ctx.storage.setAlarm(at);
  }

  #moment(): Moment {
    return { now: Date.now(), drawn: Math.random() };
  }
}
