// Messages and their blocks, from the wire into our vocabulary.

import type {
  AssistantPart,
  CacheMark,
  DocumentPart,
  ImagePart,
  MediaSource,
  Message,
  OpaquePart,
  SystemMessage,
  TextPart,
  ToolMessage,
  UserPart,
} from '../../core/chat.ts';
import type { JsonObject } from '../../core/json.ts';
import { told } from '../told.ts';
import { readCitation } from './citation.ts';
import { claudeReasoning, DIALECT } from './native.ts';
import type {
  WireAssistantBlock,
  WireCacheControl,
  WireDocumentBlock,
  WireImageBlock,
  WireMessage,
  WireResultBlock,
  WireSystem,
  WireTextBlock,
  WireToolResult,
  WireUserBlock,
} from './wire.ts';

export function readSystem(content: WireSystem): SystemMessage {
  return { role: 'system', parts: readContent(content, readText) };
}

export function readMessage(message: WireMessage): readonly Message[] {
  switch (message.role) {
    case 'system':
      return [readSystem(message.content)];
    case 'user':
      return readUser(message.content);
    case 'assistant':
      return [{ role: 'assistant', parts: readContent(message.content, readAssistantBlock) }];
  }
}

export function readCacheMark(control: WireCacheControl): { readonly cacheMark?: CacheMark } {
  return control === undefined || control === null ? {} : { cacheMark: told({ ttl: control.ttl }) };
}

/** Tool results are messages of their own; what a user says beside them follows. */
function readUser(content: string | readonly WireUserBlock[]): readonly Message[] {
  if (typeof content === 'string') return [{ role: 'user', parts: readContent(content, readUserBlock) }];
  const results = content.filter((block) => block.type === 'tool_result');
  const rest = content.filter((block) => block.type !== 'tool_result');
  const messages = results.map(readToolResult);
  return rest.length === 0 && messages.length > 0
    ? messages
    : [...messages, { role: 'user', parts: rest.map(readUserBlock) }];
}

/** A string is one text part; an empty one is none. */
function readContent<Wire, Part>(
  content: string | readonly Wire[],
  readBlock: (block: Wire) => Part,
): readonly (Part | TextPart)[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }];
  return content.map(readBlock);
}

function readUserBlock(block: Exclude<WireUserBlock, WireToolResult>): UserPart {
  switch (block.type) {
    case 'text':
      return readText(block);
    case 'image':
      return readImage(block);
    case 'document':
      return readDocument(block) ?? opaque(block);
    case 'other':
      return opaque(block.block);
  }
}

function readAssistantBlock(block: WireAssistantBlock): AssistantPart {
  switch (block.type) {
    case 'text':
      return readText(block);
    case 'thinking':
      return {
        type: 'reasoning',
        text: block.thinking,
        ...told({ opaque: claudeReasoning('signature', block.signature ?? '') }),
      };
    case 'redacted_thinking':
      return { type: 'reasoning', text: '', ...told({ opaque: claudeReasoning('encrypted', block.data) }) };
    case 'tool_use':
      return {
        type: 'tool-call',
        id: block.id,
        name: block.name,
        arguments: JSON.stringify(block.input),
        ...readCacheMark(block.cache_control),
      };
    case 'other':
      return opaque(block.block);
  }
}

function readText(block: WireTextBlock): TextPart {
  return {
    type: 'text',
    text: block.text,
    ...told({ citations: block.citations?.map(readCitation) }),
    ...readCacheMark(block.cache_control),
  };
}

function readImage({ source, cache_control }: WireImageBlock): ImagePart {
  return { type: 'image', source: readSource(source), ...readCacheMark(cache_control) };
}

function readSource(source: WireImageBlock['source']): MediaSource {
  switch (source.type) {
    case 'base64':
      return { kind: 'base64', mediaType: source.media_type, data: source.data };
    case 'url':
      return { kind: 'url', url: source.url };
    case 'file':
      return { kind: 'file-id', id: source.file_id, dialect: DIALECT };
  }
}

/** `undefined` for a document with images among its content: no other dialect has such a thing. */
function readDocument(block: WireDocumentBlock): DocumentPart | undefined {
  const source = readDocumentSource(block.source);
  if (source === undefined) return undefined;
  const { title, context, citations, cache_control } = block;
  return {
    type: 'document',
    source,
    ...told({ title, context, citations: citations?.enabled }),
    ...readCacheMark(cache_control),
  };
}

function readDocumentSource(source: WireDocumentBlock['source']): DocumentPart['source'] | undefined {
  switch (source.type) {
    case 'base64':
    case 'url':
    case 'file':
      return readSource(source);
    case 'text':
      return { kind: 'text', text: source.data };
    case 'content': {
      if (typeof source.content === 'string') return { kind: 'text', text: source.content };
      const texts = source.content.map((block) => block['text']);
      return texts.every((text) => typeof text === 'string')
        ? { kind: 'text', text: texts.join('\n\n') }
        : undefined;
    }
  }
}

function readToolResult(block: WireToolResult): ToolMessage {
  const { tool_use_id, is_error, cache_control } = block;
  const content = block.content ?? [];
  return {
    role: 'tool',
    callId: tool_use_id,
    parts: readContent(content, readResultBlock).flat(),
    ...(is_error === true ? { isError: true } : {}),
    ...readCacheMark(cache_control),
    ...keepUnmodelled(content),
  };
}

/** What has no part of ours is told as text, as far as it is text. */
function readResultBlock(block: WireResultBlock): ToolMessage['parts'] {
  switch (block.type) {
    case 'text':
      return [readText(block)];
    case 'image':
      return [readImage(block)];
    case 'document': {
      const document = readDocument(block);
      return document === undefined ? [] : [document];
    }
    case 'search_result': {
      const texts = block.content.map((content) => content.text);
      return [{ type: 'text', text: [block.title, block.source, ...texts].join('\n') }];
    }
    case 'tool_reference':
      return [{ type: 'text', text: block.tool_name }];
    case 'other':
      return [];
  }
}

/** A result with such blocks keeps its content as it was, too, for a provider of this dialect. */
function keepUnmodelled(content: string | readonly WireResultBlock[]): Pick<ToolMessage, 'extensions'> {
  if (typeof content === 'string' || content.every(isModelled)) return {};
  return { extensions: { [DIALECT]: { content: content.map(asGiven) } } };
}

function isModelled(block: WireResultBlock): boolean {
  if (block.type === 'document') return readDocument(block) !== undefined;
  return block.type === 'text' || block.type === 'image';
}

function asGiven(block: WireResultBlock): JsonObject {
  return block.type === 'other' ? block.block : block;
}

function opaque(block: JsonObject): OpaquePart {
  return { type: 'opaque', dialect: DIALECT, block };
}
