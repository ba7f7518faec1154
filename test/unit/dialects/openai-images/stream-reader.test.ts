import { readFileSync } from 'node:fs';
import path from 'node:path';

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { ChatEvent } from '../../../../src/core/event.ts';
import { openaiChat } from '../../../../src/dialects/openai-chat/index.ts';
import { createImageStreamReader } from '../../../../src/dialects/openai-images/stream-reader.ts';
import { SSE_EVENT_SIZE_MAX } from '../../../../src/streams/sse.ts';

const recording = readFileSync(
  path.join(import.meta.dirname, '../../../fixtures/openai/synthetic-images-stream.sse'),
  'utf8',
);
const event = (type: string, fields: object): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
const COMPLETED = 'image_generation.completed';

function read(text: string, count = 1, cuts: readonly number[] = []): readonly ChatEvent[] {
  const reader = createImageStreamReader(count, openaiChat.egress.readError);
  const bytes = new TextEncoder().encode(text);
  const places = [0, ...cuts.toSorted((a, b) => a - b), bytes.byteLength];
  const fed = places.slice(1).flatMap((end, index) => reader.feed(bytes.subarray(places[index], end)));
  return [...fed, ...reader.end()];
}

describe('a stream of pictures', () => {
  it('ends with its usage and its terminal marker, wherever its bytes are cut', () => {
    const cut = fc.integer({ min: 0, max: recording.length });
    fc.assert(
      fc.property(fc.array(cut, { maxLength: 40 }), (cuts) => {
        expect(read(recording, 1, cuts)).toEqual([
          { type: 'opaque', block: 0, dialect: 'openai-images', content: {} },
          { type: 'opaque', block: 0, dialect: 'openai-images', content: {} },
          { type: 'usage', usage: { uncachedInput: 10, output: 272 } },
          { type: 'finish', reason: { unified: 'stop' } },
        ]);
      }),
    );
  });

  it('may have events that are larger than any that is decoded', () => {
    const b64_json = 'A'.repeat(4 * SSE_EVENT_SIZE_MAX);
    const usage = { input_tokens: 1, output_tokens: 2, input_tokens_details: { text_tokens: 1 } };
    for (const fields of [
      { b64_json, usage },
      { usage, b64_json },
    ]) {
      expect(read(event(COMPLETED, fields)).slice(1)).toEqual([
        { type: 'usage', usage: { uncachedInput: 1, output: 2 } },
        { type: 'finish', reason: { unified: 'stop' } },
      ]);
    }
  });

  it('is complete with the last picture that was asked for', () => {
    const one = event(COMPLETED, { b64_json: 'AA==' });
    const reader = createImageStreamReader(2, openaiChat.egress.readError);
    const feed = (text: string) => reader.feed(new TextEncoder().encode(text)).map(({ type }) => type);
    expect(feed(one)).toEqual(['opaque']);
    expect(feed(one)).toEqual(['opaque', 'finish']);
    expect(reader.end()).toEqual([]);
    expect(read(one, 2).at(-1)).toMatchObject({ type: 'finish' });
  });

  it.each([
    ['nothing', ''],
    ['comments alone', ': keep\n\n'],
    ['a picture that is not complete', event('image_generation.partial_image', { b64_json: 'AA==' })],
    ['half of the last event', event(COMPLETED, { b64_json: 'A'.repeat(9000) }).slice(0, 30)],
  ])('of %s has not ended well', (_, text) => {
    expect(read(text).at(-1)).toMatchObject({ type: 'failure', class: 'protocol' });
  });

  it('that says an error fails with it', () => {
    const error = { error: { message: 'held back', code: 'moderation_blocked' } };
    for (const text of [event('error', error), `data: ${JSON.stringify(error)}\r\n\r\n`]) {
      expect(read(text)).toMatchObject([
        { type: 'failure', class: 'client', failure: { kind: 'content-filtered' } },
      ]);
    }
  });
});
