// A video by a chat call that takes minutes and answers with an address.
// https://docs.blackbox.ai/api-reference/video

import { unsupported } from '../../core/failure.ts';
import { asString, isObject } from '../../core/json.ts';
import type { VideoRequest } from '../../core/video.ts';
import type { WrittenRequest } from '../../dialects/dialect.ts';
import { openaiChat } from '../../dialects/openai-chat/index.ts';
import type { VideoOffer } from '../provider.ts';

/** No `jobs`: when the call is answered, the video is there. */
export const blackboxVideos: VideoOffer = {
  createUrl: ({ baseUrl }) => `${baseUrl}/chat/completions`,
  write: writeRequest,
  readCreated: readAddress,
  readError: openaiChat.egress.readError,
};

/** The prompt is all it takes: a length or size that is ignored still is a video, one of another picture is not. */
function writeRequest({ model, prompt, seconds, size, firstFrame }: VideoRequest): WrittenRequest {
  if (firstFrame !== undefined) {
    throw unsupported(`blackbox/${model} cannot begin a video with a picture`, 'input_reference');
  }
  return {
    body: { model, messages: [{ role: 'user', content: prompt }] },
    losses: [
      ...(seconds === undefined ? [] : [{ action: 'dropped', field: 'seconds' } as const]),
      ...(size === undefined ? [] : [{ action: 'dropped', field: 'size' } as const]),
    ],
  };
}

/** The content of the message, if it is one address and nothing else. Whether it may be called is egress's to say. */
function readAddress(json: unknown): string | undefined {
  const choices = isObject(json) && Array.isArray(json['choices']) ? (json['choices'] as unknown[]) : [];
  const [first] = choices;
  const message = isObject(first) && isObject(first['message']) ? first['message'] : {};
  const content = asString(message['content'])?.trim() ?? '';
  return /^https?:\/\/\S{1,2040}$/.test(content) ? content : undefined;
}
