// By lot. One draw a contender: keys u^(1/w), largest first, make a weighted permutation (Efraimidis and Spirakis).

import type { Balancer } from './balancer.ts';

export const weightedRandom: Balancer = (contenders, memory, draw) => ({
  ranking: contenders
    .map(({ id, weight }) => ({ id, score: weight > 0 ? draw() ** (1 / weight) : 0 }))
    .sort((a, b) => b.score - a.score),
  memory,
});
