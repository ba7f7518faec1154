// The name under which what only this dialect understands travels through our vocabulary, to be given back to it.

import { asString, type JsonObject } from '../../core/json.ts';

export const DIALECT = 'openai-responses';

/** An item that answers a hosted tool: `computer_call_output`, `mcp_approval_response`. */
export function isToldFromOutside({ type }: JsonObject): boolean {
  return /_(?:output|response)$/.test(asString(type) ?? '');
}
