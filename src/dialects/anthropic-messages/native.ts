// The names under which what only this dialect understands travels through our vocabulary, to be given back to it.

import { SEALED_FORMAT, type OpaqueReasoning } from '../../core/chat.ts';

export const DIALECT = 'anthropic-messages';

/** OpenRouter's word for reasoning that Claude has signed or encrypted. */
const REASONING_FORMAT = 'anthropic-claude-v1';

/** A signature or an encrypted block of Claude's; an empty one is none. */
export function claudeReasoning(kind: OpaqueReasoning['kind'], data: string): OpaqueReasoning | undefined {
  return data === '' ? undefined : { format: REASONING_FORMAT, kind, data };
}

/** Claude takes back only what it made itself: it refuses a request with another vendor's signature. */
export function isClaudeReasoning(opaque: OpaqueReasoning | undefined): opaque is OpaqueReasoning {
  return opaque !== undefined && opaque.format === REASONING_FORMAT && opaque.data !== '';
}

/** A caller gets Claude's own, and what was sealed in its place: another vendor's would be refused when it returns. */
export function isForCaller(opaque: OpaqueReasoning | undefined): opaque is OpaqueReasoning {
  return opaque?.format === SEALED_FORMAT || isClaudeReasoning(opaque);
}
