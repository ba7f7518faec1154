// The conversation on the wire: instructions and input items.

import type {
  AssistantMessage,
  AssistantPart,
  Message,
  SystemMessage,
  ToolCallPart,
  ToolMessage,
} from '../../core/chat.ts';
import { asString, type JsonObject } from '../../core/json.ts';
import { makeCallId } from '../call-id.ts';
import { arrangeToolTurns, markError, markLast } from '../tool-turns.ts';
import { writeForeign, ownFields } from './extensions.ts';
import { DIALECT, isToldFromOutside } from './native.ts';
import { returnReasoning } from './opaque.ts';
import type { OpenaiResponsesTraits } from './traits.ts';
import { blockType, writeContent, writeOutputText, writePart, type Writing } from './write-parts.ts';

export type Conversation = { readonly instructions?: string; readonly input: readonly JsonObject[] };

export function writeConversation(messages: readonly Message[], writing: Writing): Conversation {
  const media = writing.traits.resultParts ? 'within' : 'apart';
  const arranged = arrangeToolTurns(messages, media, writing.losses);
  const [first] = arranged;
  const instructions = first?.role === 'system' ? asInstructions(first) : undefined;
  const rest = instructions === undefined ? arranged : arranged.slice(1);
  const custom = writing.traits.customTools ? customCalls(rest) : new Set<string>();
  const input = rest.flatMap((message) => writeMessage(message, custom, writing));
  return { ...(instructions === undefined ? {} : { instructions }), input };
}

/** One plain text; what has a mark, several parts or a rank of its own stays a message. */
function asInstructions({ parts, developer, extensions }: SystemMessage): string | undefined {
  const [only, second] = parts;
  if (only === undefined || second !== undefined || only.cacheMark !== undefined) return undefined;
  return developer === true || extensions !== undefined || only.text === '' ? undefined : only.text;
}

/** Results of free-text tools have an item of their own. */
function customCalls(messages: readonly Message[]): ReadonlySet<string> {
  const parts = messages.flatMap((message): readonly AssistantPart[] =>
    message.role === 'assistant' ? message.parts : [],
  );
  return new Set(
    parts.flatMap((part) => (part.type === 'tool-call' && part.custom === true ? [part.id] : [])),
  );
}

function writeMessage(
  message: Message,
  custom: ReadonlySet<string>,
  writing: Writing,
): readonly JsonObject[] {
  writeForeign(message.extensions, 'messages.', [], writing.losses);
  const own = ownFields(message.extensions);
  switch (message.role) {
    case 'system': {
      const parts = message.parts.flatMap((part) => writePart(part, writing));
      if (parts.length === 0) return [];
      return [
        { ...own, role: message.developer === true ? 'developer' : 'system', content: writeContent(parts) },
      ];
    }
    case 'user': {
      if (message.name !== undefined) writing.losses.add('dropped', 'messages.name');
      return writeUser(message.parts, own, writing);
    }
    case 'assistant':
      if (message.name !== undefined) writing.losses.add('dropped', 'messages.name');
      return writeAssistant(message, writing);
    case 'tool':
      return [{ ...own, ...writeResult(message, custom.has(message.callId), writing) }];
  }
}

/** What a hosted tool was told is an item, and everything else part of a message. */
function writeUser(
  parts: (Message & { role: 'user' })['parts'],
  own: JsonObject,
  writing: Writing,
): readonly JsonObject[] {
  const items = parts.flatMap((part) =>
    part.type === 'opaque' && isToldFromOutside(part.block) && part.dialect === DIALECT ? [part.block] : [],
  );
  const rest = parts.filter((part) => part.type !== 'opaque' || !items.includes(part.block));
  const content = rest.flatMap((part) => writePart(part, writing));
  if (items.length > 0 && content.length === 0) return items;
  return [...items, { ...own, role: 'user', content: writeContent(content) }];
}

/** In the order of the parts: neighbouring texts are one message. */
function writeAssistant({ parts }: AssistantMessage, writing: Writing): readonly JsonObject[] {
  const items: JsonObject[] = [];
  let content: JsonObject[] = [];
  const closeMessage = (): void => {
    if (content.length > 0) items.push({ role: 'assistant', content: writeAnswer(content, writing) });
    content = [];
  };
  for (const [index, part] of parts.entries()) {
    const said = writeSaid(part, writing);
    if (said !== undefined) {
      content.push(...said);
      continue;
    }
    const item = writeItem(part, parts.slice(index + 1), writing);
    if (item === undefined) continue;
    closeMessage();
    items.push(item);
  }
  closeMessage();
  return items;
}

/** Where only the fields of a user's message are known, what the assistant said is text. */
function writeAnswer(content: readonly JsonObject[], { traits }: Writing): string | readonly JsonObject[] {
  if (traits.fields === undefined) return writeContent(content);
  return content.map(({ text, refusal }) => asString(text) ?? asString(refusal) ?? '').join('');
}

/** `undefined`: it is no content of a message. */
function writeSaid(part: AssistantPart, writing: Writing): readonly JsonObject[] | undefined {
  if (part.type === 'text') return writeOutputText(part, writing);
  if (part.type === 'refusal') return [{ type: 'refusal', refusal: part.text }];
  return undefined;
}

function writeItem(
  part: AssistantPart,
  behind: readonly AssistantPart[],
  { traits, variant, losses }: Writing,
): JsonObject | undefined {
  switch (part.type) {
    case 'text':
    case 'refusal':
      return undefined;
    case 'reasoning': {
      // "Item 'rs_...' of type 'reasoning' was provided without its required following item."
      const isFollowed = behind.some(({ type }) => type !== 'reasoning');
      const item = isFollowed ? returnReasoning(part, variant.reasoningFormat) : undefined;
      if (item === undefined) losses.add('dropped', 'thinking');
      return item;
    }
    case 'tool-call':
      if (part.cacheMark !== undefined) losses.add('dropped', 'cache_control');
      return writeCall(part, traits);
    case 'opaque':
      if (part.dialect === DIALECT && traits.hostedItems) return part.block;
      // What a hosted tool did in an earlier turn: the text around it tells the outcome.
      losses.add('dropped', blockType(part.block));
      return undefined;
  }
}

/** OpenAI answers 400 to a longer `call_id`. */
const CALL_ID_LENGTH_MAX = 64;

function writeCallId(id: string): string {
  return id.length > 0 && id.length <= CALL_ID_LENGTH_MAX ? id : makeCallId(id);
}

/** Without an item id: it would be looked up among stored items. */
function writeCall(call: ToolCallPart, { customTools }: OpenaiResponsesTraits): JsonObject {
  const { name } = call;
  const call_id = writeCallId(call.id);
  if (call.custom === true && !customTools) {
    return { type: 'function_call', call_id, name, arguments: JSON.stringify({ input: call.arguments }) };
  }
  if (call.custom === true) return { type: 'custom_tool_call', call_id, name, input: call.arguments };
  const text = call.arguments.trim() === '' ? '{}' : call.arguments;
  return { type: 'function_call', call_id, name, arguments: text };
}

function writeResult(message: ToolMessage, isCustom: boolean, writing: Writing): JsonObject {
  const said = markLast(markError(message), message, writing.losses);
  const output = writeContent(said.flatMap((part) => writePart(part, writing)));
  return {
    type: isCustom ? 'custom_tool_call_output' : 'function_call_output',
    call_id: writeCallId(message.callId),
    output: writing.traits.resultParts || typeof output === 'string' ? output : joinTexts(output),
  };
}

function joinTexts(parts: readonly JsonObject[]): string {
  return parts.flatMap(({ text }) => (typeof text === 'string' ? [text] : [])).join('\n');
}
