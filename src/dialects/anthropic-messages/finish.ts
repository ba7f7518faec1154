// Why a reply ended, in Anthropic's words and in ours.
// https://docs.anthropic.com/en/api/handling-stop-reasons

import type { ChatEvent, FinishReason } from '../../core/event.ts';
import { asString, isObject, type JsonObject } from '../../core/json.ts';
import { told } from '../told.ts';

type Finish = ChatEvent & { readonly type: 'finish' };
type Unified = FinishReason['unified'];

const UNIFIED: ReadonlyMap<string, Unified> = new Map([
  ['end_turn', 'stop'],
  ['stop_sequence', 'stop-sequence'],
  ['max_tokens', 'length'],
  ['model_context_window_exceeded', 'context-full'],
  ['tool_use', 'tool-calls'],
  ['pause_turn', 'paused'],
  ['refusal', 'refusal'],
  // Beta: the reply is a summary of the conversation, and complete.
  ['compaction', 'stop'],
]);

/** `source` is a message, or the `delta` of a stream's last `message_delta`: they tell it in the same fields. */
export function readFinish(source: Readonly<Record<string, unknown>>, hasCalls: boolean): Finish {
  const raw = asString(source['stop_reason']);
  const details = source['stop_details'];
  return {
    type: 'finish',
    reason: { unified: withCalls(unify(raw), hasCalls), ...told({ raw }) },
    ...told({
      stopSequence: asString(source['stop_sequence']),
      refusal: isObject(details) ? asString(details['explanation']) : undefined,
    }),
  };
}

/** `stop_reason` and what belongs to it. */
export function writeFinish(
  { reason, stopSequence, refusal }: Finish,
  content: { readonly hasCalls: boolean; readonly hasRefusal: boolean },
): JsonObject {
  const stopReason = content.hasRefusal ? 'refusal' : stopReasonOf(reason, content.hasCalls);
  return {
    stop_reason: stopReason,
    stop_sequence: stopReason === 'stop_sequence' ? (stopSequence ?? null) : null,
    stop_details:
      stopReason === 'refusal' ? { type: 'refusal', category: null, explanation: refusal ?? null } : null,
  };
}

function unify(raw: string | undefined): Unified {
  return raw === undefined ? 'other' : (UNIFIED.get(raw) ?? 'other');
}

/** Relays between us and a model are known to say "stop" of a reply that ends in calls, and the reverse. */
function withCalls(unified: Unified, hasCalls: boolean): Unified {
  if (hasCalls) return unified === 'stop' || unified === 'other' ? 'tool-calls' : unified;
  return unified === 'tool-calls' ? 'stop' : unified;
}

function stopReasonOf({ unified, raw }: FinishReason, hasCalls: boolean): string {
  const coherent = withCalls(unified, hasCalls);
  // One word of ours stands for several of theirs: the provider's own is the exact one.
  if (raw !== undefined && UNIFIED.get(raw) === coherent) return raw;
  switch (coherent) {
    case 'stop':
    case 'other':
      return 'end_turn';
    case 'stop-sequence':
      return 'stop_sequence';
    case 'length':
      return 'max_tokens';
    case 'context-full':
      return 'model_context_window_exceeded';
    case 'tool-calls':
      return 'tool_use';
    case 'content-filter':
    case 'refusal':
      return 'refusal';
    case 'paused':
      return 'pause_turn';
  }
}
