// What every answer says about itself, whole or streamed.

import type { Loss, ReplyStamp } from '../dialects/dialect.ts';
import type { Observation } from '../streams/observe.ts';
import type { StreamLimits } from '../streams/watchdog.ts';
import type { Call, Deps } from './call.ts';
import type { ChatDispatched } from './chat-operation.ts';
import { deadlineOf, timeoutsAt } from './configuration.ts';
import { describeLosses, type Exchange, type Wire } from './exchange.ts';
import type { Journal } from './journal.ts';
import type { Target } from './plan.ts';

/** Any operation's. */
type Answered = {
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
  { target }: ChatDispatched,
  seen: Observation,
  call: Call,
  deps: Deps,
  asked: Asked,
): ReplyStamp {
  return {
    id: call.requestId,
    model: seen.model ?? target.model,
    createdAt: Math.floor(deps.now() / 1000),
    ...asked,
  };
}

type Asked = Pick<ReplyStamp, 'streamUsage' | 'echo' | 'request'>;

/** What of the request decides how the reply is written; where nothing was translated, it may be more than can be read. */
export function askedOf(wire: Wire, { passThrough }: Exchange): Asked {
  const request = wire.body.json;
  if (passThrough) return { streamUsage: false, request };
  const { streamUsage, echo } = wire.decode();
  return { streamUsage, request, ...(echo === undefined ? {} : { echo }) };
}

export function streamLimits({ target }: ChatDispatched, call: Call, { settings }: Deps): StreamLimits {
  const { configuration } = settings;
  const { idleMs } = timeoutsAt(target.enabled.provider, configuration);
  return {
    idleMs,
    contentIdleMs: 2 * idleMs,
    deadlineAt: deadlineOf(call.startedAt, call.timeoutMs, configuration),
    heartbeatMs: configuration.heartbeatMs,
  };
}
