import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { ChatEvent } from '../../../../src/core/event.ts';
import { openaiChat } from '../../../../src/dialects/openai-chat/index.ts';

const { egress } = openaiChat;

// The four laws are those of every dialect: test/contract/dialect.contract.ts.
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
