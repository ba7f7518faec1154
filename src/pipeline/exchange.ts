// What is sent to a target, and how its answer comes back: the one place that asks whether both ends speak the same
// dialect. If so the caller's text goes through; if not, or if it brings back what we have sealed, it is read into the
// vocabulary and written anew.

import type { Body } from '../core/body.ts';
import type { ChatRequest } from '../core/chat.ts';
import { GatewayError, unsupported } from '../core/failure.ts';
import type { JsonObject } from '../core/json.ts';
import type { Signer } from '../core/ports.ts';
import type {
  ClientDialect,
  Envelope,
  Loss,
  Reading,
  ReplyEgress,
  ReviseReply,
  WrittenRequest,
} from '../dialects/dialect.ts';
import { revised } from '../dialects/revise.ts';
import { restoreNames } from '../dialects/tool-names.ts';
import type { Counter, Spoken } from '../providers/provider.ts';
import { applyQuirks, droppedBy, retarget } from './body-edit.ts';
import { holdsSeal, openRequest } from './open-request.ts';
import type { Target } from './plan.ts';
import { createReasoningSeal, mayHoldSeal, type ReasoningSeal } from './reasoning-seal.ts';
import { sealBlocks, sealWholeReply } from './seal-reply.ts';

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
  /** It is the caller's dialect, word for word. */
  readonly isOwn: boolean;
  readonly passThrough: boolean;
  /** The body to send. */
  readonly text: string;
  /** How what comes back is read. */
  readonly reads: Reading & Pick<ReplyEgress, 'readUsage'>;
  readonly losses: readonly Loss[];
};

export type CountExchange = Exchange & { readonly counter: Counter };

/** Throws `GatewayError` when the target cannot take the request without changing its meaning. */
export function prepareExchange(wire: Wire, target: Target, strict: boolean, signer: Signer): Exchange {
  const [spoken] = servedIn(wire, target);
  if (spoken === undefined) throw notServed(target);
  const exchange = exchangeIn(spoken, wire, target, signer);
  if (strict && exchange.losses.length > 0) throw refusedInStrictMode(exchange.losses, target);
  return exchange;
}

/** The same for a question of tokens alone; `undefined` where nobody counts them. */
export function prepareCount(
  wire: Wire,
  target: Target,
  strict: boolean,
  signer: Signer,
): CountExchange | undefined {
  const spoken = servedIn(wire, target).find(({ counter }) => counter !== undefined);
  if (spoken?.counter === undefined) return undefined;
  const { counter } = spoken;
  // What a provider has to be told about every answer is no part of a question without one.
  const counting = { ...spoken, quirks: { ...spoken.quirks, set: {} } };
  const exchange = exchangeIn(counting, wire, target, signer, counter.fields);
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

function exchangeIn(
  spoken: Spoken,
  wire: Wire,
  target: Target,
  signer: Signer,
  fields?: readonly string[],
): Exchange {
  const isOwn = spoken.dialect.id === wire.dialect.id && spoken.isVariant !== true;
  // What is never written anew holds no conversation.
  return isOwn && (spoken.write === undefined || !isSealed(wire))
    ? passThrough(wire, spoken, target)
    : translate(wire, { spoken, isOwn }, target, signer, fields);
}

/** The conversation was held elsewhere before, and brings back what nobody here but us can read. */
function isSealed({ body, decode }: Wire): boolean {
  return mayHoldSeal(body.text) && holdsSeal(decode());
}

function passThrough(wire: Wire, spoken: Spoken, target: Target): Exchange {
  const losses = [...quirkLosses(wire.body.json, spoken, target), ...overruled(wire.body.json, spoken)];
  // The cost stands in the report of usage, which not every stream has unasked.
  const { wantsCost, stream } = wire.envelope;
  const asked = wantsCost === true && stream ? wire.dialect.ingress.askUsage?.(wire.body.json) : undefined;
  const text = retarget(wire.body, target.model, spoken.quirks, asked);
  return { spoken, isOwn: true, passThrough: true, text, reads: spoken.dialect.egress, losses };
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
function translate(
  wire: Wire,
  { spoken, isOwn }: Pick<Exchange, 'spoken' | 'isOwn'>,
  target: Target,
  signer: Signer,
  fields: readonly string[] | undefined,
): Exchange {
  if (spoken.write === undefined) throw notServed(target);
  const { provider } = target.enabled;
  const place = { ...target.enabled, model: target.model };
  const seal = createReasoningSeal(provider.reasoningOrigin?.(place) ?? provider.id, signer);
  const { request, isReduced } = openRequest(wire.decode(), seal);
  const written = spoken.write({ ...request, model: target.model }, target.model);
  const body = fields === undefined ? written.body : pick(written.body, fields);
  const losses = isReduced ? withReasoning(written.losses) : written.losses;
  return {
    spoken,
    isOwn,
    passThrough: false,
    text: JSON.stringify(applyQuirks(body, spoken.quirks)),
    reads: readingOf(spoken, written, isOwn ? undefined : sealing(wire.dialect, seal)),
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

/** The writer may have named it, too: what it was given in its place is plain text. */
function withReasoning(losses: readonly Loss[]): readonly Loss[] {
  const isNamed = losses.some(({ field }) => field === 'reasoning');
  return isNamed ? losses : [...losses, { action: 'dropped', field: 'reasoning' }];
}

/** What a caller of the provider's own dialect gets is the provider's own. */
function sealing({ sealsWholeReply }: ClientDialect, seal: ReasoningSeal): () => ReviseReply {
  return sealsWholeReply === true ? sealWholeReply(seal) : sealBlocks(seal);
}

/** As the caller knows its tools, in the form that was asked for, and sealed. */
function readingOf(
  { dialect: { egress } }: Spoken,
  { toolNames, reviseReply }: WrittenRequest,
  seal: (() => ReviseReply) | undefined,
): Reading {
  const named = toolNames === undefined ? egress : restoreNames(egress, toolNames);
  const asked = reviseReply === undefined ? named : revised(named, reviseReply);
  return seal === undefined ? asked : revised(asked, seal);
}

export function refusedInStrictMode(losses: readonly Loss[], { enabled, model }: Target): GatewayError {
  const named = losses.map(({ field, action }) => `${field} (${action})`).join(', ');
  return new GatewayError({
    kind: 'unsupported',
    message: `x-llm-proxy-strict: ${enabled.provider.id}/${model} would not get everything as it was sent: ${named}`,
    ...(losses[0] === undefined ? {} : { param: losses[0].field }),
  });
}

/** `dropped=seed,logit_bias; clamped=temperature; structured_output=best_effort`: `x-llm-proxy-warnings`. */
export function describeLosses(losses: readonly Loss[]): string | undefined {
  if (losses.length === 0) return undefined;
  const fieldsOf = (action: Loss['action']): readonly string[] => [
    ...new Set(losses.filter((loss) => loss.action === action).map(({ field }) => field)),
  ];
  const lost = (['dropped', 'clamped', 'emulated'] as const)
    .map((action) => [action, fieldsOf(action)] as const)
    .filter(([, fields]) => fields.length > 0)
    .map(([action, fields]) => `${action}=${fields.join(',')}`);
  return [...lost, ...fieldsOf('best_effort').map((field) => `${field}=best_effort`)].join('; ');
}
