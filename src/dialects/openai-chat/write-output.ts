// The form of the answer: enforced where the server can, strictly where the schema allows; elsewhere the model is asked to
// keep to it, and held to an object.
// https://platform.openai.com/docs/guides/structured-outputs

import type { OutputFormat } from '../../core/chat.ts';
import type { JsonObject } from '../../core/json.ts';
import type { ReviseReply } from '../dialect.ts';
import { askForJson } from '../json-answer.ts';
import type { Losses } from '../losses.ts';
import { writeSchemaFormat } from '../openai-schema.ts';
import type { OpenaiChatTraits } from './traits.ts';

export type Output = {
  /** `response_format` */
  readonly format?: JsonObject;
  /** For a system message of its own. */
  readonly instruction?: string;
  readonly reviseReply?: () => ReviseReply;
};

export function writeOutput(
  output: OutputFormat | undefined,
  traits: OpenaiChatTraits,
  losses: Losses,
): Output {
  switch (output?.type) {
    case undefined:
      return {};
    case 'text':
      return { format: { type: 'text' } };
    case 'json-object':
      return { format: { type: 'json_object' } };
    case 'json-schema':
      if (traits.structuredOutput === 'json-schema') {
        const { fields, ...rest } = writeSchemaFormat(output, losses);
        return { format: { type: 'json_schema', json_schema: fields }, ...rest };
      }
      return { format: { type: 'json_object' }, ...askForJson(output, { objectsOnly: true }, losses) };
  }
}
