// A schema for the answer, as OpenAI's dialects say it: strictly where the schema allows, inside an object where it is of
// something else. https://platform.openai.com/docs/guides/structured-outputs

import type { JsonObject } from '../core/json.ts';
import type { ReviseReply } from './dialect.ts';
import { inObject, unwrapped, type JsonOutput } from './json-answer.ts';
import type { Losses } from './losses.ts';
import { strictSchema } from './strict-schema.ts';
import { told } from './told.ts';

export type SchemaFormat = {
  /** `name`, `schema` and what belongs to them: beside the type, or in an object of their own. */
  readonly fields: JsonObject;
  readonly reviseReply?: () => ReviseReply;
};

/** OpenAI requires a name; Anthropic's formats have none. */
export function writeSchemaFormat(
  output: JsonOutput & { readonly type: 'json-schema' },
  losses: Losses,
): SchemaFormat {
  const { name = 'response', description, strict } = output;
  const { schema, isWrapped } = inObject(output.schema);
  return {
    fields: { name, ...told({ description }), ...strictly(schema, strict, losses) },
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
