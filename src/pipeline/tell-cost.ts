// `usage.cost` in a reply that is passed through, for a caller who asked for it: the provider's own text with one member
// more. Who does not ask pays nothing for it: that reply stays as it came.

import { isObject, type Json, type JsonObject } from '../core/json.ts';
import { mergeUsage, type Usage } from '../core/usage.ts';
import type { StreamWriter } from '../dialects/dialect.ts';
import type { RelaySource } from '../streams/relay.ts';

export type CostOf = (usage: Usage) => number | undefined;
type ReadUsage = (reply: JsonObject) => Usage | undefined;

/** A reply that tells its cost already, or whose cost is unknown, stays as it is. */
export function tellCost(bytes: Uint8Array, cost: number | undefined): Uint8Array | string {
  return cost === undefined ? bytes : (withCost(new TextDecoder().decode(bytes), () => cost) ?? bytes);
}

/**
 * The same in a stream. `source` reads as before and keeps the provider's text; `writer` gives that text instead of
 * writing the events, with the cost in every report of usage.
 */
export function tellCostInStream(
  { held, rest, reader }: RelaySource,
  readUsage: ReadUsage | undefined,
  costOf: CostOf,
): { readonly source: RelaySource; readonly writer: StreamWriter } {
  const decoder = new TextDecoder();
  /** A stream may report its prompt at the beginning and its answer at the end. */
  let usage: Usage = {};
  const costNow = (reply: JsonObject): number | undefined => {
    usage = mergeUsage(usage, readUsage?.(reply) ?? {});
    return costOf(usage);
  };
  /** The beginning of an event whose end is not here. */
  let begun = '';
  let ready = '';
  const take = (text: string, events: RelaySource['held']['events']): void => {
    for (const event of events) if (event.type === 'usage') usage = mergeUsage(usage, event.usage);
    begun += text;
    const end = begun.length > HELD_CHARS_MAX ? begun.length : endOfEvents(begun);
    if (end === 0) return;
    ready += editEvents(begun.slice(0, end), costNow);
    begun = begun.slice(end);
  };
  for (const bytes of held.bytes) take(decoder.decode(bytes, { stream: true }), held.events);
  return {
    source: {
      held,
      rest,
      reader: {
        feed: (bytes) => {
          const events = reader.feed(bytes);
          take(decoder.decode(bytes, { stream: true }), events);
          return events;
        },
        end: () => {
          const events = reader.end();
          take(begun === '' ? '' : '\n\n', events);
          return events;
        },
      },
    },
    writer: {
      write: () => {
        const text = ready;
        ready = '';
        return text;
      },
    },
  };
}

/** More without a blank line is passed on as it is: an event so large is no report of usage. */
const HELD_CHARS_MAX = 1_048_576;

/** Behind the last blank line: every event before it has been read. A line ends in LF, CRLF or CR. */
function endOfEvents(text: string): number {
  return Math.max(
    ...['\n\n', '\n\r\n', '\r\r'].map((blank) => {
      const at = text.lastIndexOf(blank);
      return at === -1 ? 0 : at + blank.length;
    }),
  );
}

function editEvents(text: string, costIn: (reply: JsonObject) => number | undefined): string {
  if (!text.includes('"usage"')) return text;
  return text
    .split('\n')
    .map((line) => {
      if (!line.startsWith('data:') || !line.includes('"usage"')) return line;
      const edited = withCost(line.slice('data:'.length), costIn);
      return edited === undefined ? line : `data: ${edited}`;
    })
    .join('\n');
}

/** `undefined`: nothing is to be changed. */
function withCost(text: string, costIn: (reply: JsonObject) => number | undefined): string | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
  if (!isObject(json)) return undefined;
  // The Responses API's events have the reply in one member.
  const nested = isObject(json['response']);
  const reply = isObject(json['response']) ? json['response'] : json;
  const { usage } = reply;
  // OpenRouter says it itself, by the same name.
  if (!isObject(usage) || typeof usage['cost'] === 'number') return undefined;
  const cost = costIn(reply as JsonObject);
  if (cost === undefined) return undefined;
  const told = { ...reply, usage: { ...usage, cost } };
  return JSON.stringify(nested ? { ...json, response: told } : told);
}
