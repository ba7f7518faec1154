// What of a provider's state is stored, and how another life of its object begins with it.

import { newBreaker, type Breaker } from './breaker.ts';
import { newProviderState, type ProviderState } from './provider-state.ts';
import type { ScopeKey } from './scope.ts';

/** What must survive an eviction: phases, never windows. A cold start errs on the side of trying. */
export type SavedState = {
  readonly v: 1;
  readonly epoch: number;
  readonly scopes: Readonly<Record<ScopeKey, Pick<Breaker, 'phase' | 'coolUntil' | 'floorUntil'>>>;
};

export function save({ epoch, breakers }: ProviderState): SavedState {
  const told = [...breakers].filter(
    ([, { phase, coolUntil }]) => phase.is !== 'closed' || phase.opened > 0 || coolUntil > 0,
  );
  return {
    v: 1,
    epoch,
    scopes: Object.fromEntries(
      told.map(([scope, { phase, coolUntil, floorUntil }]) => [scope, { phase, coolUntil, floorUntil }]),
    ),
  };
}

/** Another life: what was open is open, and snapshots of the former life are older than all of this one. */
export function restore(provider: string, saved: SavedState | undefined): ProviderState {
  const state = newProviderState(provider, (saved?.epoch ?? 0) + 1);
  const breakers = Object.entries(saved?.scopes ?? {}).map(
    ([scope, phases]) => [scope, { ...newBreaker(0), ...phases }] as const,
  );
  return { ...state, breakers: new Map(breakers) };
}

/** Whether `save` would write something else than before. */
export function hasTurned(before: ProviderState, after: ProviderState): boolean {
  return [...after.breakers].some(([scope, { phase, coolUntil }]) => {
    const earlier = before.breakers.get(scope);
    return earlier === undefined
      ? phase.is !== 'closed' || coolUntil > 0
      : earlier.phase !== phase || earlier.coolUntil !== coolUntil;
  });
}
