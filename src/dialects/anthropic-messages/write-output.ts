// The form of the answer: enforced by the provider where the model can; where it cannot, the input of a tool that the model
// must call, or asked for in words where there can be no such tool.
// https://docs.anthropic.com/en/docs/build-with-claude/structured-outputs

import type { ChatRequest, OutputFormat } from '../../core/chat.ts';
import type { JsonObject } from '../../core/json.ts';
import { answerThroughTool } from '../answer-tool.ts';
import type { ReviseReply } from '../dialect.ts';
import { askForJson, described, inObject, noteEmulated, unwrapped } from '../json-answer.ts';
import type { Losses } from '../losses.ts';
import { andThen } from '../revise.ts';
import { closeSchema, isCompilable } from './json-schema.ts';
import type { AnthropicMessagesTraits } from './traits.ts';
import type { ToolFields } from './write-tools.ts';

export type Output = {
  /** `output_config.format` */
  readonly format?: JsonObject;
  /** A last word to the system prompt. */
  readonly instruction?: string;
  /** In the place of the caller's tools, of which there are none. */
  readonly tools?: ToolFields;
  readonly reviseReply?: () => ReviseReply;
};

/** `called`: tools that the conversation has used. */
export type OutputContext = { readonly isThinking: boolean; readonly called: readonly string[] };

export function writeOutput(
  { output, tools = [] }: Pick<ChatRequest, 'output' | 'tools'>,
  { isThinking, called }: OutputContext,
  traits: AnthropicMessagesTraits,
  losses: Losses,
): Output {
  switch (output?.type) {
    case undefined:
    case 'text':
      return {};
    case 'json-object':
      return askForJson(output, { objectsOnly: false }, losses);
    case 'json-schema': {
      const native = traits.structuredOutput ? enforce(output, losses) : undefined;
      if (native !== undefined) return native;
      // Who must call a tool can neither think before it nor call another.
      const canForce = traits.forcedTools && !isThinking && tools.length === 0 && called.length === 0;
      return canForce ? askForInput(output, losses) : askForJson(output, { objectsOnly: false }, losses);
    }
  }
}

type SchemaOutput = OutputFormat & { readonly type: 'json-schema' };

/** `undefined` for a schema that the API answers with 400. */
function enforce(output: SchemaOutput, losses: Losses): Output | undefined {
  const { schema, isWrapped } = inObject(described(output));
  const closed = closeSchema(schema);
  if (!isCompilable(closed.schema)) return undefined;
  if (closed.isLooser) losses.add('emulated', 'response_format.json_schema.schema');
  return {
    format: { type: 'json_schema', schema: closed.schema },
    ...(isWrapped ? { reviseReply: unwrapped } : {}),
  };
}

const ANSWER_TOOL = 'json';

function askForInput(output: SchemaOutput, losses: Losses): Output {
  noteEmulated(losses);
  const { schema, isWrapped } = inObject(output.schema);
  const { $schema: _dialect, ...input } = schema;
  const answer = answerThroughTool(ANSWER_TOOL);
  return {
    tools: {
      tools: [
        {
          name: ANSWER_TOOL,
          description: output.description ?? 'Takes the answer.',
          input_schema: { type: 'object', ...input },
        },
      ],
      tool_choice: { type: 'tool', name: ANSWER_TOOL, disable_parallel_tool_use: true },
    },
    reviseReply: isWrapped ? andThen(answer, unwrapped) : answer,
  };
}
