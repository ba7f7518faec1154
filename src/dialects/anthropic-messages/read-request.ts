// A Messages request in our vocabulary. Fields that the vocabulary does not model stay as they are, under this dialect's
// name, for a provider that speaks it, too.

import type { ChatRequest, OutputFormat, ReasoningSettings, Tool, ToolChoice } from '../../core/chat.ts';
import type { JsonObject } from '../../core/json.ts';
import { told } from '../told.ts';
import { checkWire } from '../wire-check.ts';
import { collectUnread } from '../wire-shape.ts';
import { DIALECT } from './native.ts';
import { readEnvelope } from './read-envelope.ts';
import { readCacheMark, readMessage, readSystem } from './read-messages.ts';
import { messagesRequest, type WireRequest, type WireTool } from './wire.ts';

export function readRequest(json: JsonObject): ChatRequest {
  const envelope = readEnvelope(json);
  const { value: wire, unread } = collectUnread(() => checkWire(messagesRequest, json));
  const {
    model: _model,
    models: _models,
    usage: _usage,
    stream: _stream,
    messages,
    system,
    max_tokens,
    temperature,
    top_p,
    top_k,
    stop_sequences,
    tools,
    tool_choice,
    thinking,
    output_config,
    metadata,
    service_tier,
    cache_control,
    ...unmodelled
  } = wire;
  return {
    model: envelope.model,
    messages: [
      ...(system === undefined || system === null ? [] : [readSystem(system)]),
      ...messages.flatMap(readMessage),
    ],
    stream: envelope.stream,
    streamUsage: true,
    maxOutputTokens: max_tokens,
    ...told({
      temperature,
      topP: top_p,
      topK: top_k,
      stop: stop_sequences,
      tools: tools?.map(readTool),
      toolChoice: readToolChoice(tool_choice),
      parallelToolCalls: readParallelToolCalls(tool_choice),
      output: readOutput(output_config),
      reasoning: readReasoning(thinking, output_config),
      userId: metadata?.user_id,
      serviceTier: service_tier,
    }),
    ...readCacheMark(cache_control),
    ...readExtensions({
      ...unmodelled,
      output_config: without(output_config, ['effort', 'format']),
      metadata: without(metadata, ['user_id']),
    }),
    ...(unread.length === 0 ? {} : { unread }),
  };
}

function readTool(tool: WireTool): Tool {
  if (tool.type === 'other') return { type: 'hosted', dialect: DIALECT, definition: tool.block };
  const { type: _custom, name, description, input_schema, strict, cache_control, ...unmodelled } = tool;
  return {
    type: 'function',
    name,
    parameters: input_schema,
    ...told({ description, strict }),
    ...readCacheMark(cache_control),
    ...readExtensions(unmodelled),
  };
}

function readToolChoice(choice: WireRequest['tool_choice']): ToolChoice | undefined {
  switch (choice?.type) {
    case undefined:
      return undefined;
    case 'auto':
    case 'none':
      return { type: choice.type };
    case 'any':
      return { type: 'required' };
    case 'tool':
      return { type: 'tool', name: choice.name };
  }
}

function readParallelToolCalls(choice: WireRequest['tool_choice']): boolean | undefined {
  const disabled = choice?.disable_parallel_tool_use;
  return disabled === undefined || disabled === null ? undefined : !disabled;
}

function readOutput(config: WireRequest['output_config']): OutputFormat | undefined {
  const format = config?.format;
  if (format === undefined || format === null) return undefined;
  // A caller of Anthropic's is used to answers that keep to the schema.
  return { type: 'json-schema', schema: format.schema, strict: true };
}

function readReasoning(
  thinking: WireRequest['thinking'],
  config: WireRequest['output_config'],
): ReasoningSettings | undefined {
  const settings = told({
    effort: config?.effort,
    mode: thinking?.type,
    budgetTokens: thinking?.type === 'enabled' ? thinking.budget_tokens : undefined,
    display: thinking?.display,
  });
  return Object.keys(settings).length === 0 ? undefined : settings;
}

/** What is left of an object whose other fields the vocabulary models. */
function without(object: JsonObject | null | undefined, modelled: readonly string[]): JsonObject | undefined {
  const rest = Object.entries(object ?? {}).filter(([name]) => !modelled.includes(name));
  return rest.length === 0 ? undefined : Object.fromEntries(rest);
}

function readExtensions(unmodelled: JsonObject): Pick<ChatRequest, 'extensions'> {
  const fields = told(unmodelled);
  return Object.keys(fields).length === 0 ? {} : { extensions: { [DIALECT]: fields } };
}
