// Not asking a provider that will refuse anyway. The isolate throttles itself by what the fleet's requests came to
// (SRE book, "Handling Overload"), so that refusing costs nobody anything.

export type Priority = 'interactive' | 'background';

export type Accepted = {
  /** Sent there, and those that were not sent because of this very rule. */
  readonly requests: number;
  /** Whatever was answered: an error that is not overload, timeout or a broken connection is an answer. */
  readonly accepts: number;
};

/** Interactive requests keep knocking twice as often as they are let in; background work hardly. */
const MULTIPLIER: Readonly<Record<Priority, number>> = { interactive: 2, background: 1.1 };

/** P = max(0, (requests − K·accepts) / (requests + 1)). */
export function refusalChance({ requests, accepts }: Accepted, priority: Priority): number {
  return Math.max(0, (requests - MULTIPLIER[priority] * accepts) / (requests + 1));
}
