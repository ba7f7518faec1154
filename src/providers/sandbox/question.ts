// A chat request as the sandbox understands it. Reading is lenient: what it does not know it ignores, and only what it
// could not honour without lying about it is refused.

import { asString, isObject, type Json, type JsonObject } from '../../core/json.ts';
import { list } from './list.ts';
import { invalid, type WireError } from './wire-error.ts';

export type Question = {
  readonly model: string;
  readonly messages: readonly JsonObject[];
  readonly stream: boolean;
  readonly streamUsage: boolean;
  readonly choices: number;
  readonly tokensMax?: number;
  readonly stops: readonly string[];
  /** The tools that it may call now, the one to prefer first. */
  readonly tools: readonly CallableTool[];
  readonly parallelCalls: boolean;
  readonly format: AnswerFormat;
  readonly reasons: boolean;
};

export type CallableTool =
  | { readonly kind: 'function'; readonly name: string; readonly parameters: Json | undefined }
  /** Takes free text. */
  | { readonly kind: 'custom'; readonly name: string };

export type AnswerFormat =
  | { readonly kind: 'text' }
  | { readonly kind: 'json-object' }
  | { readonly kind: 'json-schema'; readonly schema: Json | undefined };

/** Every choice is a whole answer in memory. */
const CHOICES_MAX = 8;

export function readQuestion(text: string): Question | { readonly refused: WireError } {
  const json = parse(text);
  if (!isObject(json)) return refused('We could not parse the JSON body of your request.', 'body');
  const { model } = json;
  if (typeof model !== 'string' || model === '')
    return refused('you must provide a model parameter', 'model');
  const messages = list(json['messages']).filter((message) => isObject(message));
  if (messages.length === 0) return refused('messages must be an array of at least one object', 'messages');
  if (json['logprobs'] === true || typeof json['top_logprobs'] === 'number') {
    return refused('the sandbox has no log probabilities', 'logprobs', 'unsupported_parameter');
  }
  if (list(json['modalities']).includes('audio')) {
    return refused('the sandbox answers in text', 'modalities', 'unsupported_value');
  }
  const choices = json['n'] ?? 1;
  if (!isWhole(choices) || choices > CHOICES_MAX) return refused(`n must be 1 to ${CHOICES_MAX}`, 'n');
  const tokensMax = json['max_completion_tokens'] ?? json['max_tokens'] ?? undefined;
  if (tokensMax !== undefined && !isWhole(tokensMax)) {
    return refused('max_tokens must be at least 1', 'max_tokens');
  }
  const tools = readCallableTools(json['tools'], json['tool_choice']);
  if (tools === undefined) return refused("Tool choice not found in 'tools' parameter.", 'tool_choice');

  const options = json['stream_options'];
  return {
    model,
    messages,
    stream: json['stream'] === true,
    streamUsage: isObject(options) && options['include_usage'] === true,
    choices,
    ...(tokensMax === undefined ? {} : { tokensMax }),
    stops: readStops(json['stop']),
    tools,
    parallelCalls: json['parallel_tool_calls'] !== false,
    format: readFormat(json['response_format']),
    reasons: typeof json['reasoning_effort'] === 'string' && json['reasoning_effort'] !== 'none',
  };
}

/** What a message says; for a part that is not text, what kind of part it is. */
export function textOf(message: JsonObject | undefined): string {
  const content = message?.['content'];
  if (typeof content === 'string') return content;
  return list(content)
    .filter((part) => isObject(part))
    .map((part) => asString(part['text']) ?? `[${asString(part['type']) ?? 'part'}]`)
    .join('\n');
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refused(message: string, param: string, code?: string): { readonly refused: WireError } {
  return { refused: invalid(message, param, code) };
}

function isWhole(value: Json): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1;
}

function readStops(stop: Json | undefined): readonly string[] {
  const stops = typeof stop === 'string' ? [stop] : list(stop);
  return stops.filter((each) => typeof each === 'string').filter((each) => each !== '');
}

/** `undefined`: the choice names no tool that is there. */
function readCallableTools(
  tools: Json | undefined,
  choice: Json | undefined,
): readonly CallableTool[] | undefined {
  if (choice === 'none') return [];
  const offered = list(tools).flatMap(readTool);
  if (!isObject(choice)) return offered;
  const allowed = choice['allowed_tools'];
  const named = isObject(allowed) ? list(allowed['tools']) : [choice];
  const names = named.flatMap(readTool).map(({ name }) => name);
  const chosen = offered.filter(({ name }) => names.includes(name));
  return chosen.length > 0 ? chosen : undefined;
}

/** No tool for a kind that the sandbox cannot call. */
function readTool(tool: Json): readonly CallableTool[] {
  if (!isObject(tool)) return [];
  const { function: called, custom } = tool;
  if (isObject(called) && typeof called['name'] === 'string') {
    return [{ kind: 'function', name: called['name'], parameters: called['parameters'] }];
  }
  return isObject(custom) && typeof custom['name'] === 'string'
    ? [{ kind: 'custom', name: custom['name'] }]
    : [];
}

function readFormat(format: Json | undefined): AnswerFormat {
  if (!isObject(format)) return { kind: 'text' };
  if (format['type'] === 'json_object') return { kind: 'json-object' };
  if (format['type'] !== 'json_schema') return { kind: 'text' };
  const named = format['json_schema'];
  return { kind: 'json-schema', schema: isObject(named) ? named['schema'] : undefined };
}
