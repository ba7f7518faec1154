// How many retries and failovers all isolates together may make. A retry costs a token, ten first attempts earn one, and
// three may be saved up: whatever happens, in any window retries ≤ 10 % of first attempts + 3.

export type RetryBudget = { readonly tokens: number };

const TOKENS_MAX = 3;
const TOKENS_PER_ATTEMPT = 0.1;

export const FULL_RETRY_BUDGET: RetryBudget = { tokens: TOKENS_MAX };

export function earn({ tokens }: RetryBudget, firstAttempts: number): RetryBudget {
  return { tokens: Math.min(TOKENS_MAX, tokens + TOKENS_PER_ATTEMPT * firstAttempts) };
}

/** `undefined` when there is nothing left: the caller is then told the last real error, and waits for nothing. */
export function spend({ tokens }: RetryBudget): RetryBudget | undefined {
  return tokens >= 1 ? { tokens: tokens - 1 } : undefined;
}

/** Calls of the last seconds at a provider: those meant for it, and those that failed elsewhere first. */
export type Inflow = { readonly first: number; readonly failover: number };

const FAILOVER_SHARE = 0.2;

/** Failover into a provider is charged to that provider: a fifth of its own traffic, and what its limit leaves free. */
export function mayFailOver({ first, failover }: Inflow, headroom: number): boolean {
  return failover < FAILOVER_SHARE * first + headroom;
}

/** What comes in is mostly what another provider lost: then "overloaded" says more of us than of it. */
export function isOverflow({ first, failover }: Inflow): boolean {
  return failover > FAILOVER_SHARE * first;
}
