// Why an answer ended, in Cohere's words and ours. https://docs.cohere.com/reference/chat#response.body.finish_reason

import type { FinishReason } from '../../core/event.ts';
import { told } from '../told.ts';

/** The content decides between an answer and calls. */
export function readFinishReason(raw: string | undefined, hasCalls: boolean): FinishReason {
  const unified = UNIFIED.get(raw ?? '') ?? 'other';
  return { unified: withCalls(unified, hasCalls), ...told({ raw }) };
}

function withCalls(unified: FinishReason['unified'], hasCalls: boolean): FinishReason['unified'] {
  if (hasCalls) return unified === 'stop' || unified === 'other' ? 'tool-calls' : unified;
  return unified === 'tool-calls' ? 'stop' : unified;
}

const UNIFIED: ReadonlyMap<string, FinishReason['unified']> = new Map([
  ['COMPLETE', 'stop'],
  ['STOP_SEQUENCE', 'stop-sequence'],
  ['MAX_TOKENS', 'length'],
  ['TOOL_CALL', 'tool-calls'],
]);
