// The model list, in the shape that the caller's SDK reads.

import { GatewayError } from '../core/failure.ts';
import type { JsonObject } from '../core/json.ts';
import type { ModelFacts } from '../core/model-facts.ts';
import { formatUsd, type Prices } from '../core/price.ts';
import { told } from '../dialects/told.ts';
import { admit } from '../pipeline/admit.ts';
import { endCall, type Call, type Deps } from '../pipeline/call.ts';
import type { Reply } from '../pipeline/chat.ts';
import type { Model } from '../pipeline/read-models.ts';

export async function listModels(call: Call, deps: Deps): Promise<Reply> {
  admit(call, deps);
  const models = await deps.catalog.list(call.defer);
  return reply(
    call,
    deps,
    inAnthropicShape(call) ? anthropicPage(models) : { object: 'list', data: models.map(openaiModel) },
  );
}

/** By its whole id, or by a bare name that one provider alone lists. */
export async function showModel(call: Call, deps: Deps, id: string): Promise<Reply> {
  admit(call, deps);
  const models = await deps.catalog.list(call.defer);
  const bare = models.filter((model) => model.id.slice(model.id.indexOf('/') + 1) === id);
  const model = models.find((candidate) => candidate.id === id) ?? (bare.length === 1 ? bare[0] : undefined);
  if (model === undefined) {
    const choices = bare.slice(0, CHOICES_MAX).map((each) => `"${each.id}"`);
    throw new GatewayError({
      kind: 'model-not-found',
      message:
        choices.length === 0
          ? 'GET /v1/models lists what there is; this id is not among it'
          : `several providers offer this model: ${choices.join(' or ')}`,
    });
  }
  return reply(call, deps, inAnthropicShape(call) ? anthropicModel(model) : openaiModel(model));
}

const CHOICES_MAX = 5;

function reply(call: Call, deps: Deps, body: JsonObject): Reply {
  call.journal.status = 200;
  endCall(call, 'ok', deps);
  return { status: 200, contentType: 'application/json', body: JSON.stringify(body), headers: {} };
}

function inAnthropicShape({ dialect }: Call): boolean {
  return dialect.id === 'anthropic-messages';
}

/** https://platform.openai.com/docs/api-reference/models/object */
function openaiModel({ id, ownedBy, createdAt, displayName, facts }: Model): JsonObject {
  return {
    id,
    object: 'model',
    created: createdAt,
    owned_by: ownedBy,
    ...told({ name: displayName, context_length: facts.contextWindow, max_output_tokens: facts.outputMax }),
    ...described(facts),
  };
}

/** https://platform.claude.com/docs/en/api/models-list */
function anthropicModel({ id, displayName, createdAt, facts }: Model): JsonObject {
  return {
    type: 'model',
    id,
    display_name: displayName ?? id,
    created_at: new Date(createdAt * 1000).toISOString(),
    max_input_tokens: facts.contextWindow ?? null,
    max_tokens: facts.outputMax ?? null,
    // Anthropic's own words for what a model can do go deeper than what we know of everyone's.
    capabilities: null,
    lifecycle: 'active',
    line: null,
    deprecated_at: null,
    retires_at: null,
    ...described(facts),
  };
}

/** What neither dialect has a word for, in the same words for both. What is not known is left out. */
function described({ capabilities, efforts, parameters, prices }: ModelFacts): JsonObject {
  const chats = capabilities?.chat !== false;
  return {
    ...(capabilities === undefined ? {} : { supports: { ...capabilities } }),
    ...(chats ? told({ reasoning_efforts: efforts, sampling_parameters: parameters }) : {}),
    ...(prices === undefined ? {} : { pricing: pricing(prices) }),
  };
}

/** In OpenRouter's words, which clients know: US dollars for one token. Steps by the prompt's length follow on their own. */
function pricing({ input, output, cacheRead, cacheWrite, cacheWriteLong }: Prices): JsonObject {
  const named = [
    ['prompt', input],
    ['completion', output],
    ['input_cache_read', cacheRead],
    ['input_cache_write', cacheWrite],
    ['input_cache_write_1h', cacheWriteLong],
  ] as const;
  const known = named.flatMap(([name, price]) => (price === undefined ? [] : [[name, price] as const]));
  const steps = known.flatMap(([name, price]) =>
    typeof price === 'number'
      ? []
      : price.steps.map(({ above, price: then }) => ({ above, [name]: perToken(then) })),
  );
  return {
    ...Object.fromEntries(
      known.map(([name, price]) => [name, perToken(typeof price === 'number' ? price : price.base)]),
    ),
    ...(steps.length === 0 ? {} : { steps }),
  };
}

function perToken(price: number): string {
  return formatUsd(price / 1_000_000);
}

/** One page with everything: `has_more` is what the SDK's iterator asks. */
function anthropicPage(models: readonly Model[]): JsonObject {
  return {
    data: models.map(anthropicModel),
    has_more: false,
    first_id: models[0]?.id ?? null,
    last_id: models.at(-1)?.id ?? null,
  };
}
