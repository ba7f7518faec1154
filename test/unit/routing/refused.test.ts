import { describe, expect, it } from 'vitest';
import type { FailureClass, FailureKind } from '../../../src/core/failure.ts';
import { wasRefused } from '../../../src/routing/refused.ts';

const outcome = (of: FailureClass, kind: FailureKind = 'upstream-error') =>
  ({ kind: 'failed', class: of, phase: 'headers', failure: { kind, message: '' } }) as const;

describe('what is paid for is tried again', () => {
  it.each(['client', 'auth', 'quota', 'ratelimit', 'overload'] as const)('after %s: it was refused', (of) => {
    expect(wasRefused(outcome(of))).toBe(true);
  });

  it.each(['server', 'timeout', 'protocol', 'local'] as const)('never after %s: it may have begun', (of) => {
    expect(wasRefused(outcome(of))).toBe(false);
  });

  it('when a guard kept it from leaving', () => {
    expect(wasRefused(outcome('local', 'unavailable'))).toBe(true);
  });
});
