// A request of any dialect as a Messages request. What the model cannot take is refused where leaving it out would
// change what the request means, and is left out and named where it only tunes the answer.
// https://docs.anthropic.com/en/api/messages

import type { ChatRequest } from '../../core/chat.ts';
import { unsupported } from '../../core/failure.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { WrittenRequest } from '../dialect.ts';
import { told } from '../told.ts';
import { nameTools, type NameForm } from '../tool-names.ts';
import { foreignFields, ownFields } from './extensions.ts';
import { isJsonObject } from './json-object.ts';
import { createLosses, type Losses } from '../losses.ts';
import type { AnthropicMessagesTraits } from './traits.ts';
import { shorten, writeCacheMark } from './write-blocks.ts';
import { writeMessages } from './write-messages.ts';
import { writeOutput } from './write-output.ts';
import { isManual, isThinkingOn, writeThinking } from './write-thinking.ts';
import { writeTools } from './write-tools.ts';

export function writeRequest(asked: ChatRequest, traits: AnthropicMessagesTraits): WrittenRequest {
  const { request, toolNames } = nameTools(asked, TOOL_NAMES);
  refuseMeaningful(request);
  const losses = createLosses();
  const conversation = writeMessages(request.messages, traits, losses);
  const { maxOutputTokens } = request;
  const { hasLostThread, called } = conversation;
  const thinking = writeThinking(request.reasoning, { maxOutputTokens, hasLostThread }, traits, losses);
  const output = writeOutput(request, { isThinking: isThinkingOn(thinking), called }, traits, losses);
  const own = ownFields(request.extensions);
  const body = {
    ...own,
    model: request.model,
    max_tokens: thinking.maxTokens,
    ...writeSystem(conversation.system, output.instruction),
    messages: conversation.messages,
    ...(output.tools ?? writeTools(request, { called, isManual: isManual(thinking) }, traits, losses)),
    ...writeSampling(request, isThinkingOn(thinking), traits, losses),
    ...told({
      thinking: thinking.config,
      output_config: merge(own['output_config'], { effort: thinking.effort, format: output.format }),
      metadata: merge(own['metadata'], { user_id: request.userId }),
      service_tier: writeServiceTier(request.serviceTier, losses),
      stop_sequences: writeStop(request.stop, losses),
    }),
    ...writeCacheMark(request.cacheMark, losses),
    ...(request.stream ? { stream: true } : {}),
  };
  noteDropped(request, losses);
  return { body, losses: losses.list(), ...told({ toolNames, reviseReply: output.reviseReply }) };
}

/** `^[a-zA-Z0-9_-]{1,64}$`. https://docs.anthropic.com/en/docs/agents-and-tools/tool-use/implement-tool-use */
const TOOL_NAMES: NameForm = { foreign: /[^a-zA-Z0-9_-]/g, isDigitFirst: true, lengthMax: 64 };

/** These ask for another kind of answer. */
function refuseMeaningful(request: ChatRequest): void {
  if (request.n !== undefined && request.n > 1) {
    throw unsupported(`n: got ${request.n}, wanted 1: this model gives one answer for each request`, 'n');
  }
  if (request.logprobs === true || request.topLogprobs !== undefined) {
    const param = request.logprobs === true ? 'logprobs' : 'top_logprobs';
    throw unsupported(`${param}: this model tells no probabilities`, param);
  }
  for (const [field, value] of foreignFields(request.extensions)) {
    if (asksForMore(field, value)) throw unsupported(`${field}: this model cannot do that`, field);
  }
}

const MEANINGFUL_FIELDS: readonly string[] = [
  'audio',
  'web_search_options',
  'search_parameters',
  'data_sources',
];

function asksForMore(field: string, value: Json): boolean {
  if (field !== 'modalities') return MEANINGFUL_FIELDS.includes(field);
  return !isTextOnly(value);
}

function isTextOnly(modalities: Json): boolean {
  return Array.isArray(modalities) && modalities.every((modality: Json) => modality === 'text');
}

/** These only tune the answer. A penalty of 0 and the modality that every answer has are not missed. */
function noteDropped(request: ChatRequest, losses: Losses): void {
  const { seed, frequencyPenalty, presencePenalty, logitBias, verbosity, metadata, extensions, unread } =
    request;
  if (seed !== undefined) losses.add('dropped', 'seed');
  if (frequencyPenalty !== undefined && frequencyPenalty !== 0) losses.add('dropped', 'frequency_penalty');
  if (presencePenalty !== undefined && presencePenalty !== 0) losses.add('dropped', 'presence_penalty');
  if (logitBias !== undefined) losses.add('dropped', 'logit_bias');
  if (verbosity !== undefined) losses.add('dropped', 'verbosity');
  if (metadata !== undefined) losses.add('dropped', 'metadata');
  for (const [field] of foreignFields(extensions)) {
    if (field !== 'modalities') losses.add('dropped', field);
  }
  for (const field of unread ?? []) losses.add('dropped', field);
}

/** An instruction of ours comes last: what stands before it stays in the provider's cache. */
function writeSystem(blocks: readonly JsonObject[], instruction: string | undefined): JsonObject {
  const all = instruction === undefined ? blocks : [...blocks, { type: 'text', text: instruction }];
  return all.length === 0 ? {} : { system: shorten(all) };
}

/**
 * Thinking is not compatible with temperature and top_k, and with top_p only near 1; from the 4.5 models on temperature
 * and top_p exclude each other. Values that are the default change nothing when they are left out.
 * https://docs.anthropic.com/en/docs/build-with-claude/extended-thinking
 */
function writeSampling(
  { temperature, topP, topK }: ChatRequest,
  isThinking: boolean,
  traits: AnthropicMessagesTraits,
  losses: Losses,
): JsonObject {
  if (temperature !== undefined && temperature > 1) losses.add('clamped', 'temperature');
  const warmth = temperature === undefined ? undefined : Math.min(temperature, 1);
  const accepted = {
    temperature: traits.sampling && (!isThinking || warmth === 1) ? warmth : undefined,
    top_p:
      traits.sampling && warmth === undefined && (!isThinking || (topP ?? 0) >= TOP_P_THINKING_MIN)
        ? topP
        : undefined,
    top_k: traits.sampling && !isThinking ? topK : undefined,
  };
  if (accepted.temperature !== warmth && warmth !== 1) losses.add('dropped', 'temperature');
  if (accepted.top_p !== topP && topP !== 1) losses.add('dropped', 'top_p');
  if (accepted.top_k !== topK) losses.add('dropped', 'top_k');
  return told(accepted);
}

const TOP_P_THINKING_MIN = 0.95;

/** OpenAI's words become Anthropic's where there is one; Anthropic's own pass. */
function writeServiceTier(tier: string | undefined, losses: Losses): string | undefined {
  switch (tier) {
    case undefined:
      return undefined;
    case 'default':
      return 'standard_only';
    case 'auto':
    case 'priority':
      return 'auto';
    case 'standard_only':
      return tier;
    default:
      losses.add('dropped', 'service_tier');
      return undefined;
  }
}

/** Stop sequences of white space alone are refused. */
function writeStop(stop: readonly string[] | undefined, losses: Losses): readonly string[] | undefined {
  const visible = stop?.filter((sequence) => sequence.trim() !== '');
  if (visible?.length !== stop?.length) losses.add('dropped', 'stop');
  return visible?.length === 0 ? undefined : visible;
}

/** `undefined` when neither side has a field. */
function merge(own: Json | undefined, fields: JsonObject): JsonObject | undefined {
  const merged = { ...(isJsonObject(own) ? own : {}), ...told(fields) };
  return Object.keys(merged).length === 0 ? undefined : merged;
}
