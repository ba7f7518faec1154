// A job as xAI takes one: a duration in whole seconds, a shape and a resolution instead of a size.
// https://docs.x.ai/docs/guides/video-generations

import type { VideoRequest, VideoSize } from '../../core/video.ts';
import type { WrittenRequest } from '../dialect.ts';
import { createLosses, type Losses } from '../losses.ts';

export type XaiVideoTraits = {
  /** By the shorter side, from small to large. */
  readonly resolutions: readonly [480, ...(720 | 1080)[]];
};

export function writeXaiVideoRequest(request: VideoRequest, traits: XaiVideoTraits): WrittenRequest {
  const losses = createLosses();
  const { model, prompt, seconds, size, firstFrame } = request;
  const duration = seconds === undefined ? undefined : Math.max(1, Math.round(seconds));
  if (duration !== seconds) losses.add('clamped', 'seconds');
  const body = {
    model,
    prompt,
    ...(duration === undefined ? {} : { duration }),
    ...(size === undefined ? {} : writeSize(size, traits, losses)),
    ...(firstFrame === undefined ? {} : { image: { url: firstFrame } }),
  };
  return { body, losses: losses.list() };
}

const SHAPES: readonly (readonly [name: string, ratio: number])[] = [
  ['1:1', 1],
  ['16:9', 16 / 9],
  ['9:16', 9 / 16],
  ['4:3', 4 / 3],
  ['3:4', 3 / 4],
  ['3:2', 3 / 2],
  ['2:3', 2 / 3],
];

/** The nearest shape, and the smallest resolution that is not below the size asked for. */
function writeSize({ width, height }: VideoSize, { resolutions }: XaiVideoTraits, losses: Losses) {
  const distance = (ratio: number): number => Math.abs(Math.log(width / height / ratio));
  const [shape, ratio] = SHAPES.reduce((best, next) => (distance(next[1]) < distance(best[1]) ? next : best));
  const shorter = Math.min(width, height);
  const resolution = resolutions.find((lines) => lines >= shorter) ?? resolutions.at(-1) ?? 480;
  // 854 is as near to 16:9 as whole pixels come at 480 lines.
  if (resolution !== shorter || distance(ratio) > 0.005) losses.add('clamped', 'size');
  return { aspect_ratio: shape, resolution: `${resolution}p` };
}
