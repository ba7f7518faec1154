// How many tokens a Responses request has, without its being answered.
// https://platform.openai.com/docs/api-reference/responses/input-tokens

import { isObject } from '../../core/json.ts';
import { tokenCount } from '../../core/usage.ts';
import type { CountEgress } from '../dialect.ts';

export const countEgress: CountEgress = {
  fields: [
    'model',
    'input',
    'instructions',
    'tools',
    'tool_choice',
    'parallel_tool_calls',
    'reasoning',
    'text',
    'truncation',
  ],
  readCount: (json) => (isObject(json) ? tokenCount(json['input_tokens']) : undefined),
};
