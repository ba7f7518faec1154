// Who may use the admin API: the holder of ADMIN_API_KEY, and nobody where there is none. Client keys open nothing here.

import type { Call, Deps } from '../../pipeline/call.ts';
import type { Reply } from '../../pipeline/chat.ts';
import { problem } from './problem.ts';

/** The refusal, or `undefined` for the operator. Digests are compared, in constant time. */
export function refuse(call: Call, deps: Deps): Reply | undefined {
  if (deps.adminKeyring === undefined)
    return problem(call, deps, 404, 'there is no admin API here: ADMIN_API_KEY is not set');
  const isOperator = call.presentedKey !== undefined && deps.adminKeyring.identify(call.presentedKey);
  return isOperator ? undefined : problem(call, deps, 401, 'the admin key is needed');
}
