// Embeddings, as dispatch sees them: what a target is sent, in as many requests as its batches need, and what it gives.
// All vectors of a reply come from one model: where a batch fails for good, the next target is asked for all of them, and
// where the same is asked again, only for those that are missing.

import type { Body } from '../core/body.ts';
import type { EmbeddingReply, EmbeddingRequest, VectorEncoding } from '../core/embeddings.ts';
import { unsupported } from '../core/failure.ts';
import { isObject } from '../core/json.ts';
import type { Usage } from '../core/usage.ts';
import type { Envelope, Loss } from '../dialects/dialect.ts';
import { fitEmbeddings, type FittedEmbeddings } from '../dialects/embeddings-fit.ts';
import type { EmbeddingsTraits } from '../dialects/embeddings-format.ts';
import { openaiEmbeddings } from '../dialects/openai-embeddings/index.ts';
import { readUsage } from '../dialects/openai-embeddings/read-reply.ts';
import { encodeVectors, type WrittenVector } from '../dialects/openai-embeddings/write-reply.ts';
import type { EmbeddingsOffer } from '../providers/provider.ts';
import { type Attempted, type Failed, type Reading, type Sending } from './attempt.ts';
import { batchesOf, sendInTurns, sumUsage } from './batches.ts';
import { retarget } from './body-edit.ts';
import type { Call } from './call.ts';
import type { Operation } from './dispatch.ts';
import { refusedInStrictMode } from './exchange.ts';
import type { Target } from './plan.ts';
import { readJson, refusedInGoodBody } from './read-json.ts';

export type EmbeddingsWire = {
  readonly body: Body;
  readonly envelope: Envelope;
  readonly request: EmbeddingRequest;
};

export type EmbeddingsExchange = {
  readonly offer: EmbeddingsOffer;
  readonly losses: readonly Loss[];
  /** How the vectors come. */
  readonly ask: VectorEncoding;
  readonly batches: readonly Batch[];
  /** The one batch is the caller's own text, and the answer's bytes are the reply. */
  readonly passThrough: boolean;
};

type Batch = { readonly inputs: number; readonly text: string };

export type EmbeddingsBegun = Told &
  (
    | { readonly kind: 'relayed'; readonly bytes: Uint8Array }
    | { readonly kind: 'written'; readonly vectors: readonly WrittenVector[] }
  );
type Told = { readonly usage: Usage | undefined; readonly model: string | undefined };

/** The batches of one place that have been answered, by their number. */
type Answers = (EmbeddingReply | undefined)[];

export function embeddingsOperation(
  wire: EmbeddingsWire,
  { strict }: Pick<Call, 'strict'>,
): Operation<EmbeddingsExchange, EmbeddingsBegun> {
  const answered = new Map<string, Answers>();
  return {
    stream: false,
    prepare: (target) => {
      const exchange = prepare(wire, target);
      const { losses } = exchange;
      if (strict && losses.length > 0) throw refusedInStrictMode(losses, target);
      return exchange;
    },
    sending: (target, exchange) => {
      const place = placeName(target);
      const answers = answered.get(place) ?? [];
      answered.set(place, answers);
      return sending(wire, target, exchange, answers);
    },
  };
}

/** Throws `GatewayError` when the target cannot give what is asked for. */
function prepare(wire: EmbeddingsWire, target: Target): EmbeddingsExchange {
  const { enabled, model } = target;
  const offer = enabled.provider.embeddings;
  if (offer === undefined) throw unsupported(`${placeName(target)} makes no embeddings`, 'model');
  const traits = offer.traits(model);
  const fitted = fitEmbeddings({ ...wire.request, model }, offer.format, traits, placeName(target));
  const { ask, losses } = fitted;
  const passThrough = isCallersOwn(wire.request, offer, traits, fitted);
  return { offer, losses, ask, passThrough, batches: passThrough ? [own(wire, target, traits)] : write() };

  function write(): readonly Batch[] {
    return batchesOf(fitted.request.inputs, traits.batchMax).map((inputs) => ({
      inputs: inputs.length,
      text: JSON.stringify(offer?.format.writeRequest({ ...fitted.request, inputs }, ask)),
    }));
  }
}

/** Nothing has to be made anew: same form, one batch, and the vectors come as they are wanted. */
function isCallersOwn(
  { inputs, encoding }: EmbeddingRequest,
  { format }: EmbeddingsOffer,
  { batchMax = Infinity, inputTypes }: EmbeddingsTraits,
  { ask }: FittedEmbeddings,
): boolean {
  return (
    format.id === openaiEmbeddings.id &&
    inputs.length <= batchMax &&
    ask === (encoding ?? 'float') &&
    typeof inputTypes === 'string'
  );
}

function own({ body, request }: EmbeddingsWire, { model }: Target, traits: EmbeddingsTraits): Batch {
  const drop = [...(traits.user ? [] : ['user']), ...(traits.inputTypes === 'none' ? ['input_type'] : [])];
  return { inputs: request.inputs.length, text: retarget(body, model, { drop }) };
}

function sending(
  wire: EmbeddingsWire,
  { enabled, model }: Target,
  exchange: EmbeddingsExchange,
  answers: Answers,
): Sending<EmbeddingsBegun> {
  const { offer, batches, passThrough } = exchange;
  const missing = [...batches.keys()].filter((number) => answers[number] === undefined);
  return {
    url: offer.url({ ...enabled, model }),
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    text: batches[missing[0] ?? 0]?.text ?? '',
    readError: offer.readError,
    readAnswer: (response, reading) =>
      passThrough
        ? relay(response, exchange)
        : gather(response, reading, wire.request.encoding ?? 'float', exchange, { answers, missing }),
  };
}

async function relay(
  response: Response,
  { offer, batches }: EmbeddingsExchange,
): Promise<Attempted<EmbeddingsBegun>> {
  const read = await readJson(response, REPLY_BYTES_MAX);
  if ('kind' in read) return read;
  const { bytes, json } = read;
  const data = isObject(json) ? json['data'] : undefined;
  if (!isObject(json) || !Array.isArray(data) || data.length !== batches[0]?.inputs)
    return refusedInGoodBody(json, offer.readError, 'the provider answered without a vector for each input');
  const model = typeof json['model'] === 'string' ? json['model'] : undefined;
  return { kind: 'begun', begun: { kind: 'relayed', bytes, usage: readUsage(json), model } };
}

/** Reads the first answer and asks for the rest. */
async function gather(
  first: Response,
  { sendMore }: Reading,
  wanted: string,
  { offer, ask, batches }: EmbeddingsExchange,
  { answers, missing }: { readonly answers: Answers; readonly missing: readonly number[] },
): Promise<Attempted<EmbeddingsBegun>> {
  const take = async (number: number, response: Response): Promise<Failed | undefined> => {
    const read = await readJson(response, REPLY_BYTES_MAX);
    if ('kind' in read) return read;
    const reply = offer.format.readReply(read.json, { inputs: batches[number]?.inputs ?? 0, encoding: ask });
    if ('wrong' in reply) return refusedInGoodBody(read.json, offer.readError, reply.wrong);
    answers[number] = reply;
    return undefined;
  };
  const [firstNumber = 0, ...others] = missing;
  const failure =
    (await take(firstNumber, first)) ??
    (await sendInTurns(others, async (number) => {
      const response = await sendMore(batches[number]?.text ?? '');
      return response instanceof Response ? take(number, response) : response;
    }));
  if (failure !== undefined) return failure;
  const replies = answers.filter((reply) => reply !== undefined);
  const vectors = encodeVectors(
    replies.flatMap((reply) => reply.vectors),
    wanted,
  );
  return vectors === undefined
    ? refusedInGoodBody(undefined, offer.readError, 'the provider sent a vector that cannot be read')
    : {
        kind: 'begun',
        begun: {
          kind: 'written',
          vectors,
          usage: sumUsage(replies.map(({ usage }) => usage)),
          model: replies[0]?.model,
        },
      };
}

function placeName({ enabled, model }: Target): string {
  return `${enabled.provider.id}/${model}`;
}

/** One batch: 2048 vectors of 3072 dimensions are 34 MB in base64, and a Worker has 128 MB for all that it does. */
const REPLY_BYTES_MAX = 50_331_648;
