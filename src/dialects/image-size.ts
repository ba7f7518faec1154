// The size of a picture: pixels, and the ratio of its sides where that is all that can be told.

export type Pixels = readonly [width: number, height: number];

/** `1024x1536`; `undefined` for everything else. */
export function readPixels(size: unknown): Pixels | undefined {
  const [, width, height] =
    typeof size === 'string' ? (/^([1-9]\d{0,4})x([1-9]\d{0,4})$/.exec(size) ?? []) : [];
  return width === undefined || height === undefined ? undefined : [Number(width), Number(height)];
}

/** https://docs.x.ai/docs/guides/image-generations */
const RATIOS = ['1:1', '16:9', '9:16', '4:3', '3:4', '3:2', '2:3', '2:1', '1:2'] as const;

/** By how much one side would have to be stretched, whichever it is. */
export function nearestRatio([width, height]: Pixels): string {
  const distance = (ratio: string): number => {
    const [across = 1, down = 1] = ratio.split(':').map(Number);
    return Math.abs(Math.log(width / height / (across / down)));
  };
  return RATIOS.reduce((best, ratio) => (distance(ratio) < distance(best) ? ratio : best));
}
