import { describe, expect, it } from 'vitest';
import {
  ended,
  heed,
  heedReply,
  keptBack,
  newOutlook,
  seen,
  started,
  takeReport,
  type Outlook,
} from '../../../src/routing/outlook.ts';
import { newProviderState, orderScope, receive } from '../../../src/routing/provider-state.ts';
import { freshness, read } from '../../../src/routing/reading.ts';
import { isDue } from '../../../src/routing/reports.ts';
import type { OutcomeClass } from '../../../src/routing/scope.ts';
import { snapshotOf } from '../../../src/routing/snapshot-of.ts';

const NOW = 1_000_000;
const place = { model: 'm', credential: '0' };
const other = { model: 'm', credential: '1' };
const moment = (now: number) => ({ now, drawn: 0.5 });
const fresh = newOutlook('p', 'isolate');
const after = (outlook: Outlook, outcome: OutcomeClass, times = 1, now = NOW, ttftMs?: number): Outlook =>
  Array.from({ length: times }).reduce<Outlook>(
    (before) => seen(before, { place, outcome, ...(ttftMs === undefined ? {} : { ttftMs }) }, now),
    outlook,
  );

describe('an isolate', () => {
  it('R-1: closes itself off before the sixth attempt, without asking anybody', () => {
    expect(read(after(fresh, 'server', 3), place, NOW).gate.is).toBe('open');
    expect(read(after(fresh, 'server', 5), place, NOW).gate).toMatchObject({
      is: 'shut',
      why: 'own-evidence',
      until: NOW + 5000,
    });
    expect(read(after(fresh, 'server', 5), place, NOW + 5000).gate.is).toBe('open');
  });

  it('R-10: F-7: holds back one credential and not the other', () => {
    const barred = after(fresh, 'auth');
    expect(read(barred, place, NOW).gate).toMatchObject({ is: 'shut', why: 'barred', scope: 'credential/0' });
    expect(read(barred, other, NOW).gate.is).toBe('open');
  });

  it('is overruled by the object in both directions', () => {
    const own = after(fresh, 'server', 5);
    const healthy = snapshotOf(newProviderState('p'), NOW + 10);
    expect(read(heed(own, healthy), place, NOW + 10).gate.is).toBe('open');
    const forced = orderScope(newProviderState('p'), 'model/m', 'forced-open', moment(NOW));
    expect(read(heed(fresh, snapshotOf(forced, NOW)), place, NOW).gate).toMatchObject({ why: 'forced-open' });
  });

  it('R-14: obeys an operator for a minute without news, believes health for five seconds', () => {
    const state = orderScope(
      receive(newProviderState('p'), takeReport(after(fresh, 'server', 5), NOW).report, moment(NOW)).state,
      'host',
      'forced-open',
      moment(NOW),
    );
    const told = heed(fresh, snapshotOf(state, NOW));
    expect(read(told, place, NOW + 59_000).gate).toMatchObject({ why: 'forced-open' });
    expect(read(told, place, NOW + 61_000).gate.is).toBe('open');
    expect([1000, 3000, 6000].map((ms) => freshness(told, NOW + ms))).toEqual(['fresh', 'soft', 'stale']);
  });

  it('never goes back to an older snapshot', () => {
    const [old, young] = [
      newProviderState('p'),
      orderScope(newProviderState('p'), 'host', 'forced-open', moment(NOW)),
    ];
    const told = heed(heed(fresh, snapshotOf(young, NOW)), snapshotOf(old, NOW + 1));
    expect(read(told, place, NOW + 1).gate.is).toBe('shut');
  });

  it('F-52: reads the object’s clock, not its own', () => {
    const skewed = NOW - 300_000;
    const sent = takeReport(after(fresh, 'server', 5, skewed), skewed);
    const { reply } = receive(newProviderState('p'), sent.report, moment(NOW));
    const told = heedReply(sent.outlook, reply, skewed);
    expect(read(told, place, skewed).gate).toMatchObject({ why: 'open', until: skewed + 5000 });
  });
});

describe('in flight', () => {
  it('lasts until the stream ends, and counts the others less the older the news', () => {
    const begun = started(fresh, { place, kind: 'first', priority: 'interactive' });
    const answered = after(begun, 'ok', 1, NOW, 200);
    expect(read(answered, place, NOW).inFlight).toBe(1);
    const there = receive(
      newProviderState('p'),
      { ...takeReport(begun, NOW).report, isolate: 'x', inFlight: { m: 8 } },
      moment(NOW),
    );
    const told = heed(answered, there.reply.snapshot);
    expect(read(told, place, NOW).inFlight).toBe(9);
    expect(read(told, place, NOW + 4000).inFlight).toBeCloseTo(1 + 8 * Math.exp(-0.8), 6);
    expect(read(ended(told, { model: 'm', heldMs: 9, good: true }, NOW), place, NOW).inFlight).toBe(8);
  });
});

describe('a report', () => {
  it('is due after a second, after twenty events, and at once on a failure', () => {
    expect(isDue(fresh.pending, NOW)).toBe(false);
    const one = after(fresh, 'ok');
    expect([isDue(one.pending, NOW + 999), isDue(one.pending, NOW + 1000)]).toEqual([false, true]);
    expect(isDue(after(fresh, 'ok', 20).pending, NOW)).toBe(true);
    expect(isDue(after(fresh, 'server').pending, NOW)).toBe(true);
  });

  it('R-37: takes the successes along when a failure makes haste', () => {
    const { report, outlook } = takeReport(after(after(fresh, 'ok', 3), 'server'), NOW);
    expect(report.sightings.map(({ outcome, count }) => [outcome, count])).toEqual([
      ['ok', 3],
      ['server', 1],
    ]);
    expect([outlook.seq, outlook.pending.events]).toEqual([1, 0]);
  });

  it('says what was wanted, also when a limit kept it back', () => {
    const { flow } = takeReport(keptBack(fresh, { by: 'limit', priority: 'background' }), NOW).report;
    expect(flow).toMatchObject({ wanted: { interactive: 0, background: 1 }, requests: 0 });
  });

  it('says whether its clock has been compared', () => {
    expect(takeReport(fresh, NOW).report.synced).toBe(false);
    const told = heedReply(
      fresh,
      receive(newProviderState('p'), takeReport(fresh, NOW).report, moment(NOW + 7)).reply,
      NOW,
    );
    expect(takeReport(told, NOW).report).toMatchObject({ synced: true, sentAt: NOW + 7 });
  });
});
