// What crosses from one dialect to another: a reply on its way to a caller, a request on its way to a model.

import type { ChatEvent } from '../../src/core/event.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { anthropicMessages } from '../../src/dialects/anthropic-messages/index.ts';
import type { Dialect, DialectId, ReplyEgress } from '../../src/dialects/dialect.ts';
import { openaiResponses } from '../../src/dialects/openai-responses/index.ts';
import { openaiChat } from '../../src/dialects/openai-chat/index.ts';
import { openaiCompletions } from '../../src/dialects/openai-completions/index.ts';
import { createByteReader } from '../../src/streams/codec.ts';
import { stamp, type Form } from './meaning.ts';
import { writeAt, type Place } from './places.ts';
import { meaningOfRequest, unexplained } from './request-meaning.ts';

/** A dialect whose models are nobody's business here. */
export type Speech = Pick<Dialect, 'id' | 'ingress'> & { readonly egress: ReplyEgress };

export const dialects: Readonly<Record<DialectId, Speech>> = {
  'openai-chat': openaiChat,
  'anthropic-messages': anthropicMessages,
  'openai-responses': openaiResponses,
  'openai-completions': openaiCompletions,
};
export const dialectIds: readonly DialectId[] = [
  'openai-chat',
  'openai-responses',
  'anthropic-messages',
  'openai-completions',
];

/** What a caller who speaks the dialect reads, in either form. */
export function crossInto({ ingress, egress }: Speech, events: readonly ChatEvent[], form: Form) {
  return form === 'whole'
    ? egress.readReply(JSON.parse(JSON.stringify(ingress.writeReply(events, stamp))))
    : readBytes({ egress }, [writeBytes({ ingress }, events)]);
}

export function writeBytes({ ingress }: Pick<Speech, 'ingress'>, events: readonly ChatEvent[]): Uint8Array {
  const writer = ingress.createStreamWriter(stamp);
  return new TextEncoder().encode(events.map((event) => writer.write(event)).join(''));
}

export function readBytes(
  { egress }: Pick<Speech, 'egress'>,
  chunks: readonly Uint8Array[],
): readonly ChatEvent[] {
  const reader = createByteReader(egress.createStreamReader());
  return [...chunks.flatMap((chunk) => reader.feed(chunk)), ...reader.end()];
}

/** The bytes in pieces that end at the places. */
export function cutAt(bytes: Uint8Array, places: readonly number[]): readonly Uint8Array[] {
  const ends = [...places.toSorted((one, other) => one - other), bytes.length];
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}

/** A request as it arrives at a model, and what it no longer asks there although no loss says so. Throws when refused. */
export function crossRequest(body: JsonObject, from: DialectId, place: Place, to: DialectId) {
  const request = { ...dialects[from].ingress.readRequest(body), model: place.model };
  const { body: written, losses } = writeAt(place, to, request);
  const arrived = dialects[to].ingress.readRequest(JSON.parse(JSON.stringify(written)));
  const asked = meaningOfRequest(request);
  return { written, losses, unexplained: unexplained(asked, meaningOfRequest(arrived), losses) };
}
