// The tiers that run in Node: memory, any store, and Upstash's own client against its protocol. Those of Workers are in
// test/workerd/cache-stores.test.ts.

import { spawnSync } from 'node:child_process';
import { afterAll, describe, expect, it } from 'vitest';
import { createMemory } from '../../src/cache/memory.ts';
import { shield } from '../../src/cache/shield.ts';
import type { TextStore } from '../../src/cache/store.ts';
import { memoryTier, storeTier } from '../../src/cache/tier.ts';
import { redisStore } from '../../src/platform/redis-store.ts';
import { entry } from '../support/entries.ts';
import { scriptedStore } from '../support/text-stores.ts';
import { mapBackend, redisBackend, startUpstashRest, type UpstashRest } from '../support/upstash-rest.ts';
import { describeTier, type TierUnderTest } from './cache-tier.contract.ts';

const MB = 1_048_576;
const ports = {
  now: Date.now,
  after: (ms: number, task: () => void) => {
    const timer = setTimeout(task, ms);
    return () => clearTimeout(timer);
  },
};
const limits = { maxBytes: 8 * MB, thresholdBytes: 16 * MB, emergencyBytes: 32 * MB };

/** A machine under load answers late, and lateness is not what the contract is about. */
function overStore(store: TextStore): TierUnderTest {
  return {
    tier: storeTier(shield({ ...store, patienceMs: 5000 }, ports)),
    plant: (key, text) => store.write(`entry1:${key}`, text, 60_000),
  };
}

describeTier('memory', () => ({ tier: memoryTier(createMemory(limits, Date.now)) }));
describeTier('any store', () => overStore(scriptedStore()));

const servers: Promise<UpstashRest>[] = [];
afterAll(async () => {
  for (const server of servers) await (await server).stop();
});
const started = (server: Promise<UpstashRest>): Promise<UpstashRest> => {
  servers.push(server);
  return server;
};

let overMap: Promise<UpstashRest> | undefined;
describeTier('redis', async () => {
  overMap ??= started(startUpstashRest(mapBackend()));
  return overStore(redisStore(await overMap));
});

const hasRedisServer = spawnSync('redis-server', ['--version']).status === 0;
if (!hasRedisServer) console.warn('SKIPPED: redis-server is not installed, so no test asks a real Redis');

describe.skipIf(!hasRedisServer)('a real Redis', () => {
  let overRedis: Promise<UpstashRest> | undefined;
  const start = (): Promise<UpstashRest> =>
    (overRedis ??= started(redisBackend(20_000 + (process.pid % 10_000)).then(startUpstashRest)));

  describeTier('redis-server', async () => overStore(redisStore(await start())));

  it('lets an entry expire by itself, after its life and the time that it is good for in an outage', async () => {
    const server = await start();
    const { tier } = overStore(redisStore(server));
    await tier.put(entry({ key: 'expiring', capMs: 3_600_000 }));
    const write = server.commands.find(([name, key]) => name === 'set' && key?.includes('expiring') === true);
    expect(write?.slice(3)).toEqual(['px', String(25 * 3_600_000)]);
  });
});
