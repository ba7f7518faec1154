import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FailureClass, Outcome } from '../../../src/core/failure.ts';
import { afterFailure, type Situation } from '../../../src/routing/retry.ts';

type Failed = Extract<Outcome, { kind: 'failed' }>;

const CLASSES: readonly FailureClass[] = [
  'client',
  'auth',
  'quota',
  'ratelimit',
  'overload',
  'server',
  'local',
  'timeout',
  'protocol',
];

const failed = (of: FailureClass, more: Partial<Failed> = {}): Failed => ({
  kind: 'failed',
  class: of,
  phase: 'headers',
  failure: { kind: 'upstream-error', message: 'it failed' },
  ...more,
});

const alone: Situation = {
  attemptsLeft: 2,
  retriesHere: 0,
  remainingMs: 60_000,
  otherCredential: false,
  otherTarget: false,
  drawn: 0.5,
};

describe('after a failure at the only target', () => {
  it.each([
    ['client', 'stop'],
    ['auth', 'stop'],
    ['quota', 'stop'],
    ['ratelimit', 'stop'],
    ['overload', 'retry'],
    ['server', 'retry'],
    ['local', 'retry'],
    ['timeout', 'stop'],
    ['protocol', 'stop'],
  ] as const)('%s leads to %s', (of, step) => {
    expect(afterFailure(failed(of), alone).do).toBe(step);
  });

  it('a rate limit that is nearly over is waited out', () => {
    expect(afterFailure(failed('ratelimit', { retryAfterMs: 2000 }), alone)).toEqual({
      do: 'retry',
      afterMs: 2000,
    });
    expect(afterFailure(failed('ratelimit', { retryAfterMs: 2001 }), alone)).toEqual({ do: 'stop' });
  });

  it('there is one further try and not two', () => {
    expect(afterFailure(failed('server'), { ...alone, retriesHere: 1 })).toEqual({ do: 'stop' });
  });

  it('F-6: a provider that says not to come again is not asked again', () => {
    expect(afterFailure(failed('overload', { shouldRetry: false }), alone)).toEqual({ do: 'stop' });
  });

  it('a lost connection is tried again at once', () => {
    expect(afterFailure(failed('local'), alone)).toEqual({ do: 'retry', afterMs: 0 });
  });
});

describe('after a failure with another target at hand', () => {
  const two = { ...alone, otherTarget: true };

  it.each(CLASSES.filter((of) => of !== 'client'))(
    '%s never ends the request while attempts are left',
    (of) => {
      expect(afterFailure(failed(of), two).do).not.toBe('stop');
    },
  );

  it('a client error is the same everywhere', () => {
    expect(afterFailure(failed('client'), two)).toEqual({ do: 'stop' });
  });

  it('the last attempt goes elsewhere', () => {
    expect(afterFailure(failed('server'), { ...two, attemptsLeft: 1 })).toEqual({
      do: 'next',
      sameProvider: false,
    });
  });

  it('another credential is tried first where ours is to blame, and only there', () => {
    const keys = { ...two, otherCredential: true };
    for (const of of CLASSES) {
      const step = afterFailure(failed(of), keys);
      expect(step.do === 'next' && step.sameProvider).toBe(['auth', 'quota', 'ratelimit'].includes(of));
    }
  });

  it('a long wait is not worth it', () => {
    expect(afterFailure(failed('overload', { retryAfterMs: 30_000 }), two)).toEqual({
      do: 'next',
      sameProvider: false,
    });
  });
});

describe('whatever happened', () => {
  const situations = fc.record({
    attemptsLeft: fc.integer({ min: -1, max: 3 }),
    retriesHere: fc.integer({ min: 0, max: 3 }),
    remainingMs: fc.integer({ min: -100, max: 600_000 }),
    otherCredential: fc.boolean(),
    otherTarget: fc.boolean(),
    drawn: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  });
  const failures = fc
    .record({
      class: fc.constantFrom(...CLASSES),
      phase: fc.constantFrom('connect', 'headers', 'preamble', 'content'),
      retryAfterMs: fc.option(fc.double({ min: 1, max: 1e6, noNaN: true }), { nil: undefined }),
      shouldRetry: fc.option(fc.boolean(), { nil: undefined }),
    })
    .map(({ class: of, phase, retryAfterMs, shouldRetry }) =>
      failed(of, {
        phase,
        ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
        ...(shouldRetry === undefined ? {} : { shouldRetry }),
      }),
    );

  it('nothing follows the first content, the last attempt or the deadline', () => {
    fc.assert(
      fc.property(failures, situations, (outcome, now) => {
        const step = afterFailure(outcome, now);
        if (outcome.phase === 'content' || now.attemptsLeft <= 0 || now.remainingMs <= 0)
          expect(step.do).toBe('stop');
      }),
    );
  });

  it('a wait is never negative, endless or past the deadline, and there is always somewhere to go next', () => {
    fc.assert(
      fc.property(failures, situations, (outcome, now) => {
        const step = afterFailure(outcome, now);
        if (step.do === 'retry') {
          expect(step.afterMs).toBeGreaterThanOrEqual(0);
          expect(step.afterMs).toBeLessThan(Math.max(1, now.remainingMs));
        }
        if (step.do === 'next') expect(step.sameProvider ? now.otherCredential : now.otherTarget).toBe(true);
      }),
    );
  });
});
