// The file of a video on its way: as large as it is, at the pace of its reader, and ended on one side when it ends on the
// other.

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RESET, STALL, type Answer, type Asked } from '../support/fake-provider.ts';
import { CLIENT_KEY } from '../support/gateway.ts';
import { openRawClient } from '../support/raw-client.ts';
import { startStage, type Stage } from '../support/stage.ts';
import { until } from '../support/until.ts';

const IDLE_MS = 400;
const AUTHORIZATION = { authorization: `Bearer ${CLIENT_KEY}` };
const VIDEO = Buffer.from(Array.from({ length: 100_000 }, (_, at) => at % 251));

let stage: Stage;

beforeAll(async () => {
  stage = await startStage((url) => ({ OPENROUTER_API_KEY: 'sk-or', OPENROUTER_BASE_URL: url }), {
    timeouts: { idleMs: IDLE_MS },
  });
});
afterAll(() => stage.stop());
beforeEach(() => {
  stage.provider.asked.length = 0;
});

const video = (...pieces: Answer['pieces']): Answer => ({
  headers: { 'content-type': 'video/mp4', 'content-length': String(VIDEO.length) },
  pieces,
});

function only(asked: readonly Asked[]): Asked {
  expect(asked).toHaveLength(1);
  return asked[0] as Asked;
}

async function begin(): Promise<{ readonly id: string }> {
  stage.provider.answer({ status: 202, pieces: ['{"id":"gen-vid-1","status":"pending"}'] });
  const response = await fetch(`${stage.gateway.url}/v1/videos`, {
    method: 'POST',
    headers: { ...AUTHORIZATION, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'openrouter/google/veo-3', prompt: 'a cat' }),
  });
  expect(response.status).toBe(200);
  stage.provider.asked.length = 0;
  return (await response.json()) as { readonly id: string };
}

describe('a download', () => {
  const download = (id: string): Promise<Response> =>
    fetch(`${stage.gateway.url}/v1/videos/${id}/content`, { headers: AUTHORIZATION });

  it('that is no video is an error', async () => {
    const { id } = await begin();
    stage.provider.answer({ headers: { 'content-type': 'text/html' }, pieces: ['<script>'] });
    expect((await download(id)).status).toBe(502);
  });

  it('ends the provider’s side when the caller hangs up, and says so in one line', async () => {
    const { id } = await begin();
    stage.provider.answer(video(VIDEO.subarray(0, 1000), STALL));
    const raw = await openRawClient(stage.gateway.url);
    raw.send(
      `GET /v1/videos/${id}/content HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${CLIENT_KEY}\r\nx-client-request-id: gone-1\r\n\r\n`,
    );
    await raw.hears('video/mp4');
    await until(() => raw.received().length > 1000);
    raw.hangUp('RST');
    await only(stage.provider.asked).over;
    expect(only(stage.provider.asked).hungUp()).toBe(true);
    const line = await stage.gateway.journal('gone-1');
    // The id in the path carries where the video lies: its beginning is enough to tell it from others.
    expect(line['path']).toBe(`/v1/videos/${id.slice(0, 24)}…/content`);
    expect(line).toMatchObject({
      ending: 'gone',
      bytes: 1000,
      provider: 'openrouter',
    });
  });

  it('breaks off when the provider goes silent or breaks off', async () => {
    const { id } = await begin();
    for (const end of [STALL, RESET]) {
      stage.provider.asked.length = 0;
      stage.provider.answer(video(VIDEO.subarray(0, 1000), { pauseMs: 50 }, end));
      const response = await download(id);
      await expect(response.arrayBuffer()).rejects.toThrow();
      const line = await stage.gateway.journal(response.headers.get('x-request-id') ?? '');
      expect(line).toMatchObject({ ending: 'broken', status: 200 });
      await only(stage.provider.asked).over;
    }
  });

  it('is taken from the provider no faster than the caller reads', async () => {
    const { id } = await begin();
    const block = Buffer.alloc(1_048_576, 7);
    const blocks = Array.from({ length: 64 }, () => block);
    stage.provider.answer({ headers: { 'content-type': 'application/octet-stream' }, pieces: blocks });
    const raw = await openRawClient(stage.gateway.url);
    raw.send(
      `GET /v1/videos/${id}/content HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${CLIENT_KEY}\r\nx-client-request-id: slow-1\r\n\r\n`,
    );
    await raw.hears('octet-stream');
    raw.stopReading();
    // Longer than the idle limit: a slow caller is no silent provider.
    await new Promise((resolve) => setTimeout(resolve, 2 * IDLE_MS));
    expect(only(stage.provider.asked).sent()).toBeLessThan(32 * block.length);
    raw.readOn();
    await until(() => only(stage.provider.asked).sent() === 64 * block.length);
    expect(await stage.gateway.journal('slow-1')).toMatchObject({ ending: 'ok', bytes: 64 * block.length });
  });
});
