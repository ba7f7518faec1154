// A Responses request in our vocabulary. Fields that the vocabulary does not model stay as they are, under this dialect's
// name, for a provider that speaks it, too.

import type { ChatRequest, OutputFormat, ReasoningSettings, Tool, ToolChoice } from '../../core/chat.ts';
import { unsupported } from '../../core/failure.ts';
import { asString, type JsonObject } from '../../core/json.ts';
import { told } from '../told.ts';
import { checkWire } from '../wire-check.ts';
import { collectUnread } from '../wire-shape.ts';
import { readExtensions } from './extensions.ts';
import { DIALECT } from './native.ts';
import { readEnvelope } from './read-envelope.ts';
import { nameMessages, readInput } from './read-input.ts';
import {
  responsesRequest,
  type WireFormat,
  type WireRequest,
  type WireTool,
  type WireToolChoice,
} from './wire.ts';

export function readRequest(json: JsonObject): ChatRequest {
  const envelope = readEnvelope(json);
  const { value: wire, unread } = collectUnread(() => checkWire(responsesRequest, nameMessages(json)));
  const {
    model: _model,
    models: _models,
    usage: _usage,
    stream: _stream,
    stream_options: _streamOptions,
    // Refused by the envelope if they ask for anything.
    previous_response_id: _previous,
    conversation: _conversation,
    background: _background,
    input,
    instructions,
    prompt,
    max_output_tokens,
    temperature,
    top_p,
    top_logprobs,
    tools,
    tool_choice,
    parallel_tool_calls,
    reasoning,
    text,
    response_format,
    include,
    truncation,
    store,
    safety_identifier,
    user,
    metadata,
    service_tier,
    ...unmodelled
  } = wire;
  if (prompt !== undefined && prompt !== null) {
    throw unsupported('prompt: a stored prompt is known only to the provider that keeps it', 'prompt');
  }
  const logprobs = include?.includes(LOGPROBS) === true ? true : undefined;
  return {
    model: envelope.model,
    messages: readInput(instructions, input ?? []),
    stream: envelope.stream,
    streamUsage: true,
    ...told({
      maxOutputTokens: max_output_tokens,
      temperature,
      topP: top_p,
      logprobs,
      // Without the other it is of no effect.
      topLogprobs: logprobs === true ? top_logprobs : undefined,
      tools: tools?.map(readTool),
      toolChoice: readToolChoice(tool_choice),
      parallelToolCalls: parallel_tool_calls,
      output: readOutput(text?.format) ?? readNested(response_format),
      reasoning: readReasoning(reasoning),
      userId: safety_identifier ?? user,
      metadata,
      serviceTier: service_tier,
      verbosity: text?.verbosity,
    }),
    ...readExtensions({
      ...unmodelled,
      // Nothing is stored here unless it is asked for.
      store: store === true ? true : undefined,
      // What happens anyway.
      truncation: truncation === 'disabled' ? undefined : truncation,
      include: readInclude(include),
      reasoning: readReasoningRest(reasoning),
      // Both may be sent, and only one of them can be the user's id.
      user: safety_identifier === undefined || safety_identifier === null ? undefined : user,
    }),
    ...(unread.length === 0 ? {} : { unread }),
  };
}

/** https://platform.openai.com/docs/api-reference/responses/create#responses-create-include */
const LOGPROBS = 'message.output_text.logprobs';
/** Always asked for, and always given back where there is any. */
const ENCRYPTED = 'reasoning.encrypted_content';

function readInclude(include: WireRequest['include']): readonly string[] | undefined {
  const rest = (include ?? []).filter((name) => name !== LOGPROBS && name !== ENCRYPTED);
  return rest.length === 0 ? undefined : rest;
}

function readTool(tool: WireTool): Tool {
  switch (tool.type) {
    case 'function': {
      const { type, name, description, parameters, strict, ...rest } = tool;
      return { type, name, ...told({ description, parameters, strict }), ...readExtensions(rest) };
    }
    case 'custom': {
      const { type, name, description, format } = tool;
      return { type, name, ...told({ description, format: readToolFormat(format) }) };
    }
    case 'other':
      return { type: 'hosted', dialect: DIALECT, definition: tool.block };
  }
}

/** A grammar lies flat here; in the vocabulary it is nested, as in Chat Completions. */
function readToolFormat(format: JsonObject | null | undefined): JsonObject | undefined {
  if (format?.['type'] !== 'grammar') return format ?? undefined;
  const { type, ...grammar } = format;
  return { type, grammar };
}

function readToolChoice(choice: WireToolChoice | null | undefined): ToolChoice | undefined {
  if (choice === undefined || choice === null) return undefined;
  if (typeof choice === 'string') return { type: choice };
  switch (choice.type) {
    case 'function':
    case 'custom':
      return { type: 'tool', name: choice.name };
    case 'allowed_tools': {
      const names = choice.tools.map((tool) => {
        if (tool.type === 'other') throw hostedChoice(tool.block);
        return tool.name;
      });
      return { type: 'allowed', mode: choice.mode, names };
    }
    case 'other':
      throw hostedChoice(choice.block);
  }
}

function hostedChoice({ type }: JsonObject) {
  const name = asString(type) ?? 'a hosted tool';
  return unsupported(`tool_choice: "${name}" runs only at the provider that offers it`, 'tool_choice');
}

function readNested(format: WireRequest['response_format']): OutputFormat | undefined {
  if (format === undefined || format === null || format.type === 'text') return undefined;
  const { name, description, schema, strict } = format.json_schema;
  return { type: 'json-schema', schema, ...told({ name, description, strict }) };
}

function readOutput(format: WireFormat | null | undefined): OutputFormat | undefined {
  switch (format?.type) {
    case undefined:
      return undefined;
    case 'text':
      return { type: 'text' };
    case 'json_object':
      return { type: 'json-object' };
    case 'json_schema': {
      const { name, description, schema, strict } = format;
      return { type: 'json-schema', schema, ...told({ name, description, strict }) };
    }
  }
}

function readReasoning(reasoning: WireRequest['reasoning']): ReasoningSettings | undefined {
  const summary = reasoning?.summary ?? reasoning?.generate_summary ?? undefined;
  const settings = told({
    effort: reasoning?.effort,
    summary,
    display: summary === undefined ? undefined : 'summarized',
  });
  return Object.keys(settings).length === 0 ? undefined : settings;
}

/** `context` and `mode`, and what is yet to come. */
function readReasoningRest(reasoning: WireRequest['reasoning']): JsonObject | undefined {
  const { effort: _effort, summary: _summary, generate_summary: _old, ...rest } = reasoning ?? {};
  const fields = told(rest);
  return Object.keys(fields).length === 0 ? undefined : fields;
}
