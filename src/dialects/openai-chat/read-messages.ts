// Messages and their parts, from the wire into our vocabulary.

import {
  SEALED_FORMAT,
  type AssistantMessage,
  type AssistantPart,
  type DocumentPart,
  type ImagePart,
  type Message,
  type TextPart,
  type ToolCallPart,
  type ToolMessage,
  type UserPart,
} from '../../core/chat.ts';
import { invalidRequest } from '../../core/failure.ts';
import type { JsonObject } from '../../core/json.ts';
import { told } from '../told.ts';
import { readCacheMark } from '../openai-cache-mark.ts';
import { readMediaUrl } from '../data-url.ts';
import { readExtensions } from './extensions.ts';
import { readReasoningDetails } from './reasoning-details.ts';
import type {
  WireAssistantPart,
  WireFilePart,
  WireImagePart,
  WireMessage,
  WireTextPart,
  WireToolCall,
  WireToolPart,
  WireUserPart,
} from './wire.ts';

export function readMessages(messages: readonly WireMessage[]): readonly Message[] {
  return messages.map((message, index) => readMessage(message, `messages[${index}]`));
}

function readMessage(message: WireMessage, path: string): Message {
  switch (message.role) {
    case 'system':
    case 'developer': {
      const { role, content, ...rest } = message;
      return {
        role: 'system',
        parts: readParts(content, path, readText),
        ...(role === 'developer' ? { developer: true } : {}),
        ...readExtensions(rest),
      };
    }
    case 'user': {
      const { role, content, name, ...rest } = message;
      return {
        role,
        parts: readParts(content, path, readUserPart),
        ...told({ name }),
        ...readExtensions(rest),
      };
    }
    case 'assistant':
      return readAssistant(message, path);
    case 'tool': {
      const { role, content, tool_call_id, ...rest } = message;
      const parts: ToolMessage['parts'] = readParts(content, path, readToolPart);
      return { role, callId: tool_call_id, parts, ...readExtensions(rest) };
    }
    case 'function':
      throw invalidRequest(
        `${path}.role: "function" is deprecated and not translated; use tools and "tool" messages`,
        `${path}.role`,
      );
  }
}

/** Reasoning comes first and calls come last: the wire has no order among the three. */
function readAssistant(message: WireMessage & { role: 'assistant' }, path: string): AssistantMessage {
  const {
    role,
    content,
    name,
    refusal,
    tool_calls,
    function_call,
    reasoning_content,
    reasoning,
    reasoning_details,
    ...rest
  } = message;
  if (function_call !== undefined && function_call !== null) {
    throw invalidRequest(
      `${path}.function_call: deprecated and not translated; use tool_calls`,
      `${path}.function_call`,
    );
  }
  return {
    role,
    parts: [
      ...readReasoning(reasoning_details ?? [], reasoning_content ?? reasoning ?? ''),
      ...readParts(content ?? '', path, readAssistantPart),
      ...(typeof refusal === 'string' ? [{ type: 'refusal' as const, text: refusal }] : []),
      ...(tool_calls ?? []).map(readToolCall),
    ],
    ...told({ name }),
    ...readExtensions(rest),
  };
}

/**
 * The same reasoning is often sent both ways: the details hold more. Where there is a text and no detail has any of it, they
 * are remains: of fields that it does not know the stream helper of OpenAI's SDK keeps the last fragment. A signature
 * without the text that it signs is refused by whoever made it. What is sealed is whole in any case.
 */
function readReasoning(details: readonly JsonObject[], text: string): readonly AssistantPart[] {
  const parts = readReasoningDetails(details);
  if (text === '' || parts.some((part) => part.text !== '')) return parts;
  return [{ type: 'reasoning', text }, ...parts.filter(({ opaque }) => opaque?.format === SEALED_FORMAT)];
}

function readToolCall(call: WireToolCall): ToolCallPart {
  return call.type === 'function'
    ? { type: 'tool-call', id: call.id, name: call.function.name, arguments: call.function.arguments }
    : { type: 'tool-call', id: call.id, name: call.custom.name, arguments: call.custom.input, custom: true };
}

/** A string is one text part; an empty one is none. */
function readParts<Wire, Part>(
  content: string | readonly Wire[],
  path: string,
  readPart: (part: Wire, path: string) => Part,
): readonly (Part | TextPart)[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }];
  return content.map((part, index) => readPart(part, `${path}.content[${index}]`));
}

function readUserPart(part: WireUserPart, path: string): UserPart {
  switch (part.type) {
    case 'text':
      return readText(part);
    case 'image_url':
      return readImage(part, path);
    case 'file':
      return readFile(part, path);
    case 'input_audio':
      return { type: 'audio', data: part.input_audio.data, format: part.input_audio.format };
    case 'other':
      return { type: 'opaque', dialect: 'openai-chat', block: part.block };
  }
}

function readAssistantPart(part: WireAssistantPart): AssistantPart {
  switch (part.type) {
    case 'text':
      return readText(part);
    case 'refusal':
      return { type: 'refusal', text: part.refusal };
    case 'other':
      return { type: 'opaque', dialect: 'openai-chat', block: part.block };
  }
}

function readToolPart(part: WireToolPart, path: string): TextPart | ImagePart | DocumentPart {
  switch (part.type) {
    case 'text':
      return readText(part);
    case 'image_url':
      return readImage(part, path);
    case 'file':
      return readFile(part, path);
  }
}

function readText(part: WireTextPart): TextPart {
  return { type: 'text', text: part.text, ...readCacheMark(part) };
}

function readImage(part: WireImagePart, path: string): ImagePart {
  const { url, detail } = part.image_url;
  const source = readMediaUrl(url, `${path}.image_url.url`);
  return { type: 'image', source, ...told({ detail }), ...readCacheMark(part) };
}

function readFile(part: WireFilePart, path: string): DocumentPart {
  return {
    type: 'document',
    source: readFileSource(part, path),
    ...told({ title: part.file.filename }),
    ...readCacheMark(part),
  };
}

/** OpenRouter takes a plain URL in `file_data`, too: https://openrouter.ai/docs/features/multimodal/pdfs */
function readFileSource(part: WireFilePart, path: string): DocumentPart['source'] {
  const { file_id, file_data } = part.file;
  if (typeof file_id === 'string') return { kind: 'file-id', id: file_id, dialect: 'openai-chat' };
  if (typeof file_data === 'string') return readMediaUrl(file_data, `${path}.file.file_data`);
  throw invalidRequest(`${path}.file: got neither file_data nor file_id`, `${path}.file`);
}
