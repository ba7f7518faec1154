// Pictures over HTTP, asked for by the official client: whole and streamed, fetched where it wants them and gets an address,
// and what is wrong.

import OpenAI from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { eventStream, recorded, textOf, type Answer, type Asked } from '../support/fake-provider.ts';
import { CLIENT_KEY } from '../support/gateway.ts';
import { startStage, type Stage } from '../support/stage.ts';

let stage: Stage;
let client: OpenAI;

beforeAll(async () => {
  stage = await startStage((url) => ({
    ENVIRONMENT: 'test',
    OPENAI_COMPATIBLE_BASE_URL: `${url}/local/v1`,
    OPENAI_COMPATIBLE_API_KEY: 'sk-local',
    OPENROUTER_API_KEY: 'sk-or',
    OPENROUTER_BASE_URL: `${url}/openrouter/v1`,
    XAI_API_KEY: 'sk-xai',
    XAI_BASE_URL: `${url}/xai/v1`,
    BLACKBOX_API_KEY: 'sk-bb',
    BLACKBOX_BASE_URL: `${url}/blackbox`,
  }));
  client = new OpenAI({ baseURL: `${stage.gateway.url}/v1`, apiKey: CLIENT_KEY, maxRetries: 0 });
});
afterAll(() => stage.stop());
beforeEach(() => {
  stage.provider.asked.length = 0;
});

const GPT = 'openai/gpt-image-1.5';
const LOCAL = 'openai-compatible/flux';
const prompt = 'a cat';
const bodyOf = ({ body }: Asked): Record<string, unknown> => JSON.parse(body) as Record<string, unknown>;
const json = (value: unknown, status = 200): Answer => ({ status, pieces: [JSON.stringify(value)] });

describe('the official client', () => {
  it('gets the pictures of OpenAI, byte for byte', async () => {
    const usage = { input_tokens: 10, output_tokens: 272, total_tokens: 282 };
    const answer = {
      created: 1,
      data: [{ b64_json: 'AA==', revised_prompt: 'x' }],
      usage,
      size: '1024x1024',
    };
    const text = JSON.stringify(answer, null, 3);
    stage.provider.answer({ pieces: [text] });
    const response = await client.images.generate({ model: GPT, prompt, size: '1024x1024' }).asResponse();

    expect(await response.text()).toBe(text);
    expect(stage.provider.asked.map(({ path }) => path)).toEqual(['/v1/images/generations']);
    expect(stage.provider.asked.map(bodyOf)).toEqual([{ model: 'gpt-image-1.5', prompt, size: '1024x1024' }]);
    expect(response.headers.get('x-llm-proxy-warnings')).toBeNull();
    expect(await stage.gateway.journal(response.headers.get('x-request-id') ?? '')).toMatchObject({
      path: '/v1/images/generations',
      provider: 'openai',
      input_tokens: 10,
      output_tokens: 272,
      usage_source: 'reported',
      ending: 'ok',
    });
  });

  it('is told that an address cannot be had of OpenAI, which never hears of the wish', async () => {
    stage.provider.answer(recorded('openai/images-generation.json'));
    const { data, response } = await client.images
      .generate({ model: GPT, prompt, response_format: 'url' })
      .withResponse();
    expect(data.data?.[0]?.b64_json).toMatch(/^iVBOR/);
    expect(response.headers.get('x-llm-proxy-warnings')).toBe('dropped=response_format');
    expect(stage.provider.asked.map(bodyOf)[0]).not.toHaveProperty('response_format');
    stage.provider.asked.length = 0;
    const strict = client.images.generate(
      { model: GPT, prompt, response_format: 'url' },
      { headers: { 'x-llm-proxy-strict': 'true' } },
    );
    await expect(strict).rejects.toMatchObject({ status: 400, param: 'response_format' });
    expect(stage.provider.asked).toEqual([]);
  });

  it('reaches OpenRouter at its own path', async () => {
    stage.provider.answer(recorded('openrouter/synthetic-images.json'));
    const reply = await client.images.generate({ model: 'openrouter/black-forest-labs/flux', prompt });
    expect(stage.provider.asked.map(({ path }) => path)).toEqual(['/openrouter/v1/images']);
    expect(reply.data?.[0]?.b64_json).toMatch(/^iVBOR/);
  });

  it('tells xAI the ratio of the sides, and gets an address with a date', async () => {
    stage.provider.answer(recorded('xai/images-edit.json'));
    const { data, response } = await client.images
      .generate({ model: 'grok-imagine-image-quality', prompt, size: '1536x1024', quality: 'high' })
      .withResponse();
    expect(stage.provider.asked.map(({ path }) => path)).toEqual(['/xai/v1/images/generations']);
    expect(stage.provider.asked.map(bodyOf)).toEqual([
      { model: 'grok-imagine-image-quality', prompt, quality: 'high', aspect_ratio: '3:2', resolution: '2k' },
    ]);
    expect(data.data?.[0]?.url).toMatch(/^https:\/\/imgen\.x\.ai\//);
    expect(data.created).toBeGreaterThan(1_700_000_000);
    expect(response.headers.get('x-llm-proxy-warnings')).toBe('emulated=size');
  });

  it('reaches Blackbox through a chat', async () => {
    stage.provider.answer(recorded('blackbox/synthetic-image.json'));
    const { data, response } = await client.images
      .generate({ model: 'blackbox/blackboxai/black-forest-labs/flux-pro', prompt, size: '1024x1024' })
      .withResponse();
    expect(stage.provider.asked.map(({ path }) => path)).toEqual(['/blackbox/chat/completions']);
    expect(stage.provider.asked.map(bodyOf)).toEqual([
      { model: 'blackboxai/black-forest-labs/flux-pro', messages: [{ role: 'user', content: prompt }] },
    ]);
    expect(data).toMatchObject({
      created: 1795392000,
      data: [{ url: 'https://replicate.delivery/example/out-0.webp' }],
    });
    expect(response.headers.get('x-llm-proxy-warnings')).toBe('dropped=size');
  });

  it('gets a reply that says when it was made, whoever made it', async () => {
    stage.provider.answer(json({ data: [{ url: 'https://a.example/b.png' }], usage: { cost: 1 } }));
    const reply = await client.images.generate({ model: LOCAL, prompt });
    expect(reply).toMatchObject({ data: [{ url: 'https://a.example/b.png' }], usage: { cost: 1 } });
    expect(reply.created).toBeGreaterThan(1_700_000_000);
  });

  it('gets a picture of the sandbox without any provider', async () => {
    const reply = await client.images.generate({ model: 'sandbox/echo', prompt, n: 2 });
    expect(
      reply.data?.map(({ b64_json }) => Buffer.from(b64_json ?? '', 'base64').toString('latin1', 1, 4)),
    ).toEqual(['PNG', 'PNG']);
  });
});

describe('an address, where the picture is wanted', () => {
  const PICTURE = Buffer.from('not really a picture');
  const asks = { model: LOCAL, prompt, response_format: 'b64_json' } as const;
  const paints = (url: (own: string) => string, picture: Answer): void =>
    stage.provider.answer(({ path }) =>
      path.startsWith('/local/') ? json({ data: [{ url: url(stage.provider.url) }] }) : picture,
    );
  const png: Answer = { headers: { 'content-type': 'image/png' }, pieces: [PICTURE] };

  it('is fetched, without any credential', async () => {
    paints((own) => `${own}/made/b.png`, png);
    const { data, response } = await client.images.generate(asks).withResponse();
    expect(data.data).toEqual([{ b64_json: PICTURE.toString('base64') }]);
    expect(response.headers.get('x-llm-proxy-warnings')).toBeNull();
    const fetched = stage.provider.asked.at(-1);
    expect(fetched).toMatchObject({ method: 'GET', path: '/made/b.png', body: '' });
    expect(fetched?.headers.map(([name]) => name).toSorted()).not.toContain('authorization');
    expect(JSON.stringify(fetched?.headers)).not.toMatch(/sk-local|test-client-key/);
  });

  it.each<[string, (own: string) => string]>([
    ['in a private network', () => 'http://10.0.0.1/b.png'],
    ['in a private network, by https', () => 'https://192.168.0.1/b.png'],
    ['of the cloud’s metadata', () => 'http://169.254.169.254/latest/meta-data'],
    ['of a name that is not public', () => 'https://vault.internal/b.png'],
    ['with credentials', (own) => own.replace('http://', 'http://user:secret@')],
    ['of another kind', () => 'file:///etc/passwd'],
    ['that is none', () => 'nonsense'],
  ])('%s is never called, and stays an address with a warning', async (_, url) => {
    paints(url, png);
    const { data, response } = await client.images.generate(asks).withResponse();
    expect(data.data).toEqual([{ url: url(stage.provider.url) }]);
    expect(response.headers.get('x-llm-proxy-warnings')).toBe('dropped=response_format');
    expect(stage.provider.asked).toHaveLength(1);
  });

  it.each<[string, Answer]>([
    ['leads elsewhere', { status: 302, headers: { location: '/made/c.png' }, pieces: [] }],
    ['is gone', { ...png, status: 404 }],
    ['has a page', { headers: { 'content-type': 'text/html' }, pieces: ['<html>'] }],
    [
      'is too large',
      { headers: { 'content-type': 'image/png', 'content-length': '30000000' }, pieces: ['x'] },
    ],
    ['breaks off', { headers: { 'content-type': 'image/png' }, pieces: ['x', { end: 'reset' }] }],
  ])('that %s stays an address with a warning, and strictly is an error', async (_, picture) => {
    paints((own) => `${own}/made/b.png`, picture);
    const { data, response } = await client.images.generate(asks).withResponse();
    expect(data.data).toEqual([{ url: `${stage.provider.url}/made/b.png` }]);
    expect(response.headers.get('x-llm-proxy-warnings')).toBe('dropped=response_format');
    expect(stage.provider.asked.map(({ path }) => path)).toEqual([
      '/local/v1/images/generations',
      '/made/b.png',
    ]);
    const strict = client.images.generate(asks, { headers: { 'x-llm-proxy-strict': 'true' } });
    await expect(strict).rejects.toMatchObject({ status: 502, param: 'response_format' });
  });
});

describe('a stream of pictures', () => {
  const asks = { model: GPT, prompt, stream: true, partial_images: 1 } as const;
  const event = (type: string, fields: object): string =>
    `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;

  async function collect(): Promise<{
    readonly types: string[];
    readonly requestId: string;
    readonly sizes: number[];
  }> {
    const { data, response } = await client.images.generate(asks).withResponse();
    const types: string[] = [];
    const sizes: number[] = [];
    for await (const one of data) {
      types.push(one.type);
      sizes.push(one.b64_json.length);
    }
    return { types, sizes, requestId: response.headers.get('x-request-id') ?? '' };
  }

  it('goes through as it is', async () => {
    const recording = recorded('openai/synthetic-images-stream.sse');
    stage.provider.answer(recording);
    const { types, requestId } = await collect();
    expect(types).toEqual(['image_generation.partial_image', 'image_generation.completed']);
    expect(await stage.gateway.journal(requestId)).toMatchObject({
      stream: true,
      ending: 'ok',
      input_tokens: 10,
      output_tokens: 272,
      usage_source: 'reported',
    });
    const response = await client.images.generate(asks).asResponse();
    expect(await response.text()).toBe(textOf(recording));
  });

  it('may have events of several megabytes', async () => {
    const b64_json = 'A'.repeat(6_000_000);
    const partial = event('image_generation.partial_image', { b64_json, partial_image_index: 0 });
    const last = event('image_generation.completed', {
      b64_json,
      usage: { input_tokens: 1, output_tokens: 2 },
    });
    // Together more than the runtime would keep of a copy.
    stage.provider.answer(eventStream(...Array.from({ length: 7 }, () => partial), last));
    const { types, sizes, requestId } = await collect();
    expect(types).toHaveLength(8);
    expect(sizes).toEqual(Array.from({ length: 8 }, () => 6_000_000));
    expect(await stage.gateway.journal(requestId)).toMatchObject({ ending: 'ok', output_tokens: 2 });
  });

  it('that ends before a picture is complete is an error, not an end', async () => {
    stage.provider.answer(eventStream(event('image_generation.partial_image', { b64_json: 'AA==' })));
    await expect(collect()).rejects.toThrow('before a picture was complete');
  });

  it('that fails before its first picture is a proper status', async () => {
    stage.provider.answer(
      eventStream(event('error', { error: { message: 'no', code: 'moderation_blocked' } })),
    );
    await expect(collect()).rejects.toMatchObject({ status: 400, code: 'content_filter' });
  });

  it('whose caller leaves has its line in the log, with what was seen', async () => {
    const partial = event('image_generation.partial_image', { b64_json: 'A'.repeat(9000) });
    const endless = Array.from({ length: 500 }, () => [partial, { pauseMs: 10 }]).flat();
    stage.provider.answer(eventStream(...endless));
    const { data, response } = await client.images.generate(asks).withResponse();
    for await (const one of data) {
      expect(one.type).toBe('image_generation.partial_image');
      data.controller.abort();
    }
    const requestId = response.headers.get('x-request-id') ?? '';
    expect(await stage.gateway.journal(requestId)).toMatchObject({ ending: 'gone', stream: true });
    await stage.provider.asked[0]?.over;
  });

  it('is refused where the provider has none', async () => {
    const asking = client.images.generate({ ...asks, model: LOCAL });
    await expect(asking).rejects.toMatchObject({ status: 400, param: 'stream' });
    expect(stage.provider.asked).toEqual([]);
  });
});

describe('what is wrong', () => {
  it.each<[string, object, number, string | null]>([
    ['no model', { model: undefined }, 400, 'model'],
    ['a model that nobody offers', { model: 'x'.repeat(300) }, 404, 'model'],
    ['a model of a provider without pictures', { model: 'anthropic/claude-sonnet-5' }, 400, 'model'],
    ['no prompt', { prompt: undefined }, 400, 'prompt'],
    ['an empty prompt', { prompt: '' }, 400, 'prompt'],
    ['a prompt of the wrong type', { prompt: ['a'] }, 400, 'prompt'],
    ['no pictures', { n: 0 }, 400, 'n'],
    ['half a picture', { n: 0.5 }, 400, 'n'],
    ['a size as a number', { size: 1024 }, 400, 'size'],
    ['a stream that is a word', { stream: 'yes' }, 400, 'stream'],
    ['an address', { api_base: 'https://evil.test' }, 400, 'api_base'],
  ])('%s is refused before anyone is asked', async (_, fields, status, param) => {
    const asking = client.post('/images/generations', { body: { model: GPT, prompt, ...fields } });
    await expect(asking).rejects.toMatchObject({ status, param });
    expect(stage.provider.asked).toEqual([]);
  });

  it('is what the provider says is wrong, in its words', async () => {
    stage.provider.answer(recorded('openai/images-err-400-response_format.json'));
    await expect(client.images.generate({ model: GPT, prompt })).rejects.toMatchObject({
      status: 400,
      code: 'unknown_parameter',
    });
  });

  it('is a picture that moderation held back under a good status', async () => {
    stage.provider.answer(json({ data: [{ respect_moderation: false }] }));
    await expect(client.images.generate({ model: LOCAL, prompt })).rejects.toMatchObject({
      status: 400,
      code: 'content_filter',
    });
    expect(stage.provider.asked).toHaveLength(1);
  });
});
