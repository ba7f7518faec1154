// What OpenRouter tells of a job.
// https://openrouter.ai/docs/api/api-reference/video-generation/get-videos

import { asNumber, asString, isObject } from '../../core/json.ts';
import type { VideoProgress } from '../../core/video.ts';
import { told } from '../told.ts';

/** The id of the job that was begun; `undefined` for an answer that is none. */
export function readOpenrouterCreated(json: unknown): string | undefined {
  return isObject(json) ? asString(json['id']) : undefined;
}

/** `undefined` for an answer that says nothing of a job. */
export function readOpenrouterJob(json: unknown): VideoProgress | undefined {
  if (!isObject(json)) return undefined;
  switch (json['status']) {
    case 'pending':
      return { status: 'queued' };
    case 'in_progress':
      // OpenRouter itself does not count; a server in its manner may.
      return { status: 'in_progress', ...told({ percent: asNumber(json['progress']) }) };
    case 'completed':
      return { status: 'completed' };
    case 'cancelled':
    case 'expired':
      return { status: 'failed', reason: json['status'] };
    case 'failed':
      return { status: 'failed', reason: isModeration(json['error']) ? 'moderated' : 'failed' };
    default:
      return undefined;
  }
}

/** The reason is a sentence, and nothing else tells a refusal from a breakdown. */
function isModeration(error: unknown): boolean {
  return typeof error === 'string' && /moderat|polic(?:y|ies)|safety/i.test(error);
}
