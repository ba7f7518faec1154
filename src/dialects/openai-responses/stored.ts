// What rests on responses that are kept. Nothing is kept here yet, and what a provider has kept under the gateway's key is
// no caller's: one could go on with the conversation of another. So these are refused before anything is sent, whoever the
// provider is; once responses are stored here, this is where they are read.
// https://platform.openai.com/docs/guides/conversation-state

import { unsupported, type GatewayError } from '../../core/failure.ts';
import { isObject, type JsonObject } from '../../core/json.ts';

/** Throws `GatewayError` unsupported. */
export function refuseStored(json: JsonObject): void {
  for (const field of ['previous_response_id', 'conversation']) {
    if (isTold(json[field])) throw notStored(field, 'send the whole conversation as input');
  }
  if (json['background'] === true) throw notStored('background', 'ask for a stream to wait for long answers');
  const { input } = json;
  if (!Array.isArray(input)) return;
  const place = input.findIndex((item: unknown) => isObject(item) && isReference(item));
  if (place >= 0) throw notStored(`input[${place}]`, 'send the item itself');
}

/** The SDK's type may be left out: https://platform.openai.com/docs/api-reference/responses/create */
function isReference(item: Readonly<Record<string, unknown>>): boolean {
  const { type } = item;
  return type === 'item_reference' || (isEmpty(type) && item['role'] === undefined && 'id' in item);
}

function isTold(value: unknown): boolean {
  return !isEmpty(value) && value !== '';
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null;
}

function notStored(field: string, instead: string): GatewayError {
  return unsupported(`${field}: responses are not stored here; ${instead}`, field);
}
