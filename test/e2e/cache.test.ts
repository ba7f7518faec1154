// The cache as its users meet it: an answer once paid for serves every dialect, whole or streamed, and nothing that is
// not a whole answer is ever remembered.

import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, type Heard } from '../support/ask.ts';
import { eventStream, RESET, type Answer } from '../support/fake-provider.ts';
import { startGateway, type Gateway } from '../support/gateway.ts';
import { anthropicSpeech, callers, openaiSpeech, pairs, type Form, type Speech } from '../support/speech.ts';
import { cueByModel, startStage, type Cues, type Stage } from '../support/stage.ts';
import { mapBackend, startUpstashRest, type UpstashRest } from '../support/upstash-rest.ts';

const FORMS: readonly Form[] = ['whole', 'stream'];
const KEYS = ['tenant-one', 'tenant-two'] as const;

const ownState = (): string => mkdtempSync(path.join(tmpdir(), 'llm-proxy-cache-'));
const caching = { CACHE_MODE: 'deterministic', API_KEYS: KEYS.join(), SIGNING_SECRET: 'x'.repeat(32) };

const ADMIN_KEY = 'the-key-of-the-operator';

let stage: Stage;
let cues: Cues;
let models = 0;

beforeAll(async () => {
  stage = await startStage(() => ({ ...caching, ADMIN_API_KEY: ADMIN_KEY, STATE_DIR: ownState() }), {
    routes: { faq: { targets: ['openai/faq'], cache: { mode: 'all', tags: ['faq'] } } },
  });
  cues = cueByModel(stage);
});
afterAll(() => stage.stop());

/** A model that no other test asks, at the provider that the speech is of. */
const ownModel = ({ id }: Speech): string => `${id}/m${(models += 1)}`;
const nameAt = (model: string): string => model.slice(model.indexOf('/') + 1);
const good = ({ whole, stream }: Speech, form: Form): Answer =>
  form === 'whole'
    ? whole.answer
    : eventStream(stream.preamble + stream.content + stream.closing + stream.ending);

/** `max_tokens` is a field of both dialects, and Anthropic's must have it. */
const FIXED = { temperature: 0, max_tokens: 100 };

function askFixed(
  speech: Speech,
  model: string,
  form: Form,
  more: {
    readonly key?: string;
    readonly headers?: Record<string, string>;
    readonly fields?: Record<string, unknown>;
  } = {},
  gateway: Gateway = stage.gateway,
): Promise<Heard> {
  const headers = { authorization: `Bearer ${more.key ?? KEYS[0]}`, ...more.headers };
  return ask(gateway, speech, { model, form, fields: { ...FIXED, ...more.fields }, headers });
}

const cacheOf = ({ headers }: Heard): string | null => headers.get('x-llm-proxy-cache');

describe.each(callers)('for callers of %s', (_, caller) => {
  describe.each(callers)('what was answered to callers of %s', (_name, first) => {
    it.each(FORMS.flatMap((made) => FORMS.map((told) => [made, told] as const)))(
      'comes from memory with the same text (made %s, told %s)',
      async (made, told) => {
        const model = ownModel(first);
        cues.cue(nameAt(model), good(first, made));
        // A stream of chat completions reports its usage to those who ask for it.
        const fields =
          first.id === 'openai' && made === 'stream' ? { stream_options: { include_usage: true } } : {};
        const before = await askFixed(first, model, made, { fields });
        expect([before.status, cacheOf(before)]).toEqual([200, 'MISS']);

        const after = await askFixed(caller, model, told);
        expect([after.status, cacheOf(after), after.errors]).toEqual([200, 'HIT', []]);
        expect([after.text, after.finished, after.starts]).toEqual([before.text, true, 1]);
        expect(after.headers.get('cache-status')).toMatch(/^llm-proxy; hit; ttl=\d+; detail=memory$/);
        expect(after.headers.get('age')).toMatch(/^\d$/);
        expect(after.headers.get('x-llm-proxy-cost')).toBe('0');
        expect(cues.asked(nameAt(model))).toHaveLength(1);
        expect(await stage.gateway.journal(after.requestId)).toMatchObject({
          cache: 'hit',
          usage_source: 'cached',
          attempts: [],
        });
      },
    );
  });
});

describe('official clients', () => {
  it('read a remembered answer as if it were new, whoever asked for it first and however', async () => {
    const model = ownModel(openaiSpeech);
    cues.cue(nameAt(model), good(openaiSpeech, 'whole'));
    const openai = new OpenAI({ baseURL: `${stage.gateway.url}/v1`, apiKey: KEYS[0] });
    const anthropic = new Anthropic({ baseURL: stage.gateway.url, apiKey: KEYS[0] });
    const messages = [{ role: 'user' as const, content: 'Say it.' }];
    const asked = { model, messages, ...FIXED };

    const first = await openai.chat.completions.create(asked);
    const text = first.choices[0]?.message.content;
    expect(text).toBe(openaiSpeech.whole.text);
    const streamed = openai.chat.completions.stream({ ...asked, stream_options: { include_usage: true } });
    const completion = await streamed.finalChatCompletion();
    expect(completion.choices[0]?.message.content).toBe(text);
    expect(completion.usage?.total_tokens).toBe(first.usage?.total_tokens);
    const message = await anthropic.messages.create(asked);
    expect(message.content).toMatchObject([{ type: 'text', text }]);
    expect(message.usage.output_tokens).toBe(first.usage?.completion_tokens);
    const final = await anthropic.messages.stream(asked).finalMessage();
    expect(final.content).toMatchObject([{ type: 'text', text }]);
    expect(final.usage.output_tokens).toBe(first.usage?.completion_tokens);
    const response = await openai.responses.create({
      model,
      input: 'Say it.',
      temperature: 0,
      max_output_tokens: 100,
    });
    expect(response.output_text).toBe(text);
    expect(cues.asked(nameAt(model))).toHaveLength(1);
  });
});

describe('two tenants', () => {
  it('R-80: never share, in any form', async () => {
    const model = ownModel(openaiSpeech);
    cues.cue(nameAt(model), good(openaiSpeech, 'whole'));
    await askFixed(openaiSpeech, model, 'whole', { key: KEYS[0] });
    for (const [turn, [, caller]] of callers.entries()) {
      const other = await askFixed(caller, model, 'whole', { key: KEYS[1] });
      expect(cacheOf(other)).toBe(turn === 0 ? 'MISS' : 'HIT');
    }
    expect(cues.asked(nameAt(model))).toHaveLength(2);
  });
});

describe('a caller', () => {
  it('says what it wants of the cache', async () => {
    const model = ownModel(openaiSpeech);
    cues.cue(nameAt(model), good(openaiSpeech, 'whole'));
    const asked = (cacheControl: string) =>
      askFixed(openaiSpeech, model, 'whole', { headers: { 'cache-control': cacheControl } }).then(cacheOf);
    expect(await asked('no-store')).toBe('BYPASS');
    expect(await asked('max-age=60')).toBe('MISS');
    expect(await asked('max-age=60')).toBe('HIT');
    expect(await asked('no-cache')).toBe('MISS');
    expect(await asked('no-store')).toBe('BYPASS');
    expect(await asked('')).toBe('HIT');
  });

  it('who leaves something to chance is answered anew each time, unless the route says otherwise', async () => {
    const model = ownModel(openaiSpeech);
    cues.cue(nameAt(model), good(openaiSpeech, 'whole'));
    cues.cue('faq', good(openaiSpeech, 'whole'));
    const random = { temperature: 1 };
    for (const expected of ['BYPASS', 'BYPASS'])
      expect(cacheOf(await askFixed(openaiSpeech, model, 'whole', { fields: random }))).toBe(expected);
    for (const expected of ['MISS', 'HIT'])
      expect(cacheOf(await askFixed(openaiSpeech, 'faq', 'whole', { fields: random }))).toBe(expected);
  });

  it.each([
    ['offers tools', { tools: [{ type: 'function', function: { name: 'f' } }] }],
    ['asks for several answers', { n: 2 }],
    ['says what nobody knows', { of_tomorrow: true }],
    ['says it inside a message', { messages: [{ role: 'user', content: 'Say it.', of_tomorrow: true }] }],
  ])('R-81: who %s is answered anew each time', async (_, fields) => {
    const model = ownModel(openaiSpeech);
    cues.cue(nameAt(model), good(openaiSpeech, 'whole'));
    for (const expected of ['BYPASS', 'BYPASS'])
      expect(cacheOf(await askFixed(openaiSpeech, model, 'whole', { fields }))).toBe(expected);
  });

  it('who has a text to go on with is not given what a chat was answered', async () => {
    const model = ownModel(openaiSpeech);
    cues.cue(nameAt(model), good(openaiSpeech, 'whole'));
    await askFixed(openaiSpeech, model, 'whole');
    const response = await fetch(`${stage.gateway.url}/v1/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${KEYS[0]}` },
      body: JSON.stringify({ model, prompt: 'Say it.', ...FIXED }),
    });
    expect(response.headers.get('x-llm-proxy-cache')).toBe('MISS');
  });

  it('whose stream was not asked for its usage leaves nothing for those who want it', async () => {
    const model = ownModel(openaiSpeech);
    const { preamble, content, closing } = openaiSpeech.stream;
    cues.cue(nameAt(model), eventStream(`${preamble}${content}${closing}data: [DONE]\n\n`));
    await askFixed(openaiSpeech, model, 'stream');
    expect(cacheOf(await askFixed(openaiSpeech, model, 'stream'))).toBe('HIT');
    cues.cue(nameAt(model), good(openaiSpeech, 'whole'));
    expect(cacheOf(await askFixed(openaiSpeech, model, 'whole'))).toBe('MISS');
  });
});

describe.each(pairs)('%s', (_, { caller, upstream }) => {
  const { preamble, content, closing, ending } = upstream.stream;
  const whole = (upstream.whole.answer.pieces[0] ?? '') as string;
  const wholeEnding = (reason: string): Answer => ({
    pieces: [whole.replace(/"(finish_reason|stop_reason)":\s*"[a-z_]+"/, `"$1":"${reason}"`)],
  });
  const [cutOff, filtered] =
    upstream.id === 'openai' ? ['length', 'content_filter'] : ['max_tokens', 'refusal'];
  const streamEnding = (reason: string): Answer =>
    eventStream(
      preamble +
        content +
        closing.replace(/"(finish_reason|stop_reason)":\s*"[a-z_]+"/, `"$1":"${reason}"`) +
        ending.replace(/"stop_reason":\s*"[a-z_]+"/, `"stop_reason":"${reason}"`),
    );
  const error = upstream.error('server_error', 'it broke');

  const FAULTS: readonly (readonly [string, Form, Answer])[] = [
    ['an error status', 'whole', { status: 500, pieces: [error.body] }],
    ['an error under a good status', 'whole', { pieces: [error.body] }],
    ['a reply that is not JSON', 'whole', { pieces: ['<html>'] }],
    ['a reply that is cut', 'whole', { pieces: [whole.slice(0, -40)] }],
    ['a connection that breaks in a reply', 'whole', { pieces: [whole.slice(0, 40), RESET] }],
    ['a reply that stopped at its limit', 'whole', wholeEnding(cutOff)],
    ['a reply that was filtered', 'whole', wholeEnding(filtered)],
    ['a stream that ends before its content', 'stream', eventStream(preamble)],
    ['a stream that ends after its content', 'stream', eventStream(preamble + content)],
    [
      'a stream without its terminal marker',
      'stream',
      eventStream(preamble + content + (upstream.id === 'openai' ? '' : closing)),
    ],
    ['a stream that breaks', 'stream', eventStream(preamble + content, RESET)],
    ['a stream with an error in it', 'stream', eventStream(preamble + content + error.frame)],
    ['a stream that stopped at its limit', 'stream', streamEnding(cutOff)],
    ['a stream that was filtered', 'stream', streamEnding(filtered)],
  ];

  it.each(FAULTS)('%s is never remembered (%s)', async (_name, form, fault) => {
    const model = ownModel(upstream);
    cues.cue(nameAt(model), fault);
    await askFixed(caller, model, form).catch(() => undefined);
    cues.cue(nameAt(model), good(upstream, form));
    const next = await askFixed(caller, model, form);
    expect([next.status, cacheOf(next)]).toEqual([200, 'MISS']);
  });
});

describe('the operator', () => {
  const admin = (method: string, query = '', key = ADMIN_KEY) =>
    fetch(`${stage.gateway.url}/admin/cache${query}`, {
      method,
      headers: { authorization: `Bearer ${key}` },
    });

  it('sees what the cache does', async () => {
    const report = await admin('GET').then((response) => response.json());
    expect(report).toMatchObject({
      hits: expect.any(Number),
      memory: { pressure: 'normal', leaked: 0 },
      stores: [{ store: 'colo' }, { store: 'kv', open: false }],
    });
  });

  it('withdraws what is remembered, by what it is', async () => {
    const asked = () => askFixed(openaiSpeech, 'faq', 'whole', { fields: { seed: 1 } });
    cues.cue('faq', good(openaiSpeech, 'whole'));
    const { requestId } = await asked();
    const { key, cache_key: entry } = await stage.gateway.journal(requestId);
    const queries = [
      'all=true',
      'tag=faq',
      'model=openai/faq',
      'category=response_cache',
      `tenant=${String(key)}`,
      `entry=${String(entry)}`,
    ];
    for (const query of queries) {
      expect([query, cacheOf(await asked())]).toEqual([query, 'HIT']);
      expect((await admin('DELETE', `?${query}`)).status).toBe(200);
      expect([query, cacheOf(await asked())]).toEqual([query, 'MISS']);
    }
    await admin('DELETE', '?tag=another');
    expect(cacheOf(await asked())).toBe('HIT');
  });

  it('alone does', async () => {
    for (const key of [KEYS[0], 'x']) {
      const refused = await admin('DELETE', '?all=true', key);
      expect([refused.status, refused.headers.get('content-type')]).toEqual([
        401,
        'application/problem+json',
      ]);
    }
  });

  it.each(['', '?all=false', '?tag=a&model=b', '?tag=', '?colour=red'])(
    'is told what DELETE %s lacks',
    async (query) => {
      const refused = await admin('DELETE', query);
      expect([refused.status, await refused.json()]).toMatchObject([
        400,
        { status: 400, title: 'Bad Request' },
      ]);
    },
  );
});

describe('without an admin key', () => {
  it('there is no admin API', async () => {
    const gateway = await startGateway({ STATE_DIR: ownState() });
    const response = await fetch(`${gateway.url}/admin/cache`, { headers: { authorization: 'Bearer ' } });
    expect([response.status, await response.json()]).toMatchObject([404, { status: 404 }]);
    await gateway.stop();
  });
});

describe('with Redis', () => {
  let redis: UpstashRest;
  const environment = () => ({
    OPENAI_API_KEY: 'sk-openai',
    OPENAI_BASE_URL: `${stage.provider.url}/v1`,
    UPSTASH_REDIS_REST_URL: redis.url,
    UPSTASH_REDIS_REST_TOKEN: redis.token,
    ...caching,
    STATE_DIR: ownState(),
  });
  beforeAll(async () => {
    redis = await startUpstashRest(mapBackend());
  });
  afterAll(() => redis.stop());

  it('an answer is found by a gateway that has never seen it, and no key or text stands in a name', async () => {
    const model = ownModel(openaiSpeech);
    cues.cue(nameAt(model), good(openaiSpeech, 'whole'));
    const first = await startGateway(environment());
    await askFixed(openaiSpeech, model, 'whole', {}, first);
    await first.stop();
    const second = await startGateway(environment());
    const found = await askFixed(anthropicSpeech, model, 'stream', {}, second);
    expect([cacheOf(found), found.text]).toEqual(['HIT', openaiSpeech.whole.text]);
    expect(found.headers.get('cache-status')).toContain('detail=redis');
    const other = await askFixed(anthropicSpeech, model, 'stream', { key: KEYS[1] }, second);
    expect(cacheOf(other)).toBe('MISS');
    await second.stop();
    const names = redis.commands.map(([, name]) => name);
    expect(new Set(names.map((name) => name?.replace(/[\w-]{43}$/, '…')))).toEqual(
      new Set(['llm-proxy:cache:entry1:…', 'llm-proxy:cache:generations1']),
    );
  });

  it.each(['dead', 'silent'] as const)(
    'F-45: a Redis that is %s costs nothing but its answers',
    async (mood) => {
      const gateway = await startGateway(environment());
      redis.be(mood);
      const before = redis.commands.length;
      for (let turn = 0; turn < 10; turn += 1) {
        const model = ownModel(openaiSpeech);
        cues.cue(nameAt(model), good(openaiSpeech, 'whole'));
        expect(cacheOf(await askFixed(openaiSpeech, model, 'whole', {}, gateway))).toBe('MISS');
        expect(cacheOf(await askFixed(openaiSpeech, model, 'whole', {}, gateway))).toBe('HIT');
      }
      // Asked once for the answer and once for what is withdrawn, and again at most when it may be back.
      expect(redis.commands.length - before).toBeLessThan(8);
      redis.be('well');
      await gateway.stop();
    },
  );
});
