// Content parts on the wire. What a part cannot say here is noted as a loss; a part that cannot be said is refused,
// because without it the request would be a different one.

import type { DocumentPart, ImagePart, MediaSource, TextPart, UserPart } from '../../core/chat.ts';
import { unsupported, type GatewayError } from '../../core/failure.ts';
import { asString, type JsonObject } from '../../core/json.ts';
import { writeDataUrl } from '../data-url.ts';
import type { Losses } from '../losses.ts';
import { writeCacheMark } from '../openai-cache-mark.ts';
import { told } from '../told.ts';
import { writeCitation } from './citation.ts';
import { DIALECT } from './native.ts';
import type { OpenaiResponsesTraits } from './traits.ts';
import type { ResponsesVariant } from './variant.ts';

/** What writing a part depends on. */
export type Writing = {
  readonly traits: OpenaiResponsesTraits;
  readonly variant: ResponsesVariant;
  readonly losses: Losses;
};

/** A single text without more to it is a string, as most callers send it. */
export function writeContent(parts: readonly JsonObject[]): string | readonly JsonObject[] {
  const [first, second] = parts;
  if (first === undefined) return '';
  const isPlain = second === undefined && Object.keys(first).length === 2;
  return isPlain && typeof first['text'] === 'string' ? first['text'] : parts;
}

/** Empty text says nothing. */
export function writePart(part: UserPart, writing: Writing): readonly JsonObject[] {
  switch (part.type) {
    case 'text':
      if (part.citations !== undefined && part.citations.length > 0)
        writing.losses.add('dropped', 'citations');
      return writeText('input_text', part, writing);
    case 'image':
      return [writeImage(part, writing)];
    case 'document':
      return [writeDocument(part, writing)];
    case 'audio':
      throw unsayable('this model takes no audio');
    case 'opaque':
      if (part.dialect === DIALECT) return [part.block];
      throw unsayable(`a "${blockType(part.block)}" block cannot be sent to this model`);
  }
}

export function writeOutputText(part: TextPart, writing: Writing): readonly JsonObject[] {
  const given = part.citations ?? [];
  const isSayable = writing.traits.fields === undefined;
  const annotations = (isSayable ? given : [])
    .map(writeCitation)
    .filter((annotation) => annotation !== undefined);
  if (annotations.length < given.length) writing.losses.add('dropped', 'citations');
  const parts = writeText('output_text', part, writing);
  return annotations.length === 0 ? parts : parts.map((text) => ({ ...text, annotations }));
}

export function blockType(block: JsonObject): string {
  return asString(block['type']) ?? 'content';
}

function writeText(type: string, { text, cacheMark }: TextPart, writing: Writing): readonly JsonObject[] {
  const mark = writeMark(cacheMark, writing);
  return text === '' ? [] : [{ type, text, ...mark }];
}

function writeMark(mark: TextPart['cacheMark'], { traits, losses }: Writing): JsonObject {
  return writeCacheMark(mark, traits.cacheMarks, losses);
}

function writeImage(part: ImagePart, writing: Writing): JsonObject {
  return {
    type: 'input_image',
    ...writeImageSource(part.source),
    ...writeDetail(part.detail, writing),
    ...writeMark(part.cacheMark, writing),
  };
}

function writeDetail(detail: string | undefined, { traits, losses }: Writing): JsonObject {
  if (detail === undefined || traits.fields === undefined) return told({ detail });
  if (detail !== 'auto') losses.add('dropped', 'image_url.detail');
  return {};
}

function writeImageSource(source: MediaSource): JsonObject {
  switch (source.kind) {
    case 'url':
      return { image_url: source.url };
    case 'base64':
      return { image_url: writeDataUrl(source.mediaType, source.data) };
    case 'file-id':
      if (source.dialect === DIALECT) return { file_id: source.id };
      throw unsayable('an image given by a file id of another API cannot be sent to this model');
  }
}

function writeDocument(part: DocumentPart, writing: Writing): JsonObject {
  const { source, title, context, citations } = part;
  if (citations === true) writing.losses.add('dropped', 'citations');
  const mark = writeMark(part.cacheMark, writing);
  if (source.kind === 'text') {
    const text = [title, context, source.text].filter((piece) => piece !== undefined).join('\n\n');
    return { type: 'input_text', text, ...mark };
  }
  if (context !== undefined) writing.losses.add('dropped', 'context');
  const { documents } = writing.traits;
  if (documents === 'none') throw unsayable('this model takes no documents: send their text');
  if (documents === 'by-url' && source.kind !== 'url') {
    throw unsayable('this model takes documents by their address only');
  }
  return { type: 'input_file', ...writeFile(title, source), ...mark };
}

function writeFile(title: string | undefined, source: MediaSource): JsonObject {
  switch (source.kind) {
    case 'base64':
      // OpenAI wants a name beside the bytes.
      return {
        filename: title ?? `document.${source.mediaType.replace(/^.*\//, '')}`,
        file_data: writeDataUrl(source.mediaType, source.data),
      };
    case 'url':
      return { ...told({ filename: title }), file_url: source.url };
    case 'file-id':
      // The files of OpenAI's two APIs are the same ones.
      if (source.dialect === DIALECT || source.dialect === 'openai-chat') {
        return { ...told({ filename: title }), file_id: source.id };
      }
      throw unsayable('a document given by a file id of another provider cannot be sent to this model');
  }
}

/** Not more exact: calls and results have been put in order since the caller numbered the messages. */
function unsayable(message: string): GatewayError {
  return unsupported(message, 'messages');
}
