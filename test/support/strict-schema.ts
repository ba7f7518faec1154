// Schemas that OpenAI takes in strict mode, as it takes no others.

import * as fc from 'fast-check';
import type { JsonObject } from '../../src/core/json.ts';

export const strictSchema: fc.Arbitrary<JsonObject> = fc
  .uniqueArray(fc.stringMatching(/^[a-z]{1,8}$/), { maxLength: 4 })
  .map((required) => ({
    type: 'object',
    properties: Object.fromEntries(required.map((name) => [name, { type: 'string' }])),
    required,
    additionalProperties: false,
  }));
