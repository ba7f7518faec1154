// The file of a video, passed on as it comes: from the provider with our credential, or from the address that its
// finished job names, without. Never held whole, never measured against a total time: only silence ends it.

import { GatewayError, unsupported } from '../core/failure.ts';
import type { VideoProgress } from '../core/video.ts';
import { relayFile } from '../streams/relay-file.ts';
import { admit } from './admit.ts';
import { breakOff } from './answer-stream.ts';
import { endCall, type Call, type Deps } from './call.ts';
import type { Reply } from './chat.ts';
import { OVER } from './chat-operation.ts';
import { timeoutsAt } from './configuration.ts';
import { dispatch, type Dispatched } from './dispatch.ts';
import { noteTarget, replyHeaders } from './render.ts';
import { download, type Polling, type VideoFile } from './video-operations.ts';
import { askAfter, openTicket, type HeldTicket } from './videos.ts';

export type Wanted = {
  readonly id: string;
  /** `variant` of the query. */
  readonly variant: string | undefined;
  /** The header `range`. */
  readonly range: string | undefined;
};

/** `GET /v1/videos/{id}/content` */
export async function downloadVideo(call: Call, deps: Deps, wanted: Wanted): Promise<Reply> {
  admit(call, deps);
  const held = openTicket(wanted.id, call, deps);
  if (wanted.variant !== undefined && wanted.variant !== 'video')
    throw unsupported('there is nothing but the video itself', 'variant');

  const source = await locate(held, call, deps);
  const range = RANGE.test(wanted.range ?? '') ? wanted.range : undefined;
  const dispatched = await dispatch(download(held.offer, source, range), [held.target], call, deps);
  return passOn(dispatched, call, deps);
}

/** https://www.rfc-editor.org/rfc/rfc9110#section-14.2; anything else is as if it were absent. */
const RANGE = /^bytes=[\d, -]{1,200}$/;

/** Throws `GatewayError` 404 when the file is not there. */
async function locate(held: HeldTicket, call: Call, deps: Deps) {
  const { ticket, target, offer } = held;
  if (offer.jobs?.contentUrl !== undefined) return { url: offer.jobs.contentUrl(target.enabled, ticket.job) };
  const { begun: progress } = await askAfter(held, call, deps);
  if (progress.status === 'completed' && progress.url !== undefined)
    return { url: progress.url, anonymous: true } as const;
  throw notThere(progress);
}

function notThere({ status }: VideoProgress): GatewayError {
  const message =
    status === 'failed'
      ? 'the video could not be made, so there is nothing to download; GET /v1/videos/{id} tells why'
      : `the video is not finished (${status}); GET /v1/videos/{id} tells when it is`;
  return new GatewayError({ kind: 'not-found', message, shouldRetry: false });
}

function passOn(dispatched: Dispatched<Polling, VideoFile>, call: Call, deps: Deps): Reply {
  const { response, body, contentType, stop } = dispatched.begun;
  const status = response.status === 206 ? 206 : 200;
  const { readable, writable } = deps.pipe(lengthOf(response.headers));
  noteTarget(call.journal, dispatched);
  call.journal.status = status;
  let bytes = 0;
  const { idleMs } = timeoutsAt(dispatched.target.enabled.provider, deps.settings.configuration);
  const relaying = relayFile(body, writable, {
    limits: {
      idleMs,
      contentIdleMs: Infinity,
      deadlineAt: call.startedAt + (call.timeoutMs ?? Infinity),
      heartbeatMs: Infinity,
    },
    ports: deps,
    hangUp: call.hangUp,
    noteBytes: (count) => {
      bytes += count;
    },
  }).then((end) => {
    stop.abort(OVER);
    const ending = { complete: 'ok', failed: 'broken', gone: 'gone' } as const;
    endCall(call, ending[end.kind], deps, {
      bytes,
      ...(end.kind === 'failed' ? { failure: end.failure.kind } : {}),
    });
  });
  call.defer(relaying.catch((error: unknown) => breakOff(error, writable, call, deps)));
  return {
    status,
    contentType,
    body: readable,
    headers: { ...replyHeaders(dispatched, call, deps.now()), ...pick(response.headers) },
  };
}

/** The length of a compressed body says nothing of what comes out of it. */
function lengthOf(headers: Headers): number | undefined {
  const length = headers.get('content-length') ?? '';
  return /^\d{1,15}$/.test(length) && !headers.has('content-encoding') ? Number(length) : undefined;
}

function pick(headers: Headers): Readonly<Record<string, string | undefined>> {
  const names = ['accept-ranges', 'content-range'] as const;
  return Object.fromEntries(names.map((name) => [name, headers.get(name) ?? undefined]));
}
