// Videos, as dispatch sees them: a job is begun, asked after, and its file fetched.

import { unsupported, type Failure, type GatewayError } from '../core/failure.ts';
import { isObject } from '../core/json.ts';
import type { VideoProgress } from '../core/video.ts';
import type { Loss } from '../dialects/dialect.ts';
import type { VideoWire } from '../dialects/openai-videos/read-request.ts';
import type { VideoOffer } from '../providers/provider.ts';
import { failed, parseJson, type Attempted, type Failed, type Sending, type Stop } from './attempt.ts';
import type { Operation } from './dispatch.ts';
import { refusedInStrictMode } from './exchange.ts';
import type { Target } from './plan.ts';
import { readBytes } from './read-bytes.ts';
import type { Settings } from './settings.ts';

export type VideoExchange = {
  readonly offer: VideoOffer;
  readonly text: string;
  readonly losses: readonly Loss[];
};
/** Of a job that exists nothing can be lost any more. */
export type Polling = { readonly losses: readonly [] };
const POLLING: Polling = { losses: [] };

/** Job or address, as in a ticket. */
export function creation(
  { request, losses }: VideoWire,
  strict: boolean,
  settings: Settings,
): Operation<VideoExchange, string> {
  return {
    // A job is begun at once; a video that is made while we wait takes minutes, and its headers come last.
    stream: false,
    once: true,
    prepare: (target) => {
      const offer = target.enabled.provider.videos;
      if (offer === undefined) throw makesNoVideos(target, settings);
      const written = offer.write({ ...request, model: target.model });
      const all = [...losses, ...written.losses];
      if (strict && all.length > 0) throw refusedInStrictMode(all, target);
      return { offer, text: JSON.stringify(written.body), losses: all };
    },
    sending: ({ enabled }, { offer, text }) => ({
      url: offer.createUrl(enabled),
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      text,
      readError: offer.readError,
      readAnswer: (response) => readCreated(response, offer),
    }),
  };
}

function makesNoVideos({ enabled, model }: Target, settings: Settings): GatewayError {
  const makers = settings.enabled.filter(({ provider }) => provider.videos !== undefined);
  const names = makers.map(({ provider }) => provider.id).join(', ');
  const who = names === '' ? 'no enabled provider does' : `enabled providers that do: ${names}`;
  return unsupported(`${enabled.provider.id}/${model} makes no videos; ${who}`, 'model');
}

async function readCreated(response: Response, offer: VideoOffer): Promise<Attempted<string>> {
  const { json, failure } = await readJson(response);
  if (failure !== undefined) return failure;
  const job = offer.readCreated(json);
  // An id becomes a segment of a path: what would be more than one is no id.
  const isSound = offer.jobs === undefined || /^[A-Za-z0-9][\w.:-]{0,255}$/.test(job ?? '');
  return job !== undefined && isSound ? { kind: 'begun', begun: job } : readOtherwise(response, json, offer);
}

/** Asks after a job. Asking twice does no harm. */
export function poll(
  jobs: NonNullable<VideoOffer['jobs']>,
  offer: VideoOffer,
  job: string,
): Operation<Polling, VideoProgress> {
  return {
    stream: true,
    prepare: () => POLLING,
    sending: ({ enabled }) => ({
      method: 'GET',
      url: jobs.url(enabled, job),
      headers: { accept: 'application/json' },
      readError: (status, body) => readJobError(status, body, offer),
      readAnswer: async (response) => {
        const { json, failure } = await readJson(response);
        if (failure !== undefined) return failure;
        const progress = jobs.read(json, response.status);
        return progress === undefined
          ? readOtherwise(response, json, offer)
          : { kind: 'begun', begun: progress };
      },
    }),
  };
}

export type VideoFile = {
  readonly response: Response;
  readonly body: ReadableStream<Uint8Array>;
  readonly contentType: string;
  /** Ends the provider's side. */
  readonly stop: Stop;
};

/** `anonymous`: the address was found in an answer. */
export function download(
  offer: VideoOffer,
  source: { readonly url: string; readonly anonymous?: true },
  range: string | undefined,
): Operation<Polling, VideoFile> {
  return {
    stream: true,
    prepare: () => POLLING,
    sending: (): Sending<VideoFile> => ({
      method: 'GET',
      ...source,
      // A server that knows no ranges sends the whole, which is an answer too.
      headers: { accept: 'video/*, application/octet-stream', ...(range === undefined ? {} : { range }) },
      readError: (status, body) => readFileError(status, body, offer, source.anonymous === true),
      readAnswer: (response, { stop }) => Promise.resolve(readFile(response, stop)),
    }),
  };
}

const VIDEO_TYPE = /^(?:video\/[\w.+-]{1,64}|(?:application|binary)\/octet-stream)(?=\s*(?:;|$))/i;

function readFile(response: Response, stop: Stop): Attempted<VideoFile> {
  const [contentType] = VIDEO_TYPE.exec(response.headers.get('content-type') ?? '') ?? [];
  const { body } = response;
  if (contentType === undefined || body === null) {
    void body?.cancel();
    return failed(
      'protocol',
      'headers',
      'upstream-protocol',
      'the provider answered something that is no video',
    );
  }
  return { kind: 'begun', begun: { response, body, contentType, stop } };
}

/** A job's answer is a few hundred bytes, or a chat reply. */
const ANSWER_BYTES_MAX = 1_048_576;

type ReadJson =
  | { readonly json: unknown; readonly failure?: undefined }
  | { readonly json?: undefined; readonly failure: Failed };

async function readJson(response: Response): Promise<ReadJson> {
  const bytes = await readBytes(response, ANSWER_BYTES_MAX);
  if (bytes !== undefined) return { json: bytes.byteLength === 0 ? undefined : parseJson(bytes) };
  return {
    failure: failed('protocol', 'content', 'upstream-protocol', 'the provider sent an oversized answer'),
  };
}

/** A good status over an error, or over something else. */
function readOtherwise({ status }: Response, json: unknown, { readError }: VideoOffer): Failed {
  if (!isObject(json) || json['error'] === undefined || json['error'] === null) {
    const message = 'the provider answered something that is no video job';
    return failed('protocol', 'headers', 'upstream-protocol', message);
  }
  const error = readError(status, json);
  return { kind: 'failed', class: error.class, phase: 'headers', failure: error.failure };
}

function readJobError(status: number, body: unknown, { readError }: VideoOffer) {
  const error = readError(status, body);
  return status === 404 || status === 410
    ? { ...error, class: 'client' as const, failure: FORGOTTEN }
    : error;
}

/** A store of files says 403 for what has expired, and means nobody's key. */
function readFileError(status: number, body: unknown, { readError }: VideoOffer, anonymous: boolean) {
  const error = readError(status, body);
  if (status === 416) return { ...error, class: 'client' as const, failure: NO_SUCH_RANGE };
  const isGone = status === 404 || status === 410 || (anonymous && status < 500 && status !== 429);
  return isGone ? { ...error, class: 'client' as const, failure: FORGOTTEN } : error;
}

const FORGOTTEN: Failure = {
  kind: 'not-found',
  message: 'the provider no longer has this video, or does not have it yet',
};
const NO_SUCH_RANGE: Failure = { kind: 'invalid-request', message: 'the video has no such range of bytes' };
