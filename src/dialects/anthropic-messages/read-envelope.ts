import type { JsonObject } from '../../core/json.ts';
import type { Envelope } from '../dialect.ts';
import { readCommonEnvelope } from '../envelope.ts';
import { wrongField } from '../wire-check.ts';

/** Anthropic wants `max_tokens`; 0 asks for nothing but a filled prompt cache: https://docs.claude.com/en/api/messages */
export function readEnvelope(json: JsonObject): Envelope {
  const envelope = readCommonEnvelope(json);
  const { max_tokens } = json;
  if (Number.isInteger(max_tokens) && Number(max_tokens) >= 0) return envelope;
  throw wrongField('max_tokens', max_tokens, 'a whole number, at least 0');
}
