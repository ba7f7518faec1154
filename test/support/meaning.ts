// What a reply says, whichever dialect it was said in, and what of it another dialect can say. Two replies mean the same
// when these are equal: numbers of blocks, borders of deltas and the bytes around them are form.

import type { OpaqueReasoning } from '../../src/core/chat.ts';
import type { ChatEvent, FinishReason } from '../../src/core/event.ts';
import { isObject } from '../../src/core/json.ts';
import { mergeUsage, type Usage } from '../../src/core/usage.ts';
import type { ClientDialectId, ReplyStamp } from '../../src/dialects/dialect.ts';

type Unified = FinishReason['unified'];

export type Meaning = {
  readonly id: string;
  readonly model: string;
  readonly text: string;
  /** What the model said in declining. */
  readonly refusal: string;
  /** Both of them, in the order in which they were said. */
  readonly said: string;
  /** Why the provider says that the model declined. */
  readonly explanation: string;
  readonly reasoning: string;
  readonly opaque: readonly Pick<OpaqueReasoning, 'format' | 'kind' | 'data'>[];
  readonly calls: readonly Call[];
  /** Where each citation leads, and in whose words it has more to tell. */
  readonly citations: readonly { readonly url: string; readonly native: string }[];
  /** How many tokens came with their probability, and how many of a refusal's. */
  readonly logprobs: number;
  readonly refusalLogprobs: number;
  /** The dialects whose own content it holds. */
  readonly own: readonly string[];
  readonly usage: CommonUsage;
  /** Absent: it ended in a failure. */
  readonly finish: Unified | undefined;
};
type Call = {
  readonly id: string;
  readonly name: string;
  readonly input: unknown;
  readonly isCustom: boolean;
  /** The output cap fell upon its arguments. */
  readonly isCut: boolean;
};

/** For replies whose provider told neither. */
export const stamp: ReplyStamp = {
  id: 'stamped-id',
  model: 'stamped-model',
  createdAt: 1_795_392_000,
  streamUsage: true,
};

export function meaningOf(events: readonly ChatEvent[]): Meaning {
  const start = events.find((event) => event.type === 'start');
  const finish = events.find((event) => event.type === 'finish');
  const texts = events.flatMap((event) => (event.type === 'text-start' ? [event] : []));
  const join = (starts: readonly { readonly block: number }[]): string =>
    starts.map(({ block }) => deltasOf(events, block)).join('');
  return {
    id: start?.id ?? stamp.id,
    model: start?.model ?? stamp.model,
    text: join(texts.filter((block) => block.refusal !== true)),
    refusal: join(texts.filter((block) => block.refusal === true)),
    said: join(texts),
    explanation: finish?.refusal ?? '',
    reasoning: events.map((event) => (event.type === 'reasoning-delta' ? event.text : '')).join(''),
    opaque: events.flatMap((event) => {
      if (event.type !== 'reasoning-end' || event.opaque === undefined) return [];
      const { format, kind, data } = event.opaque;
      return [{ format, kind, data }];
    }),
    calls: callsOf(events, finish?.reason.unified),
    citations: events.flatMap((event) => {
      if (event.type !== 'citation') return [];
      return [{ url: event.citation.url ?? '', native: event.citation.native?.dialect ?? '' }];
    }),
    logprobs: logprobsIn(
      events,
      texts.filter((block) => block.refusal !== true),
    ),
    refusalLogprobs: logprobsIn(
      events,
      texts.filter((block) => block.refusal === true),
    ),
    own: [...new Set(events.flatMap((event) => (event.type === 'opaque' ? [event.dialect] : [])))],
    usage: usageOf(events),
    finish: finish?.reason.unified,
  };
}

function logprobsIn(events: readonly ChatEvent[], starts: readonly { readonly block: number }[]): number {
  return events.flatMap((event) =>
    event.type === 'text-delta' && starts.some(({ block }) => block === event.block)
      ? (event.logprobs ?? [])
      : [],
  ).length;
}

/** What is in one piece has one content, and shows no call that was cut: of that, a stream has sent the beginning. */
export type Form = 'whole' | 'streamed';

/** What a caller who speaks the dialect hears of it: the differences that a crossing may make, and no others. */
export function heardIn(dialect: ClientDialectId, meaning: Meaning, form: Form): Meaning {
  switch (dialect) {
    case 'openai-chat':
      return heardInOpenaiChat(meaning, form);
    case 'anthropic-messages':
      return heardInAnthropicMessages(meaning, form);
    case 'openai-responses':
      return heardInOpenaiResponses(meaning);
    case 'openai-completions':
      return heardInOpenaiCompletions(meaning);
  }
}

function heardInOpenaiChat(meaning: Meaning, form: Form): Meaning {
  const { text, said, citations, own, finish } = meaning;
  const refusal = meaning.refusal === '' ? meaning.explanation : meaning.refusal;
  const shown = citations.filter(({ url, native }) => url !== '' || native === 'openai-chat');
  return {
    ...meaning,
    refusal,
    said: form === 'whole' || meaning.refusal === '' ? text + refusal : said,
    explanation: '',
    citations: shown.map(({ url, native }) => ({ url, native: native === 'openai-chat' ? native : '' })),
    own: own.filter((dialect) => dialect === 'openai-chat'),
    finish: finish === undefined ? undefined : finishInOpenaiChat(finish, meaning),
  };
}

function finishInOpenaiChat(finish: Unified, { calls, refusal }: Meaning): Unified {
  switch (finish) {
    case 'stop':
    case 'stop-sequence':
    case 'paused':
    case 'other':
      if (calls.length > 0) return 'tool-calls';
      return refusal === '' ? 'stop' : 'refusal';
    case 'length':
    case 'context-full':
      return 'length';
    case 'refusal':
      if (refusal === '') return 'content-filter';
      return calls.length > 0 ? 'tool-calls' : 'refusal';
    case 'tool-calls':
    case 'content-filter':
      return finish;
  }
}

/** All that was said, as one text. Before the first of it nothing is told: no id, no model. */
function heardInOpenaiCompletions(meaning: Meaning): Meaning {
  const { said, finish } = meaning;
  return {
    ...meaning,
    text: said,
    refusal: '',
    explanation: '',
    reasoning: '',
    opaque: [],
    calls: [],
    citations: [],
    logprobs: 0,
    refusalLogprobs: 0,
    own: [],
    finish: finish === undefined ? undefined : finishInOpenaiCompletions(finish),
    ...(finish === undefined && said === '' ? { id: stamp.id, model: stamp.model } : {}),
  };
}

function finishInOpenaiCompletions(finish: Unified): Unified {
  switch (finish) {
    case 'stop':
    case 'stop-sequence':
    case 'tool-calls':
    case 'paused':
    case 'other':
      return 'stop';
    case 'length':
    case 'context-full':
      return 'length';
    case 'content-filter':
    case 'refusal':
      return 'content-filter';
  }
}

function heardInAnthropicMessages(meaning: Meaning, form: Form): Meaning {
  const { said, calls, citations, opaque, own, usage } = meaning;
  const finish = finishInAnthropicMessages(meaning);
  return {
    ...meaning,
    text: said,
    refusal: '',
    explanation: finish === 'refusal' ? meaning.explanation : '',
    opaque: opaque.filter(({ format }) => format === 'anthropic-claude-v1'),
    calls: calls.flatMap((call) => callInAnthropicMessages(call, form)),
    citations: citations.map(({ url }) => ({ url, native: 'anthropic-messages' })),
    logprobs: 0,
    refusalLogprobs: 0,
    own: own.filter((dialect) => dialect === 'anthropic-messages'),
    usage: { ...usage, reasoning: Math.min(usage.reasoning, usage.output) },
    finish,
  };
}

function finishInAnthropicMessages({ finish, calls, refusal }: Meaning): Unified | undefined {
  switch (finish) {
    case undefined:
      return undefined;
    case 'stop':
    case 'other':
      if (refusal !== '') return 'refusal';
      return calls.length > 0 ? 'tool-calls' : 'stop';
    case 'content-filter':
      return 'refusal';
    case 'stop-sequence':
    case 'length':
    case 'context-full':
    case 'tool-calls':
    case 'refusal':
    case 'paused':
      return refusal === '' ? finish : 'refusal';
  }
}

function heardInOpenaiResponses(meaning: Meaning): Meaning {
  const { text, said, citations, opaque, own, finish } = meaning;
  const refusal = meaning.refusal === '' ? meaning.explanation : meaning.refusal;
  const shown = citations.filter(({ url, native }) => url !== '' || native === 'openai-responses');
  return {
    ...meaning,
    refusal,
    said: meaning.refusal === '' ? text + refusal : said,
    explanation: '',
    opaque: opaque.filter(({ format, kind }) => format === 'openai-responses-v1' && kind === 'encrypted'),
    citations: shown.map(({ url, native }) => ({
      url: native === 'openai-responses' ? '' : url,
      native: native === 'openai-responses' ? native : '',
    })),
    // Refusals have none there.
    refusalLogprobs: 0,
    own: own.filter((dialect) => dialect === 'openai-responses'),
    finish: finish === undefined ? undefined : finishInOpenaiResponses(finish, meaning, refusal),
  };
}

function finishInOpenaiResponses(
  finish: Unified,
  { calls, refusal: spoken }: Meaning,
  refusal: string,
): Unified {
  switch (finish) {
    case 'stop':
    case 'stop-sequence':
    case 'tool-calls':
    case 'paused':
    case 'other':
      if (calls.length > 0) return 'tool-calls';
      return refusal === '' ? 'stop' : 'refusal';
    case 'refusal':
      if (spoken === '') return 'content-filter';
      return calls.length > 0 ? 'tool-calls' : 'refusal';
    case 'length':
    case 'context-full':
      return 'length';
    case 'content-filter':
      return finish;
  }
}

/** A tool of free text is a function with one field there, and what does not begin an object is held until it is whole. */
function callInAnthropicMessages(call: Call, form: Form): readonly Call[] {
  if (call.isCustom) return [{ ...call, isCustom: false, input: { input: call.input } }];
  if (!call.isCut) return [call];
  return form === 'whole' ? [] : [{ ...call, isCut: beginsObject(call.input) }];
}

function beginsObject(input: unknown): boolean {
  const raw = isObject(input) ? input['rawInvalidInput'] : undefined;
  return typeof raw === 'string' && raw.trimStart().startsWith('{');
}

function deltasOf(events: readonly ChatEvent[], block: number): string {
  return events
    .map((event) => {
      if (!('block' in event) || event.block !== block) return '';
      if (event.type === 'tool-call-delta') return event.arguments;
      return event.type === 'text-delta' || event.type === 'reasoning-delta' ? event.text : '';
    })
    .join('');
}

function callsOf(events: readonly ChatEvent[], finish: Unified | undefined): readonly Call[] {
  const last = Math.max(...events.map((event) => ('block' in event ? event.block : -1)));
  return events.flatMap((event): readonly Call[] => {
    if (event.type !== 'tool-call-start') return [];
    const { id, name, block } = event;
    const text = deltasOf(events, block);
    if (event.custom === true) return [{ id, name, input: text, isCustom: true, isCut: false }];
    const given = readInput(text);
    const input = isObject(given) ? given : { rawInvalidInput: given };
    return [
      { id, name, input, isCustom: false, isCut: finish === 'length' && block === last && input !== given },
    ];
  });
}

/** Nothing at all is the empty object. */
function readInput(text: string): unknown {
  if (text.trim() === '' || text.trim() === 'null') return {};
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function usageOf(events: readonly ChatEvent[]): CommonUsage {
  const {
    cacheWriteLong: _long,
    costUsd: _cost,
    billedInput: _billedInput,
    billedOutput: _billedOutput,
    ...told
  } = events.reduce<Usage>(
    (usage, event) => (event.type === 'usage' ? mergeUsage(usage, event.usage) : usage),
    {},
  );
  return { uncachedInput: 0, cacheRead: 0, cacheWrite: 0, output: 0, reasoning: 0, ...told };
}

/** The counts that every dialect has a word for. */
type CommonUsage = Required<Omit<Usage, 'cacheWriteLong' | 'billedInput' | 'billedOutput' | 'costUsd'>>;
