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
  Egress,
  Envelope,
  Loss,
  Reading,
  ReviseReply,
  WrittenRequest,
} from '../dialects/dialect.ts';
import { revised } from '../dialects/revise.ts';
import { restoreNames } from '../dialects/tool-names.ts';
import type { Spoken } from '../providers/provider.ts';
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
  readonly reads: Reading & Pick<Egress, 'readUsage'>;
  readonly losses: readonly Loss[];
};

/** Throws `GatewayError` when the target cannot take the request without changing its meaning. */
export function prepareExchange(wire: Wire, target: Target, strict: boolean, signer: Signer): Exchange {
  const spoken = chooseSpoken(wire, target);
  const isOwn = spoken.dialect.id === wire.dialect.id && spoken.isVariant !== true;
  const exchange =
    isOwn && !isSealed(wire)
      ? passThrough(wire, spoken, target)
      : translate(wire, { spoken, isOwn }, target, signer);
  if (strict && exchange.losses.length > 0) throw refusedInStrictMode(exchange.losses, target);
  return exchange;
}

/** The caller's own dialect, or the first one there, among those that serve the request. */
function chooseSpoken({ dialect, body }: Wire, { enabled, model }: Target): Spoken {
  const { id, speaks } = enabled.provider;
  const serving = speaks.filter(({ serves }) => serves?.(model, body.json) ?? true);
  const [first] = serving;
  if (first === undefined) throw unsupported(`${id}/${model} cannot be asked this in any dialect`, 'model');
  return serving.find((spoken) => spoken.dialect.id === dialect.id) ?? first;
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

function translate(
  wire: Wire,
  { spoken, isOwn }: Pick<Exchange, 'spoken' | 'isOwn'>,
  target: Target,
  signer: Signer,
): Exchange {
  const { provider } = target.enabled;
  const place = { ...target.enabled, model: target.model };
  const seal = createReasoningSeal(provider.reasoningOrigin?.(place) ?? provider.id, signer);
  const { request, isReduced } = openRequest(wire.decode(), seal);
  const written = spoken.write({ ...request, model: target.model }, target.model);
  const { body, losses } = written;
  return {
    spoken,
    isOwn,
    passThrough: false,
    text: JSON.stringify(applyQuirks(body, spoken.quirks)),
    reads: readingOf(spoken, written, isOwn ? undefined : sealing(wire.dialect, seal)),
    losses: [...(isReduced ? withReasoning(losses) : losses), ...quirkLosses(body, spoken, target)],
  };
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
