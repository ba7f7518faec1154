// What the pipeline must know of any Messages body. It runs on every request, pass-through included, so it looks at a
// handful of top-level fields and never into the messages.

import { invalidRequest } from '../../core/failure.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Envelope } from '../dialect.ts';
import { wrongField } from '../wire-check.ts';

/** Fields by which other gateways let a caller choose where the request goes: here the model's name does. */
const ROUTING_FIELDS = ['api_base', 'base_url', 'api_key', 'provider_url', 'custom_host'] as const;

export function readEnvelope(json: JsonObject): Envelope {
  for (const field of ROUTING_FIELDS) {
    if (json[field] !== undefined) {
      throw invalidRequest(
        `${field}: not accepted in a request; the model's name chooses the provider`,
        field,
      );
    }
  }
  const { model, models, messages, max_tokens, stream } = json;
  if (typeof model !== 'string' || model === '') throw wrongField('model', model, 'a non-empty string');
  if (!Array.isArray(messages) || messages.length === 0) {
    throw wrongField('messages', messages, 'a non-empty array');
  }
  // 0 asks for nothing but a filled prompt cache: https://docs.anthropic.com/en/api/messages
  if (!Number.isInteger(max_tokens) || Number(max_tokens) < 0) {
    throw wrongField('max_tokens', max_tokens, 'a whole number, at least 0');
  }
  return {
    model,
    fallbackModels: readModelList(models).filter((name) => name !== model),
    stream: readStream(stream),
  };
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

function readStream(stream: unknown): boolean {
  if (stream === undefined || stream === null) return false;
  if (typeof stream !== 'boolean') throw wrongField('stream', stream, 'true or false');
  return stream;
}
