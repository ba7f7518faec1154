// Requests and replies of OpenAI's text completions, of any making.

import * as fc from 'fast-check';

import type { ChatEvent, FinishReason } from '../../src/core/event.ts';
import type { JsonObject } from '../../src/core/json.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 12 });

/** What every model can be asked. */
export const completionsRequest: fc.Arbitrary<JsonObject> = fc
  .record(
    {
      prompt: fc.oneof(
        fc.string({ unit: 'grapheme', minLength: 1 }),
        fc.string({ minLength: 1 }).map((only) => [only]),
      ),
      stream: fc.boolean(),
      max_tokens: fc.integer({ min: 1, max: 1000 }),
      temperature: fc.double({ min: 0, max: 2, noNaN: true }),
      top_p: fc.double({ min: 0, max: 1, noNaN: true }),
      frequency_penalty: fc.double({ min: -2, max: 2, noNaN: true }),
      presence_penalty: fc.double({ min: -2, max: 2, noNaN: true }),
      logit_bias: fc.constant({ '50256': -100 }),
      n: fc.constant(1),
      best_of: fc.constant(1),
      echo: fc.boolean(),
      suffix: fc.constantFrom('', null),
      seed: fc.integer(),
      stop: fc.oneof(text, fc.array(text, { maxLength: 4 })),
      user: text,
    },
    { requiredKeys: ['prompt'] },
  )
  .map((fields) => ({ model: 'any', ...fields }));

const reason: fc.Arbitrary<FinishReason> = fc.constantFrom(
  { unified: 'stop', raw: 'stop' },
  { unified: 'length', raw: 'length' },
  { unified: 'content-filter', raw: 'content_filter' },
);

/** What a text completion can say: its text is one block, and is told in pieces. */
export const completionEvents: fc.Arbitrary<readonly ChatEvent[]> = fc
  .record({
    id: fc.stringMatching(/^cmpl-[a-z0-9]{1,8}$/),
    createdAt: fc.integer({ min: 1, max: 2_000_000_000 }),
    pieces: fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }), {
      minLength: 1,
      maxLength: 6,
    }),
    usage: fc.option(fc.record({ uncachedInput: fc.nat(1000), output: fc.nat(1000) }), { nil: undefined }),
    reason,
  })
  .map(({ id, createdAt, pieces, usage, reason: ended }) => [
    { type: 'start', id, model: 'text-model', createdAt },
    { type: 'text-start', block: 0 },
    ...pieces.map((piece) => ({ type: 'text-delta', block: 0, text: piece }) as const),
    { type: 'text-end', block: 0 },
    ...(usage === undefined ? [] : [{ type: 'usage', usage } as const]),
    { type: 'finish', reason: ended },
  ]);
