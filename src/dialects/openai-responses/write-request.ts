// A chat request as a Responses request, for the model that the traits describe.

import type { ChatRequest } from '../../core/chat.ts';
import { unsupported } from '../../core/failure.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { WrittenRequest } from '../dialect.ts';
import { writeEffort } from '../effort.ts';
import { instruct } from '../json-answer.ts';
import { createLosses, type Losses } from '../losses.ts';
import { writeCacheMark } from '../openai-cache-mark.ts';
import { told } from '../told.ts';
import { nameTools, type NameForm } from '../tool-names.ts';
import { ownFields, writeForeign } from './extensions.ts';
import type { OpenaiResponsesTraits } from './traits.ts';
import type { ResponsesVariant } from './variant.ts';
import { writeConversation } from './write-input.ts';
import type { Writing } from './write-parts.ts';
import { writeOutput } from './write-output.ts';
import { isSwitchedOff, writeInclude, writeReasoning } from './write-reasoning.ts';
import { writeTools } from './write-tools.ts';

export function writeRequest(
  asked: ChatRequest,
  modelTraits: OpenaiResponsesTraits,
  variant: ResponsesVariant,
): WrittenRequest {
  const { request, toolNames } = nameTools(asked, {
    ...TOOL_NAMES,
    reserved: modelTraits.reservedNames ?? [],
  });
  const losses = createLosses();
  for (const field of request.unread ?? []) losses.add('dropped', field);
  const effort = writeEffort(request.reasoning, modelTraits.efforts, losses);
  if (modelTraits.alwaysReasons === true && isSwitchedOff(request.reasoning))
    losses.add('dropped', 'thinking');
  const traits = traitsAt(effort, modelTraits);
  refuseImpossible(request, traits);
  const writing: Writing = { traits, variant, losses };
  const own = writeOwn(request, writing);
  const output = writeOutput(request, traits, losses);
  const body = {
    ...own.fields,
    model: request.model,
    ...writeConversation(instruct(request.messages, output.instruction), writing),
    // Callers of other dialects cannot ask for it: what is not stored nobody can look at.
    store: false,
    ...writeSampling(request, traits, losses),
    ...writeTools(request, writing),
    ...writeCap(request, traits, losses),
    ...output.fields,
    ...writeUser(request.userId, traits, losses),
    ...writeHints(request, traits, losses),
    ...told({
      metadata: request.metadata,
      reasoning: writeReasoning(request.reasoning, effort, own.reasoning, writing),
      include: writeInclude(request, effort, own.include, traits),
    }),
    ...(request.stream ? { stream: true } : {}),
  };
  noteMark(request, traits, losses);
  return { body, losses: losses.list(), ...told({ toolNames, reviseReply: output.reviseReply }) };
}

/** `^[a-zA-Z0-9_-]{1,64}$`. https://platform.openai.com/docs/api-reference/responses/create */
const TOOL_NAMES: NameForm = { foreign: /[^a-zA-Z0-9_-]/g, isDigitFirst: true, lengthMax: 64 };

function traitsAt(effort: string | undefined, traits: OpenaiResponsesTraits): OpenaiResponsesTraits {
  return traits.samplingWithoutReasoning === true && effort === 'none'
    ? { ...traits, sampling: true, logprobs: true }
    : traits;
}

/** What cannot be left out without the caller getting an answer to another question. */
function refuseImpossible(request: ChatRequest, traits: OpenaiResponsesTraits): void {
  if (request.n !== undefined && request.n > 1) {
    throw unsupported('n: only one answer can be translated; ask a provider that speaks the same API', 'n');
  }
  if (request.logprobs === true && !traits.logprobs) {
    throw unsupported('logprobs: this model does not give them', 'logprobs');
  }
  if (request.maxOutputTokens === 0) {
    throw unsupported(
      'max_tokens: 0, which only fills a prompt cache, needs an Anthropic model',
      'max_tokens',
    );
  }
}

/** Chat Completions says these in the same words. */
const SHARED_FIELDS = ['prompt_cache_key', 'prompt_cache_options', 'prompt_cache_retention', 'moderation'];

type Own = {
  readonly fields: JsonObject;
  readonly reasoning: Json | undefined;
  readonly include: Json | undefined;
};

/** The caller's own fields of this dialect, for a provider whose requests are written anew all the same. */
function writeOwn({ extensions }: ChatRequest, { traits, losses }: Writing): Own {
  const { store, reasoning, include, ...rest } = ownFields(extensions);
  if (store === true) losses.add('dropped', 'store');
  const shared = writeForeign(extensions, '', traits.hints ? SHARED_FIELDS : [], losses);
  const fields = { ...shared, ...keepKnown(rest, traits, losses) };
  const kept = keepKnown(told({ reasoning, include }), traits, losses);
  return { fields, reasoning: kept['reasoning'], include: kept['include'] };
}

function keepKnown(given: JsonObject, { fields }: OpenaiResponsesTraits, losses: Losses): JsonObject {
  if (fields === undefined) return given;
  const unknown = Object.keys(given).filter((field) => !fields.includes(field));
  for (const field of unknown) losses.add('dropped', field);
  return Object.fromEntries(Object.entries(given).filter(([field]) => fields.includes(field)));
}

function writeSampling(request: ChatRequest, traits: OpenaiResponsesTraits, losses: Losses): JsonObject {
  const { frequencyPenalty, presencePenalty, logitBias, stop } = request;
  const missing = {
    frequency_penalty: frequencyPenalty === 0 ? undefined : frequencyPenalty,
    presence_penalty: presencePenalty === 0 ? undefined : presencePenalty,
    logit_bias: logitBias,
    stop: stop?.length === 0 ? undefined : stop,
  };
  // Of no effect without the probabilities themselves.
  const isAlone = request.logprobs !== true && request.topLogprobs !== undefined;
  if (isAlone) losses.add('dropped', 'top_logprobs');
  return {
    ...keepIf(traits.sampling, { temperature: request.temperature, top_p: request.topP }, losses),
    ...keepIf(traits.moreSampling === true, { top_k: request.topK, seed: request.seed }, losses),
    ...keepIf(false, missing, losses),
    ...(isAlone ? {} : told({ top_logprobs: request.topLogprobs })),
  };
}

function keepIf(accepted: boolean, fields: JsonObject, losses: Losses): JsonObject {
  const given = told(fields);
  if (accepted) return given;
  for (const field of Object.keys(given)) losses.add('dropped', field);
  return {};
}

function writeCap(
  { maxOutputTokens }: ChatRequest,
  traits: OpenaiResponsesTraits,
  losses: Losses,
): JsonObject {
  const { outputCapMin = 1, outputCap } = traits;
  if (maxOutputTokens === undefined) return told({ max_output_tokens: outputCap });
  if (maxOutputTokens < outputCapMin) losses.add('clamped', 'max_tokens');
  return { max_output_tokens: Math.max(maxOutputTokens, outputCapMin) };
}

function writeUser(userId: string | undefined, traits: OpenaiResponsesTraits, losses: Losses): JsonObject {
  if (userId === undefined) return {};
  if (traits.userField !== 'none') return { [traits.userField]: userId };
  losses.add('dropped', 'user');
  return {};
}

function writeHints(request: ChatRequest, traits: OpenaiResponsesTraits, losses: Losses): JsonObject {
  // Anthropic's word for what OpenAI calls default: https://docs.claude.com/en/api/service-tiers
  const tier = request.serviceTier === 'standard_only' ? 'default' : request.serviceTier;
  return keepIf(traits.hints, { service_tier: tier }, losses);
}

/** OpenAI caches by itself, for a time of its own choice: a breakpoint is for other places than the end. */
function noteMark({ cacheMark }: ChatRequest, traits: OpenaiResponsesTraits, losses: Losses): void {
  if (traits.cacheMarks !== 'prompt_cache_breakpoint') writeCacheMark(cacheMark, traits.cacheMarks, losses);
  else if (cacheMark?.ttl !== undefined) losses.add('dropped', 'cache_control.ttl');
}
