// Tools and the choice among them. https://docs.anthropic.com/en/docs/agents-and-tools/tool-use/overview

import type { ChatRequest, Tool, ToolChoice } from '../../core/chat.ts';
import { unsupported } from '../../core/failure.ts';
import type { JsonObject } from '../../core/json.ts';
import { told } from '../told.ts';
import { foreignFields, ownFields } from './extensions.ts';
import { closeSchema } from './json-schema.ts';
import type { Losses } from '../losses.ts';
import { DIALECT } from './native.ts';
import type { AnthropicMessagesTraits } from './traits.ts';
import { writeCacheMark } from './write-blocks.ts';

export type ToolFields = { readonly tools?: readonly JsonObject[]; readonly tool_choice?: JsonObject };

/** `called`: tools that the conversation has used. `isManual`: thinking was switched on with a budget. */
export function writeTools(
  request: Pick<ChatRequest, 'tools' | 'toolChoice' | 'parallelToolCalls'>,
  { called, isManual }: { readonly called: readonly string[]; readonly isManual: boolean },
  traits: AnthropicMessagesTraits,
  losses: Losses,
): ToolFields {
  const all = (request.tools ?? []).map((tool, index) => writeTool(tool, `tools[${index}]`, traits, losses));
  if (all.length === 0) return recallTools(called, losses);
  const { toolChoice } = request;
  if (isForced(toolChoice)) refuseForced(isManual, traits);
  const allowed =
    toolChoice?.type === 'allowed' ? all.filter((tool) => isNamed(tool, toolChoice.names)) : all;
  // Without any tool the API refuses a conversation that has used one, so they stay, and may not be called.
  if (allowed.length === 0) return { tools: all, tool_choice: { type: 'none' } };
  return { tools: allowed, ...told({ tool_choice: writeToolChoice(toolChoice, request.parallelToolCalls) }) };
}

function writeTool(tool: Tool, path: string, traits: AnthropicMessagesTraits, losses: Losses): JsonObject {
  switch (tool.type) {
    case 'function':
      return writeFunction(tool, traits, losses);
    case 'custom':
      losses.add('emulated', 'tools.custom');
      return {
        name: tool.name,
        ...told({ description: tool.description }),
        input_schema: freeTextSchema(tool.format),
      };
    case 'hosted':
      if (tool.dialect === DIALECT) return tool.definition;
      throw unsupported(`${path}.type: the provider of this model does not host such a tool`, `${path}.type`);
  }
}

function writeFunction(
  tool: Tool & { readonly type: 'function' },
  traits: AnthropicMessagesTraits,
  losses: Losses,
): JsonObject {
  for (const [field] of foreignFields(tool.extensions)) losses.add('dropped', `tools.${field}`);
  const isStrict = tool.strict === true && traits.structuredOutput;
  if (tool.strict === true && !isStrict) losses.add('dropped', 'tools.function.strict');
  return {
    ...ownFields(tool.extensions),
    name: tool.name,
    ...told({ description: tool.description }),
    input_schema: inputSchema(tool.parameters, isStrict, losses),
    ...(isStrict ? { strict: true } : {}),
    ...writeCacheMark(tool.cacheMark, losses),
  };
}

/** The root must say that it is an object. */
function inputSchema(parameters: JsonObject | undefined, isStrict: boolean, losses: Losses): JsonObject {
  if (parameters === undefined) return { type: 'object', properties: {} };
  const { $schema: _dialect, ...schema } = parameters;
  const rooted = schema['type'] === undefined ? { type: 'object', ...schema } : schema;
  if (!isStrict) return rooted;
  const closed = closeSchema(rooted);
  if (closed.isLooser) losses.add('emulated', 'tools.function.parameters');
  return closed.schema;
}

/** A tool of free text becomes a function with one field for it. */
function freeTextSchema(format: JsonObject | undefined): JsonObject {
  const wanted =
    format === undefined ? {} : { description: `Text in this format: ${JSON.stringify(format)}` };
  return { type: 'object', properties: { input: { type: 'string', ...wanted } }, required: ['input'] };
}

/** A conversation that has used tools cannot go on without any: they are declared again, and may not be called. */
function recallTools(called: readonly string[], losses: Losses): ToolFields {
  if (called.length === 0) return {};
  losses.add('emulated', 'tools');
  return {
    tools: called.map((name) => ({ name, input_schema: { type: 'object' } })),
    tool_choice: { type: 'none' },
  };
}

function isNamed(tool: JsonObject, names: readonly string[]): boolean {
  const { name } = tool;
  return typeof name === 'string' && names.includes(name);
}

function isForced(choice: ToolChoice | undefined): boolean {
  return (
    choice?.type === 'required' ||
    choice?.type === 'tool' ||
    (choice?.type === 'allowed' && choice.mode === 'required')
  );
}

/** https://platform.claude.com/docs/build-with-claude/thinking-tool-workflows */
function refuseForced(isManual: boolean, traits: AnthropicMessagesTraits): void {
  if (!traits.forcedTools) {
    throw unsupported('tool_choice: this model cannot be forced to call a tool; use "auto"', 'tool_choice');
  }
  if (isManual) {
    throw unsupported(
      'tool_choice: this model cannot be forced to call a tool while it reasons; use "auto"',
      'tool_choice',
    );
  }
}

/** The wish for one call at a time has no field of its own. */
function writeToolChoice(
  choice: ToolChoice | undefined,
  parallel: boolean | undefined,
): JsonObject | undefined {
  const single = parallel === false ? { disable_parallel_tool_use: true } : {};
  switch (choice?.type) {
    case undefined:
      return parallel === false ? { type: 'auto', ...single } : undefined;
    case 'none':
      return { type: 'none' };
    case 'auto':
      return { type: 'auto', ...single };
    case 'required':
      return { type: 'any', ...single };
    case 'tool':
      return { type: 'tool', name: choice.name, ...single };
    case 'allowed':
      return { type: choice.mode === 'auto' ? 'auto' : 'any', ...single };
  }
}
