// Who is asked, in which order, and why the others are not. One pure function of a question that holds everything it looks
// at: the question that was recorded, asked again, gets the same answer.

import type { Priority } from './admission.ts';
import { prefer, type Affinity, type Preference } from './affinity.ts';
import type { Contender, Memory } from './balancers/balancer.ts';
import { balancers, type StrategyName } from './balancers/index.ts';
import { drawsFrom } from './draws.ts';
import { panic } from './panic.ts';
import type { Gate, Reading } from './reading.ts';
import type { Place, ScopeKey } from './scope.ts';

export type Candidate = {
  /** Provider, credential and model, as one name. */
  readonly id: string;
  readonly provider: string;
  readonly place: Place;
  readonly weight: number;
  /** Expected price of this request there. */
  readonly cost?: number;
  /** Why it cannot serve this request at all: no tools, too small a context, not allowed for this key. */
  readonly unfit?: string;
  readonly reading: Reading;
};

export type Policy = {
  readonly strategy: StrategyName;
  readonly sticky: boolean;
  /** Otherwise, where cost decides, a target without a price is not asked. */
  readonly unknownPrices: boolean;
  /** `measure`: breakers count and report, and refuse nobody. Operators' orders hold. */
  readonly breakers: 'on' | 'measure';
};

export type Question = {
  readonly candidates: readonly Candidate[];
  readonly policy: Policy;
  readonly priority: Priority;
  readonly memory: Memory;
  readonly affinity?: Affinity;
  readonly now: number;
  /** Uniform in [0, 1). */
  readonly drawn: number;
};

export type Choice = {
  readonly id: string;
  readonly score: number;
  /** Whether it is charged as traffic meant for it, or as what another could not take. */
  readonly kind: 'first' | 'failover';
  /** Whether it may be asked after another has failed. */
  readonly failoverOk: boolean;
  /** The permit under which a recovering target is asked. */
  readonly probe?: { readonly scope: ScopeKey; readonly lease: string };
};

export type Exclusion = {
  readonly id: string;
  readonly reason: string;
  readonly gate?: Gate;
};

export type Decision = {
  readonly choices: readonly Choice[];
  readonly excluded: readonly Exclusion[];
  /** What the balancer said of everyone that could serve the request, shut or not. */
  readonly ranking: readonly { readonly id: string; readonly score: number }[];
  readonly mood: 'calm' | 'panic' | 'refused';
  /** When nobody is to be asked. */
  readonly retryAfterMs?: number;
  /** Scopes for which it would be worth asking for a permit to probe. */
  readonly asks: readonly { readonly id: string; readonly scope: ScopeKey }[];
  readonly preference?: Preference;
  readonly memory: Memory;
};

/** Asking for a permit costs a call of the object: few do at first, all when nobody else has. */
const ASK_CHANCE_FIRST = 0.05;
const ASK_ALL_AFTER_MS = 30_000;

export function order(question: Question): Decision {
  const { candidates, policy, memory, now } = question;
  const draw = drawsFrom(question.drawn);
  const unfit = candidates.flatMap((candidate) => exclusionOf(candidate, policy));
  const fit = candidates.filter(({ id }) => unfit.every((other) => other.id !== id));
  const balanced = balancers[policy.strategy](fit.map(contenderOf), memory, draw);
  const byId = new Map(fit.map((candidate) => [candidate.id, candidate]));
  const ranked = balanced.ranking.flatMap(({ id, score }) => {
    const candidate = byId.get(id);
    return candidate === undefined ? [] : [{ candidate, score }];
  });

  const kept = ranked.map(({ candidate, score }) => ({
    candidate,
    score,
    reason: keptBecause(candidate, question, draw()),
  }));
  const open = kept.filter(({ reason }) => reason === undefined);
  const asks = asksFor(kept, open.length, now, draw);
  const { first, preference } = favourite(question, open);
  const choices = leadWith(first, open).map(({ candidate, score }) =>
    choiceOf(candidate, score, candidate.id === ranked[0]?.candidate.id),
  );
  const shut = kept.flatMap(({ candidate: { id, reading }, reason }) =>
    reason === undefined ? [] : [{ id, reason, gate: reading.gate }],
  );
  const told = {
    ranking: balanced.ranking,
    memory: balanced.memory,
    asks,
    ...(preference === undefined ? {} : { preference }),
  };
  if (choices.length > 0 || fit.length === 0) {
    const mood = fit.length === 0 ? 'refused' : 'calm';
    return { choices, excluded: [...unfit, ...shut], mood, ...told };
  }
  return { ...inDistress(kept, now, draw), excluded: [...unfit, ...shut], ...told };
}

function exclusionOf({ id, cost, unfit, weight }: Candidate, policy: Policy): readonly Exclusion[] {
  if (unfit !== undefined) return [{ id, reason: unfit }];
  if (weight <= 0) return [{ id, reason: 'weight-0' }];
  const needsPrice = policy.strategy === 'cost-optimized' || policy.strategy === 'cost-spread';
  return needsPrice && cost === undefined && !policy.unknownPrices ? [{ id, reason: 'price-unknown' }] : [];
}

function contenderOf({ id, weight, cost, reading }: Candidate): Contender {
  return {
    id,
    weight: weight * reading.ramp,
    inFlight: reading.inFlight,
    rewards: reading.rewards,
    ...(reading.latencyMs === undefined ? {} : { latencyMs: reading.latencyMs }),
    ...(cost === undefined ? {} : { cost }),
  };
}

/** Why a target that could serve the request is not asked now. */
function keptBecause(
  { reading }: Candidate,
  { policy, priority }: Question,
  drawn: number,
): string | undefined {
  const { gate, throttled, shares } = reading;
  const measured = policy.breakers === 'measure' && !(gate.is === 'shut' && gate.why === 'forced-open');
  if (!measured && gate.is === 'shut') return gate.why;
  if (!measured && gate.is === 'probe') return gate.lease === undefined ? 'half-open' : undefined;
  // One draw for two independent chances: the second looks at what is left of it.
  if (drawn < throttled[priority]) return 'throttled';
  const left = (drawn - throttled[priority]) / (1 - throttled[priority]);
  return left >= shares[priority] ? 'limited' : undefined;
}

type Kept = { readonly candidate: Candidate; readonly score: number; readonly reason: string | undefined };

/** A target whose time is over is probed by a real request, and only when there is somebody to catch it. */
function asksFor(kept: readonly Kept[], open: number, now: number, draw: () => number): Decision['asks'] {
  return kept.flatMap(({ candidate: { id, reading }, reason }) => {
    const { gate } = reading;
    if (reason !== 'half-open' || gate.is !== 'probe') return [];
    const waitedMs = Math.max(0, now - gate.since);
    const chance = open === 0 ? 1 : ASK_CHANCE_FIRST + waitedMs / ASK_ALL_AFTER_MS;
    return draw() < chance ? [{ id, scope: gate.scope }] : [];
  });
}

/** A permit in hand goes first, it runs out; then whoever has the prompt's beginning; then the balancer's pick. */
function favourite(
  { affinity, policy }: Question,
  open: readonly Kept[],
): { first?: string; preference?: Preference } {
  const probing = open.find(({ candidate }) => candidate.reading.gate.is === 'probe');
  if (probing !== undefined) return { first: probing.candidate.id };
  if (!policy.sticky || affinity === undefined) return {};
  const ramps = new Map(open.map(({ candidate }) => [candidate.id, candidate.reading.ramp]));
  const preference = prefer(
    affinity,
    open.map(({ candidate }) => contenderOf(candidate)),
    (id) => ramps.get(id) ?? 0,
  );
  return preference.id === undefined ? { preference } : { first: preference.id, preference };
}

function leadWith(first: string | undefined, open: readonly Kept[]): readonly Kept[] {
  if (first === undefined) return open;
  return [
    ...open.filter(({ candidate }) => candidate.id === first),
    ...open.filter(({ candidate }) => candidate.id !== first),
  ];
}

function choiceOf({ id, reading }: Candidate, score: number, isMeant: boolean): Choice {
  const { gate, failoverOk } = reading;
  return {
    id,
    score,
    kind: isMeant ? 'first' : 'failover',
    failoverOk,
    ...(gate.is === 'probe' && gate.lease !== undefined
      ? { probe: { scope: gate.scope, lease: gate.lease } }
      : {}),
  };
}

/** Everybody is shut, or kept back by us. What we keep back ourselves may come again soon. */
function inDistress(
  kept: readonly Kept[],
  now: number,
  draw: () => number,
): Pick<Decision, 'choices' | 'mood' | 'retryAfterMs'> {
  const spared = kept.some(({ reason }) => reason === 'throttled' || reason === 'limited');
  if (spared) return { choices: [], mood: 'refused', retryAfterMs: 1000 + 2000 * draw() };
  const found = panic(
    kept.map(({ candidate }) => candidate),
    now,
    draw(),
  );
  if (found.do === 'refuse') return { choices: [], mood: 'refused', retryAfterMs: found.retryAfterMs };
  return {
    mood: 'panic',
    choices: kept
      .filter(({ candidate }) => candidate.id === found.id)
      .map(({ candidate, score }) => choiceOf(candidate, score, true)),
  };
}
