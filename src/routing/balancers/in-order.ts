// As configured: the first while it can, the others only for failover. No balancing at all.

import type { Balancer } from './balancer.ts';

export const inOrder: Balancer = (contenders, memory) => ({
  ranking: contenders.map(({ id }, place) => ({ id, score: place })),
  memory,
});
