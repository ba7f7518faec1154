// Tool calls and their results, in the order that OpenAI's dialects and Cohere's insist on: the results directly behind the message
// that calls, one for each call, none without a call. Otherwise the answer is 400 ("tool_call_ids did not have response
// messages", "No tool output found for function call"). https://platform.openai.com/docs/guides/function-calling

import type {
  AssistantMessage,
  DocumentPart,
  ImagePart,
  Message,
  TextPart,
  ToolMessage,
} from '../core/chat.ts';
import type { Losses } from './losses.ts';

/** `media`: where images and files of results go: `apart`, into a user message behind them, where results are text only. */
export function arrangeToolTurns(
  messages: readonly Message[],
  media: 'apart' | 'within',
  losses: Losses,
): readonly Message[] {
  const starts = messages.flatMap((message, index) => (message.role === 'assistant' ? [index] : []));
  const turns = [0, ...starts].map((start, turn) => messages.slice(start, starts[turn]));
  return turns.flatMap((turn) => arrangeTurn(turn, media, losses));
}

/** A turn: an assistant message and what follows until the next one. The first turn has no assistant message. */
function arrangeTurn(
  turn: readonly Message[],
  media: 'apart' | 'within',
  losses: Losses,
): readonly Message[] {
  const [first] = turn;
  const unanswered = new Set(first?.role === 'assistant' ? callIds(first) : []);
  const results = turn.filter((message) => message.role === 'tool');
  const answers = results.filter((result) => unanswered.delete(result.callId));
  if (answers.length < results.length) losses.add('dropped', 'tool_result');
  if (unanswered.size > 0) losses.add('emulated', 'tool_result');
  const complete = [...answers, ...[...unanswered].map(missingResult)];
  const others = turn.filter((message) => message.role !== 'tool');
  const split = others[0]?.role === 'assistant' ? 1 : 0;
  const placed = media === 'apart' ? liftMedia(complete) : complete;
  return [...others.slice(0, split), ...placed, ...others.slice(split)];
}

function callIds(message: AssistantMessage): readonly string[] {
  return message.parts.flatMap((part) => (part.type === 'tool-call' ? [part.id] : []));
}

function missingResult(callId: string): ToolMessage {
  return { role: 'tool', callId, parts: [{ type: 'text', text: 'No result provided' }], isError: true };
}

/** Images and files of results follow in a user message, behind all the results. */
function liftMedia(results: readonly ToolMessage[]): readonly Message[] {
  const lifted = results.flatMap((result) => {
    const media = result.parts.filter(isMedia);
    if (media.length === 0) return [];
    return [{ type: 'text' as const, text: `From the result of tool call ${result.callId}:` }, ...media];
  });
  const rest = results.map((result) => ({ ...result, parts: result.parts.map(placeholder) }));
  return lifted.length === 0 ? results : [...rest, { role: 'user', parts: lifted }];
}

function placeholder(part: ToolMessage['parts'][number]): ToolMessage['parts'][number] {
  return isMedia(part) ? { type: 'text', text: `[${part.type}: see the next user message]` } : part;
}

/** Everything that does not become text. */
function isMedia(part: TextPart | ImagePart | DocumentPart): part is ImagePart | DocumentPart {
  return part.type === 'image' || (part.type === 'document' && part.source.kind !== 'text');
}

/** For dialects that have no flag for a failed call. */
export function markError({ parts, isError }: ToolMessage): ToolMessage['parts'] {
  if (isError !== true) return parts;
  const [first, ...rest] = parts;
  const prefixed: TextPart =
    first?.type === 'text' ? { ...first, text: `Error: ${first.text}` } : { type: 'text', text: 'Error' };
  return first?.type === 'text' ? [prefixed, ...rest] : [prefixed, ...parts];
}

/** A mark on the whole result is one on its last part. */
export function markLast(
  parts: ToolMessage['parts'],
  { cacheMark }: ToolMessage,
  losses: Losses,
): ToolMessage['parts'] {
  if (cacheMark === undefined) return parts;
  const last = parts.at(-1);
  if (last === undefined) losses.add('dropped', 'cache_control');
  return last === undefined ? parts : [...parts.slice(0, -1), { ...last, cacheMark }];
}
