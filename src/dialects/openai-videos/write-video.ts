// A job as OpenAI's clients read one. What nobody has told is `null`, as there.
// https://platform.openai.com/docs/api-reference/videos/object

import type { JsonObject } from '../../core/json.ts';
import type { VideoFailure, VideoProgress, VideoSize } from '../../core/video.ts';

export type VideoStamp = {
  readonly id: string;
  readonly model: string;
  /** Seconds since the epoch. */
  readonly createdAt: number;
  readonly prompt?: string;
  readonly seconds?: number;
  readonly size?: VideoSize;
};

export function writeVideo(progress: VideoProgress, stamp: VideoStamp): JsonObject {
  const seconds = stamp.seconds ?? (progress.status === 'completed' ? progress.seconds : undefined);
  const { size } = stamp;
  return {
    id: stamp.id,
    object: 'video',
    model: stamp.model,
    status: progress.status,
    progress: percentOf(progress),
    created_at: stamp.createdAt,
    completed_at: null,
    expires_at: null,
    prompt: stamp.prompt ?? null,
    seconds: seconds === undefined ? null : String(seconds),
    size: size === undefined ? null : `${size.width}x${size.height}`,
    remixed_from_video_id: null,
    error: progress.status === 'failed' ? ERRORS[progress.reason] : null,
  };
}

/** 100 is for a video that is there. */
function percentOf(progress: VideoProgress): number {
  switch (progress.status) {
    case 'queued':
    case 'failed':
      return 0;
    case 'in_progress':
      return Math.min(99, Math.max(0, Math.floor(progress.percent ?? 0)));
    case 'completed':
      return 100;
  }
}

const ERRORS: Readonly<Record<VideoFailure, { readonly code: string; readonly message: string }>> = {
  moderated: { code: 'moderation_blocked', message: "the provider's policy refused the video" },
  expired: { code: 'video_expired', message: 'the provider gave the job up, or its video has expired' },
  cancelled: { code: 'video_cancelled', message: 'the job was cancelled at the provider' },
  failed: { code: 'video_generation_failed', message: 'the provider could not make the video' },
};
