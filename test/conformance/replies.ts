// What the provider answers: recordings, one frame of a stream after the other. Where nobody has recorded what a scenario
// needs, a whole reply is put together from documented parts, and `streamOf...` frames it the way its vendor does.

import { eventStream, recorded, type Answer, type Piece } from '../support/fake-provider.ts';
import type { Delivery, Upstream } from './matrix.ts';

/** The same thing said by each upstream, in one piece and as a stream. */
export type Replies = Readonly<Record<Upstream, { readonly whole: Answer; readonly stream: Answer }>>;

export function replyFor(replies: Replies, upstream: Upstream, delivery: Delivery): Answer {
  return delivery === 'whole' ? replies[upstream].whole : paced(replies[upstream].stream);
}

/** Frame by frame, each in a write of its own, as a model talks. */
export function paced(answer: Answer): Answer {
  const frames = answer.pieces.flatMap((piece): readonly Piece[] =>
    typeof piece === 'string' ? framesOf(piece) : [piece],
  );
  return { ...answer, pieces: frames.flatMap((frame): readonly Piece[] => [frame, { pauseMs: 1 }]) };
}

export function framesOf(stream: string): readonly string[] {
  return stream.split(/(?<=\n\n)/);
}

export const TEXT: Replies = {
  'openai-chat': {
    whole: recorded('openai/chat-text.json'),
    stream: recorded('openai/chat-stream-usage.sse'),
  },
  'anthropic-messages': {
    whole: recorded('anthropic/messages-text.json'),
    stream: recorded('anthropic/messages-stream-text.sse'),
  },
};

/** A call without arguments: `{}` in one vendor's words, no fragment at all in the other's. */
export const CALL: Replies = {
  'openai-chat': {
    whole: recorded('openai/chat-tool-call.json'),
    stream: recorded('openai/chat-stream-tool.sse'),
  },
  'anthropic-messages': {
    whole: recorded('anthropic/messages-tool.json'),
    stream: recorded('anthropic/messages-stream-tool-no-args.chunks.ndjson'),
  },
};

/** Two calls at once. The recorded stream of OpenAI's has a scenario of its own. */
export const PARALLEL: Replies = {
  'openai-chat': {
    whole: recorded('openai/chat-parallel-tools.json'),
    stream: streamOfCompletion(recordedJson('openai/chat-parallel-tools.json')),
  },
  'anthropic-messages': {
    whole: recorded('anthropic/messages-parallel-tools.json'),
    stream: streamOfMessage(recordedJson('anthropic/messages-parallel-tools.json')),
  },
};

/** One tool called twice, without arguments. */
export const PARALLEL_EMPTY: Replies = {
  ...PARALLEL,
  'anthropic-messages': {
    ...PARALLEL['anthropic-messages'],
    stream: recorded('anthropic/messages-stream-parallel-tools.sse'),
  },
};

export function textOf({ pieces }: Answer): string {
  return pieces.filter((piece) => typeof piece === 'string').join('');
}

/** The body of a recorded reply. */
export function recordedJson(file: string): Json {
  return JSON.parse(textOf(recorded(file))) as Json;
}

// ==== Put together by hand ====

export type Json = Readonly<Record<string, unknown>>;

export function whole(body: Json): Answer {
  return { pieces: [JSON.stringify(body)] };
}

/** https://platform.openai.com/docs/api-reference/chat/object */
export function completion(message: Json, finish: string, fields: Json = {}): Json {
  return {
    id: 'chatcmpl-handwritten',
    object: 'chat.completion',
    created: 1_795_392_000,
    model: 'gpt-4.1-2025-04-14',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: null, refusal: null, ...message },
        logprobs: null,
        finish_reason: finish,
      },
    ],
    usage: { prompt_tokens: 40, completion_tokens: 12, total_tokens: 52 },
    ...fields,
  };
}

/** https://docs.claude.com/en/api/messages */
export function message(content: readonly Json[], stopReason: string, fields: Json = {}): Json {
  return {
    id: 'msg_handwritten',
    type: 'message',
    role: 'assistant',
    model: 'claude-sonnet-4-5-20250929',
    content,
    stop_reason: stopReason,
    stop_sequence: null,
    usage: {
      input_tokens: 40,
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: 0,
      output_tokens: 12,
    },
    ...fields,
  };
}

type Choice = { readonly index: number; readonly message: Json; readonly finish_reason: string };
type ToolCall = {
  readonly id: string;
  readonly type: string;
  readonly function: { readonly name: string; readonly arguments: string };
};

/** A completion's own parts in chunks: text and arguments in two pieces, usage in a chunk of its own. */
export function streamOfCompletion(body: Json): Answer {
  const { choices, usage, ...rest } = body;
  const head = { ...rest, object: 'chat.completion.chunk' };
  const chunks = [
    ...(choices as readonly Choice[]).flatMap(choiceChunks).map((choice) => ({
      ...head,
      choices: [{ logprobs: null, finish_reason: null, ...choice }],
      usage: null,
    })),
    { ...head, choices: [], usage },
  ];
  const frames = chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`);
  return eventStream(`${frames.join('')}data: [DONE]\n\n`);
}

function choiceChunks({ index, message: said, finish_reason }: Choice): readonly Json[] {
  const { role, content, tool_calls, refusal, ...rest } = said;
  const delta = (fields: Json): Json => ({ index, delta: fields });
  const text = (field: string, value: unknown): readonly Json[] =>
    typeof value === 'string' ? halves(value).map((half) => delta({ [field]: half })) : [];
  const calls = (tool_calls ?? []) as readonly ToolCall[];
  return [
    delta({ role, content: typeof content === 'string' ? '' : null, refusal: null }),
    ...(Object.keys(rest).length === 0 ? [] : [delta(rest)]),
    ...text('content', content),
    ...text('refusal', refusal),
    ...calls.flatMap((call, place) =>
      callDeltas(call, place).map((fields) => delta({ tool_calls: [fields] })),
    ),
    { ...delta({}), finish_reason },
  ];
}

function callDeltas({ id, type, function: called }: ToolCall, index: number): readonly Json[] {
  return [
    { index, id, type, function: { name: called.name, arguments: '' } },
    ...halves(called.arguments).map((half) => ({ index, function: { arguments: half } })),
  ];
}

/** A message's own blocks as events: text, thinking and input in two deltas. */
export function streamOfMessage(body: Json): Answer {
  const { content, stop_reason, stop_sequence, usage, ...head } = body;
  const events: Json[] = [
    {
      type: 'message_start',
      message: {
        ...head,
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage: { ...(usage as Json), output_tokens: 1 },
      },
    },
    ...(content as readonly Json[]).flatMap(blockEvents),
    { type: 'message_delta', delta: { stop_reason, stop_sequence }, usage },
    { type: 'message_stop' },
  ];
  return eventStream(
    events.map((event) => `event: ${String(event['type'])}\ndata: ${JSON.stringify(event)}\n\n`).join(''),
  );
}

function blockEvents(block: Json, index: number): readonly Json[] {
  const delta = (fields: Json): Json => ({ type: 'content_block_delta', index, delta: fields });
  const between = (empty: Json, deltas: readonly Json[]): readonly Json[] => [
    { type: 'content_block_start', index, content_block: { ...block, ...empty } },
    ...deltas,
    { type: 'content_block_stop', index },
  ];
  switch (block['type']) {
    case 'text':
      return between(
        { text: '' },
        halves(String(block['text'])).map((text) => delta({ type: 'text_delta', text })),
      );
    case 'thinking':
      return between({ thinking: '', signature: '' }, [
        ...halves(String(block['thinking'])).map((thinking) => delta({ type: 'thinking_delta', thinking })),
        delta({ type: 'signature_delta', signature: block['signature'] }),
      ]);
    case 'tool_use':
      return between(
        { input: {} },
        halves(JSON.stringify(block['input'])).map((partial_json) =>
          delta({ type: 'input_json_delta', partial_json }),
        ),
      );
    default:
      return between({}, []);
  }
}

function halves(text: string): readonly string[] {
  const middle = Math.ceil(text.length / 2);
  return [text.slice(0, middle), text.slice(middle)].filter((half) => half !== '');
}
