// What is said on the wire in each dialect, as far as the tests of faults need it: a question, a good answer in its
// parts, and what a caller makes of a reply. The answers are recordings; they are cut where faults can strike.

import { createParser } from 'eventsource-parser';
import { recorded, recordedStream, type Answer } from './fake-provider.ts';

export type Form = 'whole' | 'stream';

export type Speech = {
  /** Also the provider that speaks it. */
  readonly id: 'openai' | 'anthropic';
  /** A model of that provider, as a caller names it. */
  readonly model: string;
  /** Where a caller of the gateway asks. */
  readonly path: string;
  readonly question: (model: string, form: Form) => Record<string, unknown>;
  /** A reply in one piece, and the text in it. */
  readonly whole: { readonly answer: Answer; readonly text: string };
  readonly stream: {
    /** Before any content. */
    readonly preamble: string;
    readonly content: string;
    /** The content as one event that says something else. */
    readonly say: (text: string) => string;
    /** The content has ended, and why. */
    readonly closing: string;
    /** Usage and the terminal marker. */
    readonly ending: string;
    readonly text: string;
  };
  /** A sign of life that says nothing. */
  readonly heartbeat: string;
  /** An error as this vendor writes it, in a body or in a stream. */
  readonly error: (type: string, message: string) => { readonly body: string; readonly frame: string };
  readonly hear: (raw: string, form: Form) => Said;
};

/** What a caller makes of a body. */
export type Said = {
  readonly text: string;
  /** Of the reply: one, if it is one reply. */
  readonly ids: readonly string[];
  /** How often a reply began. */
  readonly starts: number;
  /** The terminal marker came. */
  readonly finished: boolean;
  /** Every error in it, in order. */
  readonly errors: readonly SaidError[];
};
export type SaidError = {
  /** OpenAI's `code`, Anthropic's `type`. */
  readonly word: string;
  readonly message: string;
  readonly requestId: string | undefined;
};

const openaiFrames = framesOf('openai/chat-stream-usage.sse');
const anthropicFrames = framesOf('anthropic/messages-stream-text.sse');

export const openaiSpeech: Speech = {
  id: 'openai',
  model: 'openai/gpt-4o',
  path: '/v1/chat/completions',
  question: (model, form) => ({
    model,
    ...(form === 'stream' ? { stream: true } : {}),
    messages: [{ role: 'user', content: 'Say it.' }],
  }),
  whole: {
    answer: recorded('openai/chat-text.json'),
    text: 'Why do programmers prefer dark mode? Because light attracts bugs!',
  },
  stream: {
    preamble: openaiFrames.slice(0, 1).join(''),
    content: openaiFrames.slice(1, 6).join(''),
    say: (text) => (openaiFrames[1] ?? '').replace('"This"', () => JSON.stringify(text)),
    closing: openaiFrames.slice(6, 7).join(''),
    ending: openaiFrames.slice(7).join(''),
    text: 'This is a test.',
  },
  heartbeat: ': keepalive\n\n',
  error: (type, message) => {
    const body = JSON.stringify({ error: { message, type, param: null, code: type } });
    return { body, frame: `data: ${body}\n\n` };
  },
  hear: (raw, form) => {
    const payloads = form === 'stream' ? dataOf(raw) : [raw];
    const replies = payloads.filter((payload) => payload !== '[DONE]').map(parse) as OpenaiReply[];
    const choices = replies.flatMap(({ choices: [choice] = [] }) => choice ?? []);
    return {
      text: choices.map(({ delta, message }) => (delta ?? message)?.content ?? '').join(''),
      ids: distinct(replies.map(({ id }) => id)),
      starts: choices.filter(({ delta, message }) => (delta ?? message)?.role === 'assistant').length,
      finished: form === 'stream' ? payloads.includes('[DONE]') : choices.length > 0,
      errors: replies.flatMap(({ error }) =>
        error === undefined
          ? []
          : [{ word: error.code ?? error.type, message: error.message, requestId: error.request_id }],
      ),
    };
  },
};

export const anthropicSpeech: Speech = {
  id: 'anthropic',
  model: 'anthropic/claude-haiku-4-5',
  path: '/v1/messages',
  question: (model, form) => ({
    model,
    max_tokens: 64,
    ...(form === 'stream' ? { stream: true } : {}),
    messages: [{ role: 'user', content: 'Say it.' }],
  }),
  whole: { answer: recorded('anthropic/messages-text.json'), text: 'The capital of France is **Paris**.' },
  stream: {
    preamble: anthropicFrames.slice(0, 3).join(''),
    content: anthropicFrames.slice(3, 4).join(''),
    say: (text) => (anthropicFrames[3] ?? '').replace(String.raw`"1\n2\n3"`, () => JSON.stringify(text)),
    closing: anthropicFrames.slice(4, 5).join(''),
    ending: anthropicFrames.slice(5).join(''),
    text: '1\n2\n3',
  },
  heartbeat: 'event: ping\ndata: {"type": "ping"}\n\n',
  error: (type, message) => {
    const body = JSON.stringify({ type: 'error', error: { type, message } });
    return { body, frame: `event: error\ndata: ${body}\n\n` };
  },
  hear: (raw, form) => {
    const events = (form === 'stream' ? dataOf(raw) : [raw]).map(parse) as AnthropicEvent[];
    const messages = events.flatMap((event) =>
      event.type === 'message' ? event : event.type === 'message_start' ? (event.message ?? []) : [],
    );
    return {
      text: events
        .map(({ delta, content }) => delta?.text ?? content?.map(({ text }) => text ?? '').join('') ?? '')
        .join(''),
      ids: distinct(messages.map(({ id }) => id)),
      starts: messages.length,
      finished: events.some(({ type }) => type === (form === 'stream' ? 'message_stop' : 'message')),
      errors: events.flatMap(({ error, request_id: requestId }) =>
        error === undefined ? [] : [{ word: error.type, message: error.message, requestId }],
      ),
    };
  },
};

export const speeches: readonly Speech[] = [openaiSpeech, anthropicSpeech];

export const callers = speeches.map((caller) => [`${caller.id} caller`, caller] as const);

/** Every caller with every provider: passed through where they speak the same, otherwise translated. */
export const pairs = speeches.flatMap((caller) =>
  speeches.map((upstream) => [`${caller.id} caller, ${upstream.id} provider`, { caller, upstream }] as const),
);

type OpenaiReply = {
  readonly id?: string;
  readonly choices?: readonly OpenaiChoice[];
  readonly error?: {
    readonly message: string;
    readonly type: string;
    readonly code: string | null;
    readonly request_id?: string;
  };
};
type OpenaiChoice = {
  readonly delta?: { readonly role?: string; readonly content?: string };
  readonly message?: { readonly role?: string; readonly content?: string };
};
type AnthropicEvent = {
  readonly type: string;
  readonly id?: string;
  readonly message?: { readonly id?: string };
  readonly delta?: { readonly text?: string };
  readonly content?: readonly { readonly text?: string }[];
  readonly error?: { readonly type: string; readonly message: string };
  readonly request_id?: string;
};

function framesOf(file: string): readonly string[] {
  return recordedStream(file).split(/(?<=\n\n)/);
}

function dataOf(raw: string): readonly string[] {
  const payloads: string[] = [];
  const parser = createParser({ onEvent: ({ data }) => payloads.push(data) });
  // As the SDKs do, which take a last event without its blank line.
  parser.feed(`${raw}\n\n`);
  return payloads;
}

/** What is no JSON says nothing. */
function parse(text: string): unknown {
  try {
    return (JSON.parse(text) as unknown) ?? {};
  } catch {
    return {};
  }
}

function distinct(ids: readonly (string | undefined)[]): readonly string[] {
  return [...new Set(ids.filter((id) => id !== undefined))];
}
