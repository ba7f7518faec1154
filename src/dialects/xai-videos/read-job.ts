// What xAI tells of a job. https://docs.x.ai/docs/guides/video-generations

import { asNumber, asString, isObject } from '../../core/json.ts';
import type { VideoProgress } from '../../core/video.ts';
import { told } from '../told.ts';

/** The id of the job that was begun; `undefined` for an answer that is none. */
export function readXaiCreated(json: unknown): string | undefined {
  return isObject(json) ? asString(json['request_id']) : undefined;
}

/** `undefined` for an answer that says nothing of a job. While it runs the status is 202 and the body may be empty. */
export function readXaiJob(json: unknown, status: number): VideoProgress | undefined {
  if (!isObject(json)) return status === 202 ? { status: 'queued' } : undefined;
  const video = isObject(json['video']) ? json['video'] : {};
  const url = asString(video['url']);
  const percent = asNumber(json['progress']);
  switch (asString(json['status']) ?? implied(url, status)) {
    case 'pending':
      return percent === undefined || percent === 0
        ? { status: 'queued' }
        : { status: 'in_progress', percent };
    case 'done':
      if (video['respect_moderation'] === false) return { status: 'failed', reason: 'moderated' };
      return url === undefined || url === ''
        ? undefined
        : { status: 'completed', url, ...told({ seconds: asNumber(video['duration']) }) };
    case 'expired':
      return { status: 'failed', reason: 'expired' };
    case 'failed':
      return { status: 'failed', reason: isModeration(json['error']) ? 'moderated' : 'failed' };
    default:
      return undefined;
  }
}

/** Its own clients take a missing status beside an address for "done". */
function implied(url: string | undefined, status: number): string {
  if (url !== undefined) return 'done';
  return status === 202 ? 'pending' : '';
}

function isModeration(error: unknown): boolean {
  return isObject(error) && /moderat|policy/i.test(asString(error['code']) ?? '');
}
