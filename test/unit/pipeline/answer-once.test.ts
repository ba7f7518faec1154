// A question that may be answered from memory: what is good is told, what grows old is renewed, and what is too old is
// better than an outage.

import { describe, expect, it } from 'vitest';
import { createCache } from '../../../src/cache/cache.ts';
import type { Entry } from '../../../src/cache/entry.ts';
import { GatewayError, type FailureKind } from '../../../src/core/failure.ts';
import type { ChatEvent } from '../../../src/core/event.ts';
import { openaiChat } from '../../../src/dialects/openai-chat/index.ts';
import { answerOnce } from '../../../src/pipeline/answer-once.ts';
import type { Call, Deps } from '../../../src/pipeline/call.ts';
import type { Reply } from '../../../src/pipeline/chat.ts';
import type { Wire } from '../../../src/pipeline/exchange.ts';
import type { Memo } from '../../../src/pipeline/memo.ts';
import { plan } from '../../../src/pipeline/plan.ts';
import { writeRemembered } from '../../../src/pipeline/remembered.ts';
import { readSettings, type Settings } from '../../../src/pipeline/settings.ts';
import { createHangUp } from '../../../src/streams/hang-up.ts';
import { entry } from '../../support/entries.ts';
import { createManualClock, settle } from '../../support/manual-clock.ts';

const ID = { key: 'key', tenant: 'tenant' };
const HOUR = 3_600_000;
const events: readonly ChatEvent[] = [
  { type: 'start', id: 'a' },
  { type: 'text-start', block: 0 },
  { type: 'text-delta', block: 0, text: 'Remembered' },
  { type: 'text-end', block: 0 },
  { type: 'finish', reason: { unified: 'stop' } },
];
const FROM_UPSTREAM: Reply = {
  status: 200,
  contentType: 'application/json',
  body: 'from upstream',
  headers: {},
};

function scene(remembered: Partial<Entry> = {}) {
  const clock = createManualClock();
  const log: Record<string, unknown>[] = [];
  const deferred: Promise<unknown>[] = [];
  const settings = readSettings({
    ENVIRONMENT: 'test',
    OPENAI_API_KEY: 'sk-test',
  }) as Settings;
  const limits = { maxBytes: 1e6, thresholdBytes: 2e6, emergencyBytes: 3e6 };
  const ports = { now: clock.now, after: clock.after, random: () => 0 };
  const cache = createCache(limits, [], ports);
  const asked: string[] = [];
  const deps = {
    ...ports,
    cache,
    settings,
    catalog: { facts: () => ({}) },
    log: (line: Record<string, unknown>) => void log.push(line),
    egress: ({ body }: { readonly body: string }) => {
      asked.push(body);
      const reply = {
        id: 'b',
        choices: [{ message: { role: 'assistant', content: 'Renewed' }, finish_reason: 'stop' }],
      };
      return Promise.resolve(Response.json(reply));
    },
  } as unknown as Deps;
  const json = { model: 'openai/gpt-4o', temperature: 0, messages: [{ role: 'user', content: 'Hello' }] };
  const wire: Wire = {
    dialect: openaiChat,
    body: { text: JSON.stringify(json), json, members: [] },
    envelope: openaiChat.ingress.readEnvelope(json),
    decode: () => openaiChat.ingress.readRequest(json),
  };
  const call: Call = {
    requestId: 'req',
    dialect: openaiChat,
    readBody: () => Promise.reject(new Error('read already')),
    readForm: () => Promise.reject(new Error('read already')),
    cacheControl: () => undefined,
    presentedKey: undefined,
    strict: false,
    timeoutMs: undefined,
    forwarded: {},
    hangUp: createHangUp(),
    startedAt: clock.now(),
    close: () => undefined,
    defer: (work) => void deferred.push(work),
    journal: {
      requestId: 'req',
      path: '/v1/chat/completions',
      startedAt: clock.now(),
      clientRequestId: undefined,
      traceId: undefined,
      attempts: [],
      written: false,
    },
  };
  const memo: Memo = {
    id: ID,
    policy: { mode: 'all', tools: false, tags: [] },
    directives: { noCache: false, noStore: false, maxAgeMs: Infinity },
    wantsUsage: true,
  };
  const value = writeRemembered({ events, losses: [] });
  cache.keep(
    entry({
      ...ID,
      value,
      createdAt: clock.now(),
      lastAccessedAt: clock.now(),
      capMs: HOUR,
      floorMs: HOUR,
      ...remembered,
    }),
    call.defer,
  );
  const targets = plan(wire.envelope, settings, 0);
  return {
    asked,
    log,
    pass: clock.pass,
    done: async () => {
      await settle();
      await Promise.all(deferred);
    },
    ask: (more: Partial<Call> = {}, answer: () => Promise<Reply> = () => Promise.resolve(FROM_UPSTREAM)) =>
      answerOnce(memo, wire, targets, { ...call, ...more }, deps, answer),
  };
}

const failing = (kind: FailureKind) => () => Promise.reject(new GatewayError({ kind, message: 'no' }));

describe('an answer that is remembered', () => {
  it('is told while it is fresh, and nobody is asked', async () => {
    const { ask, asked, log } = scene();
    const reply = await ask();
    expect(reply.body).toContain('Remembered');
    expect(reply.headers).toMatchObject({ 'x-llm-proxy-cache': 'HIT', age: '0' });
    expect(asked).toEqual([]);
    expect(log).toMatchObject([{ cache: 'hit', cost_usd: 0, usage_source: 'cached', attempts: [] }]);
  });

  it('is told when it is stale, and renewed once behind the back of those who are told it', async () => {
    const { ask, asked, log, pass, done } = scene();
    await pass(HOUR + 1000);
    const reply = await ask();
    expect(reply.body).toContain('Remembered');
    expect(reply.headers['cache-status']).toBe('llm-proxy; hit; ttl=-1; detail=memory');
    await ask({ journal: callJournal() });
    await done();
    expect(asked).toHaveLength(1);
    expect(log.map((line) => line['cache'])).toEqual(expect.arrayContaining(['stale', 'renewal']));
    expect((await ask({ journal: callJournal() })).body).toContain('Renewed');
  });

  it('is not told when it is older than that, but for an outage', async () => {
    const { ask, pass } = scene();
    await pass(2 * HOUR);
    expect((await ask()).body).toBe('from upstream');
    const reply = await ask({ journal: callJournal() }, failing('overloaded'));
    expect(reply.body).toContain('Remembered');
    expect(reply.headers).toMatchObject({ 'x-llm-proxy-cache': 'HIT', age: '7200' });
    expect(reply.headers['cache-status']).toContain('ttl=-3600');
  });

  it.each<FailureKind>([
    'invalid-request',
    'context-overflow',
    'content-filtered',
    'unsupported',
    'cancelled',
  ])('does not hide a failure that is the request’s own (%s)', async (kind) => {
    const { ask, pass } = scene();
    await pass(2 * HOUR);
    await expect(ask({}, failing(kind))).rejects.toThrow(GatewayError);
  });

  it('is not told to who wants everything as it was sent, if it was answered to less', async () => {
    const value = writeRemembered({ events, losses: [{ action: 'dropped', field: 'seed' }] });
    const { ask } = scene({ value });
    expect((await ask({ strict: true })).body).toBe('from upstream');
    const reply = await ask({ journal: callJournal() });
    expect(reply.headers['x-llm-proxy-warnings']).toBe('dropped=seed');
  });

  it.each([
    ['without usage, to who is to be told it', writeRemembered({ events, losses: [], isUncounted: true })],
    ['sealed for another dialect', writeRemembered({ events, losses: [], dialect: 'anthropic-messages' })],
    ['in no form that we know', '{"events":"none"}'],
    ['as no JSON', 'x'],
  ])('%s, is as if it were not', async (_, value) => {
    const { ask } = scene({ value });
    expect((await ask()).body).toBe('from upstream');
  });
});

function callJournal(): Call['journal'] {
  return {
    requestId: 'req',
    path: '/v1/chat/completions',
    startedAt: 0,
    clientRequestId: undefined,
    traceId: undefined,
    attempts: [],
    written: false,
  };
}
