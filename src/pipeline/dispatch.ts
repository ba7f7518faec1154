// Target after target until one begins to answer: the only loop over targets. It ends at the first content, at the
// last attempt, or at the caller's deadline, whichever comes first.

import { GatewayError, type Failure, type Outcome } from '../core/failure.ts';
import { wasRefused } from '../routing/refused.ts';
import { afterFailure, type Step } from '../routing/retry.ts';
import type { Timeouts } from '../providers/provider.ts';
import type { HangUp } from '../streams/hang-up.ts';
import { attempt, type Attempted, type Sending } from './attempt.ts';
import type { Call, Deps } from './call.ts';
import { deadlineOf, timeoutsAt } from './configuration.ts';
import type { Target } from './plan.ts';

/** What is asked of a target: chat, embeddings, images. */
export type Operation<Exchange, Begun> = {
  /** The headers of the answer come long before it is complete, or it is complete at once: `headersMs` holds. */
  readonly stream: boolean;
  /** What is done twice is paid twice: only what was surely refused is tried again. */
  readonly once?: true;
  /** What would be sent to the target. Throws `GatewayError` unsupported when the target cannot do what is asked. */
  readonly prepare: (target: Target) => Exchange;
  /** What is answered without anyone being asked; absent or `undefined`: nothing. */
  readonly answerHere?: (exchange: Exchange) => Begun | undefined;
  readonly sending: (target: Target, exchange: Exchange) => Sending<Begun>;
  /** Where it takes its time for another reason than chat does. */
  readonly timeouts?: Partial<Timeouts>;
};

export type Dispatched<Exchange, Begun> = {
  readonly begun: Begun;
  readonly target: Target;
  readonly exchange: Exchange;
  readonly timeouts: Timeouts;
  /** The kind of the failure that made the first choice be passed over. */
  readonly fallbackReason: string | undefined;
};

/** Throws the `GatewayError` of the last failure when no target answers. */
export async function dispatch<Exchange, Begun>(
  operation: Operation<Exchange, Begun>,
  targets: readonly [Target, ...Target[]],
  call: Call,
  deps: Deps,
): Promise<Dispatched<Exchange, Begun>> {
  const attemptsMax = 1 + deps.settings.retryMax;
  const deadlineAt = deadlineOf(call.startedAt, call.timeoutMs, deps.settings.configuration);
  const queue = [...targets];
  // What the same request has asked before counts.
  let attemptsMade = call.journal.attempts.length;
  let retriesHere = 0;
  let first: Target | undefined;
  let reason: string | undefined;
  let refusal: GatewayError | undefined;

  while (queue[0] !== undefined) {
    const [target] = queue;
    const exchange = tryPrepare(operation, target);
    if (exchange instanceof GatewayError) {
      refusal ??= exchange;
      queue.shift();
      continue;
    }
    first ??= target;
    const timeouts = timeoutsAt(target.enabled.provider, deps.settings.configuration, operation.timeouts);
    const here = operation.answerHere?.(exchange);
    if (here !== undefined) {
      return {
        begun: here,
        target,
        exchange,
        timeouts,
        fallbackReason: target === first ? undefined : reason,
      };
    }
    attemptsMade += 1;
    const sending = operation.sending(target, exchange);
    const waiting = { stream: operation.stream, timeouts, deadlineAt };
    const attempted = await attemptAndNote(target, sending, waiting, call, deps);
    if (attempted.kind === 'begun') {
      const fallbackReason = target === first ? undefined : reason;
      return { begun: attempted.begun, target, exchange, timeouts, fallbackReason };
    }
    if (attempted.kind === 'cancelled') throw new GatewayError(CANCELLED);
    if (operation.once && !wasRefused(attempted)) throw exhausted(attempted, deps.now() >= deadlineAt);

    const step = afterFailure(attempted, {
      attemptsLeft: attemptsMax - attemptsMade,
      retriesHere,
      remainingMs: deadlineAt - deps.now(),
      otherCredential: queue.some((other) => other !== target && isSamePlace(other, target)),
      otherTarget: queue.some((other) => !isSamePlace(other, target)),
      drawn: deps.random(),
    });
    reason = attempted.class;
    retriesHere = step.do === 'retry' ? retriesHere + 1 : 0;
    if (step.do === 'stop') throw exhausted(attempted, deps.now() >= deadlineAt);
    await takeStep(step, queue, target, call, deps);
  }
  throw refusal ?? new GatewayError({ kind: 'unavailable', message: 'no target could be tried' });
}

/** A target that cannot take the request is passed over; the caller learns of it only when no other can either. */
function tryPrepare<Exchange>(
  { prepare }: Operation<Exchange, unknown>,
  target: Target,
): Exchange | GatewayError {
  try {
    return prepare(target);
  } catch (error) {
    if (error instanceof GatewayError && error.failure.kind === 'unsupported') return error;
    throw error;
  }
}

async function attemptAndNote<Begun>(
  target: Target,
  sending: Sending<Begun>,
  waiting: { readonly stream: boolean; readonly timeouts: Timeouts; readonly deadlineAt: number },
  call: Call,
  deps: Deps,
): Promise<Attempted<Begun>> {
  const startedAt = deps.now();
  const { provider } = target.enabled;
  let status: number | undefined;
  const attempted = await attempt(target, sending, {
    ports: deps,
    timeouts: waiting.timeouts,
    hangUp: call.hangUp,
    remainingMs: waiting.deadlineAt - startedAt,
    stream: waiting.stream,
    onStatus: (answered) => {
      status = answered;
    },
  });
  call.journal.attempts.push({
    provider: provider.id,
    model: target.model,
    credential: target.credential,
    outcome:
      attempted.kind === 'failed' ? attempted.class : attempted.kind === 'cancelled' ? 'cancelled' : 'ok',
    ...(attempted.kind === 'failed' ? { phase: attempted.phase } : {}),
    ...(status === undefined ? {} : { status }),
    ms: deps.now() - startedAt,
  });
  return attempted;
}

async function takeStep(
  step: Exclude<Step, { do: 'stop' }>,
  queue: Target[],
  target: Target,
  call: Call,
  deps: Deps,
) {
  if (step.do === 'retry') return wait(step.afterMs, call.hangUp, deps);
  const keep = queue.filter(
    (other) => other !== target && (step.sameProvider || !isSamePlace(other, target)),
  );
  // Another credential goes before another target, wherever it stands.
  keep.sort((a, b) => Number(isSamePlace(b, target)) - Number(isSamePlace(a, target)));
  queue.splice(0, queue.length, ...keep);
}

function isSamePlace(a: Target, b: Target): boolean {
  return a.enabled === b.enabled && a.model === b.model;
}

/** Ends early when the caller hangs up; the next attempt then sees that. */
function wait(ms: number, hangUp: HangUp, { after }: Deps): Promise<void> {
  if (ms === 0) return Promise.resolve();
  return new Promise((resolve) => {
    const cancel = after(ms, () => {
      forget();
      resolve();
    });
    const forget = hangUp.whenHappens(() => {
      cancel();
      resolve();
    });
  });
}

const CANCELLED: Failure = { kind: 'cancelled', message: 'the caller closed the request' };

/**
 * The last real error. We have spent our attempts, so an SDK that retried would only multiply them: with its two
 * retries one call would become nine at the provider.
 */
function exhausted(last: Extract<Outcome, { kind: 'failed' }>, late: boolean): GatewayError {
  const failure: Failure =
    late && last.class !== 'client' ? { ...last.failure, kind: 'upstream-timeout' } : last.failure;
  return new GatewayError({ ...failure, shouldRetry: false });
}
