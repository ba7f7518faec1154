// The one that begins to answer first, of two: latency · (in flight + 1) / weight, with the latency of peak-ewma.ts.

import { powerOfTwo, type Balancer, type Contender } from './balancer.ts';

/** What an unknown target is taken for. */
const LATENCY_MS_UNKNOWN = 1000;

export const leastLatency: Balancer = (contenders, memory, draw) => ({
  ranking: powerOfTwo(contenders, load, draw),
  memory,
});

/** One request at a time finds out how fast an unknown target is; until then nobody else waits there. */
function load({ latencyMs, inFlight, weight }: Contender): number {
  if (latencyMs === undefined && inFlight > 0) return Infinity;
  return ((latencyMs ?? LATENCY_MS_UNKNOWN) * (inFlight + 1)) / weight;
}
