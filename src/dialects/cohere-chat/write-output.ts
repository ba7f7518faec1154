// The form of the answer: enforced where Cohere can, asked for in words where it cannot, which is beside tools and
// documents. https://docs.cohere.com/docs/structured-outputs

import type { OutputFormat } from '../../core/chat.ts';
import type { JsonObject } from '../../core/json.ts';
import type { ReviseReply } from '../dialect.ts';
import { askForJson, described, inObject, unwrapped } from '../json-answer.ts';
import type { Losses } from '../losses.ts';
import { fitSchema } from './json-schema.ts';

export type Output = {
  /** `response_format` */
  readonly format?: JsonObject;
  /** A last word of the system. */
  readonly instruction?: string;
  readonly reviseReply?: () => ReviseReply;
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
      return askForJson(output, { objectsOnly: false }, losses);
    case 'json-schema': {
      const { schema, isWrapped } = inObject(described(output));
      const fit = isCrowded ? undefined : fitSchema(schema);
      if (fit === undefined) return askForJson(output, { objectsOnly: false }, losses);
      if (fit.isLooser) losses.add('emulated', 'response_format.json_schema.schema');
      return {
        format: { type: 'json_object', json_schema: fit.schema },
        ...(isWrapped ? { reviseReply: unwrapped } : {}),
      };
    }
  }
}
