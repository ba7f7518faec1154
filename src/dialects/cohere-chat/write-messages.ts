// Messages on the wire. https://docs.cohere.com/reference/chat

import type { AssistantMessage, Message, ReasoningPart, ToolCallPart, ToolMessage } from '../../core/chat.ts';
import { unsupported } from '../../core/failure.ts';
import type { JsonObject } from '../../core/json.ts';
import { arrangeToolTurns, markError } from '../tool-turns.ts';
import { foreignFields } from './extras.ts';
import {
  noteMark,
  shorten,
  writeText,
  writeUserParts,
  type Writing,
  writeResultPart,
} from './write-parts.ts';

/** `instruction`: what we have to say ourselves, behind the system's first words. */
export function writeMessages(
  messages: readonly Message[],
  instruction: string | undefined,
  writing: Writing,
): readonly JsonObject[] {
  const written = arrangeToolTurns(messages, 'apart', writing.losses).flatMap((message) =>
    writeMessage(message, writing),
  );
  if (instruction === undefined) return written;
  const first = written.findIndex((message) => message['role'] !== 'system');
  const split = first === -1 ? written.length : first;
  return [...written.slice(0, split), { role: 'system', content: instruction }, ...written.slice(split)];
}

function writeMessage(message: Message, writing: Writing): readonly JsonObject[] {
  noteForeign(message, writing);
  switch (message.role) {
    case 'system': {
      const content = message.parts.flatMap((part) => writeText(part, writing));
      return content.length === 0 ? [] : [{ role: 'system', content: shorten(content) }];
    }
    case 'user': {
      const content = writeUserParts(message.parts, writing);
      if (content.length === 0) throw unsupported('messages: this model takes no empty message', 'messages');
      return [{ role: 'user', content: shorten(content) }];
    }
    case 'assistant':
      return writeAssistant(message, writing);
    case 'tool':
      return [writeToolResult(message, writing)];
  }
}

/** A participant's name, and what another dialect says of a message. */
function noteForeign(message: Message, { losses }: Writing): void {
  const isNamed = (message.role === 'user' || message.role === 'assistant') && message.name !== undefined;
  if (isNamed) losses.add('dropped', 'messages.name');
  for (const [field] of foreignFields(message.extensions)) losses.add('dropped', `messages.${field}`);
}

/** Nothing, where everything that the message said stays behind. */
function writeAssistant(message: AssistantMessage, writing: Writing): readonly JsonObject[] {
  const calls = message.parts.filter((part) => part.type === 'tool-call');
  const reasoning = writeReasoning(message, calls.length > 0, writing);
  const content = [...reasoning.content, ...message.parts.flatMap((part) => writeSaid(part, writing))];
  const fields = {
    ...(content.length === 0 ? {} : { content: shorten(content) }),
    ...(reasoning.plan === undefined ? {} : { tool_plan: reasoning.plan }),
    ...(calls.length === 0 ? {} : { tool_calls: calls.map((call) => writeToolCall(call, writing)) }),
  };
  return Object.keys(fields).length === 0 ? [] : [{ role: 'assistant', ...fields }];
}

function writeSaid(part: AssistantMessage['parts'][number], writing: Writing): readonly JsonObject[] {
  switch (part.type) {
    case 'text':
      return writeText(part, writing);
    case 'refusal':
      return part.text === '' ? [] : [{ type: 'text', text: part.text }];
    case 'reasoning':
    case 'tool-call':
      return [];
    case 'opaque':
      // What a hosted tool did in an earlier turn: the text around it tells the outcome.
      writing.losses.add('dropped', typeof part.block['type'] === 'string' ? part.block['type'] : 'content');
      return [];
  }
}

type Reasoning = { readonly content: readonly JsonObject[]; readonly plan?: string };

/**
 * Thinking goes back to a model that thinks, and to others as the plan behind their calls. What another vendor has signed
 * or sealed is of no use here.
 */
function writeReasoning(
  { parts }: AssistantMessage,
  isCalling: boolean,
  { traits, losses }: Writing,
): Reasoning {
  const given = parts.filter((part) => part.type === 'reasoning');
  const texts = given.filter(isPlain).map(({ text }) => text);
  const canReturn = traits.thinking || isCalling;
  if (texts.length < given.length || (texts.length > 0 && !canReturn)) losses.add('dropped', 'thinking');
  if (texts.length === 0 || !canReturn) return { content: [] };
  return traits.thinking
    ? { content: texts.map((thinking) => ({ type: 'thinking', thinking })) }
    : { content: [], plan: texts.join('\n') };
}

function isPlain({ text, opaque }: ReasoningPart): boolean {
  return text !== '' && opaque === undefined;
}

function writeToolCall(call: ToolCallPart, { losses }: Writing): JsonObject {
  noteMark(call, losses);
  const { id, name } = call;
  return { id, type: 'function', function: { name, arguments: writeArguments(call) } };
}

function writeArguments({ custom, arguments: text }: ToolCallPart): string {
  if (custom === true) return JSON.stringify({ input: text });
  return ['', 'null'].includes(text.trim()) ? '{}' : text;
}

function writeToolResult(message: ToolMessage, writing: Writing): JsonObject {
  noteMark(message, writing.losses);
  const written = markError(message).flatMap((part) => writeResultPart(part, writing));
  return { role: 'tool', tool_call_id: message.callId, content: shorten(written) };
}
