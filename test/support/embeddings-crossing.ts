// A request for vectors on its way to a place and a reply on its way back, without a network.

import type { JsonObject } from '../../src/core/json.ts';
import type { Loss } from '../../src/dialects/dialect.ts';
import { readRouting } from '../../src/dialects/envelope.ts';
import { readRequest } from '../../src/dialects/openai-embeddings/read-request.ts';
import { writeReply } from '../../src/dialects/openai-embeddings/write-reply.ts';
import { gateBody, BODY_LIMITS } from '../../src/http/body-gate.ts';
import type { Attempted, Failed, Stop } from '../../src/pipeline/attempt.ts';
import { embeddingsOperation, type EmbeddingsBegun } from '../../src/pipeline/embeddings-operation.ts';
import type { Target } from '../../src/pipeline/plan.ts';
import type { EmbeddingsPlace } from './embeddings-places.ts';

/** Nobody stops it. */
export const NEVER: Stop = {
  abort: () => undefined,
  reason: () => undefined,
  stopped: new Promise(() => undefined),
  signal: undefined,
};

export type Sent = { readonly bodies: readonly JsonObject[]; readonly losses: readonly Loss[] };

/** All that would be sent. Throws as the gateway refuses. */
export function sendEmbeddings(json: JsonObject, place: EmbeddingsPlace, strict = false): Sent {
  const { losses, batches } = embeddingsOperationFor(json, strict).prepare(targetAt(place));
  return { bodies: batches.map(({ text }) => JSON.parse(text) as JsonObject), losses };
}

/** What the caller gets when the provider answers so. */
export async function crossEmbeddings(
  json: JsonObject,
  place: EmbeddingsPlace,
  answer: (body: JsonObject) => Response,
): Promise<JsonObject | Failed> {
  const operation = embeddingsOperationFor(json);
  const target = targetAt(place);
  const sending = operation.sending(target, operation.prepare(target));
  const reply = (text: string): Response => answer(JSON.parse(text) as JsonObject);
  return repliesWith(
    await sending.readAnswer(reply(sending.text ?? ''), {
      stop: NEVER,
      enter: () => undefined,
      sendMore: (text) => Promise.resolve(reply(text)),
    }),
  );
}

function repliesWith(attempted: Attempted<EmbeddingsBegun>): JsonObject | Failed {
  if (attempted.kind === 'cancelled') throw new Error('nobody has hung up');
  if (attempted.kind === 'failed') return attempted;
  const { begun } = attempted;
  return begun.kind === 'relayed'
    ? (JSON.parse(new TextDecoder().decode(begun.bytes)) as JsonObject)
    : writeReply(begun.vectors, { model: begun.model ?? 'asked', usage: begun.usage });
}

export function embeddingsOperationFor(json: JsonObject, strict = false) {
  const body = gateBody(new TextEncoder().encode(JSON.stringify(json)), BODY_LIMITS);
  const wire = { body, envelope: readRouting(body.json), request: readRequest(body.json) };
  return embeddingsOperation(wire, { strict });
}

export function targetAt({ provider, model }: EmbeddingsPlace): Target {
  return { enabled: { provider, baseUrl: 'https://provider.test', keys: [''] }, model, credential: 0 };
}
