// The matrix: which client meets which upstream, and how the reply is taken. A scenario fills every cell of it with a
// check, or says why there is none.

import type { World } from './world.ts';

export const CLIENTS = ['openai', 'anthropic'] as const;
export const UPSTREAMS = ['openai-chat', 'anthropic-messages'] as const;
/** `streamed`: the SDK's raw iterator, put together here. `helper`: what the SDK makes of a stream by itself. */
export const DELIVERIES = ['whole', 'streamed', 'helper'] as const;

export type Client = (typeof CLIENTS)[number];
export type Upstream = (typeof UPSTREAMS)[number];
export type Delivery = (typeof DELIVERIES)[number];
export type Place = { readonly client: Client; readonly upstream: Upstream; readonly delivery: Delivery };

export type Check = (world: World) => Promise<void>;
export type Cell =
  | Check
  /** There is nothing to check here: why. */
  | { readonly none: string }
  /** The check is as it should be and does not hold yet: what is missing. */
  | { readonly missing: string; readonly check: Check };

export type Scenario = { readonly name: string; readonly cell: (at: Place) => Cell };

/** The client that speaks an upstream's dialect. */
export const CLIENT: Readonly<Record<Upstream, Client>> = {
  'openai-chat': 'openai',
  'anthropic-messages': 'anthropic',
};

export const PLACES: readonly Place[] = CLIENTS.flatMap((client) =>
  UPSTREAMS.flatMap((upstream) => DELIVERIES.map((delivery) => ({ client, upstream, delivery }))),
);

export function isPassThrough({ client, upstream }: Pick<Place, 'client' | 'upstream'>): boolean {
  return CLIENT[upstream] === client;
}

export function describePlace({ client, upstream, delivery }: Place): string {
  return `${client} client, ${upstream} upstream, ${delivery}`;
}
