// The one place that calls `fetch` towards the outside, and every guard stands in it: no route or job can forget one.

import { createUrlGuard, type EgressPolicy } from '../core/egress-policy.ts';
import { GatewayError } from '../core/failure.ts';
import { isOutboundHeaderValue } from '../core/headers.ts';
import type { Egress } from '../core/ports.ts';

/**
 * The promise rejects with `GatewayError` when a guard refuses, before anything has left, and with what `fetch` throws
 * when no answer came. A redirect is not followed: the caller gets its bare status and has a 3xx to call a protocol
 * failure, because no provider's API redirects.
 */
export function createEgress(policy: EgressPolicy): Egress {
  const refuseUrl = createUrlGuard(policy, URL_LENGTH_MAX);
  return async ({ url, method, headers, body, signal }) => {
    const reason = refuseUrl(url);
    if (reason !== undefined) throw refused(`the address of a provider is not allowed: ${reason}`);
    for (const [name, value] of Object.entries(headers)) {
      if (!isOutboundHeaderValue(value)) throw refused(`a header for a provider cannot be sent: ${name}`);
    }
    const response = await fetch(url, {
      method,
      headers: { 'user-agent': USER_AGENT, ...headers },
      // The default follows, and takes x-api-key, api-key and the prompt along to wherever the redirect leads.
      redirect: 'manual',
      ...(body === undefined ? {} : { body }),
      ...(signal === undefined ? {} : { signal }),
    });
    return isRedirect(response.status) ? withoutTarget(response) : response;
  };
}

/** Addresses of generated files carry a signature that is longer than any address an operator writes. */
const URL_LENGTH_MAX = 2048;

/** Workers send none by themselves, and some providers' firewalls take that for a bot. */
const USER_AGENT = 'llm-proxy';

function isRedirect(status: number): boolean {
  return status >= 300 && status < 400;
}

/** Neither `location` nor a body: nobody downstream can follow it or pass it on. */
async function withoutTarget(response: Response): Promise<Response> {
  await response.body?.cancel();
  return new Response(null, { status: response.status });
}

/** A refused provider is the operator's mistake: for the caller it is one target fewer. */
function refused(message: string): GatewayError {
  return new GatewayError({ kind: 'unavailable', message });
}
