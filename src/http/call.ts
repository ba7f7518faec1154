// From an HTTP request to a `Call`, reading nothing of the body yet.

import { GatewayError, invalidRequest } from '../core/failure.ts';
import { isOutboundHeaderValue } from '../core/headers.ts';
import type { Call, Deps } from '../pipeline/call.ts';
import type { Configuration } from '../pipeline/configuration.ts';
import type { ClientDialect } from '../dialects/dialect.ts';
import { createHangUp } from '../streams/hang-up.ts';
import { BODY_LIMITS, readBody, type BodyLimits } from './body-gate.ts';
import { canonicalPath } from './canonical-path.ts';
import { hasKeyInQuery, presentedKey } from './client-keys.ts';
import { readForm } from './form-gate.ts';
import { clientRequestId, createRequestId, traceId } from './request-id.ts';

/** A call that knows its request id and can answer in its dialect, whatever else turns out to be wrong with it. */
export function openCall(
  request: Request,
  dialect: ClientDialect,
  deps: Deps,
  context: Pick<Call, 'defer' | 'close'>,
): Call {
  const requestId = createRequestId(deps.newId);
  const startedAt = deps.now();
  const { headers } = request;
  const hangUp = createHangUp();
  // Set at once, for a signal that nobody listens to misses it; and as a property, which costs a third of a listener.
  request.signal.onabort = hangUp.report;
  return {
    requestId,
    dialect,
    startedAt,
    ...context,
    hangUp,
    presentedKey: presentedKey(headers, deps.settings.clientKeyHeader),
    strict: headers.get('x-llm-proxy-strict') === 'true',
    timeoutMs: readTimeout(headers.get('x-llm-proxy-timeout-ms')),
    forwarded: pick(headers, dialect.forwardedHeaders),
    cacheControl: () => headers.get('cache-control') ?? undefined,
    readBody: () => readBody(request, bodyLimits(deps.settings.configuration), deps),
    readForm: () => readForm(request, bodyLimits(deps.settings.configuration), deps),
    journal: {
      requestId,
      path: pathOf(request.url),
      startedAt,
      clientRequestId: clientRequestId(headers),
      traceId: traceId(headers),
      attempts: [],
      written: false,
    },
  };
}

/** The path as it was written, for the log: what makes it no path of ours is said by `checkAddress`. */
function pathOf(url: string): string {
  const start = url.indexOf('/', url.indexOf('://') + 3);
  if (start < 0) return '/';
  const path = url.slice(start, start + PATH_LOGGED_MAX).replace(/[?#].*$/s, '');
  // Ids that carry something: their beginning tells them apart, and what they carry is not for the log.
  return path.replaceAll(/([^/]{24})[^/]{56,}/g, '$1…');
}

const PATH_LOGGED_MAX = 256;

/** What makes a request wrong before anyone asks whose it is. Throws `GatewayError` 400 or 404. */
export function checkAddress({ url }: Request): void {
  if (canonicalPath(url) === undefined)
    throw new GatewayError({ kind: 'route-not-found', message: 'the path is not in its canonical form' });
  if (hasKeyInQuery(url))
    throw invalidRequest(
      'an API key does not belong in the address: send it as "Authorization: Bearer <key>"',
    );
}

function bodyLimits({ bodyBytesMax, bodyKeysMax }: Configuration): BodyLimits {
  const structureMax = Math.max(BODY_LIMITS.structureMax, 10 * bodyKeysMax);
  return { ...BODY_LIMITS, bytesMax: bodyBytesMax, keysMax: bodyKeysMax, structureMax };
}

/** The caller's deadline in ms; anything that is not a number of at least 1 is as if it were absent. */
function readTimeout(value: string | null): number | undefined {
  const ms = Number(value ?? Number.NaN);
  return ms >= 1 ? ms : undefined;
}

function pick(headers: Headers, names: readonly string[]): Readonly<Record<string, string>> {
  const picked: Record<string, string> = {};
  for (const name of names) {
    const value = headers.get(name);
    if (value !== null && isOutboundHeaderValue(value)) picked[name] = value;
  }
  return picked;
}
