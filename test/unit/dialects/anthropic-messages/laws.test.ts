import Anthropic from '@anthropic-ai/sdk';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { ChatEvent } from '../../../../src/core/event.ts';
import { mergeUsage, type Usage } from '../../../../src/core/usage.ts';
import { anthropicMessages } from '../../../../src/dialects/anthropic-messages/index.ts';
import { createByteReader } from '../../../../src/streams/codec.ts';
import { fullTraits, request } from '../../../support/anthropic-messages-arbitraries.ts';
import { interleavedReply, reply, stamp } from '../../../support/anthropic-messages-replies.ts';

const { ingress, egress } = anthropicMessages;
const encoder = new TextEncoder();

function writeStream(events: readonly ChatEvent[]): string {
  const writer = ingress.createStreamWriter(stamp);
  return events.map(writer.write).join('');
}

function readStream(chunks: readonly Uint8Array[]): readonly ChatEvent[] {
  const reader = createByteReader(egress.createStreamReader());
  return [...chunks.flatMap((chunk) => reader.feed(chunk)), ...reader.end()];
}

/** A stream reports usage in two parts, at its start and at its end. */
function withOneUsage(events: readonly ChatEvent[]): readonly ChatEvent[] {
  let usage: Usage | undefined;
  const others: ChatEvent[] = [];
  for (const event of events) {
    if (event.type === 'usage') usage = mergeUsage(usage, event.usage);
    else others.push(event);
  }
  const last = others.splice(-1);
  return [...others, ...(usage === undefined ? [] : [{ type: 'usage' as const, usage }]), ...last];
}

describe('laws of anthropic-messages', () => {
  it('a request is the same after it was read and written', () => {
    fc.assert(
      fc.property(request, (body) => {
        const written = egress.writeRequest(ingress.readRequest(body), fullTraits);
        expect(written.body).toEqual(body);
        expect(written.losses).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('a stream that is written and read has the same events', () => {
    fc.assert(
      fc.property(reply, (events) => {
        const stream = writeStream(events);
        expect(withOneUsage(readStream([encoder.encode(stream)]))).toEqual(withOneUsage(events));
      }),
    );
  });

  it('events do not depend on how the bytes of a stream are cut', () => {
    fc.assert(
      fc.property(reply, fc.array(fc.nat(2000), { maxLength: 20 }), (events, cuts) => {
        const bytes = encoder.encode(writeStream(events));
        const places = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
        const chunks = places.slice(1).map((end, index) => bytes.subarray(places[index], end));
        expect(readStream(chunks)).toEqual(readStream([bytes]));
      }),
    );
  });

  it('a stream folds to the message that the JSON reply is', () => {
    fc.assert(
      fc.property(reply, (events) => {
        const message = ingress.writeReply(events, stamp);
        expect(ingress.writeReply(egress.readReply(message), stamp)).toEqual(message);
        const streamed = readStream([encoder.encode(writeStream(events))]);
        expect(ingress.writeReply(streamed, stamp)).toEqual(message);
      }),
    );
  });

  it("the official SDK's client gathers from a stream the message that the JSON reply is", async () => {
    await fc.assert(
      fc.asyncProperty(reply, async (events) => {
        const client = new Anthropic({
          apiKey: 'none',
          maxRetries: 0,
          fetch: async () =>
            new Response(writeStream(events), { headers: { 'content-type': 'text/event-stream' } }),
        });
        const stream = client.messages.stream({ model: 'any', max_tokens: 1, messages: [] });
        const gathered: unknown = JSON.parse(JSON.stringify(await stream.finalMessage()));
        expect(gathered).toMatchObject(JSON.parse(JSON.stringify(ingress.writeReply(events, stamp))));
      }),
      { numRuns: 50 },
    );
  });

  it('blocks that interleave are written one after the other, in order of their starts', () => {
    fc.assert(
      fc.property(interleavedReply, ({ sequential, interleaved }) => {
        expect(writeStream(interleaved)).toBe(writeStream(sequential));
      }),
    );
  });

  it('whatever a provider sends, readers answer events that end in one last word and never throw', () => {
    const events = fc.oneof(
      fc.record({ event: fc.constantFrom('message_start', 'ping', 'error', undefined), data: fc.json() }),
      fc.record({ data: fc.string() }),
      fc.record({
        data: fc
          .record({
            type: fc.constantFrom(
              'message_start',
              'content_block_start',
              'content_block_delta',
              'content_block_stop',
              'message_delta',
              'message_stop',
              'error',
            ),
            message: fc.oneof(fc.jsonValue(), fc.constant({ id: 'msg_1', usage: { input_tokens: 1 } })),
            index: fc.nat(2),
            content_block: fc.oneof(
              fc.jsonValue(),
              fc.record({
                type: fc.constantFrom('text', 'thinking', 'tool_use', 'new_block'),
                text: fc.jsonValue(),
              }),
            ),
            delta: fc.oneof(
              fc.jsonValue(),
              fc.record({ type: fc.constantFrom('text_delta', 'input_json_delta'), text: fc.jsonValue() }),
            ),
            usage: fc.jsonValue(),
          })
          .map((data) => JSON.stringify(data)),
      }),
    );
    fc.assert(
      fc.property(fc.array(events, { maxLength: 12 }), (frames) => {
        const reader = egress.createStreamReader();
        const read = [...frames.flatMap((frame) => reader.read(frame)), ...reader.end()];
        const lasts = read.filter((event) => event.type === 'finish' || event.type === 'failure');
        expect(lasts).toEqual(read.slice(-1));
      }),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(fc.jsonValue(), fc.integer({ min: 200, max: 599 }), (body, status) => {
        expect(egress.readReply(body).at(-1)?.type).toMatch(/^(finish|failure)$/);
        expect(egress.readError(status, body).native.dialect).toBe('anthropic-messages');
        expect(egress.readError(status, JSON.stringify(body)).failure.message).not.toBe('');
      }),
    );
  });
});
