// Videos: a job is asked for once, then polled, then its file is fetched. Nothing of it is kept here: its id says where
// it is and whose it is, and an id that is not ours, or not the caller's, is answered like one that never was.

import { GatewayError } from '../core/failure.ts';
import type { VideoProgress } from '../core/video.ts';
import { readVideoRequest } from '../dialects/openai-videos/read-request.ts';
import { writeVideo } from '../dialects/openai-videos/write-video.ts';
import { told } from '../dialects/told.ts';
import type { VideoOffer } from '../providers/provider.ts';
import { admit } from './admit.ts';
import { endCall, type Call, type Deps } from './call.ts';
import type { Reply } from './chat.ts';
import { dispatch, type Dispatched } from './dispatch.ts';
import { plan, type Target } from './plan.ts';
import { noteTarget, replyHeaders } from './render.ts';
import { creation, poll, type Polling } from './video-operations.ts';
import { readVideoId, writeVideoId, type VideoTicket } from './video-id.ts';

/** `POST /v1/videos` */
export async function createVideo(call: Call, deps: Deps): Promise<Reply> {
  admit(call, deps);
  const { json } = await call.readForm();
  const wire = readVideoRequest(json);
  call.journal.requestedModel = wire.envelope.model.slice(0, 128);

  const needs = ['video-generation'] as const;
  const targets = plan(wire.envelope, deps.settings, deps.random(), { needs, catalog: deps.catalog });
  const dispatched = await dispatch(creation(wire, call.strict, deps.settings), targets, call, deps);

  const { target, begun: job } = dispatched;
  const { prompt, seconds, size } = wire.request;
  const ticket: VideoTicket = {
    provider: target.enabled.provider.id,
    credential: target.credential,
    model: target.model,
    job,
    owner: ownerOf(call),
    createdAt: Math.floor(deps.now() / 1000),
    ...told({ seconds, size }),
  };
  const progress: VideoProgress = {
    status: target.enabled.provider.videos?.jobs === undefined ? 'completed' : 'queued',
  };
  const video = writeVideo(progress, { ...ticket, id: writeVideoId(ticket, deps.signer), prompt });
  return answerJson(video, dispatched, call, deps);
}

/** `GET /v1/videos/{id}` */
export async function showVideo(call: Call, deps: Deps, id: string): Promise<Reply> {
  admit(call, deps);
  const held = openTicket(id, call, deps);
  const dispatched = await askAfter(held, call, deps);
  return answerJson(writeVideo(dispatched.begun, { ...held.ticket, id }), dispatched, call, deps);
}

/** A ticket that the caller may use, and where it leads. */
export type HeldTicket = {
  readonly ticket: VideoTicket;
  readonly target: Target;
  readonly offer: VideoOffer;
};

/** Throws `GatewayError` 404 for anything but an id that this caller was given here. */
export function openTicket(id: string, call: Call, { signer, settings }: Deps): HeldTicket {
  const ticket = readVideoId(id, signer);
  const enabled = settings.enabled.find(({ provider }) => provider.id === ticket?.provider);
  const offer = enabled?.provider.videos;
  if (
    ticket === undefined ||
    ticket.owner !== ownerOf(call) ||
    enabled === undefined ||
    offer === undefined ||
    ticket.credential >= enabled.keys.length
  ) {
    throw new GatewayError({ kind: 'not-found', message: 'there is no video with this id', param: 'id' });
  }
  return { ticket, offer, target: { enabled, model: ticket.model, credential: ticket.credential } };
}

/** A call without a key owns what others without a key asked for. */
function ownerOf({ journal }: Call): string {
  return journal.callerId ?? '';
}

/** How far the job is, from the one who runs it; where there are no jobs, from the ticket. */
export function askAfter(
  { ticket, target, offer }: HeldTicket,
  call: Call,
  deps: Deps,
): Promise<Omit<Dispatched<Polling, VideoProgress>, 'timeouts'>> {
  if (offer.jobs !== undefined) return dispatch(poll(offer.jobs, offer, ticket.job), [target], call, deps);
  const begun: VideoProgress = { status: 'completed', url: ticket.job };
  return Promise.resolve({ begun, target, exchange: { losses: [] }, fallbackReason: undefined });
}

function answerJson(
  video: ReturnType<typeof writeVideo>,
  dispatched: Parameters<typeof replyHeaders>[0],
  call: Call,
  deps: Deps,
): Reply {
  noteTarget(call.journal, dispatched);
  call.journal.status = 200;
  const headers = replyHeaders(dispatched, call, deps.now());
  endCall(call, 'ok', deps);
  return { status: 200, contentType: 'application/json', body: JSON.stringify(video), headers };
}
