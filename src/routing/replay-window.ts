// Which reports of an isolate have been counted: the highest number and a mask of the 31 below it, as in IPsec's
// anti-replay window (RFC 4303 §3.4.3). A high-water mark alone would refuse what was merely overtaken on the way.

export type ReplayWindow = {
  readonly high: number;
  /** Bit i stands for `high − i`. */
  readonly mask: number;
};

const WIDTH = 32;

export const NOTHING_SEEN: ReplayWindow = { high: -1, mask: 0 };

/** The window with `seq` in it, or `undefined` when it was there already, or is too old to tell. */
export function admitSequence({ high, mask }: ReplayWindow, seq: number): ReplayWindow | undefined {
  const ahead = seq - high;
  if (ahead >= WIDTH) return { high: seq, mask: 1 };
  if (ahead > 0) return { high: seq, mask: ((mask << ahead) | 1) >>> 0 };
  const bit = (1 << -ahead) >>> 0;
  if (-ahead >= WIDTH || (mask & bit) !== 0) return undefined;
  return { high, mask: (mask | bit) >>> 0 };
}
