// What stands in headers, on both sides: providers get what we wrote and nothing of the caller's, callers get what we
// wrote and nothing of the provider's, and nobody is followed to another place.

import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ask } from '../support/ask.ts';
import { eventStream, startFakeProvider, type Answer, type FakeProvider } from '../support/fake-provider.ts';
import { CLIENT_KEY } from '../support/gateway.ts';
import { named } from '../support/named.ts';
import { requestHead, requestText, HEADERS, sendRaw, type RawReply } from '../support/raw-client.ts';
import { callers, openaiSpeech, pairs, type Form, type Speech } from '../support/speech.ts';
import { startStage, type Stage } from '../support/stage.ts';

const FORMS: readonly Form[] = ['whole', 'stream'];
const CLOSE = 'connection: close';

let stage: Stage;
/** Where a provider would like us to go. It must never be asked anything. */
let elsewhere: FakeProvider;

beforeAll(async () => {
  [stage, elsewhere] = await Promise.all([startStage(), startFakeProvider()]);
});
afterAll(async () => {
  await stage.stop();
  await elsewhere.stop();
});
beforeEach(() => {
  stage.provider.asked.length = 0;
});

function good({ whole, stream }: Speech, form: Form): Answer {
  return form === 'whole'
    ? whole.answer
    : eventStream(stream.preamble + stream.content + stream.closing + stream.ending);
}

/** The runtime's own; it puts `cf-worker` into every call of a Worker. */
const FROM_RUNTIME = ['cf-worker', 'content-length', 'host'];
const TO_PROVIDER: Readonly<Record<Speech['id'], readonly string[]>> = {
  openai: ['accept', 'authorization', 'content-type', 'user-agent'],
  anthropic: ['accept', 'anthropic-version', 'content-type', 'user-agent', 'x-api-key'],
};
/** Of the caller's headers those that belong to the dialect, where the provider speaks the same. */
const FORWARDED = ['anthropic-beta'];

const NOSY = [
  'cookie: session=1',
  'x-forwarded-for: 1.2.3.4',
  'x-real-ip: 1.2.3.4',
  'cf-connecting-ip: 1.2.3.4',
  'true-client-ip: 1.2.3.4',
  'forwarded: for=1.2.3.4',
  'referer: https://app.example/',
  'origin: https://app.example',
  'user-agent: spy',
  'accept-language: de',
  'sec-fetch-site: same-origin',
  'proxy-authorization: Basic c2VjcmV0',
  'te: trailers',
  'x-api-key: another-key',
  'openai-organization: org-of-the-caller',
  'openai-project: proj-of-the-caller',
  'x-stainless-lang: js',
  'traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  'anthropic-beta: some-beta-2025-01-01',
];

describe.each(pairs)('%s', (_, { caller, upstream }) => {
  it.each(FORMS)('R-91: the provider gets our headers and no others (%s)', async (form) => {
    stage.provider.answer(good(upstream, form));
    // Naming a header here is how a client asks a proxy to drop it, our own credential included.
    const connection = 'connection: close, authorization, x-named';
    const question = caller.question(upstream.model, form);

    const reply = await sendRaw(
      stage.gateway.url,
      requestText(caller.path, question, [...NOSY, connection, 'x-named: 1']),
    );

    expect(reply.status).toBe(200);
    const isPassThrough = caller === upstream;
    const forwarded = isPassThrough && caller.id === 'anthropic' ? FORWARDED : [];
    expect(headerNames()).toEqual([...FROM_RUNTIME, ...TO_PROVIDER[upstream.id], ...forwarded].toSorted());
    expect(JSON.stringify(stage.provider.asked[0]?.headers)).not.toContain(CLIENT_KEY);
  });

  it.each(FORMS)(
    "R-45, F-33, F-34: the caller gets our headers and none of the provider's (%s)",
    async (form) => {
      const { pieces, headers } = good(upstream, form);
      stage.provider.answer({ pieces, headers: { ...foreignHeaders(), ...headers } });

      const reply = await sendRaw(
        stage.gateway.url,
        requestText(caller.path, caller.question(upstream.model, form), [CLOSE]),
      );

      expect(reply.status).toBe(200);
      expect([...reply.headers.keys()].filter((name) => !OURS.has(name))).toEqual([]);
    },
  );

  it('F-34: the caller of a failure gets none of them either', async () => {
    const body = upstream.error('some_error', 'no').body;
    stage.provider.answer({ status: 400, pieces: [body], headers: foreignHeaders() });

    const reply = await sendRaw(
      stage.gateway.url,
      requestText(caller.path, caller.question(upstream.model, 'whole'), [CLOSE]),
    );

    expect(reply.status).toBe(400);
    expect([...reply.headers.keys()].filter((name) => !OURS.has(name))).toEqual([]);
  });

  const HEADS: readonly (readonly [string, string])[] = [
    ['a thousand headers', Array.from({ length: 1000 }, (_line, at) => `x-h-${at}: ${at}\r\n`).join('')],
    ['a header of 64 KB', `x-long: ${'a'.repeat(65_536)}\r\n`],
    ['each header twice', 'x-twice: 1\r\nx-twice: 2\r\nset-cookie: a=1\r\nset-cookie: b=2\r\n'],
  ];
  it.each(HEADS)('F-33: %s do no harm', async (_what, lines) => {
    const [body = ''] = upstream.whole.answer.pieces;
    const head = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n${lines}\r\n`;
    stage.provider.answer({ bare: true, pieces: [head, body] });

    const heard = await ask(stage.gateway, caller, { model: upstream.model, form: 'whole' });

    expect(heard).toMatchObject({ status: 200, text: upstream.whole.text });
    expect([...heard.headers.keys()].filter((name) => name.startsWith('x-h-'))).toEqual([]);
  });

  it('F-33: a flood of early hints does no harm', async () => {
    const hint = 'HTTP/1.1 103 Early Hints\r\nlink: <https://evil.test>; rel=preload\r\n\r\n';
    const head = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n';
    const [body = ''] = upstream.whole.answer.pieces;
    stage.provider.answer({ bare: true, pieces: [hint.repeat(100), head, body] });

    const heard = await ask(stage.gateway, caller, { model: upstream.model, form: 'whole' });

    expect(heard).toMatchObject({ status: 200, text: upstream.whole.text });
    expect(heard.headers.has('link')).toBe(false);
  });

  it.each([301, 302, 303, 307, 308])('F-32: %d is not followed, and nothing leaves', async (status) => {
    for (const location of [
      `${elsewhere.url}/v1/chat/completions`,
      'http://169.254.169.254/',
      '/v1/other',
      '//x',
    ]) {
      stage.provider.asked.length = 0;
      stage.provider.answer({ status, headers: { location }, pieces: ['moved'] });
      for (const form of FORMS) {
        const heard = await ask(stage.gateway, caller, { model: upstream.model, form });

        expect(heard.status).toBe(502);
        expect(heard.raw).not.toContain(location);
        expect(heard.headers.has('location')).toBe(false);
      }
      expect(stage.provider.asked).toHaveLength(FORMS.length);
    }
    expect(elsewhere.asked).toEqual([]);
  });
});

describe.each(callers)('%s', (_, caller) => {
  it.each(['b☃ta', 'bèta', 'a'.repeat(9000)])('R-92: a beta called %.20s is left out', async (beta) => {
    stage.provider.answer(caller.whole.answer);

    const reply = await sendRaw(
      stage.gateway.url,
      requestText(caller.path, caller.question(caller.model, 'whole'), [CLOSE, `anthropic-beta: ${beta}`]),
    );

    expect(reply.status).toBe(200);
    expect(headerNames()).not.toContain('anthropic-beta');
  });
});

function headerNames(): readonly string[] {
  return (stage.provider.asked[0]?.headers ?? []).map(([name]) => name).toSorted();
}

const OURS: ReadonlySet<string> = new Set([
  'cache-control',
  'content-security-policy',
  'content-type',
  'cross-origin-resource-policy',
  'request-id',
  'server-timing',
  'strict-transport-security',
  'x-content-type-options',
  'x-frame-options',
  'x-llm-proxy-attempts',
  'x-llm-proxy-cache',
  'x-llm-proxy-cost',
  'x-llm-proxy-model',
  'x-llm-proxy-provider',
  'x-request-id',
  'x-should-retry',
  // How the runtime frames a body.
  'connection',
  'content-length',
  'transfer-encoding',
]);

const KNOWN_FOREIGN = {
  'set-cookie': ['__cf_bm=secret; path=/; HttpOnly', 'second=1'],
  'openai-organization': 'org-of-the-operator',
  'openai-project': 'proj-of-the-operator',
  'openai-processing-ms': '12',
  'anthropic-organization-id': 'org-of-the-operator',
  'x-ratelimit-remaining-requests': '1',
  'anthropic-ratelimit-tokens-remaining': '1',
  server: 'cloudflare',
  via: '1.1 inside',
  'cf-ray': '1-FRA',
  'alt-svc': 'h3=":443"',
  'x-request-id': 'req_of_the_provider',
  'request-id': 'req_of_the_provider',
  'access-control-allow-origin': '*',
  'keep-alive': 'timeout=1',
  'x-accel-redirect': '/etc/passwd',
  'x-llm-proxy-cost': '0',
  link: '<https://evil.test>; rel=preload',
  refresh: '0; url=https://evil.test',
};

/** And 200 that nobody has heard of, the same in every run. */
function foreignHeaders(): NonNullable<Answer['headers']> {
  const names = fc.sample(fc.stringMatching(/^[a-z]{3,8}(-[a-z]{2,8}){1,2}$/), { seed: 34, numRuns: 200 });
  return { ...Object.fromEntries(names.map((name) => [`q-${name}`, 'foreign'])), ...KNOWN_FOREIGN };
}

describe('every response', () => {
  const { path } = openaiSpeech;
  const chat = (
    fields: Record<string, unknown> = {},
    model = openaiSpeech.model,
    form: Form = 'whole',
  ): string => requestText(path, { ...openaiSpeech.question(model, form), ...fields }, [CLOSE]);
  const get = (target: string, method = 'GET'): string => requestHead(target, [...HEADERS, CLOSE], method);
  const withStatus = (status: number): Answer => ({
    status,
    pieces: [openaiSpeech.error('some_error', 'no').body],
  });

  const RESPONSES: readonly {
    readonly row: string;
    readonly status: number;
    readonly bytes: string;
    readonly answer?: Answer;
  }[] = [
    { row: 'GET /health', status: 200, bytes: get('/health') },
    { row: 'GET /health/live', status: 200, bytes: get('/health/live') },
    { row: 'GET /health/ready', status: 200, bytes: get('/health/ready') },
    { row: 'GET /openapi.json', status: 200, bytes: get('/openapi.json') },
    { row: 'GET /v1/models', status: 200, bytes: get('/v1/models') },
    { row: 'GET /v1/models/{id}', status: 404, bytes: get('/v1/models/none') },
    { row: 'GET /', status: 404, bytes: get('/') },
    { row: 'GET /admin/keys', status: 404, bytes: get('/admin/keys') },
    { row: 'a path that is not canonical', status: 404, bytes: get('//v1/models') },
    { row: 'GET of a path that takes POST', status: 405, bytes: get(path) },
    { row: 'OPTIONS', status: 405, bytes: get(path, 'OPTIONS') },
    { row: 'HEAD', status: 405, bytes: get(path, 'HEAD') },
    { row: 'a whole reply', status: 200, bytes: chat(), answer: good(openaiSpeech, 'whole') },
    {
      row: 'a stream',
      status: 200,
      bytes: chat({}, undefined, 'stream'),
      answer: good(openaiSpeech, 'stream'),
    },
    { row: 'a wrong body', status: 400, bytes: chat({ messages: 1 }) },
    { row: 'a wrong key', status: 401, bytes: chat().replace(CLIENT_KEY, 'wrong') },
    { row: 'no such model', status: 404, bytes: chat({}, 'x'.repeat(300)) },
    {
      row: 'a body that is too large',
      status: 413,
      bytes: requestHead(path, [...HEADERS, CLOSE, 'content-length: 99999999']),
    },
    { row: 'a limited rate', status: 429, bytes: chat(), answer: withStatus(429) },
    { row: 'a failing provider', status: 502, bytes: chat(), answer: withStatus(500) },
    { row: 'an overloaded provider', status: 503, bytes: chat(), answer: withStatus(503) },
  ];

  it.each(named(RESPONSES))(
    'R-95, R-108: %s has a request id and guards browsers',
    async (_row, { status, bytes, answer }) => {
      stage.provider.answer(answer ?? withStatus(500));

      const reply = await sendRaw(stage.gateway.url, bytes);

      expect(reply.status).toBe(status);
      expect(valuesOf(reply)).toMatchObject({
        'x-request-id': expect.stringMatching(/^req_[\da-f]{32}$/),
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'strict-transport-security': expect.stringContaining('max-age='),
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
        'cross-origin-resource-policy': 'same-site',
        'cache-control': expect.stringContaining('no-store'),
      });
      if (status === 405) expect(reply.headers.get('allow')).toBe('POST');
      expect([...reply.headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
    },
  );
});

function valuesOf({ headers }: RawReply): Readonly<Record<string, string>> {
  return Object.fromEntries(headers);
}
