// An isolate as the simulation knows it: what the shell around the pure core will do, in callbacks instead of promises. It
// keeps an outlook a provider, shares snapshots with its colo, and takes each request through decision, attempts and end.

import type { FailureClass, Outcome } from '../../src/core/failure.ts';
import { firstContentMs } from '../../src/routing/adaptive-timeouts.ts';
import type { Priority } from '../../src/routing/admission.ts';
import { NO_MEMORY, type Memory } from '../../src/routing/balancers/balancer.ts';
import { order, type Choice, type Decision, type Policy, type Question } from '../../src/routing/order.ts';
import {
  asking,
  ended,
  heed,
  heedReply,
  keptBack,
  newOutlook,
  seen,
  started,
  takeReport,
  thinned,
  type Outlook,
} from '../../src/routing/outlook.ts';
import { freshness, read } from '../../src/routing/reading.ts';
import { isDue } from '../../src/routing/reports.ts';
import { afterFailure } from '../../src/routing/retry.ts';
import { newer, type Reply, type Snapshot } from '../../src/routing/snapshot.ts';

export const PLACE = { model: 'm', credential: '0' };
const DEADLINE_MS = 60_000;
const ATTEMPTS_MAX = 3;
const SEED_TIMEOUT_MS = 60_000;
const OBJECT_TIMEOUT_MS = 150;

/** What a colo's isolates share through its cache. */
export type Colo = {
  readonly id: number;
  readonly snapshots: Map<string, Snapshot>;
};

export type AttemptLog = {
  readonly provider: string;
  readonly at: number;
  readonly kind: 'first' | 'retry' | 'failover';
};
export type RequestLog = {
  readonly at: number;
  readonly priority: Priority;
  readonly attempts: AttemptLog[];
  /** One entry for each end that was reported: there must be exactly one. */
  readonly ends: { readonly is: 'ok' | 'error' | 'refused' | 'cancelled' | 'broken'; readonly at: number }[];
  /** Attempts that gave content to the caller. */
  contents: number;
};

export type Surroundings = {
  readonly coordinated: boolean;
  readonly policy: Policy;
  readonly providers: readonly string[];
  /** True time, and chance. */
  readonly now: () => number;
  readonly after: (ms: number, task: () => void) => void;
  readonly random: () => number;
  /** A call of a provider's object; `answer` may never come. */
  readonly report: (
    provider: string,
    colo: number,
    report: ReturnType<typeof takeReport>['report'],
    answer: (reply: Reply) => void,
  ) => void;
  readonly snapshot: (provider: string, colo: number, answer: (snapshot: Snapshot) => void) => void;
  readonly begin: (provider: string) => Attempted;
  readonly decided: (question: Question, decision: Decision) => void;
};

export type Attempted = {
  readonly answer:
    | { readonly is: 'reply'; readonly ttftMs: number; readonly replyMs: number; readonly breaks: boolean }
    | {
        readonly is: 'failure';
        readonly class: FailureClass;
        readonly phase: Outcome extends { phase: infer P } ? P : string;
        readonly afterMs: number;
      };
  readonly end: () => void;
};

export type Isolate = {
  readonly handle: (log: RequestLog, cancelAfterMs: number | undefined) => void;
  readonly inFlight: () => number;
};

export function createIsolate(name: string, colo: Colo, skewMs: number, around: Surroundings): Isolate {
  const outlooks = new Map<string, Outlook>(around.providers.map((one) => [one, newOutlook(one, name)]));
  const timers = new Set<string>();
  let memory: Memory = NO_MEMORY;
  // A clock that is off by as much as it likes; only differences of it may matter.
  const now = () => around.now() + skewMs;
  const outlookOf = (provider: string): Outlook => outlooks.get(provider)!;
  const change = (provider: string, next: Outlook) => {
    outlooks.set(provider, next);
    if (!around.coordinated) return;
    if (isDue(next.pending, now())) flush(provider);
    else if (next.pending.since !== undefined && !timers.has(provider)) {
      timers.add(provider);
      around.after(1000, () => {
        timers.delete(provider);
        outlooks.set(provider, thinned(outlookOf(provider), now(), around.random()));
        if (outlookOf(provider).pending.since !== undefined) flush(provider);
      });
    }
  };

  function flush(provider: string, answered?: (reply: Reply | undefined) => void) {
    const taken = takeReport(outlookOf(provider), now());
    outlooks.set(provider, taken.outlook);
    let isLate = false;
    const settle = (reply: Reply | undefined) => {
      if (isLate) return;
      isLate = true;
      answered?.(reply);
    };
    if (answered !== undefined) around.after(OBJECT_TIMEOUT_MS, () => settle(undefined));
    around.report(provider, colo.id, taken.report, (reply) => {
      outlooks.set(provider, heedReply(outlookOf(provider), reply, now()));
      share(provider, reply.snapshot);
      settle(reply);
    });
  }

  function share(provider: string, snapshot: Snapshot) {
    colo.snapshots.set(provider, newer(colo.snapshots.get(provider), snapshot));
  }

  /** What the colo knows better than we do. The cache is near; its reading is no call of an object. */
  function lookAround(provider: string) {
    const shared = colo.snapshots.get(provider);
    if (!around.coordinated || shared === undefined || freshness(outlookOf(provider), now()) === 'fresh')
      return;
    outlooks.set(provider, heed(outlookOf(provider), shared));
  }

  /** Reads the object's snapshot for the colo; `ready` at the latest when a request has waited long enough for it. */
  function renew(provider: string, ready: () => void) {
    let isOver = false;
    const once = () => {
      if (isOver) return;
      isOver = true;
      ready();
    };
    around.after(OBJECT_TIMEOUT_MS, once);
    around.snapshot(provider, colo.id, (snapshot) => {
      outlooks.set(
        provider,
        heedReply(outlookOf(provider), { snapshot, leases: [], retryGranted: false }, now()),
      );
      share(provider, snapshot);
      once();
    });
  }

  function decide(priority: Priority): Decision {
    const question: Question = {
      candidates: around.providers.map((provider) => ({
        id: provider,
        provider,
        place: PLACE,
        weight: 1,
        reading: read(outlookOf(provider), PLACE, now()),
      })),
      policy: around.policy,
      priority,
      memory,
      now: now(),
      drawn: around.random(),
    };
    const decision = order(question);
    memory = decision.memory;
    around.decided(question, decision);
    return decision;
  }

  function handle(log: RequestLog, cancelAfterMs: number | undefined) {
    around.providers.forEach(lookAround);
    consider(log, cancelAfterMs, 2);
  }

  /** Who is to be asked first must not be judged by what is too old: for that, and only that, a request waits a moment. */
  function consider(log: RequestLog, cancelAfterMs: number | undefined, readsLeft: number) {
    const decision = decide(log.priority);
    const first = decision.choices[0]?.id;
    const age = first === undefined ? 'fresh' : freshness(outlookOf(first), now());
    if (!around.coordinated || first === undefined || age === 'fresh' || readsLeft === 0) {
      return withPermit(decision, log, cancelAfterMs);
    }
    if (age === 'stale') return renew(first, () => consider(log, cancelAfterMs, readsLeft - 1));
    renew(first, () => undefined);
    return withPermit(decision, log, cancelAfterMs);
  }

  /** Where a target is due to come back, this request may ask to be its probe: the only wait for an object, and a bounded one. */
  function withPermit(decision: Decision, log: RequestLog, cancelAfterMs: number | undefined) {
    const [wish] = decision.asks;
    if (wish === undefined || !around.coordinated) return go(decision, log, cancelAfterMs);
    outlooks.set(wish.id, asking(outlookOf(wish.id), [wish.scope], false));
    flush(wish.id, () => go(decide(log.priority), log, cancelAfterMs));
  }

  function go(decision: Decision, log: RequestLog, cancelAfterMs: number | undefined) {
    for (const { id, reason } of decision.excluded) {
      if (reason === 'throttled' || reason === 'limited') {
        change(
          id,
          keptBack(outlookOf(id), {
            by: reason === 'throttled' ? 'throttle' : 'limit',
            priority: log.priority,
          }),
        );
      }
    }
    if (decision.choices.length === 0) return end(log, 'refused');
    attempt(decision.choices, {
      log,
      left: ATTEMPTS_MAX,
      retriesHere: 0,
      kind: decision.choices[0]!.kind,
      cancelAfterMs,
    });
  }

  type Going = {
    readonly log: RequestLog;
    readonly left: number;
    readonly retriesHere: number;
    readonly kind: 'first' | 'retry' | 'failover';
    readonly cancelAfterMs: number | undefined;
  };

  function attempt(choices: readonly Choice[], going: Going) {
    const { log, kind, cancelAfterMs } = going;
    const [choice] = choices;
    if (choice === undefined) return end(log, 'error');
    const provider = choice.id;
    const beganAt = now();
    log.attempts.push({ provider, at: around.now(), kind });
    change(provider, started(outlookOf(provider), { place: PLACE, kind, priority: log.priority }));
    const { answer, end: release } = around.begin(provider);
    const timeoutMs = firstContentMs(
      SEED_TIMEOUT_MS,
      outlookOf(provider).snapshot?.models[PLACE.model] ?? {},
    );
    const beginsAfterMs = answer.is === 'reply' ? answer.ttftMs : answer.afterMs;
    const isLate = beginsAfterMs > timeoutMs;
    const firstMs = Math.min(beginsAfterMs, timeoutMs);
    const lease = choice.probe;
    const finish = (good: boolean) => {
      release();
      change(
        provider,
        ended(outlookOf(provider), { model: PLACE.model, heldMs: now() - beganAt, good }, now()),
      );
    };
    const tell = (outcome: Parameters<typeof seen>[1]['outcome'], ttftMs?: number) => {
      const told = {
        place: PLACE,
        outcome,
        ...(ttftMs === undefined ? {} : { ttftMs }),
        ...(lease === undefined ? {} : { lease }),
      };
      change(provider, seen(outlookOf(provider), told, now()));
    };
    if (cancelAfterMs !== undefined && cancelAfterMs < firstMs) {
      around.after(cancelAfterMs, () => {
        tell('cancelled');
        finish(false);
        end(log, 'cancelled');
      });
      return;
    }
    around.after(firstMs, () => {
      if (answer.is === 'reply' && !isLate) {
        log.contents += 1;
        if (!answer.breaks) tell('ok', answer.ttftMs);
        around.after(answer.replyMs - firstMs, () => {
          if (answer.breaks) tell('protocol', answer.ttftMs);
          finish(!answer.breaks);
          end(log, answer.breaks ? 'broken' : 'ok');
        });
        return;
      }
      const failed = answer.is === 'failure' && !isLate ? answer.class : 'timeout';
      tell(failed);
      finish(false);
      afterwards(choices, going, failed);
    });
  }

  function afterwards(choices: readonly Choice[], going: Going, failed: FailureClass) {
    const [choice, ...others] = choices;
    const next = others.filter(({ failoverOk }) => failoverOk);
    const step = afterFailure(
      {
        kind: 'failed',
        class: failed,
        phase: 'headers',
        failure: { kind: 'upstream-error', message: 'simulated' },
      },
      {
        attemptsLeft: going.left - 1,
        retriesHere: going.retriesHere,
        remainingMs: going.log.at + DEADLINE_MS - around.now(),
        otherCredential: false,
        otherTarget: next.length > 0,
        drawn: around.random(),
      },
    );
    if (choice === undefined || step.do === 'stop') return end(going.log, 'error');
    if (step.do === 'next') {
      return attempt(next, { ...going, left: going.left - 1, retriesHere: 0, kind: 'failover' });
    }
    const again = () =>
      around.after(step.afterMs, () =>
        attempt([choice, ...next], {
          ...going,
          left: going.left - 1,
          retriesHere: going.retriesHere + 1,
          kind: 'retry',
        }),
      );
    if (!around.coordinated) return again();
    // A retry is not the hot path: it waits for the fleet's permission, and without an answer there is none.
    outlooks.set(choice.id, asking(outlookOf(choice.id), [], true));
    flush(choice.id, (reply) => {
      if (reply?.retryGranted === true) again();
      else if (next.length > 0)
        attempt(next, { ...going, left: going.left - 1, retriesHere: 0, kind: 'failover' });
      else end(going.log, 'error');
    });
  }

  function end(log: RequestLog, is: RequestLog['ends'][number]['is']) {
    log.ends.push({ is, at: around.now() });
  }

  return {
    handle,
    inFlight: () =>
      [...outlooks.values()].reduce(
        (sum, { inFlight }) => sum + Object.values(inFlight).reduce((a, b) => a + b, 0),
        0,
      ),
  };
}
