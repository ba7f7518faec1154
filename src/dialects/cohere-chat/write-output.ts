// The form of the answer: enforced where Cohere can, asked for in words where it cannot, which is beside tools and
// documents and for anything but an object. https://docs.cohere.com/docs/structured-outputs

import type { OutputFormat } from '../../core/chat.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Losses } from '../losses.ts';
import { fitSchema } from './json-schema.ts';

export type Output = {
  /** `response_format` */
  readonly format?: JsonObject;
  /** A last word of the system. */
  readonly instruction?: string;
};

/** `isCrowded`: the request brings tools or documents. */
export function writeOutput(output: OutputFormat | undefined, isCrowded: boolean, losses: Losses): Output {
  switch (output?.type) {
    case undefined:
      return {};
    case 'text':
      return isCrowded ? {} : { format: { type: 'text' } };
    case 'json-object':
      if (!isCrowded) return { format: { type: 'json_object' } };
      losses.add('emulated', 'response_format');
      return { instruction: JSON_ONLY };
    case 'json-schema': {
      const schema = described(output);
      const fit = isCrowded ? undefined : fitSchema(schema);
      if (fit === undefined) {
        losses.add('emulated', 'response_format');
        return {
          instruction: `${JSON_ONLY} It must be valid against this JSON Schema:\n${JSON.stringify(schema)}`,
        };
      }
      if (fit.isLooser) losses.add('emulated', 'response_format.json_schema.schema');
      return { format: { type: 'json_object', json_schema: fit.schema } };
    }
  }
}

const JSON_ONLY = 'Answer with one JSON value and nothing else: no explanation, no code fence.';

/** Here a format has no description beside its schema. */
function described({ schema, description }: OutputFormat & { readonly type: 'json-schema' }): JsonObject {
  return description === undefined ? schema : { description, ...schema };
}
