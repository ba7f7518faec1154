// Tools and the choice among them. https://docs.cohere.com/docs/tool-use-overview

import type { ChatRequest, Tool, ToolChoice } from '../../core/chat.ts';
import { unsupported } from '../../core/failure.ts';
import { asString, type JsonObject } from '../../core/json.ts';
import type { Losses } from '../losses.ts';
import { told } from '../told.ts';
import { foreignFields } from './extras.ts';
import { fitSchema } from './json-schema.ts';
import type { CohereChatTraits } from './traits.ts';

type Request = Pick<ChatRequest, 'tools' | 'toolChoice' | 'parallelToolCalls'>;

/** An empty list of tools is a 400. */
export function offersTools({ tools }: Request): boolean {
  return tools !== undefined && tools.length > 0;
}

export function writeTools(request: Request, traits: CohereChatTraits, losses: Losses): JsonObject {
  const { tools = [], toolChoice, parallelToolCalls } = request;
  if (!offersTools(request)) return {};
  if (!traits.tools) throw unsupported('tools: this model calls none', 'tools');
  const { word, offered } = choose(
    toolChoice,
    tools.map((tool) => offer(tool, losses)),
  );
  if (parallelToolCalls === false && word !== 'NONE') losses.add('dropped', 'parallel_tool_calls');
  if (offered.length === 0)
    throw unsupported('tool_choice: it names a tool that is not offered', 'tool_choice');
  if (word !== undefined && !traits.toolChoice) {
    if (word === 'REQUIRED')
      throw unsupported('tool_choice: this model cannot be forced to call a tool; use "auto"', 'tool_choice');
    // What is not offered cannot be called.
    losses.add('emulated', 'tool_choice');
    return {};
  }
  return { ...writeOffer(offered, losses), ...told({ tool_choice: word }) };
}

type Offer = {
  readonly name: string;
  readonly description?: string;
  readonly parameters: JsonObject;
  readonly isStrict: boolean;
};
type Choice = { readonly word?: 'NONE' | 'REQUIRED'; readonly offered: readonly Offer[] };

/** There is no word for one tool or for some of them: only those are offered that may be called. */
function choose(choice: ToolChoice | undefined, offered: readonly Offer[]): Choice {
  switch (choice?.type) {
    case undefined:
    case 'auto':
      return { offered };
    case 'none':
      return { word: 'NONE', offered };
    case 'required':
      return { word: 'REQUIRED', offered };
    case 'tool':
      return { word: 'REQUIRED', offered: named(offered, [choice.name]) };
    case 'allowed': {
      const allowed = named(offered, choice.names);
      if (allowed.length === 0) return { word: 'NONE', offered };
      return choice.mode === 'auto' ? { offered: allowed } : { word: 'REQUIRED', offered: allowed };
    }
  }
}

function named(offered: readonly Offer[], names: readonly string[]): readonly Offer[] {
  return offered.filter(({ name }) => names.includes(name));
}

/** Strictness is of all tools or none: it is asked for where one wants it, and every schema has the form for it. */
function writeOffer(offered: readonly Offer[], losses: Losses): JsonObject {
  const wantsStrict = offered.some((tool) => tool.isStrict);
  const fitted = offered.map(({ parameters }) => fitSchema(parameters));
  const isStrict = wantsStrict && fitted.every((fit) => fit !== undefined);
  if (wantsStrict && !isStrict) losses.add('dropped', 'tools.function.strict');
  if (isStrict && fitted.some((fit) => fit.isLooser)) losses.add('emulated', 'tools.function.parameters');
  return {
    tools: offered.map(({ name, description, parameters }, place) => ({
      type: 'function',
      function: {
        name,
        ...told({ description }),
        parameters: (isStrict ? fitted[place]?.schema : undefined) ?? parameters,
      },
    })),
    ...(isStrict ? { strict_tools: true } : {}),
  };
}

function offer(tool: Tool, losses: Losses): Offer {
  switch (tool.type) {
    case 'function': {
      const { name, description, parameters, cacheMark, extensions } = tool;
      if (cacheMark !== undefined) losses.add('dropped', 'cache_control');
      for (const [field] of foreignFields(extensions)) losses.add('dropped', `tools.${field}`);
      return {
        name,
        ...told({ description }),
        parameters: objectSchema(parameters),
        isStrict: tool.strict === true,
      };
    }
    case 'custom':
      losses.add('emulated', 'tools.custom');
      return {
        name: tool.name,
        ...told({ description: tool.description }),
        parameters: freeTextSchema(tool.format),
        isStrict: false,
      };
    case 'hosted':
      throw unsupported(
        `tools: "${asString(tool.definition['type']) ?? 'a hosted tool'}" runs only at the provider that offers it`,
        'tools',
      );
  }
}

/** Required, and of an object. */
function objectSchema(parameters: JsonObject | undefined): JsonObject {
  if (parameters === undefined) return { type: 'object', properties: {} };
  const { $schema: _dialect, ...schema } = parameters;
  return schema['type'] === undefined ? { type: 'object', ...schema } : schema;
}

/** A tool of free text becomes a function with one field for it. */
function freeTextSchema(format: JsonObject | undefined): JsonObject {
  const wanted =
    format === undefined ? {} : { description: `Text in this format: ${JSON.stringify(format)}` };
  return { type: 'object', properties: { input: { type: 'string', ...wanted } }, required: ['input'] };
}
