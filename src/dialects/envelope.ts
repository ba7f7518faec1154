// What the pipeline must know of a body in any dialect. It is read from every request, pass-through included, so it looks
// at a handful of top-level fields and never into the messages.

import { invalidRequest } from '../core/failure.ts';
import { isObject, type JsonObject } from '../core/json.ts';
import type { Envelope } from './dialect.ts';
import { wrongField } from './wire-check.ts';

/** Fields by which other gateways let a caller choose where the request goes: here the model's name does. */
const ROUTING_FIELDS = ['api_base', 'base_url', 'api_key', 'provider_url', 'custom_host'] as const;

/** For the dialects whose conversation is `messages`. Throws `GatewayError` 400. */
export function readCommonEnvelope(json: JsonObject): Envelope {
  const routing = readRouting(json);
  if (!Array.isArray(json['messages']) || json['messages'].length === 0) {
    throw wrongField('messages', json['messages'], 'a non-empty array');
  }
  return routing;
}

/** Throws `GatewayError` 400. A body with `models` and no `model` begins with the first of them. */
export function readRouting(json: JsonObject): Envelope {
  for (const field of ROUTING_FIELDS) {
    if (json[field] === undefined) continue;
    throw invalidRequest(`${field}: not accepted in a request; the model's name chooses the provider`, field);
  }
  return {
    ...readModels(json['model'], json['models']),
    stream: readStream(json['stream']),
    ...(asksForCost(json['usage']) ? { wantsCost: true } : {}),
  };
}

function readModels(model: unknown, models: unknown): Pick<Envelope, 'model' | 'fallbackModels'> {
  const listed = readModelList(models);
  const first = model ?? listed[0];
  if (typeof first !== 'string' || first === '') throw wrongField('model', first, 'a non-empty string');
  return { model: first, fallbackModels: listed.filter((name) => name !== first) };
}

/** https://openrouter.ai/docs/guides/routing/model-fallbacks */
function readModelList(models: unknown): readonly string[] {
  if (models === undefined || models === null) return [];
  if (!Array.isArray(models)) throw wrongField('models', models, 'an array of strings');
  return models.map((name: unknown, index) => {
    if (typeof name !== 'string' || name === '')
      throw wrongField(`models[${index}]`, name, 'a non-empty string');
    return name;
  });
}

/** https://openrouter.ai/docs/use-cases/usage-accounting */
function asksForCost(usage: unknown): boolean {
  return isObject(usage) && usage['include'] === true;
}

function readStream(stream: unknown): boolean {
  if (stream === undefined || stream === null) return false;
  if (typeof stream !== 'boolean') throw wrongField('stream', stream, 'true or false');
  return stream;
}
