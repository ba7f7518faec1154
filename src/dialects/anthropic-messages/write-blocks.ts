// Parts of messages as content blocks. https://docs.anthropic.com/en/api/messages

import type {
  AssistantPart,
  CacheMark,
  DocumentPart,
  ImagePart,
  MediaSource,
  OpaquePart,
  ReasoningPart,
  TextPart,
  ToolCallPart,
  ToolMessage,
  UserPart,
} from '../../core/chat.ts';
import { unsupported } from '../../core/failure.ts';
import type { JsonObject } from '../../core/json.ts';
import { told } from '../told.ts';
import { returnCitation } from './citation.ts';
import type { Losses } from '../losses.ts';
import { DIALECT, isClaudeReasoning } from './native.ts';
import { parseArguments } from './tool-input.ts';

/** Empty text is refused, and is left out, as the mark on it is. */
export function writeText(
  { text, cacheMark }: Pick<TextPart, 'text' | 'cacheMark'>,
  losses: Losses,
): readonly JsonObject[] {
  if (text !== '') return [{ type: 'text', text, ...writeCacheMark(cacheMark, losses) }];
  if (cacheMark !== undefined) losses.add('dropped', 'cache_control');
  return [];
}

export function writeUserPart(part: UserPart, path: string, losses: Losses): readonly JsonObject[] {
  switch (part.type) {
    case 'text':
      // Since version 2026-10-21 citations in a user's text are an error.
      if (part.citations !== undefined && part.citations.length > 0)
        losses.add('dropped', 'messages.citations');
      return writeText(part, losses);
    case 'image':
      return [writeImage(part, path, losses)];
    case 'document':
      return [writeDocument(part, path, losses)];
    case 'audio':
      throw unsupported(`${path}: this model takes no audio`, path);
    case 'opaque':
      return [writeOpaque(part, path)];
  }
}

/** Calls keep the caller's id: which id they get on the wire is decided together with their results. */
export function writeAssistantPart(part: AssistantPart, path: string, losses: Losses): readonly JsonObject[] {
  switch (part.type) {
    case 'text':
      return writeCitedText(part, losses);
    case 'refusal':
      return writeText(part, losses);
    case 'reasoning':
      return writeReasoning(part, losses);
    case 'tool-call':
      return [writeToolCall(part, losses)];
    case 'opaque':
      return [writeOpaque(part, path)];
  }
}

export function writeToolResult(message: ToolMessage, path: string, losses: Losses): JsonObject {
  return {
    type: 'tool_result',
    tool_use_id: message.callId,
    ...told({ content: writeResultContent(message, path, losses) }),
    ...(message.isError === true ? { is_error: true } : {}),
    ...writeCacheMark(message.cacheMark, losses),
  };
}

/** A single text without marks is a string: the short form is what callers send and what caches remember. */
export function shorten(blocks: readonly JsonObject[]): string | readonly JsonObject[] {
  const [only, ...others] = blocks;
  if (only === undefined || others.length > 0 || only['type'] !== 'text') return blocks;
  const { text } = only;
  return typeof text === 'string' && Object.keys(only).length === 2 ? text : blocks;
}

/** Of the times that OpenAI knows, the longest one here is the nearest to each, and shorter than one of them. */
export function writeCacheMark(mark: CacheMark | undefined, losses: Losses): JsonObject {
  if (mark === undefined) return {};
  if (mark.ttl === '12h') losses.add('clamped', 'cache_control.ttl');
  const ttl = mark.ttl === '30m' || mark.ttl === '12h' ? TTL_LONGEST : mark.ttl;
  return { cache_control: { type: 'ephemeral', ...told({ ttl }) } };
}

/** https://docs.anthropic.com/en/docs/build-with-claude/prompt-caching: 5m, the default, and 1h. */
const TTL_LONGEST = '1h';

function writeCitedText(part: TextPart, losses: Losses): readonly JsonObject[] {
  const given = part.citations ?? [];
  const citations = given.map(returnCitation).filter((citation) => citation !== undefined);
  if (citations.length < given.length) losses.add('dropped', 'messages.citations');
  const blocks = writeText(part, losses);
  return citations.length === 0 ? blocks : blocks.map((block) => ({ ...block, citations }));
}

/** A thinking block without Claude's own signature is refused. */
function writeReasoning({ text, opaque }: ReasoningPart, losses: Losses): readonly JsonObject[] {
  if (!isClaudeReasoning(opaque)) {
    losses.add('dropped', 'reasoning');
    return [];
  }
  return opaque.kind === 'signature'
    ? [{ type: 'thinking', thinking: text, signature: opaque.data }]
    : [{ type: 'redacted_thinking', data: opaque.data }];
}

function writeToolCall(part: ToolCallPart, losses: Losses): JsonObject {
  return {
    type: 'tool_use',
    id: part.id,
    name: part.name,
    input: part.custom === true ? { input: part.arguments } : writeInput(part.arguments, losses),
    ...writeCacheMark(part.cacheMark, losses),
  };
}

function writeInput(text: string, losses: Losses): JsonObject {
  const { value, isWhole } = parseArguments(text);
  if (!isWhole) losses.add('emulated', 'tool_calls.function.arguments');
  return value;
}

function writeResultContent(
  { parts, extensions }: ToolMessage,
  path: string,
  losses: Losses,
): JsonObject[string] {
  const asGiven = extensions?.[DIALECT]?.['content'];
  if (asGiven !== undefined) return asGiven;
  const blocks = parts.flatMap((part, index) => writeUserPart(part, `${path}.content[${index}]`, losses));
  return blocks.length === 0 ? undefined : shorten(blocks);
}

const IMAGE_TYPES: readonly string[] = ['image/jpeg', 'image/png', 'image/gif', 'image/webp'];

function writeImage({ source, detail, cacheMark }: ImagePart, path: string, losses: Losses): JsonObject {
  if (detail !== undefined && detail !== 'auto') losses.add('dropped', 'image_url.detail');
  if (source.kind === 'base64' && !IMAGE_TYPES.includes(source.mediaType)) {
    throw unsupported(
      `${path}: got an image of type ${source.mediaType}, wanted ${IMAGE_TYPES.join(', ')}`,
      path,
    );
  }
  return { type: 'image', source: writeSource(source, path), ...writeCacheMark(cacheMark, losses) };
}

function writeDocument(part: DocumentPart, path: string, losses: Losses): JsonObject {
  const { source, title, context, citations, cacheMark } = part;
  return {
    type: 'document',
    source: source.kind === 'text' ? writeTextSource(source.text) : writeFileSource(source, path),
    ...told({ title, context, citations: citations === undefined ? undefined : { enabled: citations } }),
    ...writeCacheMark(cacheMark, losses),
  };
}

/** Of bytes only PDF is taken; what is text by its type goes as text. */
function writeFileSource(source: MediaSource, path: string): JsonObject {
  if (source.kind !== 'base64' || source.mediaType === 'application/pdf') return writeSource(source, path);
  if (source.mediaType.startsWith('text/')) return writeTextSource(decodeText(source.data, path));
  throw unsupported(`${path}: got a file of type ${source.mediaType}, wanted application/pdf or text`, path);
}

function writeTextSource(text: string): JsonObject {
  return { type: 'text', media_type: 'text/plain', data: text };
}

function decodeText(base64: string, path: string): string {
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)));
  } catch {
    throw unsupported(`${path}: got a file whose data is not base64`, path);
  }
}

function writeSource(source: MediaSource, path: string): JsonObject {
  switch (source.kind) {
    case 'url':
      return { type: 'url', url: source.url };
    case 'base64':
      return { type: 'base64', media_type: source.mediaType, data: source.data };
    case 'file-id':
      if (source.dialect !== DIALECT)
        throw unsupported(`${path}: a file id is known only to its own provider`, path);
      return { type: 'file', file_id: source.id };
  }
}

function writeOpaque({ dialect, block }: OpaquePart, path: string): JsonObject {
  if (dialect !== DIALECT) throw unsupported(`${path}: this model knows no such content`, path);
  return block;
}
