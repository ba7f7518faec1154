// What became of one request, gathered on its way and written once, as one line. No prompt, no secret, no host.

import { estimateTokens } from '../core/estimate.ts';
import type { FailureClass, Phase } from '../core/failure.ts';
import type { LogLine } from '../core/ports.ts';
import { inputTotal, type Usage } from '../core/usage.ts';
import type { Prices } from '../core/price.ts';
import { estimateOutputTokens, type Observation } from '../streams/observe.ts';
import { costFor, type Cost } from './cost.ts';

export type Journal = {
  readonly requestId: string;
  readonly path: string;
  readonly startedAt: number;
  /** The caller's own id and trace, where they are safe to repeat. */
  readonly clientRequestId: string | undefined;
  readonly traceId: string | undefined;
  callerId?: string;
  /** As the caller named it. */
  requestedModel?: string;
  stream?: boolean;
  provider?: string;
  model?: string;
  attempts: AttemptNote[];
  warnings?: string;
  status?: number;
  /** To the first content, ms. */
  ttftMs?: number;
  observation?: Observation;
  /** Absent: the request was none of the cache's business. */
  cache?: CacheNote;
  /** The prompt's length in UTF-16 units, for an estimate when the provider reports no usage. */
  bodyChars?: number;
  /** What the body asks for has prices that are not in any list of ours. */
  pricedApart?: boolean;
  /** Of the model that answered. */
  prices?: Prices;
  written: boolean;
};

export type CacheNote = {
  /** `renewal`: nobody asked now, an answer was about to grow too old. */
  readonly outcome: 'hit' | 'stale' | 'miss' | 'renewal';
  /** An HMAC; by it an operator can withdraw this one answer. */
  readonly key: string;
  /** `Cache-Status`: https://www.rfc-editor.org/rfc/rfc9211 */
  readonly status: string;
  /** Of what was answered with, s. */
  readonly age?: number;
  readonly tier?: string;
};

export type AttemptNote = {
  readonly provider: string;
  readonly model: string;
  readonly credential: number;
  readonly outcome: 'ok' | 'cancelled' | FailureClass;
  readonly phase?: Phase;
  readonly status?: number;
  readonly ms: number;
};

/** How the request ended: `gone` is a caller that hung up, `broken` a stream that failed after its status was sent. */
export type Ending = 'ok' | 'error' | 'broken' | 'gone';

/** The line, once: a second call says nothing. */
export function writeJournal(
  journal: Journal,
  ending: Ending,
  now: number,
  log: (line: LogLine) => void,
  detail?: Readonly<Record<string, unknown>>,
): void {
  if (journal.written) return;
  journal.written = true;
  log({
    level: ending === 'ok' || ending === 'gone' ? 'info' : 'warn',
    event: 'request',
    request_id: journal.requestId,
    client_request_id: journal.clientRequestId,
    trace_id: journal.traceId,
    path: journal.path,
    key: journal.callerId,
    requested_model: journal.requestedModel,
    provider: journal.provider,
    model: journal.model,
    stream: journal.stream,
    status: journal.status,
    ending,
    attempts: journal.attempts,
    warnings: journal.warnings,
    cache: journal.cache?.outcome,
    cache_key: journal.cache?.key,
    cache_tier: journal.cache?.tier,
    cache_age_s: journal.cache?.age,
    duration_ms: now - journal.startedAt,
    ttft_ms: journal.ttftMs,
    ...usageFields(journal),
    ...detail,
  });
}

function usageFields({ observation, bodyChars, prices, cache }: Journal): Readonly<Record<string, unknown>> {
  if (observation === undefined) return {};
  const { usage, finish } = observation;
  // None at all, beside text that went by, is a provider that does not count.
  const reported = usage?.output !== undefined && (usage.output > 0 || observation.outputChars === 0);
  const input =
    (usage && inputTotal(usage)) ?? (bodyChars === undefined ? undefined : estimateTokens(bodyChars));
  const output = reported
    ? Math.max(usage.output ?? 0, finish === undefined ? estimateOutputTokens(observation) : 0)
    : estimateOutputTokens(observation);
  const isCounted = reported && finish !== undefined;
  const cost = isCounted ? costFor(usage, prices) : estimateCost(usage, { input, output }, prices);
  return {
    finish_reason: finish?.unified,
    input_tokens: input,
    cache_read_tokens: usage?.cacheRead,
    cache_write_tokens: usage?.cacheWrite,
    output_tokens: output,
    reasoning_tokens: usage?.reasoning,
    usage_source: isCached(cache) ? 'cached' : isCounted ? 'reported' : 'estimated',
    ...(isCached(cache)
      ? { cost_usd: 0, saved_usd: cost?.usd }
      : { cost_usd: cost?.usd, cost_source: cost?.source }),
  };
}

/** What was counted stays; the rest is as good as its estimate. */
function estimateCost(
  usage: Usage | undefined,
  { input, output }: { readonly input: number | undefined; readonly output: number },
  prices: Prices | undefined,
): Cost | undefined {
  const known = usage !== undefined && inputTotal(usage) !== undefined;
  const uncachedInput = known ? usage.uncachedInput : input;
  const cost = costFor(
    { ...usage, output, ...(uncachedInput === undefined ? {} : { uncachedInput }) },
    prices,
  );
  return cost?.source === 'computed' ? { ...cost, source: 'estimated' } : cost;
}

/** What was answered from memory was paid for when it was made. */
export function isCached(cache: CacheNote | undefined): boolean {
  return cache?.outcome === 'hit' || cache?.outcome === 'stale';
}
