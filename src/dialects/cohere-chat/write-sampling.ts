// What tunes the answer, within the ranges that Cohere takes; outside of them it answers 400.
// https://docs.cohere.com/reference/chat

import type { ChatRequest } from '../../core/chat.ts';
import { asNumber, type JsonObject } from '../../core/json.ts';
import type { Losses } from '../losses.ts';
import { told } from '../told.ts';
import { topKIn } from './extras.ts';

export function writeSampling(request: ChatRequest, losses: Losses): JsonObject {
  const clamp = (field: string, value: number | undefined, min: number, max: number): number | undefined => {
    if (value === undefined || (value >= min && value <= max)) return value;
    losses.add('clamped', field);
    return Math.min(Math.max(value, min), max);
  };
  return told({
    temperature: clamp('temperature', request.temperature, 0, 1),
    p: clamp('top_p', request.topP, 0.01, 0.99),
    k: clamp('top_k', request.topK ?? asNumber(topKIn(request.extensions)), 0, 500),
    ...writePenalties(request, clamp, losses),
    seed: writeSeed(request.seed, losses),
    stop_sequences: writeStop(request.stop, losses),
    logprobs: request.logprobs === true ? true : undefined,
  });
}

/** These have no place here. */
export function noteDropped(request: ChatRequest, losses: Losses): void {
  const fields = told({
    user: request.userId,
    metadata: request.metadata,
    service_tier: request.serviceTier,
    verbosity: request.verbosity,
    logit_bias: request.logitBias,
    top_logprobs: request.topLogprobs,
    cache_control: request.cacheMark,
  });
  for (const field of [...Object.keys(fields), ...(request.unread ?? [])]) losses.add('dropped', field);
}

type Clamp = (field: string, value: number | undefined, min: number, max: number) => number | undefined;

/** Some models take only one of them: "cannot specify both frequency_penalty and presence_penalty". 0 asks for none. */
function writePenalties(request: ChatRequest, clamp: Clamp, losses: Losses): JsonObject {
  const frequency = clamp('frequency_penalty', request.frequencyPenalty, 0, 1) ?? 0;
  const presence = clamp('presence_penalty', request.presencePenalty, 0, 1) ?? 0;
  if (frequency === 0) return presence === 0 ? {} : { presence_penalty: presence };
  if (presence !== 0) losses.add('dropped', 'presence_penalty');
  return { frequency_penalty: frequency };
}

/** Unsigned here. */
function writeSeed(seed: number | undefined, losses: Losses): number | undefined {
  if (seed === undefined || seed >= 0) return seed;
  losses.add('dropped', 'seed');
  return undefined;
}

const STOPS_MAX = 5;

function writeStop(stop: readonly string[] | undefined, losses: Losses): readonly string[] | undefined {
  if (stop === undefined || stop.length === 0) return undefined;
  if (stop.length > STOPS_MAX) losses.add('clamped', 'stop');
  return stop.slice(0, STOPS_MAX);
}
