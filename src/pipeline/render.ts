// What every answer says about itself, whole or streamed.

import type { JsonObject } from '../core/json.ts';
import type { Loss, ReplyStamp } from '../dialects/dialect.ts';
import type { Observation } from '../streams/observe.ts';
import type { StreamLimits } from '../streams/watchdog.ts';
import type { Call, Deps } from './call.ts';
import { deadlineOf } from './configuration.ts';
import type { Dispatched } from './dispatch.ts';
import { describeLosses } from './exchange.ts';
import type { Journal } from './journal.ts';
import type { Target } from './plan.ts';

/** What was asked of whom, whatever the operation. */
export type Answered = {
  readonly target: Target;
  readonly exchange: { readonly losses: readonly Loss[] };
  readonly fallbackReason: string | undefined;
};

export function replyHeaders(
  { target, exchange, fallbackReason }: Answered,
  { journal }: Call,
  now: number,
): Readonly<Record<string, string | undefined>> {
  const total = now - journal.startedAt;
  const upstream = journal.attempts.reduce((sum, { ms }) => sum + ms, 0);
  return {
    'x-llm-proxy-provider': target.enabled.provider.id,
    'x-llm-proxy-model': target.model,
    'x-llm-proxy-attempts': String(journal.attempts.length),
    'x-llm-proxy-warnings': describeLosses(exchange.losses),
    'x-llm-proxy-fallback-reason': fallbackReason,
    'server-timing': `upstream;dur=${upstream}, gateway;dur=${Math.max(0, total - upstream)}`,
  };
}

export function noteTarget(journal: Journal, { target, exchange }: Answered): void {
  journal.provider = target.enabled.provider.id;
  journal.model = target.model;
  const warnings = describeLosses(exchange.losses);
  if (warnings !== undefined) journal.warnings = warnings;
}

/** What the provider did not say of its reply and the caller's dialect wants to hear. */
export function stampOf(
  { target }: Pick<Answered, 'target'>,
  seen: Observation,
  call: Call,
  deps: Deps,
  asked: { readonly streamUsage: boolean; readonly request: JsonObject },
): ReplyStamp {
  return {
    id: call.requestId,
    model: seen.model ?? target.model,
    createdAt: Math.floor(deps.now() / 1000),
    ...asked,
  };
}

export function streamLimits(
  { timeouts: { idleMs } }: Pick<Dispatched<unknown, unknown>, 'timeouts'>,
  call: Call,
  { settings: { configuration } }: Deps,
): StreamLimits {
  return {
    idleMs,
    contentIdleMs: 2 * idleMs,
    deadlineAt: deadlineOf(call.startedAt, call.timeoutMs, configuration),
    heartbeatMs: configuration.heartbeatMs,
  };
}
