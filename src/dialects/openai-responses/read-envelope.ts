import type { JsonObject } from '../../core/json.ts';
import type { Envelope } from '../dialect.ts';
import { readRouting } from '../envelope.ts';
import { wrongField } from '../wire-check.ts';
import { refuseStored } from './stored.ts';

/** Throws `GatewayError` 400. A stored prompt may bring the input along. */
export function readEnvelope(json: JsonObject): Envelope {
  const routing = readRouting(json);
  const { input, prompt } = json;
  refuseStored(json);
  const hasInput = typeof input === 'string' || (Array.isArray(input) && input.length > 0);
  if (!hasInput && (prompt ?? null) === null) {
    throw wrongField('input', input, 'a string or a non-empty array');
  }
  return routing;
}
