// A form, where OpenAI's clients send one: read into the JSON body that says the same, which then passes the gate that
// every body passes. `a[b]` is the member `b` of the member `a`; a file is `{image_url: <data URL>}`.

import type { Body } from '../core/body.ts';
import { invalidRequest } from '../core/failure.ts';
import type { Json, JsonObject } from '../core/json.ts';
import type { Ports } from '../core/ports.ts';
import { gateBody, readBody, refuseHeaders, tooLarge, upload, type BodyLimits } from './body-gate.ts';

const FORM_TYPE = { name: 'application/json or multipart/form-data', form: /^multipart\/form-data\s*;/i };
const FIELDS_MAX = 100;

/** Takes JSON as well. Throws `GatewayError` 400, 408 or 413, and `cancelled` when the client went away. */
export async function readForm(
  request: Request,
  limits: BodyLimits,
  ports: Pick<Ports, 'after'>,
): Promise<Body> {
  const type = request.headers.get('content-type') ?? '';
  if (!FORM_TYPE.form.test(type)) return readBody(request, limits, ports);
  refuseHeaders(request.headers, limits, FORM_TYPE);
  const bytes = await upload(request, limits.bytesMax, ports.after);
  if (bytes.byteLength > limits.bytesMax) throw tooLarge(limits.bytesMax);
  const json = await toJson(await parse(bytes, type));
  // Base64 takes four characters for three bytes.
  const bytesMax = 2 * limits.bytesMax;
  return gateBody(new TextEncoder().encode(JSON.stringify(json)), { ...limits, bytesMax });
}

async function parse(
  bytes: Uint8Array,
  type: string,
): Promise<readonly (readonly [string, string | File])[]> {
  let entries: readonly (readonly [string, string | File])[];
  try {
    entries = [...(await new Response(bytes, { headers: { 'content-type': type } }).formData())];
  } catch {
    throw invalidRequest('the body is not a valid form');
  }
  if (entries.length > FIELDS_MAX) throw invalidRequest(`the form has more than ${FIELDS_MAX} fields`);
  return entries;
}

async function toJson(entries: readonly (readonly [string, string | File])[]): Promise<JsonObject> {
  const members = new Map<string, Json>();
  const inner = new Map<string, Map<string, Json>>();
  for (const [name, value] of entries) {
    const [, outer = name, key] = /^([^[\]]+)\[([^[\]]+)\]$/.exec(name) ?? [];
    const place = key === undefined ? members : (inner.get(outer) ?? new Map<string, Json>());
    if (place.has(key ?? outer)) throw invalidRequest('the form has the same field twice', name.slice(0, 64));
    place.set(key ?? outer, typeof value === 'string' ? value : { image_url: await dataUrl(name, value) });
    if (key !== undefined) inner.set(outer, place);
  }
  for (const [outer, fields] of inner) {
    if (members.has(outer)) throw invalidRequest('the form has the same field twice', outer.slice(0, 64));
    members.set(outer, Object.fromEntries(fields));
  }
  return Object.fromEntries(members);
}

async function dataUrl(name: string, file: File): Promise<string> {
  if (!/^image\/[\w.+-]{1,64}$/.test(file.type))
    throw invalidRequest('a file must be an image and say which type it has', name.slice(0, 64));
  return `data:${file.type};base64,${(await file.bytes()).toBase64()}`;
}
