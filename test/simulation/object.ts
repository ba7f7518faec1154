// The Durable Object of a provider as the simulation knows it: the same reducers and the same rule of what is stored, with
// a life that may end at any moment.

import type { Moment } from '../../src/routing/breaker.ts';
import { orderScope, passTime, receive, type ProviderState } from '../../src/routing/provider-state.ts';
import type { Report } from '../../src/routing/reports.ts';
import { hasTurned, restore, save, type SavedState } from '../../src/routing/saved-state.ts';
import type { Reply, Snapshot } from '../../src/routing/snapshot.ts';
import { snapshotOf } from '../../src/routing/snapshot-of.ts';

export type SimulatedObject = {
  readonly report: (report: Report, moment: Moment) => Reply;
  readonly snapshot: (now: number) => Snapshot;
  readonly order: (scope: string, to: 'forced-open' | 'disabled' | 'closed', moment: Moment) => void;
  readonly alarm: (moment: Moment) => void;
  readonly evict: () => void;
  readonly state: () => ProviderState;
  readonly calls: () => number;
};

export function createObject(provider: string): SimulatedObject {
  let stored: SavedState | undefined;
  let calls = 0;
  let state = awaken();
  function awaken(): ProviderState {
    const awake = restore(provider, stored);
    stored = save(awake);
    return awake;
  }
  const become = (next: ProviderState) => {
    if (hasTurned(state, next)) stored = JSON.parse(JSON.stringify(save(next))) as SavedState;
    state = next;
  };
  return {
    report: (report, moment) => {
      calls += 1;
      const received = receive(state, report, moment);
      become(received.state);
      return received.reply;
    },
    snapshot: (now) => {
      calls += 1;
      return snapshotOf(state, now);
    },
    order: (scope, to, moment) => become(orderScope(state, scope, to, moment)),
    alarm: (moment) => become(passTime(state, moment)),
    evict: () => {
      state = awaken();
    },
    state: () => state,
    calls: () => calls,
  };
}
