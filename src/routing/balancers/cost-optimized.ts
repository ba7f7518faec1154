// The cheapest. Either always, or by lot with the inverse square of the price among those within three times the least,
// so that 1, 2 and 3 get 73.5, 18.4 and 8.2 %. An unknown price is not a price of nothing: it comes last.

import type { Balancer, Contender, Memory, Ranking } from './balancer.ts';
import type { Draws } from '../draws.ts';

/** A change of target costs cached prompts: it must be worth so much. */
const HYSTERESIS = 0.05;
const SPREAD_RATIO_MAX = 3;

export const cheapest: Balancer = (contenders, memory) => {
  const ranking = byCost(contenders);
  const [best] = ranking;
  const stay = ranking.find(({ id }) => id === memory.cheapest);
  const pick =
    best !== undefined && stay !== undefined && stay.score <= best.score * (1 + HYSTERESIS) ? stay : best;
  return {
    ranking: pick === undefined ? ranking : [pick, ...ranking.filter((other) => other !== pick)],
    memory: remember(memory, pick?.id),
  };
};

export const cheapestSpread: Balancer = (contenders, memory, draw) => {
  const sorted = byCost(contenders);
  const least = sorted[0]?.score ?? Infinity;
  const near = sorted.filter(({ score }) => score <= least * SPREAD_RATIO_MAX);
  return { ranking: [...byLot(near, draw), ...sorted.slice(near.length)], memory };
};

function byCost(contenders: readonly Contender[]): Ranking {
  return contenders
    .map(({ id, cost }) => ({ id, score: cost ?? Infinity }))
    .sort((a, b) => (a.score === b.score ? 0 : a.score - b.score));
}

function byLot(near: Ranking, draw: Draws): Ranking {
  return near
    .map((one) => ({ one, key: one.score === 0 ? 1 : Math.log(draw()) * one.score ** 2 }))
    .sort((a, b) => b.key - a.key)
    .map(({ one }) => one);
}

function remember(memory: Memory, cheapest: string | undefined): Memory {
  return cheapest === undefined ? memory : { ...memory, cheapest };
}

export type Tariff = {
  /** Price of a token, by kind. */
  readonly input: number;
  readonly cached: number;
  readonly output: number;
};

/** What the request will need, as far as one can tell before. */
export type Demand = {
  readonly inputTokens: number;
  readonly cachedTokens: number;
  /** The mean of past replies, at most `max_tokens`. */
  readonly outputTokens: number;
};

export type Promptness = {
  /** Share of calls that fail and are paid for twice. */
  readonly failureShare: number;
  readonly ttftP95Ms?: number;
  readonly ttftGoalMs: number;
  /** What a millisecond above the goal is worth. */
  readonly pricePerMs: number;
};

/** (T_in·p_in + T_cached·p_cached + E[T_out]·p_out) / (1 − f) + λ·max(0, TTFT p95 − goal). */
export function expectedCost(tariff: Tariff, demand: Demand, promptness: Promptness): number {
  const tokens =
    demand.inputTokens * tariff.input +
    demand.cachedTokens * tariff.cached +
    demand.outputTokens * tariff.output;
  const late = Math.max(0, (promptness.ttftP95Ms ?? 0) - promptness.ttftGoalMs);
  return tokens / (1 - Math.min(0.99, promptness.failureShare)) + promptness.pricePerMs * late;
}
