// Events as a stream of chat completion chunks, the way OpenAI's clients insist on it: the role comes first, id and
// model stay the same, each call has its index, id and name once and its arguments in pieces, and `[DONE]` ends it.
// https://platform.openai.com/docs/api-reference/chat-streaming

import type { ChatEvent, TokenLogprob } from '../../core/event.ts';
import type { JsonObject } from '../../core/json.ts';
import { mergeUsage, type Usage } from '../../core/usage.ts';
import { encodeSse } from '../../streams/sse.ts';
import type { ReplyStamp, StreamWriter } from '../dialect.ts';
import { writeCitation } from './citation.ts';
import { writeFinishReason } from '../openai-finish.ts';
import { writeReasoningOpaque } from './reasoning-details.ts';
import { writeUsage } from '../openai-usage.ts';

export function createStreamWriter(stamp: ReplyStamp): StreamWriter {
  let state: State | undefined;
  return {
    write: (event) => {
      if (event.type === 'failure') return '';
      if (state !== undefined) return writeEvent(state, event);
      state = newState(stamp, event);
      return writeDelta(state, { role: 'assistant', content: '' }) + writeEvent(state, event);
    },
  };
}

type State = {
  readonly wantsUsage: boolean;
  readonly cost: ReplyStamp['cost'];
  /** The beginning of every chunk, up to its choices. */
  readonly head: string;
  readonly blocks: Map<number, OpenBlock>;
  calls: number;
  reasonings: number;
  contentLength: number;
  hasRefusal: boolean;
  usage: Usage | undefined;
};

type OpenBlock =
  /** `start`: where it begins in the content of the whole message. */
  | { readonly type: 'text'; readonly isRefusal: boolean; readonly start: number }
  | { readonly type: 'reasoning'; readonly index: number }
  | { readonly type: 'call'; readonly index: number; readonly isCustom: boolean; isEmpty: boolean };

function newState(stamp: ReplyStamp, first: ChatEvent): State {
  return {
    wantsUsage: stamp.streamUsage,
    cost: stamp.cost,
    head: writeHead(stamp, first.type === 'start' ? first : undefined),
    blocks: new Map(),
    calls: 0,
    reasonings: 0,
    contentLength: 0,
    hasRefusal: false,
    usage: undefined,
  };
}

function writeHead(stamp: ReplyStamp, start: (ChatEvent & { type: 'start' }) | undefined): string {
  const head = JSON.stringify({
    id: start?.id ?? stamp.id,
    object: 'chat.completion.chunk',
    created: start?.createdAt ?? stamp.createdAt,
    model: start?.model ?? stamp.model,
  });
  return head.slice(0, -1);
}

function writeEvent(state: State, event: Exclude<ChatEvent, { type: 'failure' }>): string {
  switch (event.type) {
    case 'start':
    case 'text-end':
      return '';
    case 'text-start':
      startText(state, event.block, event.refusal === true);
      return '';
    case 'text-delta':
      return writeText(state, event.block, event.text, event.logprobs);
    case 'reasoning-start':
      state.blocks.set(event.block, { type: 'reasoning', index: state.reasonings++ });
      return '';
    case 'reasoning-delta':
      return writeReasoning(state, event.block, event.text);
    case 'reasoning-end':
      return event.opaque === undefined
        ? ''
        : writeDelta(state, {
            reasoning_details: [writeReasoningOpaque(event.opaque, indexOf(state, event.block))],
          });
    case 'tool-call-start':
      return writeCallStart(state, event);
    case 'tool-call-delta':
      return writeArguments(state, event.block, event.arguments);
    case 'tool-call-end':
      return writeCallEnd(state, event.block);
    case 'citation':
      return writeAnnotation(state, event);
    case 'opaque':
      return event.dialect === 'openai-chat' ? writeDelta(state, event.content) : '';
    case 'usage':
      state.usage = mergeUsage(state.usage, event.usage);
      return '';
    case 'finish':
      return writeFinish(state, event);
  }
}

function startText(state: State, block: number, isRefusal: boolean): void {
  state.blocks.set(block, { type: 'text', isRefusal, start: state.contentLength });
  if (isRefusal) state.hasRefusal = true;
}

function writeText(
  state: State,
  block: number,
  text: string,
  tokens: readonly TokenLogprob[] | undefined,
): string {
  const open = state.blocks.get(block);
  const isRefusal = open?.type === 'text' && open.isRefusal;
  if (!isRefusal) state.contentLength += text.length;
  const field = isRefusal ? 'refusal' : 'content';
  const logprobs = tokens === undefined ? null : { content: null, refusal: null, [field]: tokens };
  return writeDelta(state, { [field]: text }, logprobs);
}

/** In both spellings: most clients know the plain one, and only the other one can carry a signature. */
function writeReasoning(state: State, block: number, text: string): string {
  return writeDelta(state, {
    reasoning_content: text,
    reasoning_details: [{ type: 'reasoning.text', text, index: indexOf(state, block) }],
  });
}

function writeCallStart(state: State, event: ChatEvent & { type: 'tool-call-start' }): string {
  const { block, id, name } = event;
  const index = state.calls++;
  const isCustom = event.custom === true;
  state.blocks.set(block, { type: 'call', index, isCustom, isEmpty: true });
  const call = isCustom
    ? { index, id, type: 'custom', custom: { name, input: '' } }
    : { index, id, type: 'function', function: { name, arguments: '' } };
  return writeDelta(state, { tool_calls: [call] });
}

function writeArguments(state: State, block: number, text: string): string {
  const open = state.blocks.get(block);
  if (open?.type !== 'call' || text === '') return '';
  open.isEmpty = false;
  const { index } = open;
  const fragment = open.isCustom
    ? { index, custom: { input: text } }
    : { index, function: { arguments: text } };
  return writeDelta(state, { tool_calls: [fragment] });
}

/** Clients parse the arguments, and '' is no JSON. */
function writeCallEnd(state: State, block: number): string {
  const open = state.blocks.get(block);
  return open?.type === 'call' && open.isEmpty && !open.isCustom ? writeArguments(state, block, '{}') : '';
}

function writeAnnotation(state: State, { block, citation }: ChatEvent & { type: 'citation' }): string {
  const open = state.blocks.get(block);
  const annotation = writeCitation(citation, open?.type === 'text' ? open.start : 0);
  return annotation === undefined ? '' : writeDelta(state, { annotations: [annotation] });
}

function writeFinish(state: State, { reason, refusal }: ChatEvent & { type: 'finish' }): string {
  const explanation = refusal === undefined || state.hasRefusal ? '' : writeDelta(state, { refusal });
  const word = JSON.stringify(writeFinishReason(reason, { refusal: state.hasRefusal }));
  const last = writeChunk(state, `[{"index":0,"delta":{},"logprobs":null,"finish_reason":${word}}]`);
  return explanation + last + writeUsageChunk(state) + encodeSse('[DONE]');
}

/** https://platform.openai.com/docs/api-reference/chat/create#chat-create-stream_options */
function writeUsageChunk(state: State): string {
  if (!state.wantsUsage || state.usage === undefined) return '';
  return writeChunk(
    state,
    `[],"usage":${JSON.stringify(writeUsage(state.usage, state.cost?.(state.usage)))}`,
  );
}

function writeDelta(state: State, delta: JsonObject, logprobs: JsonObject | null = null): string {
  const tokens = logprobs === null ? 'null' : JSON.stringify(logprobs);
  return writeChunk(
    state,
    `[{"index":0,"delta":${JSON.stringify(delta)},"logprobs":${tokens},"finish_reason":null}]`,
  );
}

function writeChunk(state: State, choices: string): string {
  return encodeSse(`${state.head},"choices":${choices}}`);
}

function indexOf(state: State, block: number): number {
  const open = state.blocks.get(block);
  return open?.type === 'reasoning' ? open.index : 0;
}
