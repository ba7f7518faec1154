// What may be remembered, and who says so: the mode of the deployment, the policy of the route, the request's own
// `Cache-Control`, the request itself, and at last the answer.

import type { ChatRequest } from '../core/chat.ts';
import type { ChatEvent } from '../core/event.ts';
import type { JsonObject } from '../core/json.ts';

/** `deterministic`: only what is asked with temperature 0. */
export type CacheMode = 'off' | 'deterministic' | 'all';

export type CachePolicy = {
  readonly mode: CacheMode;
  /** Requests that offer tools, too: a remembered tool call is made again each time. */
  readonly tools: boolean;
  /** Instead of a life that follows from the use. */
  readonly ttlMs?: number;
  /** For invalidation. */
  readonly tags: readonly string[];
};

/** Of the request's `Cache-Control`, what it asks of us. https://www.rfc-editor.org/rfc/rfc9111#section-5.2.1 */
export type Directives = {
  readonly noStore: boolean;
  /** Not from the cache, though the new answer may be kept. */
  readonly noCache: boolean;
  /** Nothing older. */
  readonly maxAgeMs: number;
};

export function readDirectives(header: string | undefined): Directives {
  const words = (header ?? '').toLowerCase().split(',');
  const directives = words.map((word) => word.trim());
  const maxAge = /^max-age="?(\d{1,10})"?$/;
  const ages = directives.map((word) => maxAge.exec(word)?.[1]).filter((age) => age !== undefined);
  return {
    noStore: directives.includes('no-store'),
    noCache: directives.includes('no-cache'),
    maxAgeMs: Math.min(Infinity, ...ages.map((seconds) => Number(seconds) * 1000)),
  };
}

/** One look at a body of any dialect, before anything is read of it: most requests end here. */
export function mightBeKept(json: JsonObject, { mode }: CachePolicy): boolean {
  return mode === 'all' || (mode === 'deterministic' && json['temperature'] === 0);
}

/**
 * Whether the answer to it can be remembered and told again. A field that the vocabulary does not know may ask for
 * something that our events cannot repeat, or that is done rather than answered.
 */
export function isKeepable(request: ChatRequest, policy: CachePolicy): boolean {
  return (
    (policy.mode === 'all' || (policy.mode === 'deterministic' && request.temperature === 0)) &&
    // Our events tell one answer.
    (request.n ?? 1) === 1 &&
    // Where the provider repeats the prompt, it stands in the events, and would be repeated once more.
    request.echo === undefined &&
    (policy.tools || (request.tools ?? []).length === 0) &&
    (request.unread ?? []).length === 0 &&
    !saysUnknown(request.extensions) &&
    request.messages.every(({ extensions }) => !saysUnknown(extensions)) &&
    (request.tools ?? []).every((tool) => tool.type !== 'function' || !saysUnknown(tool.extensions))
  );
}

function saysUnknown(extensions: ChatRequest['extensions']): boolean {
  return Object.values(extensions ?? {}).some((fields) => Object.keys(fields ?? {}).length > 0);
}

/** Complete, of its own accord, and something: neither cut off, nor filtered, nor refused, nor empty. */
export function isWorthKeeping(events: readonly ChatEvent[], { tools }: CachePolicy): boolean {
  const last = events.at(-1);
  if (last?.type !== 'finish') return false;
  const { unified } = last.reason;
  const isDone = unified === 'stop' || unified === 'stop-sequence' || (tools && unified === 'tool-calls');
  const callsTools = events.some(({ type }) => type === 'tool-call-start');
  const refuses = events.some((event) => event.type === 'text-start' && event.refusal === true);
  const saysSomething = events.some(
    (event) => (event.type === 'text-delta' && event.text !== '') || event.type === 'tool-call-start',
  );
  return isDone && saysSomething && !refuses && last.refusal === undefined && (tools || !callsTools);
}
