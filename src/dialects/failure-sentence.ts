// What a caller is told of a provider's failure. Nothing of what the provider wrote: it may hold keys and hosts.

import type { StreamFailureClass } from '../core/event.ts';

/** `status`: of HTTP, or what an error in a good body or in a stream says that it means. */
export function failureSentence(failed: StreamFailureClass, status: number): string {
  const number = status >= 200 && status < 300 ? '' : ` (${status})`;
  return `the provider ${SENTENCES[failed]}${number}`;
}

const SENTENCES: Readonly<Record<StreamFailureClass, string>> = {
  client: 'refused the request',
  auth: "refused the gateway's credentials",
  quota: 'has no quota or credit left for the gateway',
  ratelimit: 'is rate limiting',
  overload: 'is overloaded',
  server: 'failed',
  timeout: 'timed out',
  protocol: 'answered in an unexpected form',
};
