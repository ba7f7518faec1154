import { describe, expect, it } from 'vitest';

import { nearestRatio, readPixels } from '../../../src/dialects/image-size.ts';

describe('the size of a picture', () => {
  it.each([
    ['1024x1024', '1:1'],
    ['1536x1024', '3:2'],
    ['1024x1536', '2:3'],
    ['1792x1024', '16:9'],
    ['1024x1792', '9:16'],
    ['1280x720', '16:9'],
    ['640x480', '4:3'],
    ['3000x1000', '2:1'],
    ['1x99999', '1:2'],
  ])('%s is nearest to %s', (size, ratio) => {
    expect(nearestRatio(readPixels(size) ?? [0, 0])).toBe(ratio);
  });

  it.each(['auto', '2K', '1024', '0x1', '1024x', 'x', '1e3x10', '1024X1024', '123456x1', undefined, 7])(
    '%j is none in pixels',
    (size) => {
      expect(readPixels(size)).toBeUndefined();
    },
  );
});
