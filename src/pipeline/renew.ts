// An answer that grows old is asked for anew while it is still good, behind the back of the request that was answered with
// it. It is a request of its own, with a line of its own in the log, for it costs what any other does.

import { createHangUp } from '../streams/hang-up.ts';
import { createTimers } from '../streams/timers.ts';
import { GatewayError } from '../core/failure.ts';
import { answerWhole } from './answer-whole.ts';
import { endCall, type Call, type Deps } from './call.ts';
import { chatOperation } from './chat-operation.ts';
import { dispatch } from './dispatch.ts';
import type { Wire } from './exchange.ts';
import { createKeeper } from './keep.ts';
import type { Memo } from './memo.ts';
import type { Targets } from './plan.ts';

/** The runtime gives what is left over of a request 30 s. */
const RENEWAL_MS_MAX = 25_000;

/** Nothing is waited for, and nothing is renewed twice at once in an isolate. The call that was answered has ended. */
export function renew(memo: Memo, wire: Wire, targets: Targets, call: Call, deps: Deps): void {
  if (!deps.cache.claim(memo.id.key)) return;
  const timers = createTimers(deps);
  const own = { ...deps, after: timers.after };
  const requestId = `${call.requestId}-renewal`;
  const startedAt = deps.now();
  const { path, clientRequestId, traceId, callerId, requestedModel } = call.journal;
  const renewal: Call = {
    ...call,
    requestId,
    startedAt,
    hangUp: createHangUp(),
    timeoutMs: RENEWAL_MS_MAX,
    close: timers.stop,
    journal: {
      requestId,
      path,
      startedAt,
      clientRequestId,
      traceId,
      ...(callerId === undefined ? {} : { callerId }),
      ...(requestedModel === undefined ? {} : { requestedModel }),
      stream: wire.envelope.stream,
      cache: { outcome: 'renewal', key: memo.id.key, status: 'llm-proxy; fwd=stale' },
      attempts: [],
      written: false,
    },
  };
  const keeper = createKeeper(memo, renewal, own);
  if (keeper !== undefined) call.defer(ask(wire, targets, { ...renewal, keeper }, own));
}

/** Never rejects: what cannot be renewed grows old. */
async function ask(wire: Wire, targets: Targets, renewal: Call, deps: Deps): Promise<void> {
  try {
    const dispatched = await dispatch(chatOperation(wire, renewal, deps), targets, renewal, deps);
    await answerWhole(wire, dispatched, renewal, deps);
  } catch (error) {
    endCall(renewal, 'error', deps, {
      failure: error instanceof GatewayError ? error.failure.kind : 'internal',
    });
  }
}
