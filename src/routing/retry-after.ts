// When a provider says one may come again. Seconds, milliseconds or a date; past, negative, huge and garbage are seen.

/** No provider's wish makes us wait longer than this; above it the request goes elsewhere or fails. */
export const RETRY_AFTER_MS_MAX = 300_000;

/**
 * `retry-after-ms` (float, OpenAI and Azure) and `Retry-After` (seconds or HTTP-date, RFC 9110 §10.2.3) as milliseconds
 * from `now`; the larger when both are usable: Azure was recorded sending `retry-after: 1` with `retry-after-ms: 0`.
 * `undefined` when neither says anything usable.
 */
export function retryAfterMs(headers: Headers, now: number): number | undefined {
  const candidates = [
    milliseconds(Number.parseFloat(headers.get('retry-after-ms') ?? '')),
    fromRetryAfter(headers.get('retry-after') ?? '', now),
  ].filter((ms) => ms !== undefined);
  return candidates.length === 0 ? undefined : Math.min(RETRY_AFTER_MS_MAX, Math.max(...candidates));
}

function fromRetryAfter(value: string, now: number): number | undefined {
  const text = value.trim();
  if (/^\d+(\.\d+)?$/.test(text)) return milliseconds(Number(text) * 1000);
  // `-5` would parse as a date in some engines; a real HTTP-date begins with a weekday.
  return /^[A-Z][a-z]{2}/.test(text) ? milliseconds(Date.parse(text) - now) : undefined;
}

function milliseconds(value: number): number | undefined {
  return Number.isFinite(value) && value > 0 ? value : undefined;
}
