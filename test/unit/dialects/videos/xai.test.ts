import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readXaiCreated, readXaiJob } from '../../../../src/dialects/xai-videos/read-job.ts';
import { writeXaiVideoRequest } from '../../../../src/dialects/xai-videos/write-request.ts';

const fixture = (file: string): unknown => JSON.parse(readFileSync(`test/fixtures/xai/${file}.json`, 'utf8'));
const asked = { model: 'grok-imagine-video', prompt: 'a cat' };
const old = { resolutions: [480, 720] } as const;
const latest = { resolutions: [480, 720, 1080] } as const;
const sized = (text: string) => {
  const [width = 0, height = 0] = text.split('x').map(Number);
  return { ...asked, size: { width, height } };
};

describe('a video request for xAI', () => {
  it.each([
    ['1280x720', '16:9', '720p', false],
    ['720x1280', '9:16', '720p', false],
    ['854x480', '16:9', '480p', false],
    ['1080x1080', '1:1', '1080p', false],
    ['1792x1024', '16:9', '1080p', true],
    ['1024x1792', '9:16', '1080p', true],
    ['100x90', '1:1', '480p', true],
    ['9000x9000', '1:1', '1080p', true],
  ])('takes %s for %s at %s', (size, aspect_ratio, resolution, isClamped) => {
    const { body, losses } = writeXaiVideoRequest(sized(size), latest);
    expect(body).toEqual({ ...asked, aspect_ratio, resolution });
    expect(losses).toEqual(isClamped ? [{ action: 'clamped', field: 'size' }] : []);
  });

  it('stays within the resolutions of its model, and says so', () => {
    const { body, losses } = writeXaiVideoRequest(sized('1920x1080'), old);
    expect(body['resolution']).toBe('720p');
    expect(losses).toEqual([{ action: 'clamped', field: 'size' }]);
  });

  it('takes whole seconds and a picture, and invents nothing', () => {
    expect(writeXaiVideoRequest(asked, old)).toEqual({ body: asked, losses: [] });
    expect(writeXaiVideoRequest({ ...asked, seconds: 4, firstFrame: 'https://a.dev/b.png' }, old)).toEqual({
      body: { ...asked, duration: 4, image: { url: 'https://a.dev/b.png' } },
      losses: [],
    });
    expect(writeXaiVideoRequest({ ...asked, seconds: 4.5 }, old).losses).toEqual([
      { action: 'clamped', field: 'seconds' },
    ]);
  });
});

describe('a job at xAI', () => {
  it('is known by its id', () => {
    expect(readXaiCreated({ request_id: 'a' })).toBe('a');
    for (const other of [undefined, {}, { request_id: 3 }, [], 'a'])
      expect(readXaiCreated(other)).toBeUndefined();
  });

  it.each([
    ['an empty 202', undefined, 202, { status: 'queued' }],
    ['a 202 without a status', {}, 202, { status: 'queued' }],
    ['pending without progress', { status: 'pending' }, 202, { status: 'queued' }],
    ['the recorded poll', fixture('video-poll-pending'), 202, { status: 'in_progress', percent: 1 }],
    ['moderated', fixture('synthetic-video-moderated'), 200, { status: 'failed', reason: 'moderated' }],
    ['failed', fixture('synthetic-video-failed'), 200, { status: 'failed', reason: 'failed' }],
    ['expired', { status: 'expired' }, 200, { status: 'failed', reason: 'expired' }],
    [
      'done',
      { status: 'done', video: { url: 'https://v.dev/1', duration: 4 } },
      200,
      { status: 'completed', url: 'https://v.dev/1', seconds: 4 },
    ],
    [
      'an address alone',
      { video: { url: 'https://v.dev/1' } },
      200,
      { status: 'completed', url: 'https://v.dev/1' },
    ],
    ['nothing that it says', { error: 'Service unavailable' }, 200, undefined],
    ['a word that nobody knows', { status: 'paused' }, 200, undefined],
    ['no JSON', undefined, 200, undefined],
  ])('that is %s', (_, json, status, progress) => {
    expect(readXaiJob(json, status)).toEqual(progress);
  });
});
