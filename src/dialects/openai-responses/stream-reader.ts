// A stream of response events as our events. Each is known by its `type`: some servers leave out the lines that name it.
// https://platform.openai.com/docs/api-reference/responses-streaming

import type { ChatEvent } from '../../core/event.ts';
import { asNumber, asString, type Json, type JsonObject } from '../../core/json.ts';
import type { SseEvent } from '../../streams/sse.ts';
import type { StreamReader } from '../dialect.ts';
import { asFilled, asObject } from '../json-access.ts';
import { protocolFailure } from '../openai-error.ts';
import {
  itemAt,
  newAssembly,
  takeDone,
  takeError,
  takeEvents,
  takeFailure,
  takeResponse,
  takeSources,
  takeStart,
  type Assembly,
} from './assembly.ts';
import { sayArguments, sayArgumentsRest, startCall } from './call-item.ts';
import { cite, endPart, partAt, sayRest, sayText } from './message-item.ts';
import { hasFailed } from './read-reply.ts';
import { sayReasoning, sayReasoningRest } from './reasoning-item.ts';
import { readUsage } from './usage.ts';
import type { ResponsesVariant } from './variant.ts';

export function createStreamReader(variant: ResponsesVariant): StreamReader {
  const assembly = newAssembly(variant);
  let isOver = false;
  return {
    read: (event) => {
      if (isOver) return NOTHING;
      isOver = takeFrame(assembly, event);
      return takeEvents(assembly);
    },
    end: () => {
      if (isOver) return NOTHING;
      isOver = true;
      failProtocol(assembly, 'the stream ended without its terminal marker');
      return takeEvents(assembly);
    },
  };
}

const NOTHING: readonly ChatEvent[] = [];

/** Whether the reply is over with it. */
function takeFrame(assembly: Assembly, frame: SseEvent): boolean {
  const text = frame.data.trim();
  // OpenRouter's last word, behind the last event.
  if (text === '' || text === '[DONE]') return false;
  const json = parse(text);
  if (frame.event === 'error') return fail(assembly, json ?? text);
  const event = asObject(json);
  if (event === undefined) return failProtocol(assembly, 'the provider sent an event that is no JSON object');
  return takeEvent(assembly, asFilled(event['type']) ?? frame.event ?? '', event);
}

function takeEvent(assembly: Assembly, type: string, event: JsonObject): boolean {
  switch (type) {
    case 'response.output_text.delta':
    case 'response.output_text.done':
    case 'response.output_text.annotation.added':
    case 'response.refusal.delta':
    case 'response.refusal.done':
    case 'response.content_part.done':
      takeText(assembly, type, event);
      return false;
    case 'response.reasoning_summary_text.delta':
    case 'response.reasoning_text.delta':
    case 'response.reasoning_summary_text.done':
    case 'response.reasoning_text.done':
      takeReasoning(assembly, type, event);
      return false;
    case 'response.function_call_arguments.delta':
    case 'response.custom_tool_call_input.delta':
    case 'response.function_call_arguments.done':
    case 'response.custom_tool_call_input.done':
      takeArguments(assembly, type, event);
      return false;
    case 'response.output_item.added':
      takeAdded(assembly, placeOf(event), asObject(event['item']) ?? {});
      return false;
    case 'response.output_item.done':
      takeDone(assembly, placeOf(event), asObject(event['item']) ?? {});
      return false;
    case 'response.created':
    case 'response.in_progress':
    case 'response.queued':
      takeStart(assembly, asObject(event['response']) ?? {});
      return false;
    case 'response.reasoning.search_results':
      takeSources(assembly, event['results']);
      return false;
    case 'response.completed':
    case 'response.incomplete':
    // xAI's: https://docs.x.ai/docs/guides/streaming-response
    case 'response.done':
      return takeLast(assembly, type, event);
    case 'response.failed':
    case 'response.cancelled':
      return failResponse(assembly, event);
    case 'error':
      return fail(assembly, event);
    default:
      // An error that is no event: a server in front of the provider.
      return type === '' && hasFailed(event) ? fail(assembly, event) : false;
  }
}

function takeLast(assembly: Assembly, type: string, event: JsonObject): true {
  const response = asObject(event['response']) ?? {};
  if (hasFailed({ ...response, output: response['output'] ?? [] })) return failResponse(assembly, event);
  const status = type === 'response.incomplete' ? 'incomplete' : response['status'];
  takeResponse(assembly, { ...response, status });
  return true;
}

/** Perplexity puts the error beside the response: https://docs.perplexity.ai/docs/agent-api */
function failResponse(assembly: Assembly, event: JsonObject): true {
  const response = asObject(event['response']) ?? {};
  assembly.usage = readUsage(response['usage']);
  return fail(assembly, { error: response['error'] ?? event['error'] ?? {} });
}

function takeAdded(assembly: Assembly, place: number, item: JsonObject): void {
  const open = itemAt(assembly, place, item);
  if (open.kind === 'call') startCall(assembly, open);
}

function takeText(assembly: Assembly, type: string, event: JsonObject): void {
  const open = itemAt(assembly, placeOf(event), { type: 'message' });
  const whole = asObject(event['part']) ?? {};
  // Parts of reasoning items are told with the item.
  if (open.kind !== 'message') return;
  const isRefusal = type.startsWith('response.refusal') || whole['type'] === 'refusal';
  const part = partAt(open, asNumber(event['content_index']) ?? 0, isRefusal);
  switch (type) {
    case 'response.output_text.delta':
    case 'response.refusal.delta':
      sayText(assembly, part, asString(event['delta']) ?? '', event['logprobs']);
      return;
    case 'response.output_text.done':
    case 'response.refusal.done':
      sayRest(assembly, part, event[isRefusal ? 'refusal' : 'text'], event['logprobs']);
      return;
    case 'response.output_text.annotation.added':
      cite(assembly, part, asObject(event['annotation']) ?? {});
      return;
    case 'response.content_part.done':
      endPart(assembly, part, whole);
  }
}

function takeReasoning(assembly: Assembly, type: string, event: JsonObject): void {
  const open = itemAt(assembly, placeOf(event), { type: 'reasoning' });
  if (open.kind !== 'reasoning') return;
  const source = type.startsWith('response.reasoning_summary') ? 'summary' : 'content';
  const part = asNumber(event[source === 'summary' ? 'summary_index' : 'content_index']) ?? 0;
  if (type.endsWith('.done')) sayReasoningRest(assembly, open, source, part, event['text']);
  else sayReasoning(assembly, open, source, part, asString(event['delta']) ?? '');
}

function takeArguments(assembly: Assembly, type: string, event: JsonObject): void {
  const kind = type.includes('custom') ? 'custom_tool_call' : 'function_call';
  const open = itemAt(assembly, placeOf(event), { type: kind });
  if (open.kind !== 'call') return;
  if (type.endsWith('.delta')) sayArguments(assembly, open, asString(event['delta']) ?? '');
  else sayArgumentsRest(assembly, open, asString(event['arguments']) ?? asString(event['input']));
}

function placeOf(event: JsonObject): number {
  return asNumber(event['output_index']) ?? 0;
}

function fail(assembly: Assembly, body: unknown): true {
  takeError(assembly, body);
  return true;
}

function failProtocol(assembly: Assembly, message: string): true {
  takeFailure(assembly, protocolFailure(message), 'protocol');
  return true;
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
