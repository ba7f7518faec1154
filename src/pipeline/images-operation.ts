// Pictures, as dispatch sees them: what a target is sent, and how its answer is read, whole or as a stream of events too
// large to be decoded.

import type { Body } from '../core/body.ts';
import { unsupported, type Failure } from '../core/failure.ts';
import type { ImageReply } from '../core/images.ts';
import type { Envelope, Loss } from '../dialects/dialect.ts';
import { fitImages } from '../dialects/images-fit.ts';
import { createImageStreamReader } from '../dialects/openai-images/stream-reader.ts';
import { openaiImages } from '../dialects/openai-images/index.ts';
import type { ImagesOffer, Timeouts } from '../providers/provider.ts';
import { holdUntilContent } from '../streams/hold.ts';
import { type Attempted, type Failed, type Reading, type Sending } from './attempt.ts';
import { retarget } from './body-edit.ts';
import type { Call } from './call.ts';
import { isEventStream, type Begun } from './chat-operation.ts';
import type { Operation } from './dispatch.ts';
import { refusedInStrictMode } from './exchange.ts';
import type { Target } from './plan.ts';
import { readJson, refusedInGoodBody } from './read-json.ts';

export type ImagesWire = { readonly body: Body; readonly envelope: Envelope };

export type ImagesExchange = {
  readonly offer: ImagesOffer;
  readonly text: string;
  readonly losses: readonly Loss[];
  /** Never pumped: a copy of megabytes an event would fall behind what the runtime keeps. The bytes go through all the same. */
  readonly passThrough: false;
};

export type ImagesBegun = { readonly bytes: Uint8Array; readonly reply: ImageReply };

/** Ten pictures of 4 MB in base64; a Worker has 128 MB for all that it does. */
const REPLY_BYTES_MAX = 50_331_648;

export function imagesOperation(wire: ImagesWire, call: Call): Operation<ImagesExchange, ImagesBegun> {
  return {
    stream: false,
    prepare: (target) => prepare(wire, target, call.strict),
    sending: (target, exchange) => ({
      ...head(target, exchange, 'application/json'),
      readAnswer: (response) => readWhole(response, exchange.offer),
    }),
  };
}

/** A model paints for a minute or two, and says nothing meanwhile unless it was asked for what it has so far. */
const PATIENCE: Partial<Timeouts> = { headersMs: 120_000, firstContentMs: 300_000, idleMs: 300_000 };

export function imageStreamOperation(wire: ImagesWire, call: Call): Operation<ImagesExchange, Begun> {
  const { n } = wire.body.json;
  return {
    stream: true,
    timeouts: PATIENCE,
    prepare: (target) => prepare(wire, target, call.strict),
    sending: (target, exchange) => ({
      ...head(target, exchange, 'text/event-stream'),
      readAnswer: (response, reading) =>
        beginStream(response, exchange.offer, typeof n === 'number' ? n : 1, reading),
    }),
  };
}

/** Throws `GatewayError` when the target cannot do what is asked. */
function prepare({ body }: ImagesWire, target: Target, strict: boolean): ImagesExchange {
  const { enabled, model } = target;
  const place = `${enabled.provider.id}/${model}`;
  const offer = enabled.provider.images;
  if (offer === undefined) throw unsupported(`${place} makes no pictures`, 'model');
  const { set, drop, losses } = fitImages(body.json, offer.traits(model), place);
  if (strict && losses.length > 0) throw refusedInStrictMode(losses, target);
  const text =
    offer.format.id === openaiImages.id
      ? retarget(body, model, { set, drop })
      : JSON.stringify(offer.format.writeRequest({ ...body.json, model }));
  return { offer, text, losses, passThrough: false };
}

function head({ enabled, model }: Target, { offer, text }: ImagesExchange, accept: string) {
  return {
    url: offer.url({ ...enabled, model }),
    headers: { 'content-type': 'application/json', accept },
    text,
    readError: offer.readError,
  } satisfies Partial<Sending<unknown>>;
}

async function readWhole(
  response: Response,
  { format, readError }: ImagesOffer,
): Promise<Attempted<ImagesBegun>> {
  const read = await readJson(response, REPLY_BYTES_MAX);
  if ('kind' in read) return read;
  const reply = format.readReply(read.json);
  if (!('wrong' in reply)) return { kind: 'begun', begun: { bytes: read.bytes, reply } };
  return reply.filtered === true
    ? refused({ kind: 'content-filtered', message: reply.wrong })
    : refusedInGoodBody(read.json, readError, reply.wrong);
}

function refused(failure: Failure): Failed {
  return { kind: 'failed', class: 'client', phase: 'headers', failure };
}

async function beginStream(
  response: Response,
  { readError }: ImagesOffer,
  count: number,
  { enter, stop }: Reading,
): Promise<Attempted<Begun>> {
  if (!isEventStream(response) || response.body === null) return notAStream(response, readError);
  enter('preamble');
  const reader = createImageStreamReader(count, readError);
  const held = await holdUntilContent(response.body, reader);
  const last = held.events.at(-1);
  if (last?.type !== 'failure')
    return { kind: 'begun', begun: { kind: 'streamed', held, rest: response.body, reader, stop } };
  void response.body.cancel().catch(() => undefined);
  return { kind: 'failed', class: last.class, phase: 'preamble', failure: last.failure };
}

/** An error under a good status, or pictures in one piece, which no client of a stream would understand. */
async function notAStream(response: Response, readError: ImagesOffer['readError']): Promise<Failed> {
  const read = await readJson(response, REPLY_BYTES_MAX);
  return 'kind' in read
    ? read
    : refusedInGoodBody(read.json, readError, 'the provider did not stream what it was asked to');
}
