// The configuration document: routes, timeouts, and what the operator knows better of models. Versioned, validated whole, refused whole. The default below is what
// runs when the operator gives none.

import * as z from 'zod/mini';
import { CAPABILITIES } from '../core/capability.ts';
import type { ModelFacts } from '../core/model-facts.ts';
import type { CacheMode } from '../cache/admission.ts';
import type { Provider, Timeouts } from '../providers/provider.ts';

const milliseconds = z.int().check(z.minimum(1), z.maximum(3_600_000));

const timeoutsSchema = z.strictObject({
  /** From the request to the headers of a stream. Whole replies have `totalMs`: their headers come when they are done. */
  headersMs: z.optional(milliseconds),
  /** From the headers of a stream to its first content. */
  firstContentMs: z.optional(milliseconds),
  /** Between any two bytes of a stream. */
  idleMs: z.optional(milliseconds),
  /** From the caller's request to the end, all attempts together. */
  totalMs: z.optional(milliseconds),
});

const tokens = z.int().check(z.minimum(1), z.maximum(100_000_000));
/** US dollars for a million tokens. */
const amount = z.number().check(z.minimum(0), z.maximum(1_000_000));
const price = z.union([
  amount,
  z.strictObject({
    base: amount,
    steps: z.array(z.strictObject({ above: tokens, price: amount })).check(z.maxLength(10)),
  }),
]);
const words = z.array(z.string().check(z.minLength(1), z.maxLength(64))).check(z.maxLength(50));

/** Over what the provider's list and our tables say, field by field; `prices` as a whole. */
const modelSchema = z.strictObject({
  contextWindow: z.optional(tokens),
  outputMax: z.optional(tokens),
  capabilities: z.optional(z.partialRecord(z.enum(CAPABILITIES), z.boolean())),
  efforts: z.optional(words),
  parameters: z.optional(words),
  prices: z.optional(
    z.strictObject({
      input: z.optional(price),
      output: z.optional(price),
      cacheRead: z.optional(price),
      cacheWrite: z.optional(price),
      cacheWriteLong: z.optional(price),
    }),
  ),
});

const cacheSchema = z.strictObject({
  /** Instead of CACHE_MODE. */
  mode: z.optional(z.enum(['off', 'deterministic', 'all'])),
  /** Requests that offer tools, too. */
  tools: z.optional(z.boolean()),
  /** Instead of a life that grows with its use. */
  ttlSeconds: z.optional(z.int().check(z.minimum(1), z.maximum(2_592_000))),
  tags: z.optional(z.array(z.string().check(z.regex(/^[A-Za-z0-9._:-]{1,64}$/))).check(z.maxLength(8))),
});

const configurationSchema = z.strictObject({
  version: z.literal(1),
  timeouts: z.optional(timeoutsSchema),
  /** What may be remembered where no route says otherwise. */
  cache: z.optional(cacheSchema),
  /** How long the status of a stream is held back for the first content, so that a failover stays invisible. */
  commitDelayMs: z.optional(milliseconds),
  /** Between two heartbeats of a stream whose status is sent and whose content is not there yet. */
  heartbeatMs: z.optional(milliseconds),
  bodyBytesMax: z.optional(z.int().check(z.minimum(1024), z.maximum(104_857_600))),
  /** Keys of all objects in a body together. An agent's conversation has about five a message. */
  bodyKeysMax: z.optional(z.int().check(z.minimum(100), z.maximum(1_000_000))),
  /** An alias and the targets `<provider>/<model>` behind it, best first. */
  routes: z.optional(
    z.record(
      z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/)),
      z.strictObject({
        targets: z
          .array(z.string().check(z.regex(/^[a-z0-9-]+\/.+$/)))
          .check(z.minLength(1), z.maxLength(50)),
        cache: z.optional(cacheSchema),
      }),
    ),
  ),
  /** By `<provider>/<model>`. */
  models: z.optional(z.record(z.string().check(z.regex(/^[a-z0-9-]+\/.+$/), z.maxLength(300)), modelSchema)),
});

export type Configuration = {
  /** What the operator wants to differ from the defaults and from what providers need. */
  readonly timeouts: Partial<Timeouts>;
  readonly commitDelayMs: number;
  readonly heartbeatMs: number;
  readonly bodyBytesMax: number;
  readonly bodyKeysMax: number;
  readonly routes: ReadonlyMap<string, readonly string[]>;
  readonly models: ReadonlyMap<string, ModelFacts>;
  readonly cache: CacheChoice;
  /** By route; what a route does not say is as it is everywhere. */
  readonly routeCaches: ReadonlyMap<string, CacheChoice>;
};

export type CacheChoice = {
  readonly mode?: CacheMode;
  readonly tools?: boolean;
  readonly ttlSeconds?: number;
  readonly tags?: readonly string[];
};

export const defaultConfiguration: Configuration = {
  timeouts: {},
  commitDelayMs: 10_000,
  heartbeatMs: 10_000,
  bodyBytesMax: 4_194_304,
  bodyKeysMax: 10_000,
  routes: new Map(),
  models: new Map(),
  cache: {},
  routeCaches: new Map(),
};

const DEFAULT_TIMEOUTS: Timeouts = {
  headersMs: 30_000,
  firstContentMs: 60_000,
  idleMs: 60_000,
  totalMs: 600_000,
};

/** The operator knows best, then the provider (a local server loads its model first), then the operation. */
export function timeoutsAt(
  provider: Pick<Provider, 'timeouts'>,
  { timeouts }: Configuration,
  operation: Partial<Timeouts> = {},
): Timeouts {
  return { ...DEFAULT_TIMEOUTS, ...operation, ...provider.timeouts, ...timeouts };
}

/** When a request must be over, in ms since the epoch. `timeoutMs` is the caller's own wish. */
export function deadlineOf(
  startedAt: number,
  timeoutMs: number | undefined,
  { timeouts }: Configuration,
): number {
  return startedAt + Math.min(timeoutMs ?? Infinity, timeouts.totalMs ?? DEFAULT_TIMEOUTS.totalMs);
}

/** The document in full, or why it is refused: a path and a reason, never a value. */
export function readConfiguration(text: string): Configuration | { readonly refused: string } {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return { refused: 'is not JSON' };
  }
  const read = z.safeParse(configurationSchema, document);
  if (!read.success) {
    const issue = read.error.issues[0];
    return { refused: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is wrong'}` };
  }
  const { timeouts, routes, models, cache, version: _, ...rest } = read.data;
  const named = Object.entries(routes ?? {});
  return {
    ...defaultConfiguration,
    ...definedOnly(rest),
    timeouts: definedOnly(timeouts ?? {}),
    models: new Map(Object.entries(models ?? {}).map(([id, facts]) => [id, readFacts(facts)])),
    routes: new Map(named.map(([name, route]) => [name, route.targets])),
    cache: definedOnly(cache ?? {}),
    routeCaches: new Map(named.map(([name, route]) => [name, definedOnly(route.cache ?? {})])),
  };
}

function readFacts({ prices, capabilities, ...facts }: z.infer<typeof modelSchema>): ModelFacts {
  return {
    ...definedOnly(facts),
    ...(capabilities === undefined ? {} : { capabilities: definedOnly(capabilities) }),
    ...(prices === undefined ? {} : { prices: definedOnly(prices) }),
  };
}

function definedOnly<T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const defined = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(defined) as { [K in keyof T]: Exclude<T[K], undefined> };
}
