import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { ChatEvent } from '../../../../src/core/event.ts';
import { openaiChat } from '../../../../src/dialects/openai-chat/index.ts';
import type { OpenaiChatTraits } from '../../../../src/dialects/openai-chat/traits.ts';
import { createSseDecoder } from '../../../../src/streams/sse.ts';
import { coalesce, replyEvents, streamEvents } from '../../../support/openai-chat-arbitraries.ts';
import { wireRequest, type CacheSpelling } from '../../../support/openai-chat-request-arbitraries.ts';
import { fullTraits, stamp } from './traits.ts';

const { ingress, egress } = openaiChat;

describe('a request', () => {
  it.each<CacheSpelling>(['prompt_cache_breakpoint', 'cache_control'])(
    'comes out as it went in, nothing lost, with caching spelled %s',
    (cacheMarks) => {
      const traits: OpenaiChatTraits = { ...fullTraits, cacheMarks };
      fc.assert(
        fc.property(wireRequest(cacheMarks), (body) => {
          const written = egress.writeRequest(ingress.readRequest(body), traits);
          expect(written).toStrictEqual({ body, losses: [] });
        }),
        { numRuns: 200 },
      );
    },
  );
});

describe('a reply', () => {
  it('is read from a stream as it was written to one', () => {
    fc.assert(
      fc.property(streamEvents, (events) => {
        expect(readBytes([bytesOf(events)])).toStrictEqual(events);
      }),
      { numRuns: 200 },
    );
  });

  it('does not depend on where the bytes of its stream are cut', () => {
    fc.assert(
      fc.property(streamEvents, fc.array(fc.nat(4_000), { maxLength: 20 }), (events, places) => {
        expect(readBytes(cut(bytesOf(events), places))).toStrictEqual(events);
      }),
      { numRuns: 200 },
    );
  });

  it('is the same as JSON and as a stream', () => {
    fc.assert(
      fc.property(replyEvents, (events) => {
        const json: unknown = JSON.parse(JSON.stringify(ingress.writeReply(events, stamp)));
        expect(egress.readReply(json)).toStrictEqual(coalesce(events));
        expect(coalesce(readBytes([bytesOf(events)]))).toStrictEqual(coalesce(events));
      }),
      { numRuns: 200 },
    );
  });

  it('is not complete without its last event', () => {
    fc.assert(
      fc.property(streamEvents, (events) => {
        const cutShort = readBytes([bytesOf(events.slice(0, -1))]);
        expect(cutShort.at(-1)).toMatchObject({ type: 'failure', class: 'protocol' });
      }),
    );
  });
});

describe('whatever a provider sends', () => {
  it('ends in one finish or one failure, and never throws', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.json(), fc.string(), fc.constant('[DONE]')), { maxLength: 6 }),
        (payloads) => {
          const reader = egress.createStreamReader();
          const events = [...payloads.flatMap((data) => reader.read({ data })), ...reader.end()];
          const ends = events.filter(({ type }) => type === 'finish' || type === 'failure');
          expect(ends).toHaveLength(1);
          expect(events.at(-1)).toBe(ends[0]);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('is read as a reply or as a failure when it is JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        expect(['finish', 'failure']).toContain(egress.readReply(json).at(-1)?.type);
        expect(egress.readError(400, json).native.status).toBe(400);
      }),
      { numRuns: 200 },
    );
  });

  it('is told apart in any part of a chunk', () => {
    const anything = fc.jsonValue({ maxDepth: 2 });
    const fragment = fc.record(
      { index: anything, id: anything, function: fc.record({ name: anything, arguments: anything }) },
      { requiredKeys: [] },
    );
    const delta = fc.record(
      {
        content: anything,
        reasoning: anything,
        reasoning_details: fc.oneof(
          anything,
          fc.array(fc.dictionary(fc.constantFrom('text', 'data', 'index'), anything)),
        ),
        tool_calls: fc.oneof(anything, fc.array(fragment)),
        annotations: fc.array(anything),
        audio: anything,
      },
      { requiredKeys: [] },
    );
    const chunk = fc.record({
      id: anything,
      choices: fc.array(fc.record({ delta, logprobs: anything })),
      usage: anything,
    });
    fc.assert(
      fc.property(fc.array(chunk, { maxLength: 4 }), (chunks) => {
        const reader = egress.createStreamReader();
        const events = [...chunks, '[DONE]'].flatMap((data) =>
          reader.read({ data: typeof data === 'string' ? data : JSON.stringify(data) }),
        );
        expectGrammar(events);
      }),
      { numRuns: 100 },
    );
  });
});

function bytesOf(events: readonly ChatEvent[]): Uint8Array {
  const writer = ingress.createStreamWriter(stamp);
  return new TextEncoder().encode(events.map((event) => writer.write(event)).join(''));
}

function readBytes(chunks: readonly Uint8Array[]): ChatEvent[] {
  const decoder = createSseDecoder();
  const reader = egress.createStreamReader();
  const payloads = [...chunks.flatMap((chunk) => decoder.feed(chunk)), ...decoder.end()];
  return [...payloads.flatMap((payload) => reader.read(payload)), ...reader.end()];
}

function cut(whole: Uint8Array, places: readonly number[]): Uint8Array[] {
  const ends = [...places.map((place) => place % (whole.length + 1)).toSorted((a, b) => a - b), whole.length];
  return ends.map((end, index) => whole.slice(ends[index - 1] ?? 0, end));
}

/** start? block* usage* finish | ... failure, with every block begun, numbered in order and ended. */
function expectGrammar(events: readonly ChatEvent[]): void {
  const open = new Set<number>();
  let blocks = 0;
  for (const event of events) {
    if (event.type === 'failure') return;
    if (event.type.endsWith('-start') || event.type === 'opaque') {
      expect('block' in event && event.block).toBe(blocks++);
    }
    if (!('block' in event) || event.type === 'opaque') continue;
    if (event.type.endsWith('-start')) open.add(event.block);
    expect(open).toContain(event.block);
    if (event.type.endsWith('-end')) open.delete(event.block);
  }
  expect(open.size).toBe(0);
}
