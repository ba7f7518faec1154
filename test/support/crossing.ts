// What crosses from one dialect to another: a reply on its way to a caller, a request on its way to a model.

import type { ChatEvent } from '../../src/core/event.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { anthropicMessages } from '../../src/dialects/anthropic-messages/index.ts';
import { cohereChat } from '../../src/dialects/cohere-chat/index.ts';
import type { ChatRequest } from '../../src/core/chat.ts';
import type { ClientDialectId, Dialect, ProviderDialectId, ReplyEgress } from '../../src/dialects/dialect.ts';
import { openaiResponses } from '../../src/dialects/openai-responses/index.ts';
import { openaiChat } from '../../src/dialects/openai-chat/index.ts';
import { openaiCompletions } from '../../src/dialects/openai-completions/index.ts';
import { renameTools } from '../../src/dialects/tool-names.ts';
import { createByteReader } from '../../src/streams/codec.ts';
import { readCohereRequest, withDocumentsAside } from './cohere-chat-requests.ts';
import { stamp, type Form } from './meaning.ts';
import { writeAt, type Place, type TargetDialectId } from './places.ts';
import { meaningOfRequest, unexplained } from './request-meaning.ts';

/** A dialect whose models are nobody's business here. */
export type Speech = Pick<Dialect, 'id' | 'ingress'> & { readonly egress: ReplyEgress };

/** Those that callers speak. */
export const dialects: Readonly<Record<ClientDialectId, Speech>> = {
  'openai-chat': openaiChat,
  'anthropic-messages': anthropicMessages,
  'openai-responses': openaiResponses,
  'openai-completions': openaiCompletions,
};
export const dialectIds: readonly ClientDialectId[] = [
  'openai-chat',
  'anthropic-messages',
  'openai-responses',
  'openai-completions',
];

/** Those that providers speak: how their answers are read. */
export const egresses: Readonly<Record<ProviderDialectId, Speech['egress']>> = {
  'openai-chat': openaiChat.egress,
  'anthropic-messages': anthropicMessages.egress,
  'openai-responses': openaiResponses.egress,
  'openai-completions': openaiCompletions.egress,
  'cohere-chat': cohereChat.egress,
};
export const providerDialectIds: readonly ProviderDialectId[] = [...dialectIds, 'cohere-chat'];

/** The dialect that a recording is in: their index names APIs, some of them by other words. */
export function dialectOfApi(api: string): ProviderDialectId | undefined {
  const id = api === 'cohere-v2-chat' ? 'cohere-chat' : api;
  return providerDialectIds.find((known) => known === id);
}

/** What a provider makes of a request. */
const requestReaders: Readonly<Record<TargetDialectId, (body: JsonObject) => ChatRequest>> = {
  'openai-chat': openaiChat.ingress.readRequest,
  'anthropic-messages': anthropicMessages.ingress.readRequest,
  'openai-responses': openaiResponses.ingress.readRequest,
  'cohere-chat': readCohereRequest,
};

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

/** Where no word names one tool, it is asked for by offering it alone and forcing a call: the same answers can follow. */
function withChoiceByOffer(request: ChatRequest): ChatRequest {
  const { toolChoice } = request;
  if (toolChoice?.type !== 'tool') return request;
  return { ...request, toolChoice: { type: 'allowed', mode: 'required', names: [toolChoice.name] } };
}

/** A request as it arrives at a model, and what it no longer asks there although no loss says so. Throws when refused. */
export function crossRequest(body: JsonObject, from: ClientDialectId, place: Place, to: TargetDialectId) {
  const request = { ...dialects[from].ingress.readRequest(body), model: place.model };
  const { body: written, losses, toolNames } = writeAt(place, to, request);
  const read = requestReaders[to](JSON.parse(JSON.stringify(written)));
  const arrived = renameTools(read, (name) => toolNames?.get(name) ?? name);
  const wanted = to === 'cohere-chat' ? withChoiceByOffer(request) : request;
  const asked = meaningOfRequest(written['documents'] === undefined ? wanted : withDocumentsAside(wanted));
  return { written, losses, unexplained: unexplained(asked, meaningOfRequest(arrived), losses) };
}
