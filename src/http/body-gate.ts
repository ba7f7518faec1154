// The gate that every request body passes: bounded in bytes, time and structure, and parsed once. What comes out means
// the same to every JSON reader, so what is validated here is what a provider will see. It knows no dialect.

import type { Body, Member } from '../core/body.ts';
import { GatewayError, invalidRequest } from '../core/failure.ts';
import { isObject, type JsonObject } from '../core/json.ts';
import type { Ports } from '../core/ports.ts';
import { joinBytes } from '../streams/bytes.ts';
import { type MemberSpan, scanJson, type StructureLimits } from './json-scan.ts';

export type BodyLimits = StructureLimits & { readonly bytesMax: number };

export const BODY_LIMITS: BodyLimits = {
  bytesMax: 4 * 1024 * 1024,
  depthMax: 64,
  keysMax: 10_000,
  structureMax: 100_000,
};

/** For the whole body, from the first read: a client that sends a byte now and then holds nothing for longer. */
export const UPLOAD_MS_MAX = 30_000;

/** Throws `GatewayError` 400, 408 or 413, and `cancelled` when the client went away. */
export async function readBody(
  request: Request,
  limits: BodyLimits,
  ports: Pick<Ports, 'after'>,
): Promise<Body> {
  refuseHeaders(request.headers, limits, JSON_TYPE);
  return gateBody(await upload(request, limits.bytesMax, ports.after), limits);
}

/** Throws `GatewayError` 400 or 413. */
export function gateBody(bytes: Uint8Array, limits: BodyLimits): Body {
  if (bytes.byteLength === 0) throw invalidRequest('the body is empty; a JSON object is needed');
  if (bytes.byteLength > limits.bytesMax) throw tooLarge(limits.bytesMax);
  const text = decode(bytes);
  const scan = scanJson(text, limits);
  const json = parse(text);
  if (!isObject(json)) throw invalidRequest('the body is not a JSON object');
  // Of two equal names JSON.parse keeps the last, other readers the first: a provider could be asked for another model
  // than the one that was checked. The parser has decoded the names, so `"a"` and `"\u0061"` are equal here.
  if (countKeys(json) !== scan.keys) throw invalidRequest('an object in the body has the same key twice');
  return { text, json: json as JsonObject, members: scan.members.map((span) => memberAt(text, span)) };
}

type MediaType = { readonly name: string; readonly form: RegExp };

// SDKs always say application/json; curl without -H says something else, and would be misread in other encodings.
const JSON_TYPE: MediaType = { name: 'application/json', form: /^application\/json\s*(;|$)/i };

/** Throws `GatewayError` 400 or 413. */
export function refuseHeaders(headers: Headers, limits: BodyLimits, wanted: MediaType): void {
  const type = headers.get('content-type');
  if (type !== null && !wanted.form.test(type)) {
    throw invalidRequest(`content-type must be ${wanted.name}, not ${JSON.stringify(type.slice(0, 64))}`);
  }
  const encoding = headers.get('content-encoding');
  if (encoding !== null && encoding.toLowerCase() !== 'identity') {
    throw invalidRequest(`content-encoding must be identity, not ${JSON.stringify(encoding.slice(0, 64))}`);
  }
  if (Number(headers.get('content-length')) > limits.bytesMax) throw tooLarge(limits.bytesMax);
}

/** Throws `GatewayError` 408 or 413, and `cancelled` when the client went away. */
export async function upload(request: Request, bytesMax: number, after: Ports['after']): Promise<Uint8Array> {
  // HTTP holds a body to its content-length, so a declared one is read whole, which costs workerd a fifth of a loop over
  // its 4 KB chunks. The others are counted while they come.
  const reader = request.headers.has('content-length') ? undefined : request.body?.getReader();
  const bytes = reader === undefined ? request.bytes() : readCounted(reader, bytesMax);
  const late = Promise.withResolvers<never>();
  const cancelTimer = after(UPLOAD_MS_MAX, () => late.reject(uploadTimeout()));
  try {
    return await Promise.race([bytes, late.promise]);
  } catch (error) {
    // The rest is of no interest, nor is whether it could be cancelled: the answer is this error.
    reader?.cancel().catch(() => {});
    throw error instanceof GatewayError ? error : clientGone(error);
  } finally {
    cancelTimer();
  }
}

async function readCounted(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  bytesMax: number,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return joinBytes(chunks, size);
    size += value.byteLength;
    if (size > bytesMax) throw tooLarge(bytesMax);
    chunks.push(value);
  }
}

// `ignoreBOM` keeps the mark in the text instead of dropping it, so that it can be refused.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decode(bytes: Uint8Array): string {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    throw invalidRequest('the body is not valid UTF-8');
  }
  if (text.startsWith('\uFEFF')) throw invalidRequest('the body begins with a byte order mark');
  return text;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // The parser's own message quotes the body; of it only the place is repeated.
    const place = error instanceof Error ? /\(line \d+ column \d+\)/.exec(error.message) : null;
    throw invalidRequest(
      place === null ? 'the body is not valid JSON' : `the body is not valid JSON ${place[0]}`,
    );
  }
}

/**
 * All names of all objects, each value and name looked at on the way. Not recursive: it must not depend on `depthMax`.
 *
 * `__proto__` is refused because assigning it changes the prototype of the object that it is copied to. `constructor`,
 * `prototype` and `toString` pass: tool schemas use them as property names, and by assignment they become own
 * properties and nothing else.
 */
function countKeys(root: object): number {
  let count = 0;
  const pending: object[] = [root];
  for (let container = pending.pop(); container !== undefined; container = pending.pop()) {
    if (!Array.isArray(container)) {
      for (const key of Object.keys(container)) {
        count++;
        if (key === '__proto__') throw invalidRequest('the key "__proto__" is not allowed');
        refuseLoneSurrogate(key);
      }
    }
    const values: readonly unknown[] = Array.isArray(container) ? container : Object.values(container);
    for (const value of values) {
      if (typeof value === 'string') refuseLoneSurrogate(value);
      else if (typeof value === 'number') refuseInfinity(value);
      else if (typeof value === 'object' && value !== null) pending.push(value);
    }
  }
  return count;
}

/** `"\ud800"` is JSON but not text: it cannot be encoded as UTF-8, and each reader repairs it in its own way. */
function refuseLoneSurrogate(text: string): void {
  if (!text.isWellFormed()) throw invalidRequest('a string in the body has half a surrogate pair');
}

/** `1e400` is JSON; it parses to Infinity, which would be written as null. */
function refuseInfinity(value: number): void {
  if (!Number.isFinite(value)) throw invalidRequest('a number in the body is too large');
}

function memberAt(text: string, span: MemberSpan): Member {
  const quoted = text.slice(span.keyStart, span.keyEnd);
  return {
    key: quoted.includes('\\') ? String(JSON.parse(quoted)) : quoted.slice(1, -1),
    start: span.keyStart,
    valueStart: span.valueStart,
    end: span.valueEnd,
  };
}

export function tooLarge(bytesMax: number): GatewayError {
  return new GatewayError({ kind: 'too-large', message: `the body is larger than ${bytesMax} bytes` });
}

function uploadTimeout(): GatewayError {
  const message = `the body did not arrive within ${UPLOAD_MS_MAX} ms`;
  return new GatewayError({ kind: 'upload-timeout', message });
}

function clientGone(cause: unknown): GatewayError {
  return new GatewayError({ kind: 'cancelled', message: 'the body broke off before its end' }, { cause });
}
