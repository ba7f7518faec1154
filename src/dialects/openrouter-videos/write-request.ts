// A job as OpenRouter takes one.
// https://openrouter.ai/docs/api/api-reference/video-generation/create-videos

import type { VideoRequest } from '../../core/video.ts';
import type { WrittenRequest } from '../dialect.ts';

/** Which durations and sizes there are depends on the model behind it, which refuses the others itself. */
export function writeOpenrouterVideoRequest(request: VideoRequest): WrittenRequest {
  const { model, prompt, seconds, size, firstFrame } = request;
  const duration = seconds === undefined ? undefined : Math.max(1, Math.round(seconds));
  const body = {
    model,
    prompt,
    ...(duration === undefined ? {} : { duration }),
    ...(size === undefined ? {} : { size: `${size.width}x${size.height}` }),
    ...(firstFrame === undefined
      ? {}
      : {
          frame_images: [{ type: 'image_url', image_url: { url: firstFrame }, frame_type: 'first_frame' }],
        }),
  };
  return { body, losses: duration === seconds ? [] : [{ action: 'clamped', field: 'seconds' }] };
}
