// A clock that a test turns by hand: time passes when it says so, and timers fire in order on the way.

export type ManualClock = {
  readonly now: () => number;
  readonly after: (ms: number, task: () => void) => () => void;
  /** Lets `ms` pass, firing what is due, and gives promises a chance to settle in between. */
  readonly pass: (ms: number) => Promise<void>;
  /** Timers that are set and have neither fired nor been cancelled. */
  readonly pending: () => number;
};

export function createManualClock(start = 1_000_000): ManualClock {
  let time = start;
  let timers: { readonly at: number; readonly task: () => void }[] = [];
  return {
    now: () => time,
    after: (ms, task) => {
      // "One turn of the event loop" is no time at all.
      if (ms === 0) {
        const turn = setTimeout(task, 0);
        return () => clearTimeout(turn);
      }
      const timer = { at: time + ms, task };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    pass: async (ms) => {
      const end = time + ms;
      for (;;) {
        await settle();
        const [next] = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
        if (next === undefined) break;
        timers = timers.filter((other) => other !== next);
        time = Math.max(time, next.at);
        next.task();
      }
      time = end;
      await settle();
    },
    pending: () => timers.length,
  };
}

/** Several turns of the event loop: enough for chains of promises and streams to come to rest. */
export async function settle(turns = 8): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setTimeout(resolve, 0));
}
