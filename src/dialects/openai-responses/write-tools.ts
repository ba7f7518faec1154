// Tools and the choice among them, on the wire.

import type { ChatRequest, Tool, ToolChoice } from '../../core/chat.ts';
import { unsupported } from '../../core/failure.ts';
import { asString, isObject, type Json, type JsonObject } from '../../core/json.ts';
import type { Losses } from '../losses.ts';
import { told } from '../told.ts';
import { ownFields, writeForeign } from './extensions.ts';
import { DIALECT } from './native.ts';
import type { OpenaiResponsesTraits } from './traits.ts';
import type { Writing } from './write-parts.ts';

/** `parallel_tool_calls` without tools is an error. */
export function writeTools(
  { tools = [], toolChoice, parallelToolCalls }: ChatRequest,
  writing: Writing,
): JsonObject {
  const { offered, choice } = narrow(tools, toolChoice, writing);
  const all = [
    ...offered.map((tool) => writeTool(tool, writing)),
    ...(isOpen(tools, toolChoice) ? (writing.traits.ownTools ?? []) : []),
  ];
  if (all.length === 0) return {};
  if (tools.length === 0) return { tools: all };
  const fields = {
    tool_choice: choice === undefined ? undefined : writeToolChoice(choice, tools, writing),
    parallel_tool_calls: parallelToolCalls,
  };
  return { tools: all, ...told(fields) };
}

/** Where there is no word for a choice of some, the others are not offered; of none of them, none may be called. */
function narrow(
  tools: readonly Tool[],
  choice: ToolChoice | undefined,
  { traits }: Writing,
): { readonly offered: readonly Tool[]; readonly choice: ToolChoice | undefined } {
  if (choice?.type !== 'allowed' || traits.toolChoice === 'typed') return { offered: tools, choice };
  const offered = tools.filter((tool) => tool.type === 'hosted' || choice.names.includes(tool.name));
  return offered.length === 0
    ? { offered: tools, choice: { type: 'none' } }
    : { offered, choice: { type: choice.mode } };
}

/** The caller has made no choice that tools of the provider's own would be against. */
function isOpen(tools: readonly Tool[], choice: ToolChoice | undefined): boolean {
  return !tools.some(({ type }) => type === 'hosted') && (choice === undefined || choice.type === 'auto');
}

function writeTool(tool: Tool, { traits, losses }: Writing): JsonObject {
  switch (tool.type) {
    case 'function': {
      const { description, parameters, strict, cacheMark } = tool;
      if (cacheMark !== undefined) losses.add('dropped', 'cache_control');
      writeForeign(tool.extensions, 'tools.', [], losses);
      return {
        ...writeOwn(tool, traits, losses),
        type: 'function',
        name: tool.name,
        // Left out, it would mean "if the schema allows it" here, and "no" everywhere else.
        strict: strict ?? false,
        parameters: parameters ?? NO_PARAMETERS,
        ...told({ description }),
      };
    }
    case 'custom': {
      const { type, name, description, format } = tool;
      if (!traits.customTools) {
        losses.add('emulated', 'tools.custom');
        return {
          type: 'function',
          name,
          strict: false,
          parameters: FREE_TEXT,
          ...told({ description }),
        };
      }
      return { type, name, ...told({ description, format: writeToolFormat(format) }) };
    }
    case 'hosted':
      if (tool.dialect === DIALECT) return tool.definition;
      throw unsupported(`tools: "${hostedName(tool)}" runs only at the provider that offers it`, 'tools');
  }
}

function writeOwn(
  { extensions }: Tool & { type: 'function' },
  { fields }: OpenaiResponsesTraits,
  losses: Losses,
): JsonObject {
  const own = ownFields(extensions);
  if (fields === undefined) return own;
  for (const field of Object.keys(own)) losses.add('dropped', `tools.${field}`);
  return {};
}

/** The field is required: https://platform.openai.com/docs/api-reference/responses/create#responses-create-tools */
const NO_PARAMETERS = { type: 'object', properties: {} };

/** A tool of free text, where there are none: a function with the text as its one field. */
const FREE_TEXT = {
  type: 'object',
  properties: { input: { type: 'string' } },
  required: ['input'],
  additionalProperties: false,
};

/** A grammar is nested in the vocabulary, as in Chat Completions, and lies flat here. */
function writeToolFormat(format: JsonObject | undefined): JsonObject | undefined {
  const grammar: Json | undefined = format?.['grammar'];
  if (format?.['type'] !== 'grammar' || !isObject(grammar)) return format;
  return { type: 'grammar', ...grammar };
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
      return isByName ? { name: choice.name } : writeToolName(choice.name, tools);
    case 'allowed':
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
