// What becomes of one field of a request on its way into another dialect. The real path is run with the field and without
// it, and what is sent is compared: nothing here knows what any dialect does.

import { GatewayError } from '../../../src/core/failure.ts';
import { isObject, type Json, type JsonObject } from '../../../src/core/json.ts';
import { signer } from '../signer.ts';
import type { Loss, WrittenRequest } from '../../../src/dialects/dialect.ts';
import { prepareExchange, type Exchange } from '../../../src/pipeline/exchange.ts';
import type { ClientDialect } from '../../../src/dialects/dialect.ts';
import type { Place } from '../places.ts';

export type ProbeGroup = { readonly title: string; readonly probes: readonly Probe[] };

export type Probe = {
  /** The request around the field. */
  readonly base: JsonObject;
  readonly path: Path;
  readonly value: Json;
  /** What stands there otherwise; absent: nothing. */
  readonly instead?: Json;
  /** Why nothing is lost although nothing of it arrives. */
  readonly idle?: string;
  /** The models of which this is true; absent: all. */
  readonly idleAt?: RegExp;
};
export type Path = readonly (string | number)[];

export type Fate =
  | { readonly kind: 'refused' }
  | { readonly kind: 'named'; readonly losses: readonly Loss[]; readonly changes: readonly Change[] }
  | { readonly kind: 'carried'; readonly changes: readonly Change[] }
  | { readonly kind: 'gone' };

/** Where what is sent differs because of the field, and what stands there: `undefined` is nothing. */
export type Change = { readonly path: Path; readonly value: Json | undefined };

/** Probes around one request: where, what, and whatever else there is to say of it. */
export function probes(
  base: JsonObject,
  rows: readonly (readonly [
    path: string,
    value: Json,
    around?: Pick<Probe, 'instead' | 'idle' | 'idleAt'>,
  ])[],
): readonly Probe[] {
  return rows.map(([path, value, around]) => ({ base, path: readPath(path), value, ...around }));
}

/** `messages.0.content` */
function readPath(text: string): Path {
  return text.split('.').map((key) => (/^\d+$/.test(key) ? Number(key) : key));
}

/** `messages[].content` */
export function writePath(path: Path): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[]`;
    return text === '' ? key : `${text}.${key}`;
  }, '');
}

export function fateOf({ base, path, value, instead }: Probe, caller: ClientDialect, place: Place): Fate {
  const [without, written] = [instead, value].map((given) =>
    attempt(() => send(edit(base, path, given) as JsonObject, caller, place)),
  );
  // What stands around the field may be refused already.
  if (without === undefined || without instanceof GatewayError) return { kind: 'refused' };
  if (written === undefined || written instanceof GatewayError) return { kind: 'refused' };
  const changes = compare(without.body, written.body, []);
  const losses = written.losses.filter((loss) => !without.losses.some((known) => isSame(loss, known)));
  if (losses.length > 0) return { kind: 'named', losses, changes };
  return changes.length > 0 ? { kind: 'carried', changes } : { kind: 'gone' };
}

/** What is sent to a provider, behind everything that stands between the caller's body and it. */
export function send(json: JsonObject, caller: ClientDialect, place: Place): WrittenRequest {
  const { passThrough, text, losses } = exchangeWith(json, caller, place);
  if (passThrough) throw new Error(`${place.provider.id} speaks ${caller.id}: nothing is translated`);
  return { body: JSON.parse(text) as JsonObject, losses };
}

/** The same, with what reads the answer. */
export function exchangeWith(json: JsonObject, caller: ClientDialect, { provider, model }: Place): Exchange {
  const wire = {
    dialect: caller,
    body: { text: JSON.stringify(json), json, members: [] },
    envelope: caller.ingress.readEnvelope(json),
    decode: () => caller.ingress.readRequest(json),
  };
  const target = { enabled: { provider, baseUrl: '', keys: [''] }, model, credential: 0 };
  return prepareExchange(wire, target, false, signer);
}

function attempt<Value>(run: () => Value): Value | GatewayError {
  try {
    return run();
  } catch (error) {
    if (error instanceof GatewayError) return error;
    throw error;
  }
}

function isSame(one: Loss, other: Loss): boolean {
  return one.action === other.action && one.field === other.field;
}

/** A copy with `value` at the place; `undefined` takes away what is there. */
function edit(json: Json | undefined, [key, ...rest]: Path, value: Json | undefined): Json | undefined {
  if (key === undefined) return value;
  if (typeof key === 'number') {
    const items: readonly Json[] = Array.isArray(json) ? json : [];
    const edited = edit(items[key], rest, value);
    return [...items.slice(0, key), ...(edited === undefined ? [] : [edited]), ...items.slice(key + 1)];
  }
  const { [key]: inner, ...others } = asObject(json);
  const edited = edit(inner, rest, value);
  return edited === undefined ? others : { ...others, [key]: edited };
}

function compare(before: Json | undefined, after: Json | undefined, path: Path): readonly Change[] {
  if (isEqual(before, after)) return [];
  if (Array.isArray(before) || Array.isArray(after)) {
    const [earlier, later] = [asParts(before), asParts(after)];
    return earlier === undefined || later === undefined
      ? [{ path, value: after }]
      : compareLists(earlier, later, path);
  }
  if (!isObject(before) || !isObject(after)) return [{ path, value: after }];
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key) => compare(before[key], after[key], [...path, key]));
}

/** What stands between a beginning and an end that are the same. */
function compareLists(before: readonly Json[], after: readonly Json[], path: Path): readonly Change[] {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && isEqual(before[start], after[start])) start += 1;
  let end = 0;
  while (end < most - start && isEqual(before.at(-1 - end), after.at(-1 - end))) end += 1;
  const [gone, come] = [before.slice(start, before.length - end), after.slice(start, after.length - end)];
  const places = Array.from({ length: Math.max(gone.length, come.length) }, (_, place) => place);
  return places.flatMap((place) => compare(gone[place], come[place], [...path, start + place]));
}

function isEqual(one: Json | undefined, other: Json | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** A content that is a string is one part of text in both dialects. */
function asParts(json: Json | undefined): readonly Json[] | undefined {
  if (typeof json === 'string') return [{ type: 'text', text: json }];
  return Array.isArray(json) ? json : undefined;
}

function asObject(json: Json | undefined): JsonObject {
  return isObject(json) ? json : {};
}
