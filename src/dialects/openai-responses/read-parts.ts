// Content parts, from the wire into our vocabulary.

import type {
  Citation,
  DocumentPart,
  ImagePart,
  MediaSource,
  OpaquePart,
  RefusalPart,
  TextPart,
  ToolMessage,
  UserPart,
} from '../../core/chat.ts';
import { invalidRequest } from '../../core/failure.ts';
import { readMediaUrl } from '../data-url.ts';
import { readCacheMark } from '../openai-cache-mark.ts';
import { told } from '../told.ts';
import { wrongField } from '../wire-check.ts';
import { readCitation } from './citation.ts';
import { DIALECT } from './native.ts';
import type { WireFilePart, WireImagePart, WirePart, WireResultPart, WireTextPart } from './wire.ts';

/** A string is one text part; an empty one is none. */
export function readParts<Wire, Part>(
  content: string | readonly Wire[],
  path: string,
  readPart: (part: Wire, path: string) => Part,
): readonly (Part | TextPart)[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }];
  return content.map((part, index) => readPart(part, `${path}[${index}]`));
}

export function readSystemPart(part: WirePart, path: string): TextPart {
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

export function readUserPart(part: WirePart, path: string): UserPart {
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

export function readAssistantPart(part: WirePart, path: string): TextPart | RefusalPart | OpaquePart {
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

export function readResultPart(part: WireResultPart, path: string): ToolMessage['parts'][number] {
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
