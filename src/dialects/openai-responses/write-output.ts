// The form of the answer on the wire: a schema, JSON, text; and how many words it makes.

import type { ChatRequest, OutputFormat } from '../../core/chat.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Losses } from '../losses.ts';
import { told } from '../told.ts';
import type { OpenaiResponsesTraits } from './traits.ts';

export function writeOutput(request: ChatRequest, traits: OpenaiResponsesTraits, losses: Losses): JsonObject {
  const { output } = request;
  if (traits.outputField === 'response_format') return writeResponseFormat(output, request.verbosity, losses);
  const verbosity = traits.verbosity ? told({ verbosity: request.verbosity }) : {};
  if (!traits.verbosity && request.verbosity !== undefined) losses.add('dropped', 'verbosity');
  const text = { ...told({ format: writeFormat(output) }), ...verbosity };
  return Object.keys(text).length === 0 ? {} : { text };
}

function writeFormat(output: OutputFormat | undefined): JsonObject | undefined {
  switch (output?.type) {
    case undefined:
      return undefined;
    case 'text':
      return { type: 'text' };
    case 'json-object':
      return { type: 'json_object' };
    case 'json-schema': {
      const { name, description, schema, strict } = output;
      // OpenAI requires a name; Anthropic's formats have none.
      return { type: 'json_schema', name: name ?? 'response', schema, ...told({ description, strict }) };
    }
  }
}

/** https://docs.perplexity.ai/docs/agent-api/structured-outputs: schemas only. */
function writeResponseFormat(
  output: OutputFormat | undefined,
  verbosity: string | undefined,
  losses: Losses,
): JsonObject {
  if (verbosity !== undefined) losses.add('dropped', 'verbosity');
  if (output?.type === 'json-object') losses.add('dropped', 'response_format');
  if (output?.type !== 'json-schema') return {};
  const { name, description, schema, strict } = output;
  const json_schema = { name: name ?? 'response', schema, ...told({ description, strict }) };
  return { response_format: { type: 'json_schema', json_schema } };
}
