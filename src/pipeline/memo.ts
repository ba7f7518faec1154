// What is asked, as the cache knows it. Most requests are none of its business and pay one look at their body; those that
// may be remembered are read into the vocabulary, for their key.

import {
  isKeepable,
  mightBeKept,
  readDirectives,
  type CachePolicy,
  type Directives,
} from '../cache/admission.ts';
import type { EntryId } from '../cache/entry.ts';
import { cacheKey, questionOf } from '../cache/key.ts';
import { residueOf } from '../cache/residue.ts';
import type { ChatRequest } from '../core/chat.ts';
import { GatewayError } from '../core/failure.ts';
import type { Call, Deps } from './call.ts';
import type { Wire } from './exchange.ts';
import type { Targets } from './plan.ts';
import type { Settings } from './settings.ts';

export type Memo = {
  readonly id: EntryId;
  readonly policy: CachePolicy;
  readonly directives: Directives;
  /** The form in which it is to be answered has a place for it. */
  readonly wantsUsage: boolean;
};

/** `undefined`: the request is none of the cache's business. Waits for nothing. */
export function memoOf(
  wire: Wire,
  targets: Targets,
  call: Call,
  { settings, signer }: Pick<Deps, 'settings' | 'signer'>,
): Memo | undefined {
  const policy = policyFor(wire.envelope.model, settings);
  if (!mightBeKept(wire.body.json, policy)) return undefined;
  const directives = readDirectives(call.cacheControl());
  if (directives.noStore) return undefined;
  const request = tryDecode(wire);
  if (request === undefined || !isKeepable(request, policy)) return undefined;
  const question = questionOf(request);
  const tenant = call.journal.callerId ?? '';
  const parts = {
    tenant,
    scope: [call.dialect.continuesText === true ? 'text' : 'chat', ...saidInHeaders(targets, call)],
    family: familyOf(targets),
    request: [question, residueOf(wire.body.json, question)],
  };
  const wantsUsage = !wire.envelope.stream || request.streamUsage;
  return { id: { key: cacheKey(parts, signer), tenant }, policy, directives, wantsUsage };
}

/** Headers of the caller go along to a provider of the same dialect; there they change what is asked, unless we say the same. */
function saidInHeaders(targets: Targets, { forwarded, dialect }: Call): readonly string[] {
  const spoken = targets.flatMap(
    ({ enabled }) => enabled.provider.speaks.find((one) => one.dialect.id === dialect.id) ?? [],
  );
  return Object.entries(forwarded)
    .filter(([name, value]) => spoken.some(({ headers }) => headers[name] !== value))
    .flat();
}

function policyFor(model: string, { cacheMode, configuration }: Settings): CachePolicy {
  const choice = { ...configuration.cache, ...configuration.routeCaches.get(model) };
  return {
    mode: choice.mode ?? cacheMode,
    tools: choice.tools ?? false,
    tags: choice.tags ?? [],
    ...(choice.ttlSeconds === undefined ? {} : { ttlMs: choice.ttlSeconds * 1000 }),
  };
}

/** What a provider of the same dialect may understand and we do not is not ours to refuse here. */
function tryDecode(wire: Wire): ChatRequest | undefined {
  try {
    return wire.decode();
  } catch (error) {
    if (error instanceof GatewayError) return undefined;
    throw error;
  }
}

/** Where it may be answered. Another address, or another choice in case the first fails, is another question. */
function familyOf(targets: Targets): readonly string[] {
  const places = targets.map(({ enabled: { provider, baseUrl, apiVersion }, model }) =>
    [provider.id, baseUrl, apiVersion ?? '', model].join(' '),
  );
  return [...new Set(places)];
}
