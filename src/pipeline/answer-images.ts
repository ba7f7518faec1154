// Pictures in one piece: the provider's own bytes where they are what the caller reads, otherwise written anew, with
// pictures fetched for a caller who wants them and not their addresses.

import type { GeneratedImage, ImageReply } from '../core/images.ts';
import { GatewayError } from '../core/failure.ts';
import type { Loss } from '../dialects/dialect.ts';
import { openaiImages } from '../dialects/openai-images/index.ts';
import { writeReply } from '../dialects/openai-images/write-reply.ts';
import { createObservation } from '../streams/observe.ts';
import { endCall, type Call, type Deps } from './call.ts';
import type { Reply } from './chat.ts';
import { costFor } from './cost.ts';
import type { Dispatched } from './dispatch.ts';
import { fetchPictures } from './fetch-pictures.ts';
import type { ImagesBegun, ImagesExchange, ImagesWire } from './images-operation.ts';
import { noteTarget, replyHeaders } from './render.ts';

export async function answerImages(
  { body }: ImagesWire,
  dispatched: Dispatched<ImagesExchange, ImagesBegun>,
  call: Call,
  deps: Deps,
): Promise<Reply> {
  const { begun, exchange } = dispatched;
  const wanted = body.json['response_format'];
  const images =
    wanted === 'b64_json' ? await fetchPictures(begun.reply.images, call, deps) : begun.reply.images;
  const losses = [...exchange.losses, ...lossesOf(images, wanted, exchange.losses)];
  const answered = { ...dispatched, exchange: { losses } };
  noteTarget(call.journal, answered);
  call.journal.observation = {
    ...createObservation(),
    usage: begun.reply.usage,
    // There is one way for a picture to end.
    finish: { unified: 'stop' },
  };
  if (call.strict && losses.length > exchange.losses.length) throw new GatewayError(NOT_AS_ASKED);

  // Pictures have prices of their own, which no table of tokens has: only the provider's word counts.
  const cost = begun.reply.usage && costFor(begun.reply.usage, undefined);
  const reply: Reply = {
    status: 200,
    contentType: 'application/json',
    body: isAsCallersRead(begun.reply, images, exchange)
      ? begun.bytes
      : JSON.stringify(writeReply({ ...begun.reply, images }, Math.floor(deps.now() / 1000))),
    headers: replyHeaders(answered, call, deps.now(), cost),
  };
  call.journal.status = reply.status;
  endCall(call, 'ok', deps);
  return reply;
}

/** A picture that did not come in the form that was asked for, where that was not known before. */
function lossesOf(
  images: readonly GeneratedImage[],
  wanted: unknown,
  known: readonly Loss[],
): readonly Loss[] {
  const kind = wanted === 'b64_json' ? 'base64' : wanted === 'url' ? 'url' : undefined;
  const field = 'response_format';
  const isMissed = kind !== undefined && images.some(({ source }) => source.kind !== kind);
  return isMissed && !known.some((loss) => loss.field === field) ? [{ action: 'dropped', field }] : [];
}

const NOT_AS_ASKED = {
  kind: 'upstream-protocol',
  message: 'x-llm-proxy-strict: the pictures did not come in the form that response_format asks for',
  param: 'response_format',
  shouldRetry: false,
} as const;

function isAsCallersRead(
  reply: ImageReply,
  images: readonly GeneratedImage[],
  { offer }: ImagesExchange,
): boolean {
  return offer.format.id === openaiImages.id && reply.createdAt !== undefined && images === reply.images;
}
