// The form of the answer: enforced by the provider where the model can, asked for in words where it cannot.
// https://docs.anthropic.com/en/docs/build-with-claude/structured-outputs

import type { OutputFormat } from '../../core/chat.ts';
import type { JsonObject } from '../../core/json.ts';
import { closeSchema } from './json-schema.ts';
import type { Losses } from '../losses.ts';
import type { AnthropicMessagesTraits } from './traits.ts';

export type Output = {
  /** `output_config.format` */
  readonly format?: JsonObject;
  /** A last word to the system prompt. */
  readonly instruction?: string;
};

export function writeOutput(
  output: OutputFormat | undefined,
  traits: AnthropicMessagesTraits,
  losses: Losses,
): Output {
  switch (output?.type) {
    case undefined:
    case 'text':
      return {};
    case 'json-object':
      losses.add('emulated', 'response_format');
      return { instruction: JSON_ONLY };
    case 'json-schema': {
      const schema = described(output);
      if (traits.structuredOutput)
        return { format: { type: 'json_schema', schema: enforceable(schema, losses) } };
      losses.add('emulated', 'response_format');
      return {
        instruction: `${JSON_ONLY} It must be valid against this JSON Schema:\n${JSON.stringify(schema)}`,
      };
    }
  }
}

const JSON_ONLY = 'Answer with one JSON value and nothing else: no explanation, no code fence.';

/** Here a format has no description beside its schema. */
function described({ schema, description }: OutputFormat & { readonly type: 'json-schema' }): JsonObject {
  return description === undefined ? schema : { description, ...schema };
}

function enforceable(schema: JsonObject, losses: Losses): JsonObject {
  const closed = closeSchema(schema);
  if (closed.isLooser) losses.add('emulated', 'response_format.json_schema.schema');
  return closed.schema;
}
