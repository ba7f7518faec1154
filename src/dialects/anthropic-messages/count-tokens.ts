// How many tokens a Messages request has, without its being answered.
// https://platform.claude.com/docs/en/api/messages-count-tokens

import { isObject } from '../../core/json.ts';
import { tokenCount } from '../../core/usage.ts';
import type { CountEgress, CountIngress } from '../dialect.ts';
import { readCommonEnvelope } from '../envelope.ts';
import { readRequest } from './read-request.ts';

export const countIngress: CountIngress = {
  readEnvelope: readCommonEnvelope,
  readRequest: (json) => {
    // Nothing is answered, so nobody says how long the answer may be: the cap is ours, for the reader, and goes again.
    const { maxOutputTokens: _ours, ...request } = readRequest({ ...json, max_tokens: 1 });
    return request;
  },
  writeCount: (tokens) => ({ input_tokens: tokens }),
};

export const countEgress: CountEgress = {
  fields: ['model', 'messages', 'system', 'tools', 'tool_choice', 'thinking', 'output_config'],
  readCount: (json) => (isObject(json) ? tokenCount(json['input_tokens']) : undefined),
};
