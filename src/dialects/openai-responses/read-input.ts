// Input items, from the wire into our vocabulary. What the assistant said, thought and called between two messages of
// others is one turn, whichever items it lies in.

import type { AssistantPart, Message, OpaquePart, SystemMessage, ToolMessage } from '../../core/chat.ts';
import { isObject, type Json, type JsonObject } from '../../core/json.ts';
import { DIALECT, isToldFromOutside } from './native.ts';
import { readReasoningItem } from './opaque.ts';
import { readAssistantPart, readParts, readResultPart, readSystemPart, readUserPart } from './read-parts.ts';
import type { WireItem, WireMessage } from './wire.ts';

/** The type of a message may be left out. */
export function nameMessages(json: JsonObject): JsonObject {
  const { input } = json;
  if (!Array.isArray(input)) return json;
  const items = input.map((item: Json) =>
    isObject(item) && (item['type'] ?? null) === null && item['role'] !== undefined
      ? { ...item, type: 'message' }
      : item,
  );
  return { ...json, input: items };
}

export function readInput(
  instructions: string | null | undefined,
  input: string | readonly WireItem[],
): readonly Message[] {
  const messages: Message[] = [];
  if (typeof instructions === 'string' && instructions !== '') {
    messages.push({ role: 'system', parts: [{ type: 'text', text: instructions }] });
  }
  if (typeof input === 'string') {
    messages.push({ role: 'user', parts: input === '' ? [] : [{ type: 'text', text: input }] });
    return messages;
  }
  for (const [index, item] of input.entries()) takeItem(messages, item, `input[${index}]`);
  return messages;
}

/** Changes `messages` in place. */
function takeItem(messages: Message[], item: WireItem, path: string): void {
  switch (item.type) {
    case 'message':
      takeMessage(messages, item, path);
      return;
    case 'function_call': {
      const { call_id: id, name, arguments: text } = item;
      sayOn(messages, [{ type: 'tool-call', id, name, arguments: text }]);
      return;
    }
    case 'custom_tool_call': {
      const { call_id: id, name, input } = item;
      sayOn(messages, [{ type: 'tool-call', id, name, arguments: input, custom: true }]);
      return;
    }
    case 'function_call_output':
    case 'custom_tool_call_output': {
      const parts: ToolMessage['parts'] = readParts(item.output, `${path}.output`, readResultPart);
      messages.push({ role: 'tool', callId: item.call_id, parts });
      return;
    }
    case 'reasoning':
      sayOn(messages, [readReasoningItem(item)]);
      return;
    case 'other':
      takeOther(messages, item.block);
  }
}

/** What the assistant goes on with. */
function sayOn(messages: Message[], parts: readonly AssistantPart[]): void {
  const last = messages.at(-1);
  if (last?.role === 'assistant')
    messages[messages.length - 1] = { ...last, parts: [...last.parts, ...parts] };
  else messages.push({ role: 'assistant', parts });
}

/** What a hosted tool was told from outside is the user's, and everything else that it did the assistant's. */
function takeOther(messages: Message[], block: JsonObject): void {
  const part: OpaquePart = { type: 'opaque', dialect: DIALECT, block };
  if (isToldFromOutside(block)) messages.push({ role: 'user', parts: [part] });
  else sayOn(messages, [part]);
}

function takeMessage(messages: Message[], { role, content }: WireMessage, path: string): void {
  const place = `${path}.content`;
  switch (role) {
    case 'system':
    case 'developer': {
      const parts: SystemMessage['parts'] = readParts(content, place, readSystemPart);
      messages.push({ role: 'system', parts, ...(role === 'developer' ? { developer: true } : {}) });
      return;
    }
    case 'user':
      messages.push({ role, parts: readParts(content, place, readUserPart) });
      return;
    case 'assistant':
      sayOn(messages, readParts(content, place, readAssistantPart));
  }
}
