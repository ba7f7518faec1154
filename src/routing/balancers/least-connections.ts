// The least loaded for its weight, of two: (in flight + 1) / weight. A reply is in flight until its stream has ended.

import { powerOfTwo, type Balancer } from './balancer.ts';

export const leastConnections: Balancer = (contenders, memory, draw) => ({
  ranking: powerOfTwo(contenders, ({ inFlight, weight }) => (inFlight + 1) / weight, draw),
  memory,
});
