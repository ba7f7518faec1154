// Pictures at every place that makes them: what arrives of a request, what is named, what is refused, and how every
// recording reads.

import { readFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { GatewayError } from '../../src/core/failure.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { openaiImages } from '../../src/dialects/openai-images/index.ts';
import { writeReply } from '../../src/dialects/openai-images/write-reply.ts';
import { recordings } from '../support/fake-provider.ts';
import { imagesOffers, imagesPlaceNames, sendImages } from '../support/images-places.ts';
import { imagesProbes } from '../support/probes/images.ts';

describe.each(imagesProbes)('%s %j', (field, value, fates) => {
  it.each(imagesPlaceNames)('at %s is as the table says', (name) => {
    const fate = fates[name] ?? 'arrives';
    const asked = { model: 'm', prompt: 'a cat', [field]: value };
    if (fate === 'refused') {
      expect(refusalOf(() => sendImages(asked, name))).toMatchObject({ kind: 'unsupported', param: field });
      return;
    }
    const { body, losses } = sendImages(asked, name);
    if (fate === 'arrives') {
      expect(losses).toEqual([]);
      expect(body).toEqual({ ...asked, model: 'painter' });
      return;
    }
    const [action, instead] = typeof fate === 'string' ? [fate, {}] : (Object.entries(fate)[0] ?? []);
    expect(losses).toEqual(action === 'silent' ? [] : [{ action, field }]);
    if (name === 'blackbox') {
      expect(body).toEqual({ model: 'painter', messages: [{ role: 'user', content: 'a cat' }] });
    } else expect(body).toEqual({ model: 'painter', prompt: 'a cat', ...instead });
  });
});

describe('a size beside a ratio', () => {
  it('gives way to the ratio that the caller has chosen', () => {
    const { body, losses } = sendImages(
      { model: 'm', prompt: 'p', size: '1x1', aspect_ratio: '16:9' },
      'xai',
    );
    expect(body).toEqual({ model: 'painter', prompt: 'p', aspect_ratio: '16:9' });
    expect(losses).toEqual([{ action: 'dropped', field: 'size' }]);
  });
});

describe('recordings', () => {
  const own = recordings.filter(
    ({ api, file }) => api === 'images' || file === 'blackbox/synthetic-image.json',
  );

  it('are all here', () => {
    expect(own.map(({ file }) => file).toSorted()).toEqual([
      'blackbox/synthetic-image.json',
      'openai/images-err-400-invalid-image.json',
      'openai/images-err-400-response_format.json',
      'openai/images-generation.json',
      // Read in test/unit/dialects/openai-images/stream-reader.test.ts.
      'openai/synthetic-images-stream.sse',
      'openrouter/synthetic-images.json',
      'xai/images-edit.json',
    ]);
  });

  it.each([
    ['openai', 'openai/images-generation.json'],
    ['openrouter', 'openrouter/synthetic-images.json'],
    ['xai', 'xai/images-edit.json'],
  ] as const)('of %s mean the same to the caller', (name, file) => {
    const recorded = fixture(file);
    const reply = imagesOffers[name].format.readReply(recorded);
    if ('wrong' in reply) throw new Error(reply.wrong);
    expect(writeReply(reply, 7)).toEqual({ created: 7, ...recorded });
  });

  it('of Blackbox are a picture by its address', () => {
    const reply = imagesOffers.blackbox.format.readReply(fixture('blackbox/synthetic-image.json'));
    if ('wrong' in reply) throw new Error(reply.wrong);
    expect(writeReply(reply, 7)).toEqual({
      created: 1795392000,
      data: [{ url: 'https://replicate.delivery/example/out-0.webp' }],
    });
  });

  it.each([
    ['openai/images-err-400-invalid-image.json', 'invalid_image_file'],
    ['openai/images-err-400-response_format.json', 'unknown_parameter'],
  ])('%s is the request’s fault', (file, code) => {
    expect(imagesOffers.openai.readError(400, fixture(file))).toMatchObject({
      class: 'client',
      failure: { kind: 'invalid-request' },
      native: { code },
    });
  });
});

describe('an answer that is no picture', () => {
  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['an empty list', { data: [] }],
    ['an entry without either', { data: [{}] }],
    ['one of two without either', { data: [{ url: 'https://a.example/b' }, { revised_prompt: 'x' }] }],
    ['an empty text', { data: [{ b64_json: '' }] }],
  ])('is %s', (_, json) => {
    expect(openaiImages.readReply(json)).toHaveProperty('wrong');
  });

  it('is one that moderation held back, and known as such', () => {
    expect(openaiImages.readReply({ data: [{ respect_moderation: false }] })).toMatchObject({
      filtered: true,
    });
  });

  it.each([
    'a cat for you: https://a.example/b.png',
    'http://a.example/b.png',
    '',
    null,
    'https://a.example/b https://c',
  ])('is the chat %j', (content) => {
    expect(imagesOffers.blackbox.format.readReply({ choices: [{ message: { content } }] })).toHaveProperty(
      'wrong',
    );
  });

  it('is not one whose address is the picture itself', () => {
    expect(openaiImages.readReply({ data: [{ url: 'data:image/png;base64,AA==' }] })).toMatchObject({
      images: [{ source: { kind: 'base64', base64: 'AA==' } }],
    });
  });
});

function fixture(file: string): JsonObject {
  return JSON.parse(readFileSync(path.join(import.meta.dirname, '../fixtures', file), 'utf8')) as JsonObject;
}

function refusalOf(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    if (error instanceof GatewayError) return error.failure;
    throw error;
  }
  return undefined;
}
