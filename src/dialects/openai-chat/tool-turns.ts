// Tool calls and their results, in the order that chat completions insist on: the results directly behind the message
// that calls, one for each call, none without a call, text only. Otherwise the answer is 400 ("tool_call_ids did not have
// response messages"). https://platform.openai.com/docs/guides/function-calling

import type {
  AssistantMessage,
  DocumentPart,
  ImagePart,
  Message,
  TextPart,
  ToolMessage,
} from '../../core/chat.ts';
import type { Losses } from '../losses.ts';

export function arrangeToolTurns(messages: readonly Message[], losses: Losses): readonly Message[] {
  const starts = messages.flatMap((message, index) => (message.role === 'assistant' ? [index] : []));
  const turns = [0, ...starts].map((start, turn) => messages.slice(start, starts[turn]));
  return turns.flatMap((turn) => arrangeTurn(turn, losses));
}

/** A turn: an assistant message and what follows until the next one. The first turn has no assistant message. */
function arrangeTurn(turn: readonly Message[], losses: Losses): readonly Message[] {
  const [first] = turn;
  const unanswered = new Set(first?.role === 'assistant' ? callIds(first) : []);
  const results = turn.filter((message) => message.role === 'tool');
  const answers = results.filter((result) => unanswered.delete(result.callId));
  if (answers.length < results.length) losses.add('dropped', 'tool_result');
  if (unanswered.size > 0) losses.add('emulated', 'tool_result');
  const complete = [...answers, ...[...unanswered].map(missingResult)];
  const others = turn.filter((message) => message.role !== 'tool');
  const split = others[0]?.role === 'assistant' ? 1 : 0;
  return [...others.slice(0, split), ...liftMedia(complete), ...others.slice(split)];
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
