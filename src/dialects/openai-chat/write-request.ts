// A chat request as chat completions, for the model that the traits describe.

import type { ChatRequest } from '../../core/chat.ts';
import { unsupported } from '../../core/failure.ts';
import type { JsonObject } from '../../core/json.ts';
import type { WrittenRequest } from '../dialect.ts';
import { told } from '../told.ts';
import { nameTools, type NameForm } from '../tool-names.ts';
import { writeEffort } from '../effort.ts';
import { writeExtensions } from './extensions.ts';
import { instruct } from '../json-answer.ts';
import { createLosses, type Losses } from '../losses.ts';
import type { OpenaiChatTraits } from './traits.ts';
import { writeMessages } from './write-messages.ts';
import { writeOutput } from './write-output.ts';
import { writeMark, type Writing } from './write-parts.ts';
import { writeTool, writeToolChoice } from './write-tools.ts';

export function writeRequest(asked: ChatRequest, modelTraits: OpenaiChatTraits): WrittenRequest {
  const { request, toolNames } = nameTools(asked, TOOL_NAMES);
  const losses = createLosses();
  for (const field of request.unread ?? []) losses.add('dropped', field);
  const effort = chooseEffort(request, modelTraits, losses);
  const traits = traitsAt(effort, modelTraits);
  refuseImpossible(request, traits);
  const writing = { traits, losses };
  const output = writeOutput(request.output, traits, losses);
  const body = {
    ...writeExtensions(request.extensions, '', losses),
    model: request.model,
    messages: writeMessages(instruct(request.messages, output.instruction), writing),
    ...writeSampling(request, traits, losses),
    ...writeTools(request, writing),
    ...writeStream(request, traits),
    ...writeUser(request.userId, traits, losses),
    ...writeRequestMark(request, writing),
    ...told({
      [traits.outputCapField]: request.maxOutputTokens,
      seed: request.seed,
      n: request.n,
      response_format: output.format,
      reasoning_effort: effort,
    }),
    ...writeHints(request, traits, losses),
  };
  return { body, losses: losses.list(), ...told({ toolNames, reviseReply: output.reviseReply }) };
}

/** `^[a-zA-Z0-9_-]{1,64}$`. https://platform.openai.com/docs/api-reference/chat/create */
const TOOL_NAMES: NameForm = { foreign: /[^a-zA-Z0-9_-]/g, isDigitFirst: true, lengthMax: 64 };

/** For a model that cannot do both, the tools are what the answer needs; the loss says that it was not thought about. */
function chooseEffort(request: ChatRequest, traits: OpenaiChatTraits, losses: Losses): string | undefined {
  if (request.reasoning?.display !== undefined) losses.add('dropped', 'thinking.display');
  const effort = writeEffort(request.reasoning, traits.efforts, losses);
  const tools = request.tools ?? [];
  if (traits.toolsOnlyWithoutReasoning !== true || tools.length === 0 || effort === 'none') return effort;
  losses.add('clamped', 'reasoning_effort');
  return 'none';
}

function traitsAt(effort: string | undefined, traits: OpenaiChatTraits): OpenaiChatTraits {
  return traits.samplingWithoutReasoning === true && effort === 'none'
    ? { ...traits, sampling: true }
    : traits;
}

/** What cannot be left out without the caller getting an answer to another question. */
function refuseImpossible(request: ChatRequest, traits: OpenaiChatTraits): void {
  if (request.n !== undefined && request.n > 1) {
    throw unsupported('n: only one answer can be translated; ask a provider that speaks the same API', 'n');
  }
  if (request.logprobs === true && !traits.sampling) {
    throw unsupported('logprobs: this model does not give them', 'logprobs');
  }
  if (request.maxOutputTokens === 0) {
    throw unsupported(
      'max_tokens: 0, which only fills a prompt cache, needs an Anthropic model',
      'max_tokens',
    );
  }
}

function writeSampling(request: ChatRequest, traits: OpenaiChatTraits, losses: Losses): JsonObject {
  if (request.topK !== undefined) losses.add('dropped', 'top_k');
  const sampling = { temperature: request.temperature, top_p: request.topP };
  const probabilities = { logprobs: request.logprobs, top_logprobs: request.topLogprobs };
  const penalties = {
    frequency_penalty: request.frequencyPenalty,
    presence_penalty: request.presencePenalty,
    logit_bias: request.logitBias,
  };
  return {
    ...keepIf(traits.sampling, sampling, losses),
    // Asked for in vain, they have been refused: here they can only be switched off.
    ...(traits.sampling ? told(probabilities) : {}),
    ...keepIf(traits.penalties, penalties, losses),
    ...keepIf(traits.stop, { stop: request.stop }, losses),
  };
}

function writeHints(request: ChatRequest, traits: OpenaiChatTraits, losses: Losses): JsonObject {
  // Anthropic's word for what OpenAI calls default: https://docs.claude.com/en/api/service-tiers
  const tier = request.serviceTier === 'standard_only' ? 'default' : request.serviceTier;
  const hints = { verbosity: request.verbosity, service_tier: tier, metadata: request.metadata };
  return keepIf(traits.hints !== false, hints, losses);
}

function keepIf(accepted: boolean, fields: JsonObject, losses: Losses): JsonObject {
  const given = told(fields);
  if (accepted) return given;
  for (const field of Object.keys(given)) losses.add('dropped', field);
  return {};
}

/** `parallel_tool_calls` without tools is an error. */
function writeTools({ tools, toolChoice, parallelToolCalls }: ChatRequest, writing: Writing): JsonObject {
  if (tools === undefined || tools.length === 0) return {};
  if (parallelToolCalls === false && !writing.traits.parallelToolCalls) {
    writing.losses.add('dropped', 'parallel_tool_calls');
  }
  return {
    tools: tools.map((tool) => writeTool(tool, writing)),
    ...told({
      tool_choice: toolChoice === undefined ? undefined : writeToolChoice(toolChoice, tools),
      parallel_tool_calls: writing.traits.parallelToolCalls ? parallelToolCalls : undefined,
    }),
  };
}

/** Usage is asked for whether or not the caller wants to see it: it is what the request costs. */
function writeStream(request: ChatRequest, traits: OpenaiChatTraits): JsonObject {
  if (!request.stream) return {};
  return { stream: true, ...(traits.streamUsage ? { stream_options: { include_usage: true } } : {}) };
}

function writeUser(userId: string | undefined, traits: OpenaiChatTraits, losses: Losses): JsonObject {
  if (userId === undefined) return {};
  if (traits.userField !== 'none') return { [traits.userField]: userId };
  losses.add('dropped', 'user');
  return {};
}

/** OpenAI caches by itself, for a time of its own choice: a breakpoint is for other places than the end. */
function writeRequestMark({ cacheMark }: ChatRequest, writing: Writing): JsonObject {
  if (writing.traits.cacheMarks !== 'prompt_cache_breakpoint') return writeMark(cacheMark, writing);
  if (cacheMark?.ttl !== undefined) writing.losses.add('dropped', 'cache_control.ttl');
  return {};
}
