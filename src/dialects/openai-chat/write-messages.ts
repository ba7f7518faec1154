// Messages on the wire.

import type {
  AssistantMessage,
  AssistantPart,
  Message,
  ReasoningPart,
  SystemMessage,
  ToolCallPart,
  ToolMessage,
} from '../../core/chat.ts';
import { asString, type JsonObject } from '../../core/json.ts';
import { told } from '../told.ts';
import { writeCallId } from '../call-id.ts';
import { writeExtensions } from './extensions.ts';
import { writeReasoningDetails } from './reasoning-details.ts';
import { arrangeToolTurns, markError, markLast } from '../tool-turns.ts';
import {
  blockType,
  writeContent,
  writeRefusal,
  writeText,
  writeUserPart,
  type Writing,
} from './write-parts.ts';

export function writeMessages(messages: readonly Message[], writing: Writing): readonly JsonObject[] {
  return arrangeToolTurns(messages, 'apart', writing.losses).flatMap((message) =>
    writeMessage(message, writing),
  );
}

function writeSystem(message: SystemMessage, writing: Writing): JsonObject {
  const parts = message.parts.map((part) => writeText(part, writing));
  return { role: writing.traits.systemRole, content: writeContent(parts) };
}

function writeMessage(message: Message, writing: Writing): readonly JsonObject[] {
  const extensions = writeExtensions(message.extensions, 'messages.', writing.losses);
  switch (message.role) {
    case 'system':
      return [{ ...extensions, ...writeSystem(message, writing) }];
    case 'user': {
      const parts = message.parts.map((part) => writeUserPart(part, writing));
      return [{ ...extensions, role: 'user', content: writeContent(parts), ...told({ name: message.name }) }];
    }
    case 'assistant':
      return writeAssistant(message, extensions, writing);
    case 'tool':
      return [{ ...extensions, ...writeToolResult(message, writing) }];
  }
}

/** Nothing, where everything that the message said stays behind: an empty message is refused by some servers. */
function writeAssistant(
  message: AssistantMessage,
  extensions: JsonObject,
  writing: Writing,
): readonly JsonObject[] {
  const reasoning = message.parts.filter((part) => part.type === 'reasoning');
  const calls = message.parts.filter((part) => part.type === 'tool-call');
  const content = message.parts.flatMap((part) => writeAssistantPart(part, writing));
  const fields = {
    ...writeReasoning(reasoning, writing),
    ...(calls.length === 0 ? {} : { tool_calls: calls.map((call) => writeToolCall(call, writing)) }),
  };
  if (content.length === 0 && Object.keys(fields).length === 0) return [];
  // `null` is for messages that only call tools: https://platform.openai.com/docs/api-reference/chat/create
  const written = content.length === 0 && calls.length > 0 ? null : writeContent(content);
  return [{ ...extensions, role: 'assistant', content: written, ...told({ name: message.name }), ...fields }];
}

function writeAssistantPart(part: AssistantPart, writing: Writing): readonly JsonObject[] {
  switch (part.type) {
    case 'text':
      return [writeText(part, writing)];
    case 'refusal':
      return [writeRefusal(part)];
    case 'reasoning':
    case 'tool-call':
      return [];
    case 'opaque':
      if (part.dialect === 'openai-chat') return [part.block];
      // What a hosted tool did in an earlier turn: the text around it tells the outcome.
      writing.losses.add('dropped', blockType(part));
      return [];
  }
}

/**
 * Only where the provider takes it back. Elsewhere reasoning of earlier turns is of no use or even refused: OpenAI has no
 * field for it, and another vendor's signed or encrypted reasoning is a 400 wherever it is checked.
 */
function writeReasoning(parts: readonly ReasoningPart[], { traits, losses }: Writing): JsonObject {
  if (parts.length === 0) return {};
  if (traits.reasoningDetails) return { reasoning_details: parts.flatMap(writeReasoningDetails) };
  losses.add('dropped', 'thinking');
  return {};
}

function writeToolCall(call: ToolCallPart, { losses }: Writing): JsonObject {
  if (call.cacheMark !== undefined) losses.add('dropped', 'cache_control');
  const id = writeCallId(call.id);
  return call.custom === true
    ? { id, type: 'custom', custom: { name: call.name, input: call.arguments } }
    : { id, type: 'function', function: { name: call.name, arguments: writeArguments(call.arguments) } };
}

/** Every server parses the arguments of earlier calls, and '' is no JSON. */
function writeArguments(text: string): string {
  return text.trim() === '' ? '{}' : text;
}

function writeToolResult(message: ToolMessage, writing: Writing): JsonObject {
  const said = markLast(markError(message), message, writing.losses);
  const parts = said.map((part) => writeUserPart(part, writing));
  const content = writing.traits.toolResultParts ? writeContent(parts) : joinTexts(parts);
  return { role: 'tool', tool_call_id: writeCallId(message.callId), content };
}

function joinTexts(parts: readonly JsonObject[]): string {
  return parts.map((part) => asString(part['text']) ?? '').join('\n');
}
