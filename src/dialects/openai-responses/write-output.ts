// The form of the answer: https://platform.openai.com/docs/guides/structured-outputs, and Perplexity's, who takes it where
// Chat Completions has it: https://docs.perplexity.ai/docs/agent-api/structured-outputs

import type { ChatRequest, OutputFormat } from '../../core/chat.ts';
import type { JsonObject } from '../../core/json.ts';
import type { ReviseReply } from '../dialect.ts';
import { askForJson } from '../json-answer.ts';
import type { Losses } from '../losses.ts';
import { writeSchemaFormat } from '../openai-schema.ts';
import { told } from '../told.ts';
import type { OpenaiResponsesTraits } from './traits.ts';

export type Output = {
  readonly fields: JsonObject;
  /** For a system message of its own. */
  readonly instruction?: string;
  readonly reviseReply?: () => ReviseReply;
};

export function writeOutput(
  { output, verbosity }: Pick<ChatRequest, 'output' | 'verbosity'>,
  traits: OpenaiResponsesTraits,
  losses: Losses,
): Output {
  const isKnown = traits.verbosity && traits.outputField === 'text';
  if (verbosity !== undefined && !isKnown) losses.add('dropped', 'verbosity');
  if (traits.outputField === 'response_format') return writeResponseFormat(output, losses);
  const { format, ...rest } = writeFormat(output, losses);
  const text = told({ format, verbosity: isKnown ? verbosity : undefined });
  return { fields: Object.keys(text).length === 0 ? {} : { text }, ...rest };
}

function writeFormat(
  output: OutputFormat | undefined,
  losses: Losses,
): { readonly format?: JsonObject; readonly reviseReply?: () => ReviseReply } {
  switch (output?.type) {
    case undefined:
      return {};
    case 'text':
      return { format: { type: 'text' } };
    case 'json-object':
      return { format: { type: 'json_object' } };
    case 'json-schema': {
      const { fields, ...rest } = writeSchemaFormat(output, losses);
      return { format: { type: 'json_schema', ...fields }, ...rest };
    }
  }
}

/** Schemas only. */
function writeResponseFormat(output: OutputFormat | undefined, losses: Losses): Output {
  if (output?.type === 'json-object')
    return { fields: {}, ...askForJson(output, { objectsOnly: false }, losses) };
  if (output?.type !== 'json-schema') return { fields: {} };
  const { fields, ...rest } = writeSchemaFormat(output, losses);
  return { fields: { response_format: { type: 'json_schema', json_schema: fields } }, ...rest };
}
