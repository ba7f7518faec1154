// The strategies by their names in the configuration.

import { adaptive } from './adaptive.ts';
import type { Balancer } from './balancer.ts';
import { cheapest, cheapestSpread } from './cost-optimized.ts';
import { inOrder } from './in-order.ts';
import { leastConnections } from './least-connections.ts';
import { leastLatency } from './least-latency.ts';
import { roundRobin } from './round-robin.ts';
import { weightedRandom } from './weighted-random.ts';

export const balancers = {
  'in-order': inOrder,
  'round-robin': roundRobin,
  'least-connections': leastConnections,
  'least-latency': leastLatency,
  'weighted-random': weightedRandom,
  'cost-optimized': cheapest,
  'cost-spread': cheapestSpread,
  adaptive,
} as const satisfies Readonly<Record<string, Balancer>>;

export type StrategyName = keyof typeof balancers;
