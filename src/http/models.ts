// The model list, in the shape that the caller's SDK reads.

import { GatewayError } from '../core/failure.ts';
import type { JsonObject } from '../core/json.ts';
import { admit } from '../pipeline/admit.ts';
import { endCall, type Call, type Deps } from '../pipeline/call.ts';
import type { Reply } from '../pipeline/chat.ts';
import type { Model, ModelCatalog } from '../pipeline/models.ts';

type ModelDeps = Deps & { readonly catalog: ModelCatalog };

export async function listModels(call: Call, deps: ModelDeps): Promise<Reply> {
  admit(call, deps);
  const models = await deps.catalog.list();
  return reply(
    call,
    deps,
    inAnthropicShape(call) ? anthropicPage(models) : { object: 'list', data: models.map(openaiModel) },
  );
}

export async function showModel(call: Call, deps: ModelDeps, id: string): Promise<Reply> {
  admit(call, deps);
  const model = (await deps.catalog.list()).find((candidate) => candidate.id === id);
  if (model === undefined) {
    throw new GatewayError({
      kind: 'model-not-found',
      message: 'GET /v1/models lists what there is; this id is not among it',
    });
  }
  return reply(call, deps, inAnthropicShape(call) ? anthropicModel(model) : openaiModel(model));
}

function reply(call: Call, deps: Deps, body: JsonObject): Reply {
  call.journal.status = 200;
  endCall(call, 'ok', deps);
  return { status: 200, contentType: 'application/json', body: JSON.stringify(body), headers: {} };
}

function inAnthropicShape({ dialect }: Call): boolean {
  return dialect.id === 'anthropic-messages';
}

/** https://platform.openai.com/docs/api-reference/models/object */
function openaiModel({ id, ownedBy, createdAt }: Model): JsonObject {
  return { id, object: 'model', created: createdAt, owned_by: ownedBy };
}

/** https://docs.claude.com/en/api/models-list */
function anthropicModel({ id, displayName, createdAt }: Model): JsonObject {
  return {
    type: 'model',
    id,
    display_name: displayName ?? id,
    created_at: new Date(createdAt * 1000).toISOString(),
  };
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
