// What a balancer is: it puts contenders in order, each exactly once. The first is the pick, the rest is the order of
// failover. It filters nobody; who may not be asked has been excluded before.

import type { Draws } from '../draws.ts';

export type Contender = {
  readonly id: string;
  /** Configured, times the ramp of a target that has just come back. 0 is never picked while another is not 0. */
  readonly weight: number;
  /** Requests whose reply has not ended, as far as we know. */
  readonly inFlight: number;
  /** Peak-sensitive mean of the time to the first token. Absent: never measured. */
  readonly latencyMs?: number;
  /** Expected price of this request there, in any currency. Absent: unknown. */
  readonly cost?: number;
  /** Discounted counts: replies that were good and in time, and all others. */
  readonly rewards: Rewards;
};

export type Rewards = { readonly won: number; readonly lost: number };

/** Best first. What the score means is the balancer's affair; it is shown to operators. */
export type Ranking = readonly { readonly id: string; readonly score: number }[];

/** What a balancer keeps between two decisions of an isolate: state in, state out. */
export type Memory = {
  /** Smooth round robin's running weights. */
  readonly running: Readonly<Record<string, number>>;
  /** The target that cost least the last time. */
  readonly cheapest?: string;
};

export const NO_MEMORY: Memory = { running: {} };

export type Balanced = { readonly ranking: Ranking; readonly memory: Memory };

export type Balancer = (contenders: readonly Contender[], memory: Memory, draw: Draws) => Balanced;

/** Two at random, the better one goes; again with the others. Choosing the best of all would send every isolate with the same stale view there. */
export function powerOfTwo(
  contenders: readonly Contender[],
  score: (contender: Contender) => number,
  draw: Draws,
): Ranking {
  const rest = [...contenders];
  const ranking: { readonly id: string; readonly score: number }[] = [];
  while (rest.length > 0) {
    const [a, b] = twoOf(rest, draw);
    const [scoreA, scoreB] = [score(a), score(b)];
    const winner = scoreA <= scoreB ? a : b;
    ranking.push({ id: winner.id, score: Math.min(scoreA, scoreB) });
    rest.splice(rest.indexOf(winner), 1);
  }
  return ranking;
}

/** Distinct when there are two; their order is random, which breaks ties. */
function twoOf(rest: readonly Contender[], draw: Draws): readonly [Contender, Contender] {
  const first = Math.floor(draw() * rest.length);
  const second =
    rest.length === 1 ? first : (first + 1 + Math.floor(draw() * (rest.length - 1))) % rest.length;
  const [a, b] = [rest[first], rest[second]];
  if (a === undefined || b === undefined) throw new Error('two of nobody');
  return [a, b];
}
