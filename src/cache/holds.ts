// Bytes that replies under way hold while they are gathered. A request may be torn down without a word, so a hold that
// outlasts every request is taken for lost, and counted.

export type Hold = {
  readonly add: (bytes: number) => void;
  readonly release: () => void;
};

export type Holds = {
  /** Counts from its first byte on. */
  readonly open: () => Hold;
  readonly bytes: () => number;
  readonly leaked: () => number;
};

const HOLD_MS_MAX = 3_600_000;

/** `grew` is called after each addition. */
export function createHolds(now: () => number, grew: () => void): Holds {
  const holds = new Set<{ bytes: number; readonly since: number }>();
  let leaked = 0;
  return {
    open: () => {
      const hold = { bytes: 0, since: now() };
      return {
        add: (more) => {
          hold.bytes += more;
          holds.add(hold);
          grew();
        },
        release: () => void holds.delete(hold),
      };
    },
    bytes: () => {
      let sum = 0;
      for (const hold of holds) {
        sum += hold.bytes;
        if (now() - hold.since <= HOLD_MS_MAX) continue;
        sum -= hold.bytes;
        holds.delete(hold);
        leaked += 1;
      }
      return sum;
    },
    leaked: () => leaked,
  };
}
