// What a breaker is about. Four scopes, from the widest to the narrowest; the strictest of them decides, and each class of
// outcome testifies in those scopes only that it says something about.

import type { FailureClass } from '../core/failure.ts';

export type ScopeKind = 'host' | 'model' | 'credential' | 'credential-model';

/** Where a request goes at one provider. `credential` names a key and is never the key. */
export type Place = { readonly model: string; readonly credential: string };

/** `host`, `model/<model>`, `credential/<credential>`, `credential-model/<credential>/<model>`. */
export type ScopeKey = string;

export const scopeKinds: readonly ScopeKind[] = ['host', 'model', 'credential', 'credential-model'];

export function scopeKey(kind: ScopeKind, { model, credential }: Place): ScopeKey {
  switch (kind) {
    case 'host':
      return 'host';
    case 'model':
      return `model/${model}`;
    case 'credential':
      return `credential/${credential}`;
    case 'credential-model':
      return `credential-model/${credential}/${model}`;
  }
}

export type OutcomeClass = FailureClass | 'ok' | 'cancelled';

/**
 * - `ok`, `failed`: one more of these;
 * - `limited`: failed in the share, neither adds to a run nor ends it;
 * - `barred`: opens at once and for long, whatever was counted before.
 */
export type Testimony = 'ok' | 'failed' | 'limited' | 'barred';

/** The taxonomy's column "breaker dimension". Where nothing is written, nothing is said. */
const TESTIMONY: Readonly<Record<OutcomeClass, Readonly<Partial<Record<ScopeKind, Testimony>>>>> = {
  ok: { host: 'ok', model: 'ok', credential: 'ok', 'credential-model': 'ok' },
  cancelled: {},
  // The caller's own mistake. It does prove that the host answers, but a flood of them must not hide a failing model.
  client: {},
  auth: { host: 'ok', credential: 'barred' },
  quota: { host: 'ok', credential: 'barred' },
  ratelimit: { host: 'ok', 'credential-model': 'limited' },
  overload: { host: 'ok', model: 'failed' },
  server: { host: 'ok', model: 'failed' },
  local: { host: 'failed', model: 'failed' },
  timeout: { model: 'failed' },
  protocol: { host: 'ok', model: 'failed' },
};

export function testimony(outcome: OutcomeClass, kind: ScopeKind): Testimony | undefined {
  return TESTIMONY[outcome][kind];
}

/** What a probe that ended so says about the scope that it was let into. A rate limit fails it: R-2. */
export function probeVerdict(outcome: OutcomeClass): 'passed' | 'failed' | 'released' {
  if (outcome === 'ok') return 'passed';
  return outcome === 'client' || outcome === 'cancelled' ? 'released' : 'failed';
}
