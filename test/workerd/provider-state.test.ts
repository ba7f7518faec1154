// The object around the reducer: what it stores, what it forgets, and when it wakes.

import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import type { ProviderState } from '../../durable-objects/provider-state.ts';
import { report, sighting } from '../support/reports.ts';

const outage = (isolate: string, seq = 0) => {
  const at = Date.now();
  return report(isolate, seq, at, { sightings: [sighting(at, { outcome: 'server', count: 5 })] });
};

describe('the object of a provider', () => {
  it('answers a report with a snapshot', async () => {
    const stub = env.PROVIDER_STATE.getByName('calm');
    const { snapshot, leases, retryGranted } = await stub.report(
      report('a', 0, Date.now(), { wantsRetry: true }),
    );
    expect(snapshot).toMatchObject({ v: 1, provider: 'calm', epoch: 1, scopes: {} });
    expect([leases, retryGranted]).toEqual([[], true]);
  });

  it('R-1: opens within the call that brings the fifth failure', async () => {
    const stub = env.PROVIDER_STATE.getByName('sick');
    const { snapshot } = await stub.report(outage('a'));
    expect(snapshot.scopes['model/m']).toMatchObject({ is: 'open', cause: 'run' });
    expect((await stub.snapshot()).scopes).toEqual(snapshot.scopes);
  });

  it('R-38: F-42: knows after an eviction what is open and what operators said, under a new epoch', async () => {
    const stub = env.PROVIDER_STATE.getByName('evicted');
    await stub.report(outage('a'));
    const before = await stub.order('host', 'forced-open');
    await evictDurableObject(stub);
    const after = await stub.snapshot();
    expect(after.scopes).toEqual(before.scopes);
    expect(after.epoch).toBe(before.epoch + 1);
    // Windows are not stored: nothing is counted any more.
    expect(after.models).toEqual({});
  });

  it('counts a report once, also when it comes twice', async () => {
    const stub = env.PROVIDER_STATE.getByName('twice');
    const once = report('a', 0, Date.now(), { inFlight: { m: 3 } });
    await stub.report(once);
    expect((await stub.report(once)).snapshot).toMatchObject({ inFlight: 3, version: 1 });
  });

  it('F-43: answers a report of a version that it does not know, and counts nothing of it', async () => {
    const stub = env.PROVIDER_STATE.getByName('deploying');
    const { snapshot } = await stub.report({ ...outage('a'), v: 2 });
    expect([snapshot.version, snapshot.scopes]).toEqual([0, {}]);
  });

  it('R-14: an order holds until the next one', async () => {
    const stub = env.PROVIDER_STATE.getByName('ordered');
    await stub.order('model/m', 'forced-open');
    await stub.report(report('a', 0, Date.now(), { sightings: [sighting(Date.now(), { count: 20 })] }));
    expect((await stub.snapshot()).scopes['model/m']?.is).toBe('forced-open');
    expect((await stub.order('model/m', 'closed')).scopes).toEqual({});
  });

  it('writes when a phase turns and not with every report', async () => {
    const stub = env.PROVIDER_STATE.getByName('frugal');
    const written = () =>
      runInDurableObject(stub, (_: ProviderState, { storage }) =>
        JSON.stringify(storage.kv.get('provider-state/v1')),
      );
    const before = await written();
    await stub.report(report('a', 0, Date.now(), { sightings: [sighting(Date.now())] }));
    expect(await written()).toBe(before);
    await stub.report(outage('a', 1));
    expect(await written()).toContain('"is":"open"');
    expect(await stub.inspect()).toMatchObject({ scopes: { 'model/m': { phase: { is: 'open' } } } });
  });

  it('R-7: sets an alarm for the end of a permit', async () => {
    const stub = env.PROVIDER_STATE.getByName('probed');
    await stub.report(outage('a'));
    // As if its time were over: the phase is what was stored.
    await runInDurableObject(stub, (_: ProviderState, { storage }) => {
      const phase = { is: 'open', since: 0, until: 1, opened: 1, cause: 'run' };
      storage.kv.put('provider-state/v1', {
        v: 1,
        epoch: 1,
        scopes: { 'model/m': { phase, coolUntil: 0, floorUntil: 0 } },
      });
    });
    await evictDurableObject(stub);
    const { leases } = await stub.report(report('b', 0, Date.now(), { asks: ['model/m'] }));
    expect(leases).toHaveLength(1);
    await runInDurableObject(stub, async (_: ProviderState, { storage }) => {
      expect(await storage.getAlarm()).toBe(leases[0]?.until);
    });
    expect(await runDurableObjectAlarm(stub)).toBe(true);
  });
});
