import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LEASE_MS } from '../../../src/routing/breaker.ts';
import {
  newProviderState,
  orderScope,
  receive,
  type ProviderState,
} from '../../../src/routing/provider-state.ts';
import type { Report } from '../../../src/routing/reports.ts';
import { hasTurned, restore, save } from '../../../src/routing/saved-state.ts';
import { snapshotOf } from '../../../src/routing/snapshot-of.ts';
import { NO_FLOW } from '../../../src/routing/traffic.ts';
import { report, sighting } from '../../support/reports.ts';

const NOW = 1_000_000;
const moment = (now: number) => ({ now, drawn: 0.5 });
const all = (reports: readonly Report[], now = NOW, state = newProviderState('p')): ProviderState =>
  reports.reduce((before, one) => receive(before, one, moment(now)).state, state);
const scope = (state: ProviderState, key: string, now = NOW) => snapshotOf(state, now).scopes[key];
const outage = (isolate: string, seq: number, at = NOW) =>
  report(isolate, seq, at, { sightings: [sighting(at, { outcome: 'server', count: 5 })] });

describe('reports', () => {
  const reports = fc
    .array(
      fc.record({
        isolate: fc.constantFrom('a', 'b', 'c'),
        sightings: fc.array(
          fc.record({
            // Few enough failures that no order of them opens anything: what is compared is what is counted.
            outcome: fc.constantFrom('ok', 'ok', 'ok', 'client', 'cancelled'),
            at: fc.integer({ min: NOW - 60_000, max: NOW }),
            model: fc.constantFrom('m', 'n'),
            ttft: fc.array(fc.integer({ min: 300, max: 500 }), { maxLength: 4 }),
            rewards: fc.record({ won: fc.nat(3), lost: fc.nat(3) }),
          }),
          { maxLength: 4 },
        ),
        failed: fc.option(fc.integer({ min: NOW - 60_000, max: NOW }), { nil: undefined }),
        inFlight: fc.record({ m: fc.nat(5), n: fc.nat(5) }),
        flow: fc.record({
          first: fc.nat(9),
          failover: fc.nat(3),
          accepts: fc.nat(9),
          heldMs: fc.nat(9999),
          ended: fc.nat(9),
        }),
      }),
      { maxLength: 12 },
    )
    .map((list) =>
      list.map(({ isolate, sightings, failed, inFlight, flow }, index) =>
        report(isolate, index, NOW, {
          sightings: [
            ...sightings.map((one) => sighting(one.at, { ...one, outcome: one.outcome as 'ok' })),
            ...(failed === undefined || index > 1 ? [] : [sighting(failed, { outcome: 'server' })]),
          ],
          inFlight,
          flow: { ...NO_FLOW, ...flow },
        }),
      ),
    );

  it('R-36: in any order, and any of them twice, come to the same state', () => {
    const disturbed = reports.chain((list) =>
      fc.tuple(
        fc.constant(list),
        fc.shuffledSubarray([...list, ...list.filter((_, index) => index % 3 === 0)], {
          minLength: list.length,
        }),
      ),
    );
    fc.assert(
      fc.property(disturbed, ([list, shuffled]) => {
        const missing = list.filter((one) => !shuffled.includes(one));
        const [a, b] = [all(list), all([...shuffled, ...missing])];
        const [one, other] = [snapshotOf(a, NOW), snapshotOf(b, NOW)];
        expect(close(other, one)).toEqual([]);
      }),
    );
  });

  it('that were overtaken still count, and what is in flight is what the newest says', () => {
    const late = report('a', 0, NOW, { inFlight: { m: 7 }, flow: { ...NO_FLOW, first: 3 } });
    const newest = report('a', 1, NOW, { inFlight: { m: 2 }, flow: { ...NO_FLOW, first: 4 } });
    const snapshot = snapshotOf(all([newest, late, late]), NOW);
    expect([snapshot.inFlight, snapshot.inflow.first]).toEqual([2, 7]);
  });

  it('F-52: a clock that is minutes off moves nothing into the future, and an unsynced one means only "just now"', () => {
    const ahead = report('a', 0, NOW + 300_000, {
      sightings: [sighting(NOW + 300_000, { outcome: 'server', count: 5 })],
    });
    const opened = scope(all([ahead]), 'model/m');
    expect(opened).toMatchObject({ is: 'open', since: NOW, until: NOW + 5000 });
    const behind = report('a', 0, NOW - 3e6, {
      synced: false,
      sightings: [sighting(NOW - 3e6, { outcome: 'server', count: 5 })],
    });
    expect(scope(all([behind]), 'model/m')?.is).toBe('open');
  });
});

describe('scopes', () => {
  it('R-10: F-4: a credential without money leaves the others alone', () => {
    const state = all([report('a', 0, NOW, { sightings: [sighting(NOW, { outcome: 'quota' })] })]);
    expect(Object.keys(snapshotOf(state, NOW).scopes)).toEqual(['credential/0']);
    expect(scope(state, 'credential/0')).toMatchObject({ is: 'open', cause: 'quota' });
  });

  it('F-1: a rate limit cools one credential at one model', () => {
    const limited = sighting(NOW, { outcome: 'ratelimit', comeAgainAt: NOW + 2000 });
    const state = all([report('a', 0, NOW, { sightings: [limited] })]);
    expect(snapshotOf(state, NOW).scopes).toEqual({
      'credential-model/0/m': { is: 'closed', since: NOW, coolUntil: NOW + 2000 },
    });
  });

  it('R-4: callers’ mistakes and hang-ups say nothing', () => {
    const sightings = [
      sighting(NOW, { outcome: 'client', count: 99 }),
      sighting(NOW, { outcome: 'cancelled', count: 99 }),
    ];
    expect(all([report('a', 0, NOW, { sightings })]).breakers.size).toBe(0);
  });

  it('R-22: what we poured over a provider that still answers does not open it', () => {
    const pouring = { ...NO_FLOW, first: 10, failover: 20, heldMs: 60_000, ended: 30 };
    const busy = [sighting(NOW, { count: 3 }), sighting(NOW + 1, { outcome: 'overload', count: 9 })];
    const poured = all([report('a', 0, NOW + 1, { flow: pouring, sightings: busy })], NOW + 1);
    expect(scope(poured, 'model/m')).toBeUndefined();
    expect(snapshotOf(poured, NOW + 1).limit).toBeDefined();
    const own = all([report('a', 0, NOW + 1, { flow: { ...NO_FLOW, first: 30 }, sightings: busy })], NOW + 1);
    expect(scope(own, 'model/m')?.is).toBe('open');
  });

  it('are bounded however many models callers name', () => {
    const named = Array.from({ length: 900 }, (_, k) =>
      sighting(NOW, { model: `model-${k}-${'x'.repeat(90)}`, outcome: 'server', ttft: [400] }),
    );
    const state = all([report('a', 0, NOW, { sightings: named })]);
    expect(state.breakers.size).toBeLessThanOrEqual(256);
    expect(state.models.size).toBeLessThanOrEqual(64);
  });

  it('a snapshot stays below 8 KiB with every model open', () => {
    const named = Array.from({ length: 60 }, (_, k) =>
      sighting(NOW, { model: `claude-opus-4-5-2025${k}`, outcome: 'server', count: 5, ttft: [400] }),
    );
    const snapshot = snapshotOf(all([report('a', 0, NOW, { sightings: named })]), NOW);
    expect(JSON.stringify(snapshot).length).toBeLessThan(8192);
  });
});

describe('permits', () => {
  const due = NOW + 5000;
  const open = all([outage('a', 0)]);
  const ask = (state: ProviderState, isolate: string, seq: number, now: number) =>
    receive(state, report(isolate, seq, now, { asks: ['model/m'] }), moment(now));

  it('R-6: go to one isolate, once however often it is asked for', () => {
    const first = ask(open, 'b', 0, due);
    expect(first.reply.leases).toEqual([{ scope: 'model/m', id: 'b.0.model/m', until: due + LEASE_MS }]);
    expect(ask(first.state, 'b', 0, due).reply.leases).toEqual(first.reply.leases);
    expect(ask(first.state, 'c', 0, due).reply.leases).toEqual([]);
  });

  it('are not given while a scope is open or closed', () => {
    expect(ask(open, 'b', 0, due - 1).reply.leases).toEqual([]);
    expect(ask(newProviderState('p'), 'b', 0, due).reply.leases).toEqual([]);
  });

  it('R-8: three probes that pass bring it back', () => {
    let state = open;
    for (const seq of [0, 1, 2]) {
      const asked = ask(state, 'b', 2 * seq, due + seq);
      const lease = asked.reply.leases[0]?.id ?? '';
      const probes = [{ scope: 'model/m', lease, verdict: 'passed' as const }];
      state = receive(asked.state, report('b', 2 * seq + 1, due + seq, { probes }), moment(due + seq)).state;
    }
    expect(scope(state, 'model/m', due + 2)?.is).toBe('ramp');
  });
});

describe('retries', () => {
  it('R-21: over any window are a tenth of first attempts and three more', () => {
    let state = newProviderState('p');
    let granted = 0;
    for (let seq = 0; seq < 1000; seq += 1) {
      const asked = report('a', seq, NOW, { flow: { ...NO_FLOW, first: 1 }, wantsRetry: true });
      const received = receive(state, asked, moment(NOW));
      state = received.state;
      granted += received.reply.retryGranted ? 1 : 0;
      expect(granted).toBeLessThanOrEqual(0.1 * (seq + 1) + 3);
    }
    expect(granted).toBeGreaterThan(100);
  });
});

describe('another life of the object', () => {
  const state = orderScope(all([outage('a', 0)]), 'host', 'forced-open', moment(NOW));

  it('R-38: F-42: remembers what is open and what operators said, and its snapshots are newer than all before', () => {
    const again = restore('p', save(state));
    const [before, after] = [snapshotOf(state, NOW), snapshotOf(again, NOW)];
    expect(after.scopes).toEqual(before.scopes);
    expect(after.epoch).toBeGreaterThan(before.epoch);
    expect(JSON.parse(JSON.stringify(save(state)))).toEqual(save(state));
  });

  it('is only worth a write when a phase has turned', () => {
    const calm = all([report('b', 0, NOW, { sightings: [sighting(NOW)] })], NOW, state);
    expect(hasTurned(state, calm)).toBe(false);
    expect(hasTurned(newProviderState('p'), state)).toBe(true);
  });
});

/** The paths at which two trees differ by more than 1e-9 of what is there. */
function close(a: unknown, b: unknown, path = ''): readonly string[] {
  if (typeof a === 'number' && typeof b === 'number') {
    return Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(b)) ? [] : [`${path}: ${a} is not ${b}`];
  }
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
    return Object.is(a, b) ? [] : [`${path}: ${String(a)} is not ${String(b)}`];
  }
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys]
    .filter((key) => !['version', 'retryOk'].includes(key))
    .flatMap((key) =>
      close((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key], `${path}.${key}`),
    );
}
