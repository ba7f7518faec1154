// https://openrouter.ai/docs/api/api-reference/video-generation/create-videos

import { openaiChat } from '../../dialects/openai-chat/index.ts';
import { readOpenrouterCreated, readOpenrouterJob } from '../../dialects/openrouter-videos/read-job.ts';
import { writeOpenrouterVideoRequest } from '../../dialects/openrouter-videos/write-request.ts';
import type { VideoOffer } from '../provider.ts';

export const openrouterVideos: VideoOffer = {
  createUrl: ({ baseUrl }) => `${baseUrl}/videos`,
  write: writeOpenrouterVideoRequest,
  readCreated: readOpenrouterCreated,
  readError: openaiChat.egress.readError,
  jobs: {
    url: ({ baseUrl }, job) => `${baseUrl}/videos/${job}`,
    read: readOpenrouterJob,
    contentUrl: ({ baseUrl }, job) => `${baseUrl}/videos/${job}/content?index=0`,
  },
};
