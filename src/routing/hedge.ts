// A second request when the first token is late, and whoever begins first is taken. Off unless the operator wants to pay
// twice; never for tools, never at a provider that bills what was cancelled, and for two in a hundred requests at most.

export type HedgePolicy = {
  readonly enabled: boolean;
  /** Longer replies would cost too much twice. */
  readonly outputTokensMax: number;
};

export type HedgeSituation = {
  readonly idempotent: boolean;
  readonly hasTools: boolean;
  readonly outputTokensMax?: number;
  /** Hanging up stops the bill there. */
  readonly cancellable: boolean;
  readonly ttftP95Ms?: number;
  readonly retryOk: boolean;
  readonly attemptsLeft: number;
  readonly otherTarget: boolean;
  readonly budget: HedgeBudget;
};

/** Two tokens for a hundred requests and no reserve: with one, quiet isolates would go far above 2 %. */
export type HedgeBudget = { readonly tokens: number };

const TOKENS_PER_REQUEST = 0.02;
const TOKENS_MAX = 10;
const HEDGE_AFTER_MS_MIN = 1000;

export const NO_HEDGES: HedgeBudget = { tokens: 0 };

export function earnHedge({ tokens }: HedgeBudget): HedgeBudget {
  return { tokens: Math.min(TOKENS_MAX, tokens + TOKENS_PER_REQUEST) };
}

export function spendHedge({ tokens }: HedgeBudget): HedgeBudget {
  return { tokens: tokens - 1 };
}

/** After how long without a first token a second request is sent: max(p95, 1 s); `undefined` for never. */
export function hedgeAfterMs(policy: HedgePolicy, now: HedgeSituation): number | undefined {
  const allowed =
    policy.enabled &&
    now.idempotent &&
    !now.hasTools &&
    now.cancellable &&
    now.retryOk &&
    now.attemptsLeft > 0 &&
    now.otherTarget &&
    now.budget.tokens >= 1 &&
    (now.outputTokensMax ?? Infinity) <= policy.outputTokensMax;
  if (!allowed || now.ttftP95Ms === undefined) return undefined;
  return Math.max(HEDGE_AFTER_MS_MIN, now.ttftP95Ms);
}
