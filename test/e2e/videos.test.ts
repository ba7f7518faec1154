// Videos through the unmodified OpenAI client: a job is begun, polled and fetched over every provider that makes them,
// and nobody but its owner gets near it.

import { readFileSync } from 'node:fs';
import OpenAI, { toFile } from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  RESET,
  startFakeProvider,
  type Answer,
  type Asked,
  type FakeProvider,
} from '../support/fake-provider.ts';
import { startGateway, type Gateway } from '../support/gateway.ts';

let provider: FakeProvider;
/** Where finished files lie: another host, which has no business with our credentials. */
let files: FakeProvider;
let gateway: Gateway;
let client: OpenAI;
let stranger: OpenAI;

beforeAll(async () => {
  [provider, files] = await Promise.all([startFakeProvider(), startFakeProvider()]);
  gateway = await startGateway({
    API_KEYS: 'key-of-ours,key-of-others',
    OPENAI_API_KEY: 'sk-openai',
    OPENAI_BASE_URL: `${provider.url}/openai`,
    OPENROUTER_API_KEY: 'sk-or-1,sk-or-2',
    OPENROUTER_BASE_URL: `${provider.url}/or`,
    BLACKBOX_API_KEY: 'sk-bb',
    BLACKBOX_BASE_URL: `${provider.url}/bb`,
    XAI_API_KEY: 'sk-xai',
    XAI_BASE_URL: `${provider.url}/xai`,
    CONFIGURATION: JSON.stringify({ version: 1, timeouts: { headersMs: 2000 } }),
  });
  const baseURL = `${gateway.url}/v1`;
  client = new OpenAI({ baseURL, apiKey: 'key-of-ours', maxRetries: 0 });
  stranger = new OpenAI({ baseURL, apiKey: 'key-of-others', maxRetries: 0 });
});
afterAll(async () => {
  await gateway.stop();
  await Promise.all([provider.stop(), files.stop()]);
});
beforeEach(() => {
  for (const { asked } of [provider, files]) asked.length = 0;
});

const VIDEO = Buffer.from(Array.from({ length: 100_000 }, (_, at) => at % 251));
const fixture = (file: string): string => readFileSync(`test/fixtures/${file}`, 'utf8');
const json = (text: string, status = 200): Answer => ({ status, pieces: [text] });
const video = (...pieces: Answer['pieces']): Answer => ({
  headers: { 'content-type': 'video/mp4', 'content-length': String(VIDEO.length) },
  pieces,
});
const authorizationOf = ({ headers }: Asked): string | undefined =>
  headers.find(([name]) => name === 'authorization')?.[1];
const bodyOf = ({ body }: Asked): unknown => JSON.parse(body);
const only = (asked: readonly Asked[]): Asked => {
  expect(asked).toHaveLength(1);
  return asked[0] as Asked;
};
async function errorOf(promise: Promise<unknown>): Promise<InstanceType<typeof OpenAI.APIError>> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof OpenAI.APIError)) throw new Error('no API error came', { cause: error });
  return error;
}
const begin = (model: string, more: Partial<OpenAI.VideoCreateParams> = {}) =>
  client.videos.create({ model, prompt: 'a cat', ...more });
async function beginAtOpenrouter(): Promise<OpenAI.Videos.Video> {
  provider.answer(json(fixture('openrouter/synthetic-video-pending.json'), 202));
  const job = await begin('openrouter/google/veo-3');
  provider.asked.length = 0;
  return job;
}

describe('a job at OpenRouter', () => {
  it('is begun, polled to its end and fetched with the credential that began it', async () => {
    provider.answer(json(fixture('openrouter/synthetic-video-pending.json'), 202));
    const job = await begin('openrouter/google/veo-3', { seconds: '8', size: '1280x720' });
    const asked = only(provider.asked);
    expect(asked.path).toBe('/or/videos');
    expect(bodyOf(asked)).toEqual({ model: 'google/veo-3', prompt: 'a cat', duration: 8, size: '1280x720' });
    expect(job).toMatchObject({
      object: 'video',
      status: 'queued',
      progress: 0,
      seconds: '8',
      size: '1280x720',
    });
    expect(job.prompt).toBe('a cat');

    for (const [file, status] of [
      ['pending', 'queued'],
      ['in-progress', 'in_progress'],
      ['completed', 'completed'],
    ] as const) {
      provider.answer(json(fixture(`openrouter/synthetic-video-${file}.json`)));
      expect((await client.videos.retrieve(job.id)).status).toBe(status);
    }
    expect(provider.asked.slice(1).map(({ path }) => path)).toEqual(Array(3).fill('/or/videos/gen-vid-1'));

    provider.answer(video(VIDEO));
    const content = await client.videos.downloadContent(job.id);
    expect(content.headers.get('content-type')).toBe('video/mp4');
    expect(content.headers.get('content-length')).toBe(String(VIDEO.length));
    expect(Buffer.from(await content.arrayBuffer()).equals(VIDEO)).toBe(true);
    expect(provider.asked.at(-1)?.path).toBe('/or/videos/gen-vid-1/content?index=0');
    expect(new Set(provider.asked.map(authorizationOf)).size).toBe(1);
  });

  it('begins with the picture that a client uploads', async () => {
    provider.answer(json(fixture('openrouter/synthetic-video-pending.json'), 202));
    const picture = await toFile(Buffer.from([1, 2, 3]), 'frame.png', { type: 'image/png' });
    await begin('openrouter/google/veo-3', { input_reference: picture });
    expect(bodyOf(only(provider.asked))).toMatchObject({
      frame_images: [
        { type: 'image_url', image_url: { url: 'data:image/png;base64,AQID' }, frame_type: 'first_frame' },
      ],
    });
  });

  it.each([
    ['cancelled', 'video_cancelled'],
    ['expired', 'video_expired'],
    ['failed', 'video_generation_failed'],
  ])('that is %s there has failed here, without the words of the provider', async (status, code) => {
    const job = await beginAtOpenrouter();
    provider.answer(json(JSON.stringify({ id: 'gen-vid-1', status, error: 'host 10.1.2.3 broke' })));
    const polled = await client.videos.retrieve(job.id);
    expect(polled).toMatchObject({ status: 'failed', error: { code } });
    expect(JSON.stringify(polled)).not.toContain('10.1.2.3');
  });

  it('is not begun twice when nobody knows whether it was begun', async () => {
    for (const answer of [json('{}', 500), json('{}', 502), { pieces: [RESET] }, json('no job', 200)]) {
      provider.asked.length = 0;
      provider.answer(answer);
      const error = await errorOf(begin('openrouter/google/veo-3'));
      expect(error.status).toBe(502);
      expect(error.headers?.get('x-should-retry')).toBe('false');
      expect(provider.asked).toHaveLength(1);
    }
  });

  it('is begun with another credential when the first was refused', async () => {
    provider.answer([json('{}', 429), json(fixture('openrouter/synthetic-video-pending.json'), 202)]);
    const job = await begin('openrouter/google/veo-3');
    const [refused, begun] = provider.asked.map(authorizationOf);
    expect(begun).not.toBe(refused);
    provider.answer(json(fixture('openrouter/synthetic-video-in-progress.json')));
    await client.videos.retrieve(job.id);
    expect(provider.asked.map(authorizationOf).at(-1)).toBe(begun);
  });

  it('is polled again when a poll fails, and not for ever', async () => {
    const job = await beginAtOpenrouter();
    provider.answer([json('{}', 500), json(fixture('openrouter/synthetic-video-in-progress.json'))]);
    expect((await client.videos.retrieve(job.id)).status).toBe('in_progress');
    provider.asked.length = 0;
    provider.answer(json('{}', 500));
    expect((await errorOf(client.videos.retrieve(job.id))).status).toBe(502);
    expect(provider.asked.length).toBeLessThanOrEqual(3);
  });

  it('that the provider has forgotten is 404', async () => {
    const job = await beginAtOpenrouter();
    provider.answer(json('{"error":{"message":"no such job","code":404}}', 404));
    expect((await errorOf(client.videos.retrieve(job.id))).status).toBe(404);
    expect((await errorOf(client.videos.downloadContent(job.id))).status).toBe(404);
  });
});

describe('a video of Blackbox', () => {
  it('is there when its call is answered, and fetched without the credential', async () => {
    provider.answer(
      json(fixture('blackbox/synthetic-video.json').replace(/https:[^"]+/, `${files.url}/out.mp4`)),
    );
    const { data: job, response } = await begin('blackbox/blackboxai/google/veo-2', {
      seconds: '4',
    }).withResponse();
    expect(job).toMatchObject({ status: 'completed', progress: 100 });
    expect(response.headers.get('x-llm-proxy-warnings')).toBe('dropped=seconds');
    expect(bodyOf(only(provider.asked))).toEqual({
      model: 'blackboxai/google/veo-2',
      messages: [{ role: 'user', content: 'a cat' }],
    });
    expect((await client.videos.retrieve(job.id)).status).toBe('completed');

    files.answer(video(VIDEO));
    const content = await client.videos.downloadContent(job.id);
    expect(Buffer.from(await content.arrayBuffer()).equals(VIDEO)).toBe(true);
    expect(authorizationOf(only(files.asked))).toBeUndefined();
    expect(provider.asked).toHaveLength(1);
  });

  it('is not fetched from an address that no one may call', async () => {
    provider.answer(
      json(fixture('blackbox/synthetic-video.json').replace(/https:[^"]+/, 'https://169.254.169.254/latest')),
    );
    const job = await begin('blackbox/blackboxai/google/veo-2');
    expect((await errorOf(client.videos.downloadContent(job.id))).status).toBe(503);
  });

  it('refuses a picture to begin with, and in strict mode a length that it ignores', async () => {
    const input_reference = { image_url: 'https://example.com/frame.png' };
    const picture = await errorOf(begin('blackbox/blackboxai/google/veo-2', { input_reference }));
    expect([picture.status, picture.param]).toEqual([400, 'input_reference']);
    const headers = { 'x-llm-proxy-strict': 'true' };
    const strict = client.videos.create({ model: 'blackbox/x', prompt: 'a cat', seconds: '4' }, { headers });
    expect([(await errorOf(strict)).status, (await errorOf(strict)).param]).toEqual([400, 'seconds']);
    expect(provider.asked).toHaveLength(0);
  });
});

describe('a job at xAI', () => {
  it('is begun, polled, and fetched from the address that it names, without the credential', async () => {
    provider.answer(json('{"request_id":"0b1c-2"}'));
    const { data: job, response } = await begin('xai/grok-imagine-video', {
      seconds: '4',
      size: '1792x1024',
    }).withResponse();
    expect(only(provider.asked).path).toBe('/xai/videos/generations');
    expect(bodyOf(only(provider.asked))).toEqual({
      model: 'grok-imagine-video',
      prompt: 'a cat',
      duration: 4,
      aspect_ratio: '16:9',
      resolution: '720p',
    });
    expect(response.headers.get('x-llm-proxy-warnings')).toBe('clamped=size');

    provider.answer({ status: 202, pieces: [] });
    expect((await client.videos.retrieve(job.id)).status).toBe('queued');
    provider.answer(json(fixture('xai/video-poll-pending.json'), 202));
    expect(await client.videos.retrieve(job.id)).toMatchObject({ status: 'in_progress', progress: 1 });
    expect((await errorOf(client.videos.downloadContent(job.id))).status).toBe(404);
    provider.answer(json(fixture('xai/synthetic-video-moderated.json')));
    expect((await client.videos.retrieve(job.id)).error?.code).toBe('moderation_blocked');

    provider.answer(
      json(JSON.stringify({ status: 'done', video: { url: `${files.url}/v.mp4`, duration: 4 } })),
    );
    files.answer({
      status: 206,
      headers: { 'content-type': 'video/mp4', 'content-range': 'bytes 1-3/9', 'content-length': '3' },
      pieces: [VIDEO.subarray(1, 4)],
    });
    const content = await client.videos.downloadContent(job.id, {}, { headers: { range: 'bytes=1-3' } });
    expect([content.status, content.headers.get('content-range')]).toEqual([206, 'bytes 1-3/9']);
    expect(Buffer.from(await content.arrayBuffer()).equals(VIDEO.subarray(1, 4))).toBe(true);
    const fetched = only(files.asked);
    expect(authorizationOf(fetched)).toBeUndefined();
    expect(fetched.headers).toContainEqual(['range', 'bytes=1-3']);
  });

  it('whose file is no longer there is 404', async () => {
    provider.answer(json('{"request_id":"0b1c-2"}'));
    const job = await begin('xai/grok-imagine-video');
    provider.answer(json(JSON.stringify({ status: 'done', video: { url: `${files.url}/v.mp4` } })));
    files.answer({ status: 403, headers: { 'content-type': 'application/xml' }, pieces: ['<Error/>'] });
    expect((await errorOf(client.videos.downloadContent(job.id))).status).toBe(404);
  });
});

describe('a video of the sandbox', () => {
  it('comes to its end by itself', async () => {
    const job = await begin('sandbox/echo');
    expect((await client.videos.retrieve(job.id)).status).toBe('queued');
    await vi.waitUntil(async () => (await client.videos.retrieve(job.id)).status === 'completed', {
      timeout: 10_000,
      interval: 100,
    });
    const content = await client.videos.downloadContent(job.id);
    expect(
      Buffer.from(await content.arrayBuffer())
        .subarray(4, 8)
        .toString(),
    ).toBe('ftyp');
  });
});

describe('an id', () => {
  const isUnknown = async (asked: Promise<unknown>): Promise<void> => {
    const error = await errorOf(asked);
    expect([error.status, error.code, error.type]).toEqual([404, 'not_found', 'invalid_request_error']);
  };

  it('is of no use to another key, nor altered, nor made up', async () => {
    const { id } = await beginAtOpenrouter();
    const last = id.at(-1) === 'A' ? 'B' : 'A';
    for (const [who, name] of [
      [stranger, id],
      [client, id.slice(0, -1) + last],
      [client, `video_A${id.slice('video_B'.length)}`],
      [client, `${id}A`],
      [client, 'video_123'],
      [client, `video_${'A'.repeat(43)}${Buffer.from('{"provider":"openrouter"}').toString('base64url')}`],
    ] as const) {
      await isUnknown(who.videos.retrieve(name));
      await isUnknown(who.videos.downloadContent(name));
    }
    expect(provider.asked).toHaveLength(0);
  });
});

describe('bad input is told apart before anything is asked', () => {
  it.each([
    ['no prompt', { model: 'openrouter/google/veo-3' }, 400, 'prompt'],
    ['no model', { prompt: 'a cat' }, 400, 'model'],
    ['a wrong size', { model: 'openrouter/x', prompt: 'a', size: 'large' }, 400, 'size'],
    ['wrong seconds', { model: 'openrouter/x', prompt: 'a', seconds: 'four' }, 400, 'seconds'],
    ['a wrong reference', { model: 'openrouter/x', prompt: 'a', input_reference: 3 }, 400, 'input_reference'],
    [
      'an uploaded file',
      { model: 'openrouter/x', prompt: 'a', input_reference: { file_id: 'f' } },
      400,
      'input_reference.file_id',
    ],
    [
      'an address to call',
      { model: 'openrouter/x', prompt: 'a', base_url: 'https://evil.dev' },
      400,
      'base_url',
    ],
    ['an unknown model', { model: 'x'.repeat(300), prompt: 'a' }, 404, 'model'],
    ['a provider without videos', { model: 'openai/sora-2', prompt: 'a' }, 400, 'model'],
  ])('%s', async (_, body, status, param) => {
    const response = await fetch(`${gateway.url}/v1/videos`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', authorization: 'Bearer key-of-ours' },
    });
    const { error } = (await response.json()) as { error: { param: string } };
    expect([response.status, error.param]).toEqual([status, param]);
    expect(provider.asked).toHaveLength(0);
  });

  it('names the providers that make videos where the one that is asked does not', async () => {
    expect((await errorOf(begin('openai/sora-2'))).message).toMatch(/openrouter.*blackbox/);
  });

  it('a broken form, and a file that is no picture', async () => {
    const post = (body: string) =>
      fetch(`${gateway.url}/v1/videos`, {
        method: 'POST',
        body: body.replaceAll('\n', '\r\n'),
        headers: { 'content-type': 'multipart/form-data; boundary=x', authorization: 'Bearer key-of-ours' },
      });
    expect((await post('no form')).status).toBe(400);
    const file =
      '--x\nContent-Disposition: form-data; name="input_reference"; filename="a.exe"\n\nMZ\n--x--\n';
    expect((await post(file)).status).toBe(400);
    expect(provider.asked).toHaveLength(0);
  });
});
