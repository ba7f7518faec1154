import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHangUp } from '../../../src/streams/hang-up.ts';
import { createTimers } from '../../../src/streams/timers.ts';
import { createManualClock } from '../../support/manual-clock.ts';

describe('the timers of a call', () => {
  it('fire in time and in order, whatever was set and taken back', async () => {
    const step = fc.record({ ms: fc.integer({ min: 1, max: 1000 }), cancelled: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const clock = createManualClock(0);
        const timers = createTimers(clock);
        const fired: number[] = [];
        for (const { ms, cancelled } of steps) {
          const cancel = timers.after(ms, () => fired.push(clock.now() === ms ? ms : -1));
          if (cancelled) cancel();
        }
        await clock.pass(1000);
        expect(fired).toEqual(
          steps
            .filter(({ cancelled }) => !cancelled)
            .map(({ ms }) => ms)
            .sort((a, b) => a - b),
        );
      }),
      { numRuns: 30 },
    );
  });

  it('take one timer of the runtime, however many limits a call sets and lifts', () => {
    const clock = createManualClock();
    const timers = createTimers(clock);
    timers.after(250, () => undefined);
    for (let limit = 0; limit < 100; limit += 1) timers.after(30_000, () => undefined)();
    expect(clock.pending()).toBe(1);
  });

  it('leave nothing behind when the call is over', () => {
    const clock = createManualClock();
    const timers = createTimers(clock);
    timers.after(250, () => undefined);
    timers.stop();
    expect(clock.pending()).toBe(0);
  });
});

describe('a hang-up', () => {
  it('is told once to everyone who waits, and at once to whoever asks later', () => {
    const told: string[] = [];
    const hangUp = createHangUp();
    hangUp.whenHappens(() => told.push('first'));
    hangUp.whenHappens(() => told.push('taken back'))();
    hangUp.report();
    hangUp.report();
    hangUp.whenHappens(() => told.push('late'));
    expect(told).toEqual(['first', 'late']);
  });
});
