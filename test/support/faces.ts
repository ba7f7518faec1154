// How a kind of failure looks to a caller: the status, and the word that SDKs choose their exception by.

import type { Speech } from './speech.ts';

export type Face = { readonly status: number; readonly word: string };
export type Told =
  | 'rate-limited'
  | 'overloaded'
  | 'upstream-auth'
  | 'upstream-error'
  | 'upstream-protocol'
  | 'upstream-timeout';

export const FACES: Readonly<Record<Speech['id'], Readonly<Record<Told, Face>>>> = {
  openai: {
    'rate-limited': { status: 429, word: 'rate_limit_exceeded' },
    overloaded: { status: 503, word: 'server_is_overloaded' },
    'upstream-auth': { status: 502, word: 'upstream_authentication_failed' },
    'upstream-error': { status: 502, word: 'upstream_error' },
    'upstream-protocol': { status: 502, word: 'upstream_protocol_error' },
    'upstream-timeout': { status: 504, word: 'upstream_timeout' },
  },
  anthropic: {
    'rate-limited': { status: 429, word: 'rate_limit_error' },
    overloaded: { status: 529, word: 'overloaded_error' },
    'upstream-auth': { status: 502, word: 'api_error' },
    'upstream-error': { status: 502, word: 'api_error' },
    'upstream-protocol': { status: 502, word: 'api_error' },
    'upstream-timeout': { status: 504, word: 'timeout_error' },
  },
};
