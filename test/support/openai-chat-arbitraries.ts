// Replies that chat completions can say, generated: event sequences that survive a trip over the wire unchanged. For the
// laws of the dialect, and for suites that cross dialects.

import * as fc from 'fast-check';

import type { Citation, OpaqueReasoning } from '../../src/core/chat.ts';
import type { ChatEvent } from '../../src/core/event.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { Usage } from '../../src/core/usage.ts';
import { told } from '../../src/dialects/told.ts';

export const text = fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' });
export const word = fc.stringMatching(/^[a-z][a-z0-9_]{0,9}$/);
export const url = word.map((name) => `https://${name}.example/`);

/** As `JSON.parse` makes it: fast-check's records have no prototype. */
export function plain<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value));
}

const logprob: fc.Arbitrary<JsonObject> = fc.record({
  token: text,
  logprob: fc.integer({ min: -9999, max: 0 }),
  bytes: fc.array(fc.nat(255), { maxLength: 3 }),
  top_logprobs: fc.constant([]),
});

const delta = fc.oneof(
  { weight: 4, arbitrary: text.map((piece) => ({ text: piece })) },
  {
    weight: 1,
    arbitrary: fc.record({ text, logprobs: fc.array(logprob, { minLength: 1, maxLength: 2 }) }),
  },
);

const citation: fc.Arbitrary<Citation> = fc
  .record({
    url,
    title: text,
    range: fc.option(fc.tuple(fc.nat(50), fc.integer({ min: 1, max: 50 }))),
    citedText: fc.option(text),
  })
  .map(({ range, citedText, ...named }) => ({
    ...named,
    ...(range === null ? {} : { start: range[0], end: range[0] + range[1] }),
    ...(citedText === null ? {} : { citedText }),
  }));

const opaqueReasoning: fc.Arbitrary<OpaqueReasoning> = fc
  .record({
    format: fc.constantFrom('anthropic-claude-v1', 'openai-responses-v1', 'google-gemini-v1', 'unknown'),
    kind: fc.constantFrom('signature', 'encrypted'),
    data: word,
    id: fc.option(word),
  })
  .map(({ id, ...opaque }) => ({ ...opaque, ...(id === null ? {} : { id }) }));

type TextBlock = {
  readonly type: 'text';
  readonly isRefusal: boolean;
  readonly deltas: readonly { readonly text: string; readonly logprobs?: readonly JsonObject[] }[];
  readonly citations: readonly Citation[];
};
type ReasoningBlock = {
  readonly type: 'reasoning';
  readonly deltas: readonly string[];
  readonly opaque: OpaqueReasoning | null;
};
type CallBlock = {
  readonly id: string;
  readonly name: string;
  readonly isCustom: boolean;
  readonly fragments: readonly string[];
};

const textBlock: fc.Arbitrary<TextBlock> = fc.record({
  type: fc.constant('text'),
  isRefusal: fc.constant(false),
  deltas: fc.array(delta, { minLength: 1, maxLength: 4 }),
  citations: fc.array(citation, { maxLength: 2 }),
});
const refusalBlock: fc.Arbitrary<TextBlock> = fc.record({
  type: fc.constant('text'),
  isRefusal: fc.constant(true),
  deltas: fc.array(delta, { minLength: 1, maxLength: 3 }),
  citations: fc.constant([]),
});
const reasoningBlock: fc.Arbitrary<ReasoningBlock> = fc
  .record({
    type: fc.constant<'reasoning'>('reasoning'),
    deltas: fc.array(text, { maxLength: 3 }),
    opaque: fc.option(opaqueReasoning),
  })
  .filter(({ deltas, opaque }) => deltas.length > 0 || opaque !== null);
const callBlock: fc.Arbitrary<CallBlock> = fc.record({
  id: word,
  name: word,
  isCustom: fc.boolean(),
  fragments: fc.array(text, { minLength: 1, maxLength: 4 }),
});
const callBlocks = fc.uniqueArray(callBlock, { maxLength: 3, selector: ({ id }) => id });

const usage: fc.Arbitrary<Usage> = fc
  .record({
    uncachedInput: fc.nat(100_000),
    output: fc.nat(100_000),
    cacheRead: fc.option(fc.nat(100_000)),
    cacheWrite: fc.option(fc.nat(100_000)),
    reasoning: fc.option(fc.nat(100_000)),
  })
  .map((drawn) => told(drawn) as Usage);

const start: fc.Arbitrary<ChatEvent & { type: 'start' }> = fc.record({
  type: fc.constant('start'),
  id: word,
  model: word,
  createdAt: fc.integer({ min: 1, max: 2_000_000_000 }),
});

const media: fc.Arbitrary<JsonObject | null> = fc.option(
  fc.oneof(
    fc.record({
      images: fc.tuple(fc.record({ type: fc.constant('image_url'), image_url: fc.record({ url }) })),
    }),
    fc.record({ audio: fc.record({ id: word, data: word, transcript: text }) }),
  ),
  { freq: 5 },
);

/** A whole reply in the order of the JSON form: reasoning, text, refusal, calls one by one. */
export const replyEvents: fc.Arbitrary<readonly ChatEvent[]> = fc
  .record({
    start,
    reasonings: fc.array(reasoningBlock, { maxLength: 2 }),
    text: fc.option(textBlock),
    refusal: fc.option(refusalBlock, { freq: 8 }),
    calls: callBlocks,
    media,
    usage: fc.option(usage),
    word: fc.constantFrom('stop', 'length', 'content_filter'),
  })
  .map(({ reasonings, text: content, refusal, calls, ...rest }) => {
    const blocks = [...reasonings, content, refusal].filter((block) => block !== null);
    const order = calls.flatMap((call, index) => call.fragments.map(() => index));
    return plain(assemble({ ...rest, blocks, calls, order }));
  });

/** A whole reply as a stream may bring it: texts and reasoning in turns, fragments of parallel calls interleaved. */
export const streamEvents: fc.Arbitrary<readonly ChatEvent[]> = fc
  .record({
    start,
    blocks: fc
      .array(fc.oneof(textBlock, textBlock, reasoningBlock, refusalBlock), { maxLength: 4 })
      .map(withoutTwins),
    calls: callBlocks,
    media,
    usage: fc.option(usage),
    word: fc.constantFrom('stop', 'length', 'content_filter'),
  })
  .chain((drawn) => {
    const order = drawn.calls.flatMap((call, index) => call.fragments.map(() => index));
    return fc
      .shuffledSubarray(order, { minLength: order.length })
      .map((shuffled) => plain(assemble({ ...drawn, order: shuffled })));
  });

/** The wire has one content: two texts of a kind in a row are one there. */
function withoutTwins(blocks: readonly (TextBlock | ReasoningBlock)[]) {
  return blocks.filter((block, index) => {
    const before = blocks[index - 1];
    return !(block.type === 'text' && before?.type === 'text' && before.isRefusal === block.isRefusal);
  });
}

type Parts = {
  readonly start: ChatEvent & { type: 'start' };
  readonly blocks: readonly (TextBlock | ReasoningBlock)[];
  readonly calls: readonly CallBlock[];
  /** Which call each fragment belongs to. */
  readonly order: readonly number[];
  readonly media: JsonObject | null;
  readonly usage: Usage | null;
  readonly word: 'stop' | 'length' | 'content_filter';
};

function assemble({
  start: first,
  blocks,
  calls,
  order,
  media: content,
  usage: counted,
  word: raw,
}: Parts): ChatEvent[] {
  const next = calls.map(() => 0);
  const started = new Set<number>();
  const firstCall = blocks.length + (content === null ? 0 : 1);
  const callEvents = order.flatMap((index): ChatEvent[] => {
    const call = calls[index]!;
    const block = firstCall + numberOf(index, order);
    const fragment: ChatEvent = {
      type: 'tool-call-delta',
      block,
      arguments: call.fragments[next[index]!++]!,
    };
    if (started.has(index)) return [fragment];
    started.add(index);
    const { id, name, isCustom } = call;
    return [{ type: 'tool-call-start', block, id, name, ...(isCustom ? { custom: true } : {}) }, fragment];
  });
  return [
    first,
    ...blocks.flatMap((block, index) => blockEvents(block, index)),
    ...(content === null
      ? []
      : [{ type: 'opaque' as const, block: blocks.length, dialect: 'openai-chat', content }]),
    ...callEvents,
    ...calls.map((_, index): ChatEvent => ({ type: 'tool-call-end', block: firstCall + index })),
    ...(counted === null ? [] : [{ type: 'usage' as const, usage: counted }]),
    {
      type: 'finish',
      reason: finishReason(
        raw,
        calls.length > 0,
        blocks.some((block) => block.type === 'text' && block.isRefusal),
      ),
    },
  ];
}

/** Blocks are numbered in the order of their starts. */
function numberOf(call: number, order: readonly number[]): number {
  return [...new Set(order)].indexOf(call);
}

function blockEvents(block: TextBlock | ReasoningBlock, number: number): ChatEvent[] {
  if (block.type === 'reasoning') {
    return [
      { type: 'reasoning-start', block: number },
      ...block.deltas.map((piece): ChatEvent => ({ type: 'reasoning-delta', block: number, text: piece })),
      { type: 'reasoning-end', block: number, ...(block.opaque === null ? {} : { opaque: block.opaque }) },
    ];
  }
  return [
    { type: 'text-start', block: number, ...(block.isRefusal ? { refusal: true } : {}) },
    ...block.deltas.map((piece): ChatEvent => ({ type: 'text-delta', block: number, ...piece })),
    ...block.citations.map((cited): ChatEvent => ({ type: 'citation', block: number, citation: cited })),
    { type: 'text-end', block: number },
  ];
}

function finishReason(raw: Parts['word'], hasCalls: boolean, hasRefusal: boolean) {
  if (raw === 'length') return { unified: 'length', raw } as const;
  if (raw === 'content_filter') return { unified: 'content-filter', raw } as const;
  if (hasCalls) return { unified: 'tool-calls', raw: 'tool_calls' } as const;
  return hasRefusal ? ({ unified: 'refusal', raw } as const) : ({ unified: 'stop', raw } as const);
}

/** The same reply with the deltas of each block joined: what a JSON reply can tell. */
export function coalesce(events: readonly ChatEvent[]): readonly ChatEvent[] {
  return events.reduce<ChatEvent[]>((joined, event) => {
    const at = joined.findIndex(
      (other) =>
        'block' in other && 'block' in event && other.block === event.block && other.type === event.type,
    );
    const earlier = joined[at];
    if (event.type === 'text-delta' && earlier?.type === 'text-delta') {
      const logprobs = [...(earlier.logprobs ?? []), ...(event.logprobs ?? [])];
      joined[at] = {
        ...earlier,
        text: earlier.text + event.text,
        ...(logprobs.length === 0 ? {} : { logprobs }),
      };
    } else if (event.type === 'reasoning-delta' && earlier?.type === 'reasoning-delta') {
      joined[at] = { ...earlier, text: earlier.text + event.text };
    } else if (event.type === 'tool-call-delta' && earlier?.type === 'tool-call-delta') {
      joined[at] = { ...earlier, arguments: earlier.arguments + event.arguments };
    } else {
      joined.push(event);
    }
    return joined;
  }, []);
}
