// A provider as the simulation knows it: a script of how it does at each time, and how much it can take at once.

import type { FailureClass, Phase } from '../../src/core/failure.ts';

export type Weather = {
  /** Share of attempts that fail, and how. */
  readonly failing: number;
  readonly as: FailureClass;
  /** How long a failure takes to show. */
  readonly failsAfterMs: number;
  readonly ttftMs: number;
  readonly replyMs: number;
  /** Requests in flight at full speed. With more, all are slower; with a quarter more than this, the next gets 503. */
  readonly capacity: number;
  /** Share of replies that break after their first content. */
  readonly breaking: number;
};

export const FAIR: Weather = {
  failing: 0,
  as: 'server',
  failsAfterMs: 60,
  ttftMs: 300,
  replyMs: 2000,
  capacity: Infinity,
  breaking: 0,
};

/** Time in ms since the simulation began. */
export type Script = (ms: number) => Weather;

export type Answer =
  | { readonly is: 'reply'; readonly ttftMs: number; readonly replyMs: number; readonly breaks: boolean }
  | { readonly is: 'failure'; readonly class: FailureClass; readonly phase: Phase; readonly afterMs: number };

export type SimulatedProvider = {
  readonly name: string;
  readonly begin: (ms: number, random: () => number) => Answer;
  readonly end: () => void;
  readonly inFlight: () => number;
};

export function createProvider(name: string, script: Script): SimulatedProvider {
  let inFlight = 0;
  return {
    name,
    inFlight: () => inFlight,
    end: () => {
      inFlight -= 1;
    },
    begin: (ms, random) => {
      const weather = script(ms);
      inFlight += 1;
      if (inFlight > weather.capacity * 1.25)
        return { is: 'failure', class: 'overload', phase: 'headers', afterMs: 20 };
      if (random() < weather.failing) {
        return { is: 'failure', class: weather.as, phase: 'headers', afterMs: weather.failsAfterMs };
      }
      const ttftMs = weather.ttftMs * (0.5 + random());
      return {
        is: 'reply',
        ttftMs,
        replyMs:
          ttftMs +
          (weather.replyMs - weather.ttftMs) *
            -Math.log(1 - random()) *
            Math.max(1, inFlight / weather.capacity),
        breaks: random() < weather.breaking,
      };
    },
  };
}
