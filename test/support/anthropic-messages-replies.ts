// Generated replies as events, for the laws of the dialect: what Anthropic Messages can say of a reply.

import * as fc from 'fast-check';

import type { Citation, OpaqueReasoning } from '../../src/core/chat.ts';
import type { ChatEvent } from '../../src/core/event.ts';
import type { ReplyStamp } from '../../src/dialects/dialect.ts';
import {
  base64Data,
  citation,
  jsonObject,
  name,
  serverToolBlock,
  text,
} from './anthropic-messages-arbitraries.ts';

export const stamp: ReplyStamp = { id: 'msg_stamp', model: 'stamp-model', createdAt: 1, streamUsage: true };

type Blockless<Event> = Event extends unknown ? Omit<Event, 'block'> : never;
type BlockEvent = Blockless<Extract<ChatEvent, { readonly block: number }>>;

const words = fc.array(text, { minLength: 1, maxLength: 4 });

const textEvents: fc.Arbitrary<readonly BlockEvent[]> = fc
  .tuple(words, fc.array(citation, { maxLength: 2 }))
  .map(([deltas, citations]) => [
    { type: 'text-start' },
    ...deltas.map((delta) => ({ type: 'text-delta' as const, text: delta })),
    ...citations.map((given) => ({ type: 'citation' as const, citation: ourCitation(given) })),
    { type: 'text-end' },
  ]);

function ourCitation(given: { readonly cited_text: string; readonly document_title: string }): Citation {
  return {
    title: given.document_title,
    citedText: given.cited_text,
    native: { dialect: 'anthropic-messages', citation: given },
  };
}

const reasoningEvents: fc.Arbitrary<readonly BlockEvent[]> = fc
  .oneof(
    fc.record({ deltas: words, signature: fc.option(base64Data()) }),
    fc.record({ deltas: fc.constant([]), signature: base64Data() }),
    fc.record({ deltas: fc.constant([]), encrypted: base64Data() }),
  )
  .map((given) => [
    { type: 'reasoning-start' },
    ...given.deltas.map((delta) => ({ type: 'reasoning-delta' as const, text: delta })),
    { type: 'reasoning-end', ...opaqueOf(given) },
  ]);

function opaqueOf(given: { readonly signature?: string | null; readonly encrypted?: string }): {
  readonly opaque?: OpaqueReasoning;
} {
  const format = 'anthropic-claude-v1';
  if (given.encrypted !== undefined) return { opaque: { format, kind: 'encrypted', data: given.encrypted } };
  return typeof given.signature === 'string'
    ? { opaque: { format, kind: 'signature', data: given.signature } }
    : {};
}

const callEvents: fc.Arbitrary<readonly BlockEvent[]> = fc
  .record({ id: name, tool: name, input: jsonObject, cut: fc.nat(10) })
  .map(({ id, tool: called, input, cut }) => {
    const json = JSON.stringify(input);
    const fragments = [json.slice(0, cut), json.slice(cut)].filter((fragment) => fragment !== '');
    return [
      { type: 'tool-call-start', id, name: called },
      ...fragments.map((fragment) => ({ type: 'tool-call-delta' as const, arguments: fragment })),
      { type: 'tool-call-end' },
    ];
  });

const opaqueEvents: fc.Arbitrary<readonly BlockEvent[]> = fc
  .oneof(
    serverToolBlock,
    fc.record({ type: fc.constant('web_search_tool_result'), tool_use_id: name, content: fc.constant([]) }),
  )
  .map((block) => [{ type: 'opaque', dialect: 'anthropic-messages', content: block }]);

const blockEvents = fc.oneof(textEvents, reasoningEvents, callEvents, opaqueEvents);

const usage = fc.record(
  {
    uncachedInput: fc.nat(100_000),
    cacheRead: fc.nat(100_000),
    cacheWrite: fc.nat(100_000),
    output: fc.nat(100_000),
    reasoning: fc.constant(0),
  },
  { requiredKeys: ['uncachedInput', 'cacheRead', 'cacheWrite', 'output'] },
);

type Finish = ChatEvent & { readonly type: 'finish' };

function finish(hasCalls: boolean): fc.Arbitrary<Finish> {
  const reasons: readonly Finish[] = [
    hasCalls
      ? { type: 'finish', reason: { unified: 'tool-calls', raw: 'tool_use' } }
      : { type: 'finish', reason: { unified: 'stop', raw: 'end_turn' } },
    { type: 'finish', reason: { unified: 'stop-sequence', raw: 'stop_sequence' }, stopSequence: 'END' },
    { type: 'finish', reason: { unified: 'length', raw: 'max_tokens' } },
    { type: 'finish', reason: { unified: 'context-full', raw: 'model_context_window_exceeded' } },
    { type: 'finish', reason: { unified: 'paused', raw: 'pause_turn' } },
    { type: 'finish', reason: { unified: 'refusal', raw: 'refusal' }, refusal: 'Not this.' },
  ];
  return fc.constantFrom(...reasons);
}

/** What this dialect can say of a reply: blocks one after the other, all counts told. */
export const reply: fc.Arbitrary<readonly ChatEvent[]> = fc
  .tuple(fc.array(blockEvents, { maxLength: 5 }), name, name, usage)
  .chain(([blocks, id, model, counts]) => {
    const hasCalls = blocks.some(([first]) => first?.type === 'tool-call-start');
    return finish(hasCalls).map((last): readonly ChatEvent[] => [
      { type: 'start', id, model },
      ...blocks.flatMap(numberEvents),
      { type: 'usage', usage: counts },
      last,
    ]);
  });

/** The same replies with their blocks shuffled together, each block's events in order and the starts in theirs. */
export const interleavedReply: fc.Arbitrary<{
  readonly sequential: readonly ChatEvent[];
  readonly interleaved: readonly ChatEvent[];
}> = fc.tuple(reply, fc.infiniteStream(fc.nat(5))).map(([sequential, choices]) => ({
  sequential,
  interleaved: interleave(sequential, choices),
}));

function numberEvents(events: readonly BlockEvent[], block: number): readonly ChatEvent[] {
  return events.map((event) => ({ ...event, block }));
}

function interleave(events: readonly ChatEvent[], choices: Iterator<number>): readonly ChatEvent[] {
  const queues = new Map<number, ChatEvent[]>();
  for (const event of events) {
    if ('block' in event) queues.set(event.block, [...(queues.get(event.block) ?? []), event]);
  }
  const waiting = [...queues.values()];
  const begun: ChatEvent[][] = [];
  const mixed: ChatEvent[] = [];
  while (waiting.length > 0 || begun.some((queue) => queue.length > 0)) {
    const choice = Number(choices.next().value);
    const queue = choice === 0 ? waiting.shift() : begun[choice % Math.max(1, begun.length)];
    if (queue === undefined) continue;
    if (choice === 0) begun.push(queue);
    const next = queue.shift();
    if (next !== undefined) mixed.push(next);
  }
  const rest = events.filter((event) => !('block' in event));
  return [...rest.slice(0, 1), ...mixed, ...rest.slice(1)];
}
