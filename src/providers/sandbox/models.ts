// The sandbox's models: what each one does. Any other name behaves as `echo`, so that an example works whatever model
// it names.

import type { WireError } from './wire-error.ts';

export type SandboxModel = {
  readonly name: string;
  readonly behaviour: Behaviour;
};

export type Behaviour =
  | {
      readonly kind: 'answer';
      readonly text: 'echo' | 'lorem';
      /** Before the headers and before each event. */
      readonly pauseMs: number;
      /** `stalls`: content, then silence. `breaks`: content, then the end without a terminal marker. */
      readonly ending: 'complete' | 'stalls' | 'breaks';
    }
  | { readonly kind: 'refuse'; readonly error: WireError };

const echo: Behaviour = { kind: 'answer', text: 'echo', pauseMs: 0, ending: 'complete' };

export const sandboxModels: readonly SandboxModel[] = [
  { name: 'echo', behaviour: echo },
  { name: 'lorem', behaviour: { ...echo, text: 'lorem' } },
  { name: 'slow', behaviour: { ...echo, pauseMs: 500 } },
  { name: 'stall', behaviour: { ...echo, ending: 'stalls' } },
  { name: 'truncated', behaviour: { ...echo, ending: 'breaks' } },
  {
    name: 'error-400-context',
    behaviour: {
      kind: 'refuse',
      error: {
        status: 400,
        message:
          "This model's maximum context length is 8192 tokens. Please reduce the length of the messages.",
        type: 'invalid_request_error',
        param: 'messages',
        code: 'context_length_exceeded',
      },
    },
  },
  {
    name: 'error-401',
    behaviour: {
      kind: 'refuse',
      error: {
        status: 401,
        message: 'Incorrect API key provided.',
        type: 'invalid_request_error',
        code: 'invalid_api_key',
      },
    },
  },
  {
    name: 'error-429',
    behaviour: {
      kind: 'refuse',
      error: {
        status: 429,
        message: 'Rate limit reached for requests.',
        type: 'requests',
        code: 'rate_limit_exceeded',
        retryAfterSeconds: 1,
      },
    },
  },
  {
    name: 'error-500',
    behaviour: {
      kind: 'refuse',
      error: {
        status: 500,
        message: 'The server had an error while processing your request.',
        type: 'server_error',
      },
    },
  },
  {
    name: 'error-503',
    behaviour: {
      kind: 'refuse',
      error: {
        status: 503,
        message: 'The engine is currently overloaded, please try again later.',
        type: 'service_unavailable_error',
        code: 'server_is_overloaded',
      },
    },
  },
];

export function behaviourOf(model: string): Behaviour {
  return sandboxModels.find(({ name }) => name === model)?.behaviour ?? echo;
}
