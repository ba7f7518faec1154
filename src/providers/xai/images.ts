// https://docs.x.ai/docs/guides/image-generations

import { imagesAt } from '../families/images.ts';

export const xaiImages = imagesAt(({ baseUrl }) => `${baseUrl}/images/generations`, {
  gives: 'as-asked',
  sizes: 'aspect-ratio',
  countMax: 10,
  streams: false,
  rules: {
    quality: {
      takes: ['low', 'medium', 'high'],
      instead: { standard: 'medium', hd: 'high', xhigh: 'high', max: 'high' },
      otherwise: 'drop',
    },
    background: { takes: [], spares: ['opaque'], otherwise: 'refuse' },
    output_format: { takes: ['png', 'jpeg', 'webp'], otherwise: 'refuse' },
    frame_count: 'refuse',
    frame_duration_ms: 'refuse',
    svg: 'refuse',
    seed: 'drop',
    moderation: 'drop',
    output_compression: 'drop',
    complexity: 'drop',
    partial_images: 'drop',
    safety_identifier: 'drop',
    style: 'drop',
  },
});
