// Videos out of nothing: a job's id says when it began and what becomes of it, and the clock does the rest. It speaks
// OpenRouter's wire format, and counts its progress.

import { asString, isObject } from '../../core/json.ts';
import { openaiChat } from '../../dialects/openai-chat/index.ts';
import { readOpenrouterCreated, readOpenrouterJob } from '../../dialects/openrouter-videos/read-job.ts';
import { writeOpenrouterVideoRequest } from '../../dialects/openrouter-videos/write-request.ts';
import type { LocalRequest, VideoOffer } from '../provider.ts';
import { behaviourOf } from './models.ts';
import { invalid, refuse } from './wire-error.ts';

export const sandboxVideos: VideoOffer = {
  createUrl: ({ baseUrl }) => `${baseUrl}/videos`,
  write: writeOpenrouterVideoRequest,
  readCreated: readOpenrouterCreated,
  readError: openaiChat.egress.readError,
  jobs: {
    url: ({ baseUrl }, job) => `${baseUrl}/videos/${job}`,
    read: readOpenrouterJob,
    contentUrl: ({ baseUrl }, job) => `${baseUrl}/videos/${job}/content`,
  },
};

const QUEUED_MS = 500;
const DURATION_MS = 2000;
/** Pauses of a model between two events make its videos so many times as long. */
const PAUSES = 20;

/** `undefined`: the path has nothing to do with videos. */
export function serveVideos({ method, url, body, now }: LocalRequest): Response | undefined {
  const [, job, content] = /\/videos(?:\/([\w-]+)(\/content)?)?$/.exec(url) ?? [];
  if (job === undefined) return method === 'POST' && url.endsWith('/videos') ? create(body, now) : undefined;
  const [, ending, durationMs, since] = /^vid-(complete|stalls|breaks)-(\d+)-(\d+)$/.exec(job) ?? [];
  if (ending === undefined) return refuse({ ...invalid('There is no such job.', 'id'), status: 404 });
  const elapsed = now - Number(since);
  const state = stateOf(ending, elapsed, Number(durationMs));
  if (content === undefined) return Response.json({ id: job, ...state });
  return state.status === 'completed'
    ? new Response(VIDEO, { headers: { 'content-type': 'video/mp4', 'content-length': `${VIDEO.length}` } })
    : refuse({ ...invalid('The video is not there.', 'id'), status: 404 });
}

/** Models that break off fail, and one that stalls never comes to an end. */
function create(body: string, now: number): Response {
  const json = JSON.parse(body) as unknown;
  const behaviour = behaviourOf((isObject(json) ? asString(json['model']) : undefined) ?? '');
  if (behaviour.kind === 'refuse') return refuse(behaviour.error);
  const durationMs = DURATION_MS + PAUSES * behaviour.pauseMs;
  return Response.json(
    { id: `vid-${behaviour.ending}-${durationMs}-${now}`, status: 'pending' },
    { status: 202 },
  );
}

function stateOf(ending: string, elapsed: number, durationMs: number) {
  if (elapsed < QUEUED_MS) return { status: 'pending' };
  if (elapsed < durationMs || ending === 'stalls')
    return { status: 'in_progress', progress: Math.min(99, Math.floor((100 * elapsed) / durationMs)) };
  return ending === 'breaks'
    ? { status: 'failed', error: 'The sandbox broke off, as this model does.' }
    : { status: 'completed' };
}

/** The smallest thing that calls itself an MP4: its brand, and nothing to play. ISO/IEC 14496-12, section 4.3 */
const VIDEO = new TextEncoder().encode('\0\0\0\x18ftypisom\0\0\0\0isommp42\0\0\0\x08free');
