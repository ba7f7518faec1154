// https://docs.x.ai/docs/guides/video-generations

import { openaiChat } from '../../dialects/openai-chat/index.ts';
import { readXaiCreated, readXaiJob } from '../../dialects/xai-videos/read-job.ts';
import { writeXaiVideoRequest } from '../../dialects/xai-videos/write-request.ts';
import type { VideoOffer } from '../provider.ts';

export const xaiVideos: VideoOffer = {
  createUrl: ({ baseUrl }) => `${baseUrl}/videos/generations`,
  write: (request) =>
    writeXaiVideoRequest(request, {
      // 1080p is for 1.5 alone.
      resolutions: request.model.startsWith('grok-imagine-video-1.5') ? [480, 720, 1080] : [480, 720],
    }),
  readCreated: readXaiCreated,
  readError: openaiChat.egress.readError,
  jobs: {
    url: ({ baseUrl }, job) => `${baseUrl}/videos/${job}`,
    read: readXaiJob,
    // The finished job names an address on another host, good for a while and for anyone: no `contentUrl`.
  },
};
