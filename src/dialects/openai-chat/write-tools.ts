// Tools and the choice among them, on the wire.

import type { Tool, ToolChoice } from '../../core/chat.ts';
import { unsupported } from '../../core/failure.ts';
import { asString, type JsonObject } from '../../core/json.ts';
import { told } from '../told.ts';
import { writeExtensions } from './extensions.ts';
import type { Writing } from './write-parts.ts';

export function writeTool(tool: Tool, { traits, losses }: Writing): JsonObject {
  switch (tool.type) {
    case 'function': {
      const { name, description, parameters, strict, cacheMark } = tool;
      if (cacheMark !== undefined) losses.add('dropped', 'cache_control');
      if (strict === true && !traits.strictTools) losses.add('dropped', 'strict');
      const fields = told({ description, parameters, strict: traits.strictTools ? strict : undefined });
      return {
        ...writeExtensions(tool.extensions, 'tools.', losses),
        type: 'function',
        function: { name, ...fields },
      };
    }
    case 'custom': {
      const { name, description, format } = tool;
      return { type: 'custom', custom: { name, ...told({ description, format }) } };
    }
    case 'hosted':
      if (tool.dialect === 'openai-chat') return tool.definition;
      throw unsupported(`tools: "${hostedName(tool)}" runs only at the provider that offers it`, 'tools');
  }
}

function hostedName({ definition }: Tool & { type: 'hosted' }): string {
  return asString(definition['type']) ?? 'a hosted tool';
}

export function writeToolChoice(choice: ToolChoice, tools: readonly Tool[]): JsonObject | string {
  switch (choice.type) {
    case 'auto':
    case 'none':
    case 'required':
      return choice.type;
    case 'tool':
      return writeToolName(choice.name, tools);
    case 'allowed':
      return {
        type: 'allowed_tools',
        allowed_tools: { mode: choice.mode, tools: choice.names.map((name) => writeToolName(name, tools)) },
      };
  }
}

function writeToolName(name: string, tools: readonly Tool[]): JsonObject {
  const isCustom = tools.some((tool) => tool.type === 'custom' && tool.name === name);
  return isCustom ? { type: 'custom', custom: { name } } : { type: 'function', function: { name } };
}
