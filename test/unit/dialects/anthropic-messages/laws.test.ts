import Anthropic from '@anthropic-ai/sdk';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { ChatEvent } from '../../../../src/core/event.ts';
import { anthropicMessages } from '../../../../src/dialects/anthropic-messages/index.ts';
import { interleavedReply, reply, stamp } from '../../../support/anthropic-messages-replies.ts';

const { ingress, egress } = anthropicMessages;

function writeStream(events: readonly ChatEvent[]): string {
  const writer = ingress.createStreamWriter(stamp);
  return events.map(writer.write).join('');
}

// The four laws are those of every dialect: test/contract/dialect.contract.ts.
describe('laws of anthropic-messages alone', () => {
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
