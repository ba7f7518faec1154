// The name under which an answer is remembered: an HMAC over everything that it depends on. Whatever a request says and we
// do not understand is part of it, so that it makes another key and never the same one.

import type { ChatRequest } from '../core/chat.ts';
import type { Json } from '../core/json.ts';
import type { Signer } from '../core/ports.ts';

export type KeyParts = {
  /** The caller's id; '' for callers without a key, who are one tenant. */
  readonly tenant: string;
  /** The operation, and what else of its circumstances the answer depends on. */
  readonly scope: readonly string[];
  /** Where it may be answered, in order: addresses and models. */
  readonly family: readonly string[];
  readonly request: unknown;
};

export function cacheKey({ tenant, scope, family, request }: KeyParts, { sign }: Signer): string {
  return sign('cache entry 1', canonicalJson([tenant, scope, family, request]));
}

/** What a chat is asked, without the model, which the family says, and without how the answer is to be handed over. */
export function questionOf(request: ChatRequest): object {
  return { ...request, model: undefined, stream: undefined, streamUsage: undefined };
}

/** JSON with the members of every object in order. */
export function canonicalJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join()}]`;
  const object = value as Readonly<Record<string, Json | undefined>>;
  const members = Object.keys(object)
    .filter((name) => object[name] !== undefined)
    .toSorted()
    .map((name) => `${JSON.stringify(name)}:${canonicalJson(object[name])}`);
  return `{${members.join()}}`;
}
