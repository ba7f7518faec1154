// Again, elsewhere, or not at all: what follows a failed attempt. A pure decision; the drawn number comes from outside.
//
// Limits: at most three attempts for one client request over all targets (SRE book, "Handling Overload"), at most one
// more try at the same target, and nothing after the first content.

import type { FailureClass, Outcome } from '../core/failure.ts';

export type Step =
  | { readonly do: 'retry'; readonly afterMs: number }
  /** The next target; `sameProvider` says whether another credential of this provider and model may be it. */
  | { readonly do: 'next'; readonly sameProvider: boolean }
  | { readonly do: 'stop' };

export type Situation = {
  /** Attempts that may still be made, over all targets. */
  readonly attemptsLeft: number;
  /** Retries already made at this target. */
  readonly retriesHere: number;
  /** Until the caller's deadline. */
  readonly remainingMs: number;
  readonly otherCredential: boolean;
  readonly otherTarget: boolean;
  /** Uniform in [0, 1). */
  readonly drawn: number;
};

type Rule = {
  readonly sameTarget: boolean;
  readonly elsewhere: boolean;
  /** Another credential of the same provider and model could help. */
  readonly credential: boolean;
  readonly backoffBaseMs: number;
};

/** The taxonomy's column "what next". `ratelimit` is retried in place only when the provider named a short wait. */
const RULES: Readonly<Record<FailureClass, Rule>> = {
  client: { sameTarget: false, elsewhere: false, credential: false, backoffBaseMs: 0 },
  auth: { sameTarget: false, elsewhere: true, credential: true, backoffBaseMs: 0 },
  quota: { sameTarget: false, elsewhere: true, credential: true, backoffBaseMs: 0 },
  ratelimit: { sameTarget: true, elsewhere: true, credential: true, backoffBaseMs: 1000 },
  overload: { sameTarget: true, elsewhere: true, credential: false, backoffBaseMs: 50 },
  server: { sameTarget: true, elsewhere: true, credential: false, backoffBaseMs: 50 },
  local: { sameTarget: true, elsewhere: true, credential: false, backoffBaseMs: 0 },
  timeout: { sameTarget: false, elsewhere: true, credential: false, backoffBaseMs: 0 },
  protocol: { sameTarget: false, elsewhere: true, credential: false, backoffBaseMs: 0 },
};

const BACKOFF_MS_MAX = 8000;
/** A rate limit is waited out only when the provider says that it is nearly over. */
const RATE_LIMIT_WAIT_MS_MAX = 2000;
/** An attempt that starts with less than this cannot come to anything. */
export const USEFUL_MS_MIN = 50;

export function afterFailure(outcome: Extract<Outcome, { kind: 'failed' }>, now: Situation): Step {
  if (now.attemptsLeft <= 0 || outcome.phase === 'content' || now.remainingMs < USEFUL_MS_MIN)
    return { do: 'stop' };
  const rule = RULES[outcome.class];
  if (rule.credential && now.otherCredential) return { do: 'next', sameProvider: true };

  const elsewhere = rule.elsewhere && now.otherTarget;
  const waitMs = sameTargetWaitMs(outcome, rule, now, elsewhere);
  if (waitMs !== undefined) return { do: 'retry', afterMs: waitMs };
  return elsewhere ? { do: 'next', sameProvider: false } : { do: 'stop' };
}

/** How long to wait before the one further try at this target, or `undefined` when there is to be none. */
function sameTargetWaitMs(
  outcome: Extract<Outcome, { kind: 'failed' }>,
  rule: Rule,
  now: Situation,
  elsewhere: boolean,
): number | undefined {
  if (!rule.sameTarget || now.retriesHere > 0 || outcome.shouldRetry === false) return undefined;
  // The last attempt is worth more at a target that has not just failed.
  if (elsewhere && now.attemptsLeft === 1) return undefined;
  if (
    outcome.class === 'ratelimit' &&
    (elsewhere || (outcome.retryAfterMs ?? Infinity) > RATE_LIMIT_WAIT_MS_MAX)
  ) {
    return undefined;
  }
  const jittered = now.drawn * Math.min(BACKOFF_MS_MAX, rule.backoffBaseMs * 2 ** now.retriesHere);
  const waitMs =
    outcome.retryAfterMs === undefined ? jittered : clamp(outcome.retryAfterMs, jittered, jittered + 5000);
  return waitMs + USEFUL_MS_MIN <= now.remainingMs && (!elsewhere || waitMs <= RATE_LIMIT_WAIT_MS_MAX)
    ? waitMs
    : undefined;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
