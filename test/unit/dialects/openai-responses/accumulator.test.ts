// The judge of what we stream is OpenAI's own accumulator: it throws at an item without an identity, at one that changes,
// and at anything that is said of an item before it is added.

import * as fc from 'fast-check';
import { accumulateResponse } from 'openai/lib/responses/ResponseAccumulator';
import type { Response, ResponseStreamEvent } from 'openai/resources/responses/responses';
import { describe, expect, it } from 'vitest';

import type { ChatEvent } from '../../../../src/core/event.ts';
import { createStreamWriter } from '../../../../src/dialects/openai-responses/stream-writer.ts';
import { writeReply } from '../../../../src/dialects/openai-responses/write-reply.ts';
import { createSseDecoder } from '../../../../src/streams/sse.ts';
import { reply as anthropicReply } from '../../../support/anthropic-messages-replies.ts';
import { dialectIds, dialects, readBytes } from '../../../support/crossing.ts';
import { recordedStream, recordings } from '../../../support/fake-provider.ts';
import { stamp } from '../../../support/meaning.ts';
import { replyEvents, streamEvents } from '../../../support/openai-chat-arbitraries.ts';
import { responsesReply, responsesStream } from '../../../support/openai-responses-arbitraries.ts';

type Event = ResponseStreamEvent & { readonly sequence_number: number };

function framesOf(events: readonly ChatEvent[]): readonly (readonly [name: string, event: Event])[] {
  const writer = createStreamWriter(stamp);
  const text = events.map((event) => writer.write(event)).join('');
  const decoder = createSseDecoder();
  return [...decoder.feed(new TextEncoder().encode(text)), ...decoder.end()].map(({ event = '', data }) => [
    event,
    JSON.parse(data) as Event,
  ]);
}

function accumulate(events: readonly ChatEvent[]): Response {
  let snapshot: Response | undefined;
  for (const [, event] of framesOf(events)) snapshot = accumulateResponse(event, snapshot);
  if (snapshot === undefined) throw new Error('no event was written');
  return snapshot;
}

/** `output_text` is the SDK's sugar. */
function withoutSugar({ output_text: _sugar, ...response }: Response): unknown {
  return response;
}

describe('a stream', () => {
  it.each([
    ['chat completions', fc.oneof(streamEvents, replyEvents)],
    ['messages', anthropicReply],
    ['responses', fc.oneof(responsesStream, responsesReply)],
  ])('of %s accumulates to the reply in one piece', (_, replies) => {
    fc.assert(
      fc.property(replies, (events) => {
        expect(withoutSugar(accumulate(events))).toEqual(
          JSON.parse(JSON.stringify(writeReply(events, stamp))),
        );
      }),
      { numRuns: 300 },
    );
  });

  const streams = recordings.filter(
    ({ api, streaming, status }) => streaming && status === 200 && dialectIds.some((id) => id === api),
  );
  it.each(streams.map(({ file, api }) => [file, api] as const))('of %s is accepted', (file, api) => {
    const id = dialectIds.find((known) => known === api);
    if (id === undefined) throw new Error(`${api} is no dialect`);
    const events = readBytes(dialects[id], [new TextEncoder().encode(recordedStream(file))]);
    if (events.at(-1)?.type === 'failure') return;
    expect(accumulate(events).output_text).toBeTypeOf('string');
  });

  it('numbers its events from 0, names each by its type, and ends with the whole response', () => {
    fc.assert(
      fc.property(streamEvents, (events) => {
        const frames = framesOf(events);
        expect(frames.map(([, event]) => event.sequence_number)).toEqual(frames.map((_, place) => place));
        expect(frames.map(([name]) => name)).toEqual(frames.map(([, event]) => event.type));
        expect(frames.slice(0, 2).map(([name]) => name)).toEqual([
          'response.created',
          'response.in_progress',
        ]);
        expect(frames.at(-1)?.[0]).toMatch(/^response\.(completed|incomplete)$/);
      }),
    );
  });
});
