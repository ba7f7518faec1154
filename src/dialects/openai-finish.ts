// Why an answer ended, from the words of OpenAI's chats and text completions, and back.
// https://platform.openai.com/docs/api-reference/chat/object

import type { FinishReason } from '../core/event.ts';

type Unified = FinishReason['unified'];

/** What the answer held: servers name the wrong reason often enough that the content decides. */
export type Seen = { readonly toolCalls: boolean; readonly refusal: boolean };

/** `raw`: the provider's word, absent when it gave none. */
export function readFinishReason(raw: string | undefined, seen: Seen): FinishReason {
  const unified = correct(raw === undefined ? undefined : unify(raw), seen);
  return raw === undefined ? { unified } : { unified, raw };
}

/** The word of a `finish_reason` field; some servers put a number there, the id of the token that ended it. */
export function finishWord(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' && value !== 'None' ? value : undefined;
}

export function writeFinishReason(reason: FinishReason, seen: Pick<Seen, 'refusal'>): string {
  switch (reason.unified) {
    case 'stop':
    case 'stop-sequence':
    case 'paused':
    case 'other':
      return 'stop';
    case 'length':
    case 'context-full':
      return 'length';
    case 'tool-calls':
      return 'tool_calls';
    case 'content-filter':
      return 'content_filter';
    case 'refusal':
      // A polite refusal is an answer; without its text, the answer was cut.
      return seen.refusal ? 'stop' : 'content_filter';
  }
}

function correct(unified: Unified | undefined, seen: Seen): Unified {
  if (seen.toolCalls && (unified === undefined || unified === 'stop')) return 'tool-calls';
  if (!seen.toolCalls && unified === 'tool-calls') return 'stop';
  if (seen.refusal && unified === 'stop') return 'refusal';
  return unified ?? 'other';
}

function unify(raw: string): Unified {
  return /^-?\d+$/.test(raw) ? 'stop' : (WORDS.get(raw) ?? 'other');
}

/** OpenAI's words, and those of the models behind compatible servers that shine through. */
const WORDS: ReadonlyMap<string, Unified> = new Map([
  ['stop', 'stop'],
  ['eos', 'stop'],
  ['eos_token', 'stop'],
  ['end_turn', 'stop'],
  ['stop_sequence', 'stop-sequence'],
  ['length', 'length'],
  ['max_tokens', 'length'],
  ['tool_calls', 'tool-calls'],
  ['tool_use', 'tool-calls'],
  ['function_call', 'tool-calls'],
  ['content_filter', 'content-filter'],
  ['refusal', 'refusal'],
]);
