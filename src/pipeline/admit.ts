// Who is asking. Everything else about a request is looked at only after this.

import { GatewayError, type Failure } from '../core/failure.ts';
import type { Call, Deps } from './call.ts';

export function admit(call: Call, { keyring, settings }: Deps): void {
  if (call.presentedKey === undefined) {
    if (settings.clientKeysRequired) throw new GatewayError(NO_KEY);
    return;
  }
  const caller = keyring.identify(call.presentedKey);
  if (caller !== undefined) call.journal.callerId = caller.id;
  else if (settings.clientKeysRequired) throw new GatewayError(WRONG_KEY);
}

const NO_KEY: Failure = {
  kind: 'unauthenticated',
  message: 'no API key was given: send it as "Authorization: Bearer <key>" or as "x-api-key"',
  shouldRetry: false,
};
const WRONG_KEY: Failure = {
  kind: 'unauthenticated',
  message: 'the API key is not valid here',
  shouldRetry: false,
};
