// Input items and their parts, from the wire into our vocabulary. What the assistant said, thought and called between two
// messages of others is one turn, whichever items it lies in.

import type {
  AssistantPart,
  Citation,
  DocumentPart,
  ImagePart,
  MediaSource,
  Message,
  OpaquePart,
  RefusalPart,
  SystemMessage,
  TextPart,
  ToolMessage,
  UserPart,
} from '../../core/chat.ts';
import { invalidRequest } from '../../core/failure.ts';
import type { JsonObject } from '../../core/json.ts';
import { readMediaUrl } from '../data-url.ts';
import { readCacheMark } from '../openai-cache-mark.ts';
import { told } from '../told.ts';
import { wrongField } from '../wire-check.ts';
import { readCitation } from './citation.ts';
import { DIALECT } from './native.ts';
import { readReasoningItem } from './opaque.ts';
import type {
  WireFilePart,
  WireImagePart,
  WireItem,
  WireMessage,
  WirePart,
  WireResultPart,
  WireTextPart,
} from './wire.ts';

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
    case undefined:
    case null:
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

/** What a hosted tool was told from outside, and everything else that it did by itself. */
function takeOther(messages: Message[], block: JsonObject): void {
  const part: OpaquePart = { type: 'opaque', dialect: DIALECT, block };
  if (/_(?:output|response)$/.test(String(block['type']))) messages.push({ role: 'user', parts: [part] });
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

/** A string is one text part; an empty one is none. */
function readParts<Wire, Part>(
  content: string | readonly Wire[],
  path: string,
  readPart: (part: Wire, path: string) => Part,
): readonly (Part | TextPart)[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }];
  return content.map((part, index) => readPart(part, `${path}[${index}]`));
}

function readSystemPart(part: WirePart, path: string): TextPart {
  switch (part.type) {
    case 'input_text':
    case 'output_text':
    case 'text':
      return readText(part);
    case 'refusal':
    case 'input_image':
    case 'input_file':
    case 'input_audio':
      throw wrongField(`${path}.type`, part.type, '"input_text"');
    case 'other':
      throw wrongField(`${path}.type`, part.block['type'], '"input_text"');
  }
}

function readUserPart(part: WirePart, path: string): UserPart {
  switch (part.type) {
    case 'input_text':
    case 'output_text':
    case 'text':
      return readText(part);
    case 'refusal':
      return { type: 'text', text: part.refusal };
    case 'input_image':
      return readImage(part, path);
    case 'input_file':
      return readFile(part, path);
    case 'input_audio':
      return { type: 'audio', data: part.input_audio.data, format: part.input_audio.format };
    case 'other':
      return { type: 'opaque', dialect: DIALECT, block: part.block };
  }
}

function readAssistantPart(part: WirePart, path: string): TextPart | RefusalPart | OpaquePart {
  switch (part.type) {
    case 'input_text':
    case 'output_text':
    case 'text':
      return readText(part);
    case 'refusal':
      return { type: 'refusal', text: part.refusal };
    case 'other':
      return { type: 'opaque', dialect: DIALECT, block: part.block };
    case 'input_image':
    case 'input_file':
    case 'input_audio':
      throw wrongField(`${path}.type`, part.type, '"output_text" or "refusal"');
  }
}

function readResultPart(part: WireResultPart, path: string): ToolMessage['parts'][number] {
  switch (part.type) {
    case 'input_text':
    case 'output_text':
    case 'text':
      return readText(part);
    case 'input_image':
      return readImage(part, path);
    case 'input_file':
      return readFile(part, path);
  }
}

function readText(part: WireTextPart): TextPart {
  const citations: readonly Citation[] = (part.annotations ?? []).map(readCitation);
  return {
    type: 'text',
    text: part.text,
    ...(citations.length === 0 ? {} : { citations }),
    ...readCacheMark(part),
  };
}

function readImage(part: WireImagePart, path: string): ImagePart {
  const { image_url, file_id, detail } = part;
  if (typeof image_url !== 'string' && typeof file_id !== 'string') {
    throw invalidRequest(`${path}: got neither image_url nor file_id`, path);
  }
  const source: MediaSource =
    typeof image_url === 'string'
      ? readMediaUrl(image_url, `${path}.image_url`)
      : { kind: 'file-id', id: file_id ?? '', dialect: DIALECT };
  return { type: 'image', source, ...told({ detail }), ...readCacheMark(part) };
}

function readFile(part: WireFilePart, path: string): DocumentPart {
  return {
    type: 'document',
    source: readFileSource(part, path),
    ...told({ title: part.filename }),
    ...readCacheMark(part),
  };
}

function readFileSource({ file_id, file_url, file_data }: WireFilePart, path: string): MediaSource {
  if (typeof file_data === 'string') return readMediaUrl(file_data, `${path}.file_data`);
  if (typeof file_url === 'string') return { kind: 'url', url: file_url };
  if (typeof file_id === 'string') return { kind: 'file-id', id: file_id, dialect: DIALECT };
  throw invalidRequest(`${path}: got none of file_data, file_url and file_id`, path);
}
