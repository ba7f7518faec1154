// `data:` URLs, the way images and files travel in this dialect. https://www.rfc-editor.org/rfc/rfc2397

import type { MediaSource } from '../core/chat.ts';
import { invalidRequest } from '../core/failure.ts';

/** A URL as a source: bytes when it holds them. Throws `GatewayError` 400. */
export function readMediaUrl(url: string, path: string): MediaSource {
  return /^data:/i.test(url) ? readDataUrl(url, path) : { kind: 'url', url };
}

export function writeDataUrl(mediaType: string, data: string): string {
  return `data:${mediaType};base64,${data}`;
}

function readDataUrl(url: string, path: string): MediaSource {
  const comma = url.indexOf(',');
  if (comma === -1)
    throw invalidRequest(`${path}: got a data URL without a comma, wanted data:<type>;base64,<data>`, path);
  // Parameters such as `;charset=utf-8` say nothing about the bytes that a provider would use.
  const [mediaType = '', ...parameters] = url.slice('data:'.length, comma).split(';');
  const payload = url.slice(comma + 1);
  const isBase64 = parameters.some((parameter) => parameter.trim().toLowerCase() === 'base64');
  return {
    kind: 'base64',
    mediaType: mediaType === '' ? 'text/plain' : mediaType.toLowerCase(),
    data: isBase64 ? payload : percentDecodedBase64(payload),
  };
}

/** The bytes behind percent escapes; an escape that is none stands for itself. */
function percentDecodedBase64(payload: string): string {
  const ascii = payload.toWellFormed().replace(/[\u0080-\uffff]+/g, encodeURIComponent);
  return btoa(
    ascii.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
  );
}
