// Whether a failure is a refusal: the provider, or a guard of ours before it, has surely done nothing. A connection that
// broke, a timeout, an error of the server or an answer that cannot be read may each hide something that was begun.

import type { FailureClass, Outcome } from '../core/failure.ts';

const REFUSALS: ReadonlySet<FailureClass> = new Set(['client', 'auth', 'quota', 'ratelimit', 'overload']);

export function wasRefused({ class: of, failure }: Extract<Outcome, { kind: 'failed' }>): boolean {
  // `unavailable` is what the guards of egress say: nothing has left.
  return REFUSALS.has(of) || (of === 'local' && failure.kind === 'unavailable');
}
