// Tools and the choice among them, on the wire.

import type { ChatRequest, Tool, ToolChoice } from '../../core/chat.ts';
import { unsupported } from '../../core/failure.ts';
import { asString, isObject, type Json, type JsonObject } from '../../core/json.ts';
import { told } from '../told.ts';
import { ownFields, writeForeign } from './extensions.ts';
import { DIALECT } from './native.ts';
import { writeName } from './variant.ts';
import type { Writing } from './write-parts.ts';

/** `parallel_tool_calls` without tools is an error. */
export function writeTools(
  { tools = [], toolChoice, parallelToolCalls }: ChatRequest,
  writing: Writing,
): JsonObject {
  const choice = toolChoice;
  const allowed =
    choice?.type === 'allowed' && writing.traits.toolChoice === 'by-name' ? choice.names : undefined;
  const offered = tools.filter((tool) => isAllowed(tool, allowed)).map((tool) => writeTool(tool, writing));
  const all = [...offered, ...ownTools(tools, choice, writing)];
  if (all.length === 0) return {};
  return {
    tools: all,
    ...(tools.length === 0
      ? {}
      : told({
          tool_choice: choice === undefined ? undefined : writeToolChoice(choice, tools, writing),
          parallel_tool_calls: parallelToolCalls,
        })),
  };
}

/** Hosted tools that the caller chose are the caller's choice among them. */
function ownTools(
  tools: readonly Tool[],
  choice: ToolChoice | undefined,
  { traits }: Writing,
): readonly JsonObject[] {
  const chose =
    tools.some((tool) => tool.type === 'hosted') || (choice !== undefined && choice.type !== 'auto');
  return chose ? [] : (traits.ownTools ?? []);
}

function isAllowed(tool: Tool, names: readonly string[] | undefined): boolean {
  return names === undefined || tool.type === 'hosted' || names.includes(tool.name);
}

function writeTool(tool: Tool, { traits, variant, losses }: Writing): JsonObject {
  switch (tool.type) {
    case 'function': {
      const { description, parameters, strict, cacheMark } = tool;
      if (cacheMark !== undefined) losses.add('dropped', 'cache_control');
      writeForeign(tool.extensions, 'tools.', [], losses);
      return {
        ...ownFields(tool.extensions),
        type: 'function',
        name: writeName(tool.name, variant),
        // Left out, it would mean "if the schema allows it" here, and "no" everywhere else.
        strict: strict ?? false,
        parameters: parameters ?? NO_PARAMETERS,
        ...told({ description }),
      };
    }
    case 'custom': {
      const { type, name, description, format } = tool;
      if (!traits.customTools) throw unsupported(`tools: this model takes no tools of free text`, 'tools');
      return { type, name, ...told({ description, format: writeToolFormat(format) }) };
    }
    case 'hosted':
      if (tool.dialect === DIALECT) return tool.definition;
      throw unsupported(`tools: "${hostedName(tool)}" runs only at the provider that offers it`, 'tools');
  }
}

/** The field is required: https://platform.openai.com/docs/api-reference/responses/create#responses-create-tools */
const NO_PARAMETERS = { type: 'object', properties: {} };

/** A grammar is nested in the vocabulary, as in Chat Completions, and lies flat here. */
function writeToolFormat(format: JsonObject | undefined): JsonObject | undefined {
  const grammar: Json | undefined = format?.['grammar'];
  if (format?.['type'] !== 'grammar' || !isObject(grammar)) return format;
  return { type: 'grammar', ...(grammar as JsonObject) };
}

function hostedName({ definition }: Tool & { type: 'hosted' }): string {
  return asString(definition['type']) ?? 'a hosted tool';
}

function writeToolChoice(choice: ToolChoice, tools: readonly Tool[], writing: Writing): JsonObject | string {
  const isByName = writing.traits.toolChoice === 'by-name';
  switch (choice.type) {
    case 'auto':
    case 'none':
    case 'required':
      return choice.type;
    case 'tool':
      return isByName ? { name: writeName(choice.name, writing.variant) } : writeToolName(choice.name, tools);
    case 'allowed':
      // The others are not offered.
      if (isByName) return choice.mode;
      return {
        type: 'allowed_tools',
        mode: choice.mode,
        tools: choice.names.map((name) => writeToolName(name, tools)),
      };
  }
}

function writeToolName(name: string, tools: readonly Tool[]): JsonObject {
  const isCustom = tools.some((tool) => tool.type === 'custom' && tool.name === name);
  return { type: isCustom ? 'custom' : 'function', name };
}
