// Every field of a request for pictures, and what becomes of it at each place.

import type { Json, JsonObject } from '../../../src/core/json.ts';
import type { ImagesPlaceName } from '../images-places.ts';

/** An object: what arrives in its stead, together with what is named. `silent`: it says nothing, or is done here. */
export type Fate =
  | 'arrives'
  | 'dropped'
  | 'refused'
  | 'silent'
  | { readonly emulated: JsonObject }
  | { readonly clamped: JsonObject };

export const imagesProbes: readonly (readonly [string, Json, Partial<Record<ImagesPlaceName, Fate>>])[] = [
  ['n', 1, { blackbox: 'silent' }],
  ['n', 2, { blackbox: 'refused' }],
  ['n', 11, { xai: 'refused', blackbox: 'refused' }],
  ['size', 'auto', { xai: 'silent', blackbox: 'silent' }],
  [
    'size',
    '1536x1024',
    { xai: { emulated: { aspect_ratio: '3:2', resolution: '2k' } }, blackbox: 'dropped' },
  ],
  ['size', '1024x1024', { xai: { emulated: { aspect_ratio: '1:1' } }, blackbox: 'dropped' }],
  ['size', '2K', { xai: 'dropped', blackbox: 'dropped' }],
  ['quality', 'high', { blackbox: 'dropped' }],
  ['quality', 'hd', { xai: { clamped: { quality: 'high' } }, blackbox: 'dropped' }],
  ['quality', 'max', { xai: { clamped: { quality: 'high' } }, blackbox: 'dropped' }],
  ['quality', 'auto', { xai: 'silent', blackbox: 'silent' }],
  ['quality', 'of tomorrow', { xai: 'dropped', blackbox: 'dropped' }],
  ['background', 'transparent', { xai: 'refused', blackbox: 'refused' }],
  ['background', 'opaque', { xai: 'dropped', blackbox: 'dropped' }],
  ['output_format', 'webp', { blackbox: 'dropped' }],
  ['output_format', 'svg', { xai: 'refused', blackbox: 'refused' }],
  ['output_format', 'gif', { openrouter: 'refused', xai: 'refused', blackbox: 'refused' }],
  ['frame_count', 8, { openrouter: 'refused', xai: 'refused', blackbox: 'refused' }],
  ['frame_duration_ms', 40, { openrouter: 'refused', xai: 'refused', blackbox: 'refused' }],
  ['svg', { model: 'm' }, { openrouter: 'refused', xai: 'refused', blackbox: 'refused' }],
  ['output_compression', 50, { xai: 'dropped', blackbox: 'dropped' }],
  ['moderation', 'low', { openrouter: 'dropped', xai: 'dropped', blackbox: 'dropped' }],
  ['moderation', 'auto', { openrouter: 'silent', xai: 'silent', blackbox: 'silent' }],
  ['complexity', 'low', { openrouter: 'dropped', xai: 'dropped', blackbox: 'dropped' }],
  ['partial_images', 2, { openrouter: 'dropped', xai: 'dropped', blackbox: 'dropped' }],
  ['safety_identifier', 's', { openrouter: 'dropped', xai: 'dropped', blackbox: 'dropped' }],
  ['user', 'u', { blackbox: 'dropped' }],
  [
    'style',
    'vivid',
    {
      openai: 'dropped',
      'azure-openai': 'dropped',
      openrouter: 'dropped',
      sandbox: 'dropped',
      xai: 'dropped',
      blackbox: 'dropped',
    },
  ],
  [
    'response_format',
    'url',
    {
      openai: 'dropped',
      'azure-openai': 'dropped',
      openrouter: 'dropped',
      sandbox: 'dropped',
      blackbox: 'silent',
    },
  ],
  [
    'response_format',
    'b64_json',
    {
      openai: 'silent',
      'azure-openai': 'silent',
      openrouter: 'silent',
      sandbox: 'silent',
      blackbox: 'silent',
    },
  ],
  [
    'stream',
    true,
    { 'openai-compatible': 'refused', sandbox: 'refused', xai: 'refused', blackbox: 'refused' },
  ],
  ['seed', 7, { xai: 'dropped', blackbox: 'dropped' }],
  ['aspect_ratio', '16:9', { blackbox: 'dropped' }],
  ['a_field_of_tomorrow', 1, { blackbox: 'dropped' }],
];
