// What every answer says about itself, whole or streamed.

import { formatUsd } from '../core/price.ts';
import type { Loss, ReplyStamp } from '../dialects/dialect.ts';
import type { Observation } from '../streams/observe.ts';
import type { StreamLimits } from '../streams/watchdog.ts';
import type { Call, Deps } from './call.ts';
import { costFor, pricesOf, type Cost } from './cost.ts';
import { deadlineOf } from './configuration.ts';
import type { Dispatched } from './dispatch.ts';
import { describeLosses, type Exchange, type Wire } from './exchange.ts';
import { isCached, type Journal } from './journal.ts';
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
  /** When it is known by now. */
  cost?: Cost,
): Readonly<Record<string, string | undefined>> {
  const total = now - journal.startedAt;
  const upstream = journal.attempts.reduce((sum, { ms }) => sum + ms, 0);
  return {
    'x-llm-proxy-provider': target.enabled.provider.id,
    'x-llm-proxy-model': target.model,
    'x-llm-proxy-attempts': String(journal.attempts.length),
    'x-llm-proxy-cost': cost && formatUsd(cost.usd),
    'x-llm-proxy-warnings': describeLosses(exchange.losses),
    'x-llm-proxy-fallback-reason': fallbackReason,
    ...cacheHeaders(journal),
    'server-timing': `upstream;dur=${upstream}, gateway;dur=${Math.max(0, total - upstream)}`,
  };
}

/** What the cache had to do with it. */
export function cacheHeaders({ cache }: Journal): Readonly<Record<string, string | undefined>> {
  if (cache === undefined) return { 'x-llm-proxy-cache': 'BYPASS' };
  return {
    'x-llm-proxy-cache': isCached(cache) ? 'HIT' : 'MISS',
    'cache-status': cache.status,
    age: cache.age === undefined ? undefined : String(cache.age),
  };
}

export function noteTarget(journal: Journal, { target, exchange }: Answered): void {
  journal.provider = target.enabled.provider.id;
  journal.model = target.model;
  const warnings = describeLosses(exchange.losses);
  if (warnings !== undefined) journal.warnings = warnings;
}

/** For the log, and for whoever is told what the reply cost. `answered`: the model's name in the reply. */
export function notePrices(
  journal: Journal,
  { target }: Pick<Answered, 'target'>,
  answered: string | undefined,
  deps: Pick<Deps, 'catalog'>,
): void {
  const prices = journal.pricedApart === true ? undefined : pricesOf(target, answered, deps);
  if (prices !== undefined) journal.prices = prices;
}

/** What the provider did not say of its reply and the caller's dialect wants to hear. */
export function stampOf(
  { target }: Pick<Answered, 'target'>,
  seen: Observation,
  call: Call,
  deps: Deps,
  { wantsCost, ...asked }: Asked,
): ReplyStamp {
  return {
    id: call.requestId,
    model: seen.model ?? target.model,
    createdAt: Math.floor(deps.now() / 1000),
    ...asked,
    cost: wantsCost ? (usage) => costFor(usage, call.journal.prices)?.usd : undefined,
  };
}

export type Asked = Pick<ReplyStamp, 'streamUsage' | 'echo' | 'request'> & { readonly wantsCost: boolean };

/** What of the request decides how the reply is written; where nothing was translated, it may be more than can be read. */
export function askedOf(wire: Wire, { passThrough }: Pick<Exchange, 'passThrough'>): Asked {
  const request = wire.body.json;
  const wantsCost = wire.envelope.wantsCost === true;
  if (passThrough) return { streamUsage: wantsCost, wantsCost, request };
  const { streamUsage, echo } = wire.decode();
  return { streamUsage, wantsCost, request, ...(echo === undefined ? {} : { echo }) };
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
