import type { JsonObject } from '../../core/json.ts';
import type { Envelope } from '../dialect.ts';
import { readRouting } from '../envelope.ts';
import { wrongField } from '../wire-check.ts';

/** A model that is given a prompt of numbers or of several texts may know what to do with it: only its type is looked at. */
export function readEnvelope(json: JsonObject): Envelope {
  const routing = readRouting(json);
  const { prompt } = json;
  if (typeof prompt === 'string' || (Array.isArray(prompt) && prompt.length > 0)) return routing;
  throw wrongField('prompt', prompt, 'a string or a non-empty array');
}
