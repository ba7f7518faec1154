import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { GatewayError } from '../../../src/core/failure.ts';
import type { EgressRequest } from '../../../src/core/ports.ts';
import { createEgress } from '../../../src/platform/egress.ts';

/** Stands where `fetch` stands, answers what it is told to and remembers each call. */
let calls: { readonly url: string; readonly init: RequestInit }[];
let answer: () => Response;

beforeEach(() => {
  calls = [];
  answer = () => new Response('ok');
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    calls.push({ url, init });
    return answer();
  });
});
afterEach(() => vi.unstubAllGlobals());

const egress = createEgress({ insecure: false, production: true });
const request: EgressRequest = {
  url: 'https://api.anthropic.com/v1/messages',
  method: 'POST',
  headers: { 'content-type': 'application/json', 'x-api-key': 'sk-ant-canary' },
  body: '{"secret":"prompt"}',
};

async function failureOf(call: Promise<Response>) {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof GatewayError)) throw new Error(`expected a GatewayError, got ${String(error)}`);
  return error.failure;
}

describe('what leaves', () => {
  it('R-91: the headers that were given, a user agent, and nothing else', async () => {
    await egress(request);
    expect(calls[0]?.url).toBe(request.url);
    expect(calls[0]?.init).toEqual({
      method: 'POST',
      headers: {
        'user-agent': 'llm-proxy',
        'content-type': 'application/json',
        'x-api-key': 'sk-ant-canary',
      },
      body: '{"secret":"prompt"}',
      redirect: 'manual',
    });
  });

  it('goes to addresses as long as signed ones are, and no longer', async () => {
    const url = 'https://files.dev/video.mp4?signature='.padEnd(2048, 'x');
    await egress({ url, method: 'GET', headers: {} });
    expect(calls[0]?.url).toBe(url);
    const { kind } = await failureOf(egress({ url: `${url}x`, method: 'GET', headers: {} }));
    expect(kind).toBe('unavailable');
  });

  it('a GET has no body', async () => {
    await egress({ url: 'https://api.openai.com/v1/models', method: 'GET', headers: {} });
    expect(calls[0]?.init).toEqual({
      method: 'GET',
      headers: { 'user-agent': 'llm-proxy' },
      redirect: 'manual',
    });
  });

  it('the signal is passed on', async () => {
    const { signal } = new AbortController();
    await egress({ ...request, signal });
    expect(calls[0]?.init.signal).toBe(signal);
  });
});

describe('F-32: a redirect', () => {
  it.each([301, 302, 303, 307, 308])('%i is not followed and comes back as a bare status', async (status) => {
    const cancel = vi.fn<() => void>();
    answer = () =>
      new Response(new ReadableStream({ cancel }), {
        status,
        headers: { location: 'http://169.254.169.254/', 'set-cookie': 'a=b' },
      });
    const response = await egress(request);
    expect(response.status).toBe(status);
    expect([...response.headers]).toEqual([]);
    expect(response.body).toBeNull();
    expect(cancel).toHaveBeenCalledOnce();
    expect(calls).toHaveLength(1);
  });

  it('without a body is no different', async () => {
    answer = () => new Response(null, { status: 304 });
    expect((await egress(request)).status).toBe(304);
  });
});

describe('what comes back', () => {
  it.each([200, 400, 429, 500, 529])('an answer with status %i is handed on untouched', async (status) => {
    const original = new Response('x', { status, headers: { 'retry-after': '1' } });
    answer = () => original;
    expect(await egress(request)).toBe(original);
  });

  it('a connection that fails rejects with what fetch threw', async () => {
    answer = () => {
      throw new TypeError('Network connection lost.');
    };
    await expect(egress(request)).rejects.toThrow(new TypeError('Network connection lost.'));
  });
});

describe('what is refused', () => {
  it.each([
    'http://api.openai.com/',
    'https://169.254.169.254/',
    'http://localhost:8787/',
    'https://api.openai.com/v1/../admin',
    'https://user@api.openai.com/',
  ])('R-65: %s, before anything leaves and without naming it', async (url) => {
    const failure = await failureOf(egress({ ...request, url }));
    expect(failure.kind).toBe('unavailable');
    expect(failure.message).toMatch(/^the address of a provider is not allowed: it/);
    expect(failure.message).not.toMatch(/openai|169|localhost|user@/);
    expect(calls).toEqual([]);
  });

  it.each(['a\r\nx-evil: 1', 'a\0', '☃', ' a', '', 'x'.repeat(8193)])(
    'R-92: a header value %j, named but not repeated',
    async (value) => {
      const failure = await failureOf(egress({ ...request, headers: { 'x-api-key': value } }));
      expect(failure).toEqual({
        kind: 'unavailable',
        message: 'a header for a provider cannot be sent: x-api-key',
      });
      expect(calls).toEqual([]);
    },
  );

  it('R-66: the platform refuses what names cannot tell, our own zone', () => {
    const flags = /^compatibility_flags = \[(.*)\]$/m.exec(readFileSync('wrangler.toml', 'utf8'))?.[1];
    expect(flags).toContain('"global_fetch_strictly_public"');
  });

  it('this machine is called when insecure providers are allowed', async () => {
    await createEgress({ insecure: true, production: false })({
      ...request,
      url: 'http://127.0.0.1:9000/v1',
    });
    expect(calls).toHaveLength(1);
  });
});
