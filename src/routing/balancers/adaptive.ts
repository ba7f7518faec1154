// Learns who answers well and in time: discounted Thompson sampling. Every contender has a belief Beta(2 + won, 1 + lost)
// over counts that fade with a half-life of five minutes, so that silence leads back to hope; a draw from each belief,
// less its share of the price, decides.

import { weightedRandom } from './weighted-random.ts';
import { drawBeta } from './beta.ts';
import { NO_MEMORY, type Balancer, type Contender, type Ranking, type Rewards } from './balancer.ts';
import type { Draws } from '../draws.ts';

const PRIOR: Rewards = { won: 2, lost: 1 };

/** At least so many requests go to others than the leader, or a better one would never be found. */
const EXPLORATION_MIN = 0.01;
/** And at most so many, or the price of learning would be paid by callers. */
const EXPLORATION_MAX = 0.2;
/** How much the dearest contender's price weighs against being right: λ. */
const COST_WEIGHT = 0.1;

export const adaptive: Balancer = (contenders, memory, draw) => {
  const dearest = Math.max(0, ...contenders.map(({ cost }) => cost ?? 0));
  const price = ({ cost }: Contender) => (dearest === 0 ? 0 : (COST_WEIGHT * (cost ?? dearest)) / dearest);
  const sampled = contenders
    .map((contender) => ({ id: contender.id, score: sample(contender.rewards, draw) - price(contender) }))
    .sort((a, b) => b.score - a.score);
  const leader = leaderOf(contenders, (contender) => believed(contender.rewards) - price(contender));
  const pick = choose(sampled, leader, contenders, draw);
  return {
    ranking: [...sampled.filter(({ id }) => id === pick), ...sampled.filter(({ id }) => id !== pick)],
    memory,
  };
};

function sample({ won, lost }: Rewards, draw: Draws): number {
  return drawBeta(PRIOR.won + won, PRIOR.lost + lost, draw);
}

/** The sampled best, unless that would explore too much or too little. */
function choose(
  sampled: Ranking,
  leader: string | undefined,
  contenders: readonly Contender[],
  draw: Draws,
): string | undefined {
  const coin = draw();
  const others = contenders.filter(({ id }) => id !== leader);
  if (coin < EXPLORATION_MIN && others.length > 0)
    return weightedRandom(others, NO_MEMORY, draw).ranking[0]?.id;
  return coin < EXPLORATION_MAX ? sampled[0]?.id : leader;
}

function believed({ won, lost }: Rewards): number {
  return (PRIOR.won + won) / (PRIOR.won + won + PRIOR.lost + lost);
}

function leaderOf(
  contenders: readonly Contender[],
  score: (contender: Contender) => number,
): string | undefined {
  let found: { readonly id: string; readonly score: number } | undefined;
  for (const contender of contenders) {
    const reached = score(contender);
    if (found === undefined || reached > found.score) found = { id: contender.id, score: reached };
  }
  return found?.id;
}
