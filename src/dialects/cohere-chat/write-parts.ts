// Content parts on the wire. What a part cannot say here is noted as a loss; a part that cannot be said is refused,
// because without it the request would be a different one. https://docs.cohere.com/reference/chat

import type {
  CacheMark,
  DocumentPart,
  ImagePart,
  MediaSource,
  TextPart,
  ToolMessage,
  UserPart,
} from '../../core/chat.ts';
import { unsupported, type GatewayError } from '../../core/failure.ts';
import { asString, type JsonObject } from '../../core/json.ts';
import type { Losses } from '../losses.ts';
import { told } from '../told.ts';
import type { CohereChatTraits } from './traits.ts';

/** What writing a part depends on. `documents` gathers those that are to be cited; absent: none may stand apart. */
export type Writing = {
  readonly traits: CohereChatTraits;
  readonly losses: Losses;
  readonly documents: JsonObject[] | undefined;
};

/** A single text is a string, none at all an empty one. */
export function shorten(parts: readonly JsonObject[]): string | readonly JsonObject[] {
  const [first, ...others] = parts;
  if (first === undefined) return '';
  const { type, text } = first;
  return others.length === 0 && type === 'text' && typeof text === 'string' ? text : parts;
}

/** Empty text is left out: an array may not hold it. */
export function writeText(part: TextPart, { losses }: Writing): readonly JsonObject[] {
  noteMark(part, losses);
  if (part.citations !== undefined && part.citations.length > 0) losses.add('dropped', 'messages.citations');
  return part.text === '' ? [] : [{ type: 'text', text: part.text }];
}

/** Cohere's cache needs no marks. */
export function noteMark({ cacheMark }: { readonly cacheMark?: CacheMark }, losses: Losses): void {
  if (cacheMark !== undefined) losses.add('dropped', 'cache_control');
}

/** Documents that are to be cited stand beside the messages, unless there would be no message without them. */
export function writeUserParts(parts: readonly UserPart[], writing: Writing): readonly JsonObject[] {
  const isAsking = parts.some((part) => part.type === 'image' || (part.type === 'text' && part.text !== ''));
  return parts.flatMap((part) =>
    writeUserPart(part, isAsking ? writing : { ...writing, documents: undefined }),
  );
}

function writeUserPart(part: UserPart, writing: Writing): readonly JsonObject[] {
  switch (part.type) {
    case 'text':
      return writeText(part, writing);
    case 'image':
      return [writeImage(part, writing)];
    case 'document':
      return writeDocument(part, writing);
    case 'audio':
      throw unsayable('this model takes no audio');
    case 'opaque':
      throw unsayable(`a "${asString(part.block['type']) ?? 'content'}" block cannot be sent to this model`);
  }
}

/** Images of results have been moved into a message of the user. */
export function writeResultPart(part: ToolMessage['parts'][number], writing: Writing): readonly JsonObject[] {
  return writeUserPart(part, { ...writing, documents: undefined });
}

const DETAILS: readonly string[] = ['auto', 'low', 'high'];

function writeImage(part: ImagePart, { traits, losses }: Writing): JsonObject {
  if (!traits.images) throw unsayable('this model takes no images');
  noteMark(part, losses);
  const isKnown = part.detail === undefined || DETAILS.includes(part.detail);
  if (!isKnown) losses.add('clamped', 'image_url.detail');
  const detail = isKnown ? part.detail : 'high';
  return { type: 'image_url', image_url: { url: writeImageUrl(part.source), ...told({ detail }) } };
}

function writeImageUrl(source: MediaSource): string {
  switch (source.kind) {
    case 'url':
      return source.url;
    case 'base64':
      return `data:${source.mediaType};base64,${source.data}`;
    case 'file-id':
      throw unsayable('an image given by a file id cannot be sent to this model: send its bytes or its URL');
  }
}

function writeDocument(part: DocumentPart, { losses, documents }: Writing): readonly JsonObject[] {
  noteMark(part, losses);
  const text = documentText(part.source);
  const { title, context } = part;
  if (part.citations === true && documents !== undefined) {
    documents.push({ data: { text, ...told({ title, context }) } });
    return [];
  }
  if (part.citations === true) losses.add('dropped', 'citations');
  const whole = [title, context, text].filter((piece) => piece !== undefined && piece !== '').join('\n\n');
  return whole === '' ? [] : [{ type: 'text', text: whole }];
}

/** Only text is taken; what is text by its type goes as text. */
function documentText(source: DocumentPart['source']): string {
  if (source.kind === 'text') return source.text;
  if (source.kind === 'base64' && source.mediaType.startsWith('text/')) return decodeText(source.data);
  throw unsayable('this model takes no documents: send their text');
}

function decodeText(base64: string): string {
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)));
  } catch {
    throw unsayable('a file whose data is not base64 cannot be sent to this model');
  }
}

/** Not more exact: calls and results have been put in order since the caller numbered the messages. */
function unsayable(message: string): GatewayError {
  return unsupported(message, 'messages');
}
