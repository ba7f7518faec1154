// Requests that begin alike go where the last one went: the provider has their beginning in its prompt cache. A preference
// and nothing more; whoever is not well, or is much slower than the rest, loses it.

import type { Contender } from './balancers/balancer.ts';

export type Affinity = {
  /** Of the long beginning that requests share: system prompt and tools. 32 bits. */
  readonly prefix: number;
  /** Who served it last, as far as this isolate remembers. */
  readonly last?: string;
};

export type Preference =
  | { readonly id: string; readonly why: 'served-last' | 'rendezvous' }
  | { readonly id: undefined; readonly why: 'nobody-well' };

/** Waiting so much longer costs more than a cached prompt saves. */
const SLOWER_THAN_BEST_MAX = 3;

/**
 * The last one that served it; without memory the one with the highest key `u^(1/w)`, u a hash of prefix and name: every
 * isolate comes to the same without asking, and when one leaves, only its own prefixes move (rendezvous hashing).
 */
export function prefer(
  { prefix, last }: Affinity,
  contenders: readonly Contender[],
  rampOf: (id: string) => number,
): Preference {
  const fastest = Math.min(...contenders.map(({ latencyMs }) => latencyMs ?? Infinity));
  const well = contenders.filter(
    ({ id, weight, latencyMs }) =>
      weight > 0 && rampOf(id) === 1 && (latencyMs ?? 0) <= Math.max(1000, fastest) * SLOWER_THAN_BEST_MAX,
  );
  if (last !== undefined && well.some(({ id }) => id === last)) return { id: last, why: 'served-last' };
  let best: { readonly id: string; readonly key: number } | undefined;
  for (const { id, weight } of well) {
    const key = Math.log(unit(prefix, id)) / weight;
    if (best === undefined || key > best.key) best = { id, key };
  }
  return best === undefined ? { id: undefined, why: 'nobody-well' } : { id: best.id, why: 'rendezvous' };
}

/** FNV-1a with a final mix: uniform in (0, 1). */
function unit(prefix: number, id: string): number {
  let hash = (prefix ^ 0x811c9dc5) | 0;
  for (let i = 0; i < id.length; i += 1) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (((hash ^ (hash >>> 16)) >>> 0) + 0.5) / 4_294_967_296;
}
