// Streams of chunks for tests, read whole.

import type { ChatEvent } from '../../../../src/core/event.ts';
import { foldEvents } from '../../../../src/dialects/openai-chat/fold.ts';
import { createStreamReader } from '../../../../src/dialects/openai-chat/stream-reader.ts';

/** A chunk, or the data of an event as text. */
export type Payload = object | string;

export function read(payloads: readonly Payload[]): ChatEvent[] {
  const reader = createStreamReader();
  const events = payloads.flatMap((payload) =>
    reader.read({ data: typeof payload === 'string' ? payload : JSON.stringify(payload) }),
  );
  return [...events, ...reader.end()];
}

export function delta(fields: object, finish?: unknown) {
  return {
    id: 'c1',
    object: 'chat.completion.chunk',
    created: 1_700_000_000,
    model: 'm',
    choices: [{ index: 0, delta: fields, finish_reason: finish ?? null }],
  };
}

export function call(index: number, id: string, name: string, text: string) {
  return { index, id, type: 'function', function: { name, arguments: text } };
}

export function callsOf(
  payloads: readonly object[],
): readonly (readonly [id: string, name: string, text: string])[] {
  return foldEvents(read([...payloads, '[DONE]'])).calls.map((open) => [open.id, open.name, open.arguments]);
}
