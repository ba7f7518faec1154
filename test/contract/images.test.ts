// Pictures at every place that makes them: what arrives of a request, what is named, what is refused, and how every
// recording reads.

import { readFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { GatewayError } from '../../src/core/failure.ts';
import type { Json, JsonObject } from '../../src/core/json.ts';
import { fitImages } from '../../src/dialects/images-fit.ts';
import { openaiImages } from '../../src/dialects/openai-images/index.ts';
import { writeReply } from '../../src/dialects/openai-images/write-reply.ts';
import { gateBody, BODY_LIMITS } from '../../src/http/body-gate.ts';
import { retarget } from '../../src/pipeline/body-edit.ts';
import { providers } from '../../src/providers/index.ts';
import type { ImagesOffer, Provider } from '../../src/providers/provider.ts';
import { recordings } from '../support/fake-provider.ts';

const offers = {
  openai: offerOf(providers.openai),
  'azure-openai': offerOf(providers['azure-openai']),
  openrouter: offerOf(providers.openrouter),
  'openai-compatible': offerOf(providers['openai-compatible']),
  sandbox: offerOf(providers.sandbox),
  xai: offerOf(providers.xai),
  blackbox: offerOf(providers.blackbox),
};
type Name = keyof typeof offers;
const names = Object.keys(offers) as Name[];

function offerOf({ images }: Provider): ImagesOffer {
  if (images === undefined) throw new Error('it makes no pictures');
  return images;
}

/** An object: what arrives in its stead, together with what is named. `silent`: it says nothing, or is done here. */
type Fate =
  | 'arrives'
  | 'dropped'
  | 'refused'
  | 'silent'
  | { readonly emulated: JsonObject }
  | { readonly clamped: JsonObject };

const TABLE: readonly (readonly [string, Json, Partial<Record<Name, Fate>>])[] = [
  ['n', 1, { blackbox: 'silent' }],
  ['n', 2, { blackbox: 'refused' }],
  ['n', 11, { xai: 'refused', blackbox: 'refused' }],
  ['size', 'auto', { xai: 'silent', blackbox: 'silent' }],
  [
    'size',
    '1536x1024',
    { xai: { emulated: { aspect_ratio: '3:2', resolution: '2k' } }, blackbox: 'dropped' },
  ],
  ['size', '1024x1024', { xai: { emulated: { aspect_ratio: '1:1' } }, blackbox: 'dropped' }],
  ['size', '2K', { xai: 'dropped', blackbox: 'dropped' }],
  ['quality', 'high', { blackbox: 'dropped' }],
  ['quality', 'hd', { xai: { clamped: { quality: 'high' } }, blackbox: 'dropped' }],
  ['quality', 'max', { xai: { clamped: { quality: 'high' } }, blackbox: 'dropped' }],
  ['quality', 'auto', { xai: 'silent', blackbox: 'silent' }],
  ['quality', 'of tomorrow', { xai: 'dropped', blackbox: 'dropped' }],
  ['background', 'transparent', { xai: 'refused', blackbox: 'refused' }],
  ['background', 'opaque', { xai: 'dropped', blackbox: 'dropped' }],
  ['output_format', 'webp', { blackbox: 'dropped' }],
  ['output_format', 'svg', { xai: 'refused', blackbox: 'refused' }],
  ['output_format', 'gif', { openrouter: 'refused', xai: 'refused', blackbox: 'refused' }],
  ['frame_count', 8, { openrouter: 'refused', xai: 'refused', blackbox: 'refused' }],
  ['frame_duration_ms', 40, { openrouter: 'refused', xai: 'refused', blackbox: 'refused' }],
  ['svg', { model: 'm' }, { openrouter: 'refused', xai: 'refused', blackbox: 'refused' }],
  ['output_compression', 50, { xai: 'dropped', blackbox: 'dropped' }],
  ['moderation', 'low', { openrouter: 'dropped', xai: 'dropped', blackbox: 'dropped' }],
  ['moderation', 'auto', { openrouter: 'silent', xai: 'silent', blackbox: 'silent' }],
  ['complexity', 'low', { openrouter: 'dropped', xai: 'dropped', blackbox: 'dropped' }],
  ['partial_images', 2, { openrouter: 'dropped', xai: 'dropped', blackbox: 'dropped' }],
  ['safety_identifier', 's', { openrouter: 'dropped', xai: 'dropped', blackbox: 'dropped' }],
  ['user', 'u', { blackbox: 'dropped' }],
  [
    'style',
    'vivid',
    {
      openai: 'dropped',
      'azure-openai': 'dropped',
      openrouter: 'dropped',
      sandbox: 'dropped',
      xai: 'dropped',
      blackbox: 'dropped',
    },
  ],
  [
    'response_format',
    'url',
    {
      openai: 'dropped',
      'azure-openai': 'dropped',
      openrouter: 'dropped',
      sandbox: 'dropped',
      blackbox: 'silent',
    },
  ],
  [
    'response_format',
    'b64_json',
    {
      openai: 'silent',
      'azure-openai': 'silent',
      openrouter: 'silent',
      sandbox: 'silent',
      blackbox: 'silent',
    },
  ],
  [
    'stream',
    true,
    { 'openai-compatible': 'refused', sandbox: 'refused', xai: 'refused', blackbox: 'refused' },
  ],
  ['seed', 7, { xai: 'dropped', blackbox: 'dropped' }],
  ['aspect_ratio', '16:9', { blackbox: 'dropped' }],
  ['a_field_of_tomorrow', 1, { blackbox: 'dropped' }],
];

describe.each(TABLE)('%s %j', (field, value, fates) => {
  it.each(names)('at %s is as the table says', (name) => {
    const fate = fates[name] ?? 'arrives';
    const asked = { model: 'm', prompt: 'a cat', [field]: value };
    if (fate === 'refused') {
      expect(refusalOf(() => send(asked, name))).toMatchObject({ kind: 'unsupported', param: field });
      return;
    }
    const { body, losses } = send(asked, name);
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
    const { body, losses } = send({ model: 'm', prompt: 'p', size: '1x1', aspect_ratio: '16:9' }, 'xai');
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
    const reply = offers[name].format.readReply(recorded);
    if ('wrong' in reply) throw new Error(reply.wrong);
    expect(writeReply(reply, 7)).toEqual({ created: 7, ...recorded });
  });

  it('of Blackbox are a picture by its address', () => {
    const reply = offers.blackbox.format.readReply(fixture('blackbox/synthetic-image.json'));
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
    expect(offers.openai.readError(400, fixture(file))).toMatchObject({
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
    expect(offers.blackbox.format.readReply({ choices: [{ message: { content } }] })).toHaveProperty('wrong');
  });

  it('is not one whose address is the picture itself', () => {
    expect(openaiImages.readReply({ data: [{ url: 'data:image/png;base64,AA==' }] })).toMatchObject({
      images: [{ source: { kind: 'base64', base64: 'AA==' } }],
    });
  });
});

function send(json: JsonObject, name: Name) {
  const { format, traits } = offers[name];
  const { set, drop, losses } = fitImages(json, traits('painter'), `${name}/painter`);
  const body = gateBody(new TextEncoder().encode(JSON.stringify(json)), BODY_LIMITS);
  const text =
    format.id === 'openai-images'
      ? retarget(body, 'painter', { set, drop })
      : JSON.stringify(format.writeRequest({ ...json, model: 'painter' }));
  return { body: JSON.parse(text) as JsonObject, losses };
}

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
