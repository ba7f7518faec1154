// What is sent to a target, and how its answer comes back: the one place that asks whether both ends speak the same
// dialect. If so the caller's text goes through; if not it is read into the vocabulary and written anew.

import type { Body } from '../core/body.ts';
import type { ChatRequest } from '../core/chat.ts';
import { GatewayError, unsupported } from '../core/failure.ts';
import type { JsonObject } from '../core/json.ts';
import type { ClientDialect, Envelope, Loss, ReplyEgress } from '../dialects/dialect.ts';
import { restoreNames } from '../dialects/tool-names.ts';
import type { Counter, Spoken } from '../providers/provider.ts';
import { applyQuirks, droppedBy, retarget } from './body-edit.ts';
import type { Target } from './plan.ts';

/** A request in the caller's own words, read as far as everyone needs it. */
export type Wire = {
  readonly dialect: ClientDialect;
  readonly body: Body;
  readonly envelope: Envelope;
  /** In the vocabulary; decoded at the first call, for translations only. */
  readonly decode: () => ChatRequest;
};

export type Exchange = {
  readonly spoken: Spoken;
  readonly passThrough: boolean;
  /** The body to send. */
  readonly text: string;
  /** How what comes back is read. */
  readonly reads: Pick<ReplyEgress, 'readReply' | 'createStreamReader' | 'readUsage'>;
  readonly losses: readonly Loss[];
};

export type CountExchange = Exchange & { readonly counter: Counter };

/** Throws `GatewayError` when the target cannot take the request without changing its meaning. */
export function prepareExchange(wire: Wire, target: Target, strict: boolean): Exchange {
  const [spoken] = servedIn(wire, target);
  if (spoken === undefined) throw notServed(target);
  const exchange = goesThrough(wire, spoken)
    ? passThrough(wire, spoken, target)
    : translate(wire, spoken, target);
  if (strict && exchange.losses.length > 0) throw refusedInStrictMode(exchange.losses, target);
  return exchange;
}

/** The same for a question of tokens alone; `undefined` where nobody counts them. */
export function prepareCount(wire: Wire, target: Target, strict: boolean): CountExchange | undefined {
  const spoken = servedIn(wire, target).find(({ counter }) => counter !== undefined);
  if (spoken?.counter === undefined) return undefined;
  const { counter } = spoken;
  // What a provider has to be told about every answer is no part of a question without one.
  const counting = { ...spoken, quirks: { ...spoken.quirks, set: {} } };
  const exchange = goesThrough(wire, counting)
    ? passThrough(wire, counting, target)
    : translate(wire, counting, target, counter.fields);
  if (strict && exchange.losses.length > 0) throw refusedInStrictMode(exchange.losses, target);
  return { ...exchange, counter };
}

/** The dialects that serve the request, best first: the caller's own, then those that it can be translated into. */
function servedIn({ dialect, body }: Wire, { enabled, model }: Target): readonly Spoken[] {
  const serving = enabled.provider.speaks.filter(({ serves }) => serves?.(model, body.json) ?? true);
  const isOwn = (spoken: Spoken): boolean => spoken.dialect.id === dialect.id;
  return [
    ...serving.filter(isOwn),
    ...serving.filter((spoken) => !isOwn(spoken) && spoken.write !== undefined),
  ];
}

function notServed({ enabled, model }: Target): GatewayError {
  return unsupported(
    `${enabled.provider.id}/${model} can be asked neither in the dialect of the request nor in one that it can be translated into`,
    'model',
  );
}

function goesThrough({ dialect }: Wire, spoken: Spoken): boolean {
  return spoken.dialect.id === dialect.id && spoken.isVariant !== true;
}

function passThrough(wire: Wire, spoken: Spoken, target: Target): Exchange {
  const losses = [...quirkLosses(wire.body.json, spoken, target), ...overruled(wire.body.json, spoken)];
  // The cost stands in the report of usage, which not every stream has unasked.
  const { wantsCost, stream } = wire.envelope;
  const asked = wantsCost === true && stream ? wire.dialect.ingress.askUsage?.(wire.body.json) : undefined;
  const text = retarget(wire.body, target.model, spoken.quirks, asked);
  return { spoken, passThrough: true, text, reads: spoken.dialect.egress, losses };
}

/** What the provider's quirks take out of a body. Throws when that would change what is asked. */
function quirkLosses(body: JsonObject, { quirks }: Spoken, { enabled, model }: Target): readonly Loss[] {
  const changing = Object.entries(quirks.refuse ?? {}).find(
    ([field, changes]) => changes?.(body[field]) === true,
  );
  if (changing !== undefined) {
    throw unsupported(`${enabled.provider.id}/${model} cannot do what ${changing[0]} asks for`, changing[0]);
  }
  // `null` says nothing, so nothing is lost with it.
  const dropped = droppedBy(quirks, body).filter((field) => body[field] !== null);
  return dropped.map((field) => ({ action: 'dropped', field }));
}

/** What the caller asked for and the provider's own value stands instead of. */
function overruled(body: JsonObject, { quirks }: Spoken): readonly Loss[] {
  return Object.entries(quirks.set ?? {}).flatMap(([field, value]) => {
    const asked = body[field];
    return asked === undefined || asked === null || asked === value ? [] : [{ action: 'dropped', field }];
  });
}

/** `fields`: those of the body that the question takes; absent: all. */
function translate(wire: Wire, spoken: Spoken, target: Target, fields?: readonly string[]): Exchange {
  if (spoken.write === undefined) throw notServed(target);
  const { egress } = spoken.dialect;
  const request = wire.decode();
  const written = spoken.write({ ...request, model: target.model }, target.model);
  const { losses, toolNames } = written;
  const body = fields === undefined ? written.body : pick(written.body, fields);
  return {
    spoken,
    passThrough: false,
    text: JSON.stringify(applyQuirks(body, spoken.quirks)),
    reads: toolNames === undefined ? egress : restoreNames(egress, toolNames),
    losses: [...losses, ...quirkLosses(body, spoken, target), ...ownLosses(request)],
  };
}

function pick(body: JsonObject, fields: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([field]) => fields.includes(field)));
}

/** What the caller's own dialect makes up for in the reply. */
function ownLosses({ echo }: ChatRequest): readonly Loss[] {
  return echo === undefined ? [] : [{ action: 'emulated', field: 'echo' }];
}

export function refusedInStrictMode(losses: readonly Loss[], { enabled, model }: Target): GatewayError {
  const named = losses.map(({ field, action }) => `${field} (${action})`).join(', ');
  return new GatewayError({
    kind: 'unsupported',
    message: `x-llm-proxy-strict: ${enabled.provider.id}/${model} would not get everything as it was sent: ${named}`,
    ...(losses[0] === undefined ? {} : { param: losses[0].field }),
  });
}

/** `dropped=seed,logit_bias; clamped=temperature`: the value of `x-llm-proxy-warnings`. */
export function describeLosses(losses: readonly Loss[]): string | undefined {
  if (losses.length === 0) return undefined;
  return (['dropped', 'clamped', 'emulated'] as const)
    .map(
      (action) =>
        [
          action,
          [...new Set(losses.filter((loss) => loss.action === action).map(({ field }) => field))],
        ] as const,
    )
    .filter(([, fields]) => fields.length > 0)
    .map(([action, fields]) => `${action}=${fields.join(',')}`)
    .join('; ');
}
