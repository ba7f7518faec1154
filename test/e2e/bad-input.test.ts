// What callers send that is wrong, odd or hostile: a clear error in the caller's dialect, short, and nothing is sent to a
// provider. What is merely odd gets through as it is.

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ask } from '../support/ask.ts';
import { CLIENT_KEY } from '../support/gateway.ts';
import { named } from '../support/named.ts';
import {
  HEADERS,
  openRawClient,
  requestHead,
  requestText,
  sendRaw,
  type RawReply,
} from '../support/raw-client.ts';
import { anthropicSpeech, callers, openaiSpeech, type Speech } from '../support/speech.ts';
import { startStage, type Stage } from '../support/stage.ts';

const BYTES_MAX = 4 * 1024 * 1024;
const CLOSE = 'connection: close';

let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.stop());
beforeEach(() => {
  stage.provider.asked.length = 0;
});

const otherThan = ({ id }: Speech): Speech => (id === 'openai' ? anthropicSpeech : openaiSpeech);

/** A request whose body is given as text or bytes. */
function post({ path }: Speech, body: string | Uint8Array): Promise<RawReply> {
  const length = `content-length: ${Buffer.byteLength(body)}`;
  return sendRaw(stage.gateway.url, requestHead(path, [...HEADERS, CLOSE, length]), body);
}

function expectRefusal(speech: Speech, reply: RawReply, status: number): void {
  const { errors } = speech.hear(reply.body, 'whole');
  expect(reply.status).toBe(status);
  expect(errors).toMatchObject([{ requestId: reply.headers.get('x-request-id') }]);
  expect(Buffer.byteLength(reply.body, 'latin1')).toBeLessThanOrEqual(2048);
  expect(stage.provider.asked).toEqual([]);
}

/** The question as text, with something done to it. */
const question = (speech: Speech, fields: Record<string, unknown> = {}): string =>
  JSON.stringify({ ...speech.question(speech.model, 'whole'), ...fields });
const withMember = (speech: Speech, member: string): string => question(speech).replace('{', `{${member},`);

type Wrong = { readonly row: string; readonly body: (speech: Speech) => string | Uint8Array };

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

const WRONG: readonly Wrong[] = [
  { row: 'F-54: no body', body: () => '' },
  { row: 'F-54: text that is no JSON', body: () => 'hello' },
  { row: 'F-54: JSON that is cut off', body: (speech) => question(speech).slice(0, -1) },
  { row: 'F-54: something behind the JSON', body: (speech) => `${question(speech)} x` },
  { row: 'F-54: a second JSON behind the first', body: (speech) => question(speech).repeat(2) },
  { row: 'F-54: NaN', body: (speech) => withMember(speech, '"temperature":NaN') },
  { row: 'F-54: a byte order mark', body: (speech) => `\uFEFF${question(speech)}` },
  {
    row: 'F-54: UTF-16',
    body: (speech) => new Uint8Array(Buffer.from(question(speech), 'utf16le')),
  },
  { row: 'F-54: a lone surrogate', body: (speech) => withMember(speech, String.raw`"user":"\ud800"`) },
  {
    row: 'F-54: bytes that are no UTF-8',
    body: (speech) => bytesOf(question(speech)).map((byte) => (byte === 0x53 ? 0xff : byte)),
  },
  { row: 'F-54: an array', body: () => '[]' },
  { row: 'F-54: null', body: () => 'null' },
  ...[101, 10_000, 200_000].map((depth) => ({
    row: `F-55: ${depth} levels`,
    body: (speech: Speech) => withMember(speech, `"x":${nested(depth)}`),
  })),
  { row: 'F-56: __proto__ at the top', body: (speech) => withMember(speech, '"__proto__":{"polluted":1}') },
  {
    row: 'F-56: __proto__ in a tool',
    body: (speech) => withMember(speech, '"tools":[{"input_schema":{"__proto__":{"polluted":1}}}]'),
  },
  { row: 'F-57: two models', body: (speech) => withMember(speech, '"model":"openai/gpt-4o-mini"') },
  { row: 'F-57: two streams', body: (speech) => withMember(speech, '"stream":true,"stream":false') },
  {
    row: 'F-57: two models, of which one is escaped',
    body: (speech) => withMember(speech, String.raw`"mode\u006c":"openai/gpt-4o-mini"`),
  },
  { row: 'F-57: two names deep inside', body: (speech) => withMember(speech, '"x":[{"a":{"b":1,"b":2}}]') },
  {
    row: 'F-58: 20,000 unknown keys',
    body: (speech) =>
      question(speech, Object.fromEntries(Array.from({ length: 20_000 }, (_, at) => [`k${at}`, at]))),
  },
  {
    row: 'F-58: 100,000 messages',
    body: (speech) =>
      question(speech, { messages: Array.from({ length: 100_000 }, () => ({ role: 'user', content: '' })) }),
  },
  { row: 'F-58: a number beyond all numbers', body: (speech) => withMember(speech, '"seed":1e400') },
  {
    row: 'F-58: fields of the wrong type',
    body: (speech) => question(speech, { messages: 'x'.repeat(1e6) }),
  },
  {
    row: 'R-62: an address to send it to',
    body: (speech) => question(speech, { api_base: 'https://evil.test' }),
  },
  {
    row: 'R-62: a host to send it to',
    body: (speech) => question(speech, { custom_host: 'https://evil.test' }),
  },
];

describe.each(callers)('%s', (_, caller) => {
  it.each(named(WRONG))('%s is refused', async (_row, { body }) => {
    const reply = await post(caller, body(caller));

    expectRefusal(caller, reply, 400);
    expect(reply.body).not.toMatch(/x{65}|evil|polluted/);
  });

  it('F-58: a model of a million characters is not found, and not repeated', async () => {
    const reply = await post(caller, question(caller, { model: `openai/${'x'.repeat(1e6)}` }));
    expectRefusal(caller, reply, 404);
    const line = await stage.gateway.journal(reply.headers.get('x-request-id') ?? '');
    expect(JSON.stringify(line).length).toBeLessThan(2000);
  });

  it('F-59: a model named like a line of the log makes none', async () => {
    stage.provider.answer(caller.whole.answer);
    const forged = '{"event":"request","request_id":"forged"}';
    for (const end of ['\n', '\r', '\u0085', '\u2028', '\u2029']) {
      const reply = await post(caller, question(caller, { model: `${caller.model}${end}${forged}${end}` }));
      await stage.gateway.journal(reply.headers.get('x-request-id') ?? '');
    }
    const lines = stage.gateway.output().split(/[\n\r\u0085\u2028\u2029]/);
    expect(lines).not.toContain(forged);
    expect(stage.gateway.log.filter((line) => line['request_id'] === 'forged')).toEqual([]);
  });

  it('F-53: a body one byte over the limit is refused before it is sent', async () => {
    const head = requestHead(caller.path, [...HEADERS, CLOSE, `content-length: ${BYTES_MAX + 1}`]);
    expectRefusal(caller, await sendRaw(stage.gateway.url, head), 413);
  });

  it('F-53: a body without a length is refused when it has passed the limit', async () => {
    const head = requestHead(caller.path, [...HEADERS, CLOSE, 'transfer-encoding: chunked']);
    const chunk = `10000\r\n${' '.repeat(0x1_0000)}\r\n`;
    const chunks = Array.from({ length: BYTES_MAX / 0x1_0000 + 1 }, () => chunk);
    expectRefusal(caller, await sendRaw(stage.gateway.url, head, ...chunks), 413);
  });

  it('F-53: a body of exactly the limit gets through', async () => {
    stage.provider.answer(caller.whole.answer);
    const padding = ' '.repeat(BYTES_MAX - question(caller).length);

    const reply = await post(caller, question(caller) + padding);

    expect(reply.status).toBe(200);
    expect(stage.provider.asked).toHaveLength(1);
  });

  it('F-53: a length that is too short cuts the body off', async () => {
    const text = requestText(caller.path, {}, [CLOSE]).replace('{}', question(caller));
    expectRefusal(caller, await sendRaw(stage.gateway.url, text), 400);
  });

  // That an upload takes no longer than 30 s is shown by "a body that does not end in time is a 408" in
  // test/unit/http/read-body.test.ts, where the clock can be turned.
  it('F-38: half a body is never sent on', async () => {
    const client = await openRawClient(stage.gateway.url);
    const id = `half-${caller.id}`;
    const body = question(caller);
    const lines = [...HEADERS, `x-client-request-id: ${id}`, `content-length: ${2 * body.length}`];
    client.send(requestHead(caller.path, lines) + body);

    client.hangUp('FIN');

    expect(await stage.gateway.journal(id)).toMatchObject({ ending: 'gone', attempts: [] });
    expect(stage.provider.asked).toEqual([]);
  });

  it('a key that is wrong is refused before the body is sent', async () => {
    const head = requestHead(caller.path, [
      'host: x',
      'authorization: Bearer wrong',
      CLOSE,
      'content-length: 100',
    ]);
    expectRefusal(caller, await sendRaw(stage.gateway.url, head), 401);
  });

  it('a body that calls itself compressed or something else than JSON is refused', async () => {
    const body = question(caller);
    for (const header of ['content-encoding: gzip', 'content-type: text/plain']) {
      const lines = HEADERS.filter((line) => !line.startsWith(header.split(':')[0] ?? ''));
      const head = requestHead(caller.path, [...lines, header, CLOSE, `content-length: ${body.length}`]);
      expectRefusal(caller, await sendRaw(stage.gateway.url, head + body), 400);
    }
  });

  it('F-56: names that only look dangerous get through, byte for byte', async () => {
    stage.provider.answer(caller.whole.answer);
    const member =
      '"metadata": { "constructor":{"prototype":{"polluted":1}} , "toString":"x", "hasOwnProperty":1 }';

    const reply = await post(caller, withMember(caller, member));

    expect(reply.status).toBe(200);
    expect(stage.provider.asked[0]?.body).toContain(member);
  });

  it('F-58: numbers that a parser would change and fields that nobody knows get through, byte for byte', async () => {
    stage.provider.answer(caller.whole.answer);
    const member = `"seed": 12345678901234567890,"weight":1.0,"${'k'.repeat(1e6)}":1`;

    const reply = await post(caller, withMember(caller, member));

    expect(reply.status).toBe(200);
    expect(stage.provider.asked[0]?.body).toContain(member);
  });

  it.each(['\r\nx-evil: 1', '\n\nx-evil: 1', '\0', '☃', 'é', ' ', '\u2028'])(
    'F-59: a model named with %j puts nothing into our headers',
    async (evil) => {
      stage.provider.answer(caller.whole.answer);

      const { status, headers } = await post(caller, question(caller, { model: `${caller.model}${evil}` }));

      expect(status).toBe(200);
      expect(headers.has('x-evil')).toBe(false);
      expect(headers.get('x-llm-proxy-model') ?? 'left out').toMatch(/^[\x21-\x7E]+$|^left out$/);
    },
  );

  it.each(['x-client-request-id: ☃', `x-client-request-id: ${'i'.repeat(1000)}`, 'traceparent: 00-☃-1-01'])(
    'F-59: %.40s is not taken over',
    async (header) => {
      stage.provider.answer(caller.whole.answer);

      const { status, headers } = await sendRaw(
        stage.gateway.url,
        requestText(caller.path, caller.question(caller.model, 'whole'), [CLOSE, header]),
      );

      expect(status).toBe(200);
      const line = await stage.gateway.journal(headers.get('x-request-id') ?? '');
      expect(line).not.toHaveProperty('client_request_id');
      expect(line).not.toHaveProperty('trace_id');
    },
  );

  it('a strict request is refused before anything is sent, and named is what would be lost', async () => {
    const strict = { 'x-llm-proxy-strict': 'true' };
    const fields = caller.id === 'openai' ? { seed: 7 } : { top_k: 7 };

    const heard = await ask(stage.gateway, caller, {
      model: otherThan(caller).model,
      form: 'whole',
      fields,
      headers: strict,
    });

    expect(heard.status).toBe(400);
    expect(heard.errors[0]?.message).toContain(Object.keys(fields)[0]);
    expect(stage.provider.asked).toEqual([]);
  });

  it('the same request that is not strict is sent, and named is what was lost', async () => {
    const upstream = otherThan(caller);
    stage.provider.answer(upstream.whole.answer);
    const fields = caller.id === 'openai' ? { seed: 7 } : { top_k: 7 };

    const heard = await ask(stage.gateway, caller, { model: upstream.model, form: 'whole', fields });

    expect(heard.status).toBe(200);
    expect(heard.headers.get('x-llm-proxy-warnings')).toContain(Object.keys(fields)[0]);
  });
});

describe('F-60: requests that could be read in two ways', () => {
  const body = question(openaiSpeech);
  const FRAMES: readonly { readonly row: string; readonly lines: readonly string[] }[] = [
    { row: 'two lengths', lines: [`content-length: ${body.length}`, 'content-length: 3'] },
    { row: 'a length that is no number', lines: ['content-length: abc'] },
    { row: 'a length with a sign', lines: [`content-length: +${body.length}`] },
    { row: 'a folded header', lines: ['x-a: b\r\n folded', `content-length: ${body.length}`] },
    { row: 'a space before a colon', lines: ['content-length : 3', `content-length: ${body.length}`] },
    { row: 'a NUL in a header', lines: ['x-a: a\0b', `content-length: ${body.length}`] },
  ];

  it.each(named(FRAMES))('%s', async (_, { lines }) => {
    const head = requestHead(openaiSpeech.path, [...HEADERS, CLOSE, ...lines]);
    expect((await sendRaw(stage.gateway.url, head + body)).status).toBe(400);
    expect(stage.provider.asked).toEqual([]);
  });
});

describe('F-61: paths', () => {
  const { path } = openaiSpeech;
  const CROOKED = [
    `/${path}`,
    '/v1//chat/completions',
    '/%76%31/chat/completions',
    '/v1/chat%2Fcompletions',
    '/v1/chat%5Ccompletions',
    `${path}/`,
    `${path};x`,
    `${path}.`,
    `${path}%00`,
    `${path}/..%2f`,
    '/V1/chat/completions',
  ];
  /** The runtime itself reads these so, before anyone else does. */
  const FOLDED = [
    '/v1/x/../chat/completions',
    '/v1/./chat/completions',
    '/health/live/../..' + path,
    `/health/%2e%2e${path}`,
  ];

  const text = (target: string, headers: readonly string[] = []): string =>
    requestText(target, openaiSpeech.question(openaiSpeech.model, 'whole'), [CLOSE, ...headers]);

  it.each(CROOKED)('%s leads nowhere', async (target) => {
    expectRefusal(openaiSpeech, await sendRaw(stage.gateway.url, text(target)), 404);
  });

  it.each(FOLDED)('%s asks for a key like the path that is served', async (target) => {
    const withoutKey = text(target).replace(`Bearer ${CLIENT_KEY}`, 'Bearer wrong');
    expectRefusal(openaiSpeech, await sendRaw(stage.gateway.url, withoutKey), 401);
  });

  it.each([
    'host: evil.test',
    'x-forwarded-host: evil.test',
    'x-forwarded-proto: http',
    'x-forwarded-for: 127.0.0.1',
    'x-original-url: /health/live',
    'x-rewrite-url: /health/live',
    'forwarded: host=evil.test',
  ])('%s changes nothing', async (header) => {
    stage.provider.answer(openaiSpeech.whole.answer);
    const request = header.startsWith('host')
      ? text(path).replace('host: gateway.test', header)
      : text(path, [header]);

    const reply = await sendRaw(stage.gateway.url, request);

    expect(reply.status).toBe(200);
    expect(JSON.stringify(stage.provider.asked[0]?.headers)).not.toContain('evil');
  });

  it.each(['x-http-method-override', 'x-method-override', 'x-http-method'])(
    '%s overrides nothing',
    async (name) => {
      const head = requestHead(path, [...HEADERS, CLOSE, `${name}: POST`], 'GET');
      expectRefusal(openaiSpeech, await sendRaw(stage.gateway.url, head), 405);
    },
  );

  it.each(['api_key', 'key', 'access_token', 'API-Key'])(
    'R-79: a key as ?%s= is refused and not logged',
    async (name) => {
      const reply = await sendRaw(stage.gateway.url, text(`${path}?${name}=sk-in-the-query`));

      expectRefusal(openaiSpeech, reply, 400);
      expect(reply.body).not.toContain('sk-in-the-query');
      await stage.gateway.journal(reply.headers.get('x-request-id') ?? '');
      expect(stage.gateway.output()).not.toContain('sk-in-the-query');
    },
  );
});
