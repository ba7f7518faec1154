// Content parts on the wire. What a part cannot say here is noted as a loss; a part that cannot be said is refused,
// because without it the request would be a different one.

import type {
  AudioPart,
  CacheMark,
  DocumentPart,
  ImagePart,
  MediaSource,
  OpaquePart,
  RefusalPart,
  TextPart,
  UserPart,
} from '../../core/chat.ts';
import { unsupported, type GatewayError } from '../../core/failure.ts';
import { asString, type JsonObject } from '../../core/json.ts';
import { told } from '../told.ts';
import { writeCacheMark } from '../openai-cache-mark.ts';
import { writeDataUrl } from '../data-url.ts';
import type { Losses } from '../losses.ts';
import type { OpenaiChatTraits } from './traits.ts';

/** What writing a part depends on. */
export type Writing = { readonly traits: OpenaiChatTraits; readonly losses: Losses };

/** A single text without a mark is a string, as most callers send it and some servers want it. */
export function writeContent(parts: readonly JsonObject[]): string | readonly JsonObject[] {
  const [first, second] = parts;
  if (first === undefined) return '';
  const isPlain = second === undefined && first['type'] === 'text' && Object.keys(first).length === 2;
  return isPlain && typeof first['text'] === 'string' ? first['text'] : parts;
}

export function writeUserPart(part: UserPart, writing: Writing): JsonObject {
  switch (part.type) {
    case 'text':
      return writeText(part, writing);
    case 'image':
      return writeImage(part, writing);
    case 'document':
      return writeDocument(part, writing);
    case 'audio':
      return writeAudio(part);
    case 'opaque':
      return writeForeign(part);
  }
}

export function writeText(part: TextPart, writing: Writing): JsonObject {
  if (part.citations !== undefined && part.citations.length > 0) writing.losses.add('dropped', 'citations');
  return { type: 'text', text: part.text, ...writeMark(part.cacheMark, writing) };
}

export function writeRefusal(part: RefusalPart): JsonObject {
  return { type: 'refusal', refusal: part.text };
}

export function writeMark(mark: CacheMark | undefined, { traits, losses }: Writing): JsonObject {
  return writeCacheMark(mark, traits.cacheMarks, losses);
}

function writeImage(part: ImagePart, writing: Writing): JsonObject {
  const url = writeImageUrl(part.source);
  return {
    type: 'image_url',
    image_url: { url, ...told({ detail: part.detail }) },
    ...writeMark(part.cacheMark, writing),
  };
}

function writeImageUrl(source: MediaSource): string {
  switch (source.kind) {
    case 'url':
      return source.url;
    case 'base64':
      return writeDataUrl(source.mediaType, source.data);
    case 'file-id':
      throw unsayable('an image given by a file id cannot be sent to this model: send its bytes or its URL');
  }
}

function writeDocument(part: DocumentPart, writing: Writing): JsonObject {
  if (part.citations === true) writing.losses.add('dropped', 'citations');
  const mark = writeMark(part.cacheMark, writing);
  if (part.source.kind === 'text')
    return { type: 'text', text: inlineDocument(part, part.source.text), ...mark };
  if (part.context !== undefined) writing.losses.add('dropped', 'context');
  return { type: 'file', file: writeFile(part, part.source, writing.traits), ...mark };
}

function inlineDocument(part: DocumentPart, text: string): string {
  return [part.title, part.context, text].filter((piece) => piece !== undefined).join('\n\n');
}

function writeFile(part: DocumentPart, source: MediaSource, traits: OpenaiChatTraits): JsonObject {
  if (!traits.documents) throw unsayable('this model takes no documents: send their text');
  switch (source.kind) {
    case 'base64':
      // OpenAI wants a name beside the bytes.
      return {
        filename: part.title ?? `document.${source.mediaType.replace(/^.*\//, '')}`,
        file_data: writeDataUrl(source.mediaType, source.data),
      };
    case 'file-id':
      if (source.dialect === 'openai-chat') return { file_id: source.id };
      throw unsayable('a document given by a file id of another provider cannot be sent to this model');
    case 'url':
      throw unsayable('a document given by its URL cannot be sent to this model: send its bytes');
  }
}

function writeAudio(part: AudioPart): JsonObject {
  return { type: 'input_audio', input_audio: { data: part.data, format: part.format } };
}

function writeForeign(part: OpaquePart): JsonObject {
  if (part.dialect === 'openai-chat') return part.block;
  throw unsayable(`a "${blockType(part)}" block cannot be sent to this model`);
}

export function blockType(part: OpaquePart): string {
  return asString(part.block['type']) ?? 'content';
}

/** Not more exact: calls and results have been put in order since the caller numbered the messages. */
function unsayable(message: string): GatewayError {
  return unsupported(message, 'messages');
}
