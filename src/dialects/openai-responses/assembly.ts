// A reply while it is being read: items and events of the wire go in, our events come out. A JSON reply is a stream of its
// last event, so both forms are read by the same code. The state is changed in place, because this runs over every event of
// every stream.
//
// Items are told apart by their place in the output: their ids may change from event to event. What an event at the end
// repeats in full is compared with what has been said, and only the rest of it is said; that is all of it where a
// provider left out the pieces.

import type { ChatEvent, StreamFailureClass } from '../../core/event.ts';
import type { Failure } from '../../core/failure.ts';
import { asNumber, type JsonObject } from '../../core/json.ts';
import type { Usage } from '../../core/usage.ts';
import { asFilled, asList, asObject } from '../json-access.ts';
import { protocolFailure, readError } from '../openai-error.ts';
import { told } from '../told.ts';
import { endCall, isNameless, newCall, type OpenCall } from './call-item.ts';
import { readFinish } from './finish.ts';
import { endMessage, newMessage, type OpenMessage } from './message-item.ts';
import { endReasoning, newReasoning, type OpenReasoning } from './reasoning-item.ts';
import { addSources, type Source } from './sources.ts';
import { readUsage } from './usage.ts';
import { DIALECT } from './native.ts';
import type { ResponsesVariant } from './variant.ts';

export type Assembly = {
  readonly variant: ResponsesVariant;
  /** What the last steps came to; taken by `takeEvents`. */
  events: ChatEvent[];
  /** How many blocks have been started. */
  blocks: number;
  hasStarted: boolean;
  hasCalls: boolean;
  hasRefusal: boolean;
  /** By their place in the output. */
  readonly items: Map<number, OpenItem>;
  sources: readonly Source[];
  usage: Usage | undefined;
};

export type OpenItem = OpenMessage | OpenReasoning | OpenCall | OtherItem;
/** Nothing of it is said before it is whole. */
type OtherItem = { readonly kind: 'other'; readonly type: string; isDone: boolean };

export function newAssembly(variant: ResponsesVariant): Assembly {
  return {
    variant,
    events: [],
    blocks: 0,
    hasStarted: false,
    hasCalls: false,
    hasRefusal: false,
    items: new Map(),
    sources: [],
    usage: undefined,
  };
}

export function takeEvents(assembly: Assembly): readonly ChatEvent[] {
  const { events } = assembly;
  if (events.length > 0) assembly.events = [];
  return events;
}

/** What a response tells of itself at its start, and again later. */
export function takeStart(assembly: Assembly, response: JsonObject): void {
  if (assembly.hasStarted) return;
  assembly.hasStarted = true;
  const id = asFilled(response['id']);
  const model = asFilled(response['model']);
  const createdAt = asNumber(response['created_at']);
  assembly.events.push({ type: 'start', ...told({ id, model, createdAt }) });
}

/** The item at a place; one that nothing announced begins with what is said of it. */
export function itemAt(assembly: Assembly, place: number, item: JsonObject): OpenItem {
  const known = assembly.items.get(place);
  if (known !== undefined) return known;
  const begun = begin(item);
  assembly.items.set(place, begun);
  return begun;
}

function begin(item: JsonObject): OpenItem {
  const type = asFilled(item['type']) ?? '';
  switch (type) {
    case 'message':
      return newMessage();
    case 'reasoning':
      return newReasoning();
    case 'function_call':
    case 'custom_tool_call':
      return newCall(item);
    default:
      return { kind: 'other', type, isDone: false };
  }
}

/** `item`: as it is in the end. */
export function takeDone(assembly: Assembly, place: number, item: JsonObject): void {
  const open = itemAt(assembly, place, item);
  if (open.isDone) return;
  open.isDone = true;
  switch (open.kind) {
    case 'message':
      endMessage(assembly, open, item);
      return;
    case 'reasoning':
      endReasoning(assembly, open, item);
      return;
    case 'call':
      endCall(assembly, open, item);
      return;
    case 'other':
      if (item['type'] === 'search_results') takeSources(assembly, item['results']);
      assembly.events.push({ type: 'opaque', block: assembly.blocks++, dialect: DIALECT, content: item });
  }
}

export function takeSources(assembly: Assembly, results: JsonObject[string]): void {
  assembly.sources = addSources(assembly.sources, results);
}

/** The response is over, for better or worse. */
export function takeResponse(assembly: Assembly, response: JsonObject): void {
  takeStart(assembly, response);
  assembly.usage = readUsage(response['usage']) ?? assembly.usage;
  takeOutput(
    assembly,
    asList(response['output'])
      .map(asObject)
      .filter((item) => item !== undefined),
  );
  for (const [place, item] of assembly.items) if (!item.isDone) takeDone(assembly, place, NOTHING);
  if ([...assembly.items.values()].some((item) => item.kind === 'call' && isNameless(item))) {
    takeFailure(assembly, protocolFailure('the provider sent a tool call without a name'), 'protocol');
    return;
  }
  pushUsage(assembly);
  const seen = { toolCalls: assembly.hasCalls, refusal: assembly.hasRefusal };
  assembly.events.push({ type: 'finish', reason: readFinish(response, seen) });
}

const NOTHING: JsonObject = {};

/** Items that did not come by themselves, whole or in part. */
function takeOutput(assembly: Assembly, output: readonly JsonObject[]): void {
  for (const item of output) {
    if (item['type'] === 'search_results') takeSources(assembly, item['results']);
  }
  const streamed = new Map(assembly.items);
  for (const [place, item] of output.entries()) {
    const { kind } = begin(item);
    if (streamed.get(place)?.kind === kind) takeDone(assembly, place, item);
    // Some outputs have more items than the stream had, at other places: what has been said is not said again.
    else if (![...streamed.values()].some((known) => known.kind === kind))
      takeDone(assembly, LATE + place, item);
    else completeLast(assembly, streamed, kind, item);
  }
}

/** Behind all places of a stream. */
const LATE = 1_000_000;

function completeLast(
  assembly: Assembly,
  streamed: ReadonlyMap<number, OpenItem>,
  kind: OpenItem['kind'],
  item: JsonObject,
): void {
  const open = [...streamed].find(([, known]) => known.kind === kind && !known.isDone);
  if (open !== undefined) takeDone(assembly, open[0], item);
}

/** The reply has failed. What it cost so far is told nonetheless. */
export function takeFailure(assembly: Assembly, failure: Failure, failed: StreamFailureClass): void {
  pushUsage(assembly);
  assembly.events.push({ type: 'failure', failure, class: failed });
}

/** A body that came with a good status. */
export function takeError(assembly: Assembly, body: unknown): void {
  const { failure, class: failed } = readError(200, body);
  takeFailure(assembly, failure, failed);
}

function pushUsage({ events, usage }: Assembly): void {
  if (usage !== undefined) events.push({ type: 'usage', usage });
}
