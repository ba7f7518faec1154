// A chat completions request in our vocabulary. Fields that the vocabulary does not model stay as they are, under this
// dialect's name, for a provider that speaks it, too.

import type { ChatRequest, OutputFormat, ReasoningSettings, Tool, ToolChoice } from '../../core/chat.ts';
import { invalidRequest } from '../../core/failure.ts';
import type { JsonObject } from '../../core/json.ts';
import { told } from '../told.ts';
import { checkWire } from '../wire-check.ts';
import { collectUnread } from '../wire-shape.ts';
import { readCacheMark } from '../openai-cache-mark.ts';
import { readExtensions } from './extensions.ts';
import { readCommonEnvelope } from '../envelope.ts';
import { readMessages } from './read-messages.ts';
import {
  chatRequest,
  type WireRequest,
  type WireResponseFormat,
  type WireTool,
  type WireToolChoice,
} from './wire.ts';

export function readRequest(json: JsonObject): ChatRequest {
  const envelope = readCommonEnvelope(json);
  const { value: wire, unread } = collectUnread(() => checkWire(chatRequest, json));
  const {
    model: _model,
    models: _models,
    usage: _usage,
    stream: _stream,
    messages,
    stream_options,
    max_completion_tokens,
    max_tokens,
    temperature,
    top_p,
    frequency_penalty,
    presence_penalty,
    logit_bias,
    logprobs,
    top_logprobs,
    n,
    seed,
    stop,
    tools,
    tool_choice,
    parallel_tool_calls,
    functions,
    function_call,
    response_format,
    reasoning_effort,
    reasoning,
    verbosity,
    service_tier,
    safety_identifier,
    user,
    metadata,
    cache_control,
    ...unmodelled
  } = wire;
  refuseDeprecated({ functions, function_call });
  return {
    model: envelope.model,
    messages: readMessages(messages),
    stream: envelope.stream,
    // Who asks for the cost in a stream asks for the chunk that it stands in.
    streamUsage: stream_options?.include_usage === true || envelope.wantsCost === true,
    ...told({
      maxOutputTokens: max_completion_tokens ?? max_tokens,
      temperature,
      topP: top_p,
      frequencyPenalty: frequency_penalty,
      presencePenalty: presence_penalty,
      seed,
      logitBias: logit_bias,
      logprobs,
      topLogprobs: top_logprobs,
      n,
      stop: typeof stop === 'string' ? [stop] : stop,
      tools: tools?.map(readTool),
      toolChoice: readToolChoice(tool_choice),
      parallelToolCalls: parallel_tool_calls,
      output: readOutput(response_format),
      reasoning: readReasoning(reasoning_effort, reasoning),
      userId: safety_identifier ?? user,
      metadata,
      serviceTier: service_tier,
      verbosity,
    }),
    ...readCacheMark({ cache_control }),
    ...readExtensions({
      ...unmodelled,
      // Both may be sent, and only one of them can be the user's id.
      ...(safety_identifier === undefined ? {} : { user }),
    }),
    ...(unread.length === 0 ? {} : { unread }),
  };
}

/** https://platform.openai.com/docs/api-reference/chat/create: both gave way to tools in 2023. */
function refuseDeprecated(fields: Pick<WireRequest, 'functions' | 'function_call'>): void {
  for (const [field, value] of Object.entries(fields)) {
    if (value === undefined || value === null) continue;
    const successor = field === 'functions' ? 'tools' : 'tool_choice';
    throw invalidRequest(`${field}: deprecated and not translated; use ${successor}`, field);
  }
}

function readTool(tool: WireTool): Tool {
  switch (tool.type) {
    case 'function': {
      const { type, function: definition, ...rest } = tool;
      const { name, description, parameters, strict } = definition;
      return { type, name, ...told({ description, parameters, strict }), ...readExtensions(rest) };
    }
    case 'custom': {
      const { name, description, format } = tool.custom;
      return { type: 'custom', name, ...told({ description, format }) };
    }
    case 'other':
      return { type: 'hosted', dialect: 'openai-chat', definition: tool.block };
  }
}

function readToolChoice(choice: WireToolChoice | null | undefined): ToolChoice | undefined {
  if (choice === undefined || choice === null) return undefined;
  if (typeof choice === 'string') return { type: choice };
  switch (choice.type) {
    case 'function':
      return { type: 'tool', name: choice.function.name };
    case 'custom':
      return { type: 'tool', name: choice.custom.name };
    case 'allowed_tools': {
      const { mode, tools } = choice.allowed_tools;
      const names = tools.map((tool) => (tool.type === 'function' ? tool.function.name : tool.custom.name));
      return { type: 'allowed', mode, names };
    }
  }
}

function readOutput(format: WireResponseFormat | null | undefined): OutputFormat | undefined {
  if (format === undefined || format === null) return undefined;
  switch (format.type) {
    case 'text':
      return { type: 'text' };
    case 'json_object':
      return { type: 'json-object' };
    case 'json_schema': {
      const { name, description, schema, strict } = format.json_schema;
      return { type: 'json-schema', schema, ...told({ name, description, strict }) };
    }
  }
}

/** `reasoning` is OpenRouter's: https://openrouter.ai/docs/use-cases/reasoning-tokens */
function readReasoning(
  effort: WireRequest['reasoning_effort'],
  reasoning: WireRequest['reasoning'],
): ReasoningSettings | undefined {
  const settings = told({
    effort: effort ?? reasoning?.effort,
    mode: readReasoningMode(reasoning),
    budgetTokens: reasoning?.max_tokens,
    display: reasoning?.exclude === true ? 'omitted' : undefined,
  });
  return Object.keys(settings).length === 0 ? undefined : settings;
}

function readReasoningMode(reasoning: WireRequest['reasoning']): 'enabled' | 'disabled' | undefined {
  if (reasoning?.enabled === false) return 'disabled';
  return reasoning?.enabled === true || typeof reasoning?.max_tokens === 'number' ? 'enabled' : undefined;
}
