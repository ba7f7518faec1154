// Smooth weighted round robin, as in nginx: weights 5, 1, 1 come out as a a b a c a a. Each contender gets exactly its
// weight in every round, and never all of it in a row.

import { NO_MEMORY, type Balanced, type Balancer, type Contender, type Memory } from './balancer.ts';
import type { Draws } from '../draws.ts';
import { weightedRandom } from './weighted-random.ts';

export const roundRobin: Balancer = (contenders, memory, draw) => {
  const fresh = contenders.every(({ id }) => memory.running[id] === undefined);
  return turn(contenders, fresh ? randomPhase(contenders, memory, draw) : memory);
};

function turn(contenders: readonly Contender[], memory: Memory): Balanced {
  const total = contenders.reduce((sum, { weight }) => sum + weight, 0);
  const ranking = contenders
    .map(({ id, weight }) => ({ id, score: (memory.running[id] ?? 0) + weight }))
    .sort((a, b) => b.score - a.score);
  const running = Object.fromEntries(
    ranking.map(({ id, score }, place) => [id, place === 0 ? score - total : score]),
  );
  return { ranking, memory: { ...memory, running: { ...memory.running, ...running } } };
}

/** A few steps at random, then on to where the one chosen by lot is next; more than this is not worth an exact phase. */
const STEPS_AT_RANDOM = 64;
const STEPS_MAX = 512;

/** Isolates are born by the thousand: if each began at the first contender, that one would get most of the traffic. */
function randomPhase(contenders: readonly Contender[], memory: Memory, draw: Draws): Memory {
  const first = weightedRandom(contenders, NO_MEMORY, draw).ranking[0]?.id;
  const steps = Math.floor(draw() * STEPS_AT_RANDOM);
  let phase = memory;
  for (let step = 0; step < STEPS_MAX; step += 1) {
    const next = turn(contenders, phase);
    if (step >= steps && next.ranking[0]?.id === first) break;
    phase = next.memory;
  }
  return phase;
}
