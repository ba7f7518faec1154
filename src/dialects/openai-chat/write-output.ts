// The form of the answer: enforced where the server can, strictly where the schema allows; elsewhere the model is asked to
// keep to it, and held to an object.
// https://platform.openai.com/docs/guides/structured-outputs

import type { OutputFormat } from '../../core/chat.ts';
import type { JsonObject } from '../../core/json.ts';
import type { ReviseReply } from '../dialect.ts';
import { askForJson, inObject, unwrapped } from '../json-answer.ts';
import type { Losses } from '../losses.ts';
import { strictSchema } from '../strict-schema.ts';
import { told } from '../told.ts';
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
      if (traits.structuredOutput === 'json-schema') return enforce(output, losses);
      return { format: { type: 'json_object' }, ...askForJson(output, { objectsOnly: true }, losses) };
  }
}

/** OpenAI requires a name; Anthropic's formats have none. */
function enforce(output: OutputFormat & { readonly type: 'json-schema' }, losses: Losses): Output {
  const { name = 'response', description } = output;
  const { schema, isWrapped } = inObject(output.schema);
  return {
    format: {
      type: 'json_schema',
      json_schema: { name, ...told({ description }), ...strictly(schema, output.strict, losses) },
    },
    ...(isWrapped ? { reviseReply: unwrapped } : {}),
  };
}

/** A schema that strict mode has no place for is a strong hint without it, and a 400 or another schema with it. */
function strictly(schema: JsonObject, strict: boolean | undefined, losses: Losses): JsonObject {
  if (strict !== true) return { schema, ...told({ strict }) };
  const enforced = strictSchema(schema);
  if (enforced !== undefined) return { schema: enforced, strict };
  losses.add('dropped', 'response_format.json_schema.strict');
  losses.add('best_effort', 'structured_output');
  return { schema, strict: false };
}
