// A chat request as a Responses request, for the model that the traits describe.

import type { ChatRequest, OutputFormat, ReasoningSettings } from '../../core/chat.ts';
import { unsupported } from '../../core/failure.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { WrittenRequest } from '../dialect.ts';
import { writeEffort } from '../effort.ts';
import { createLosses, type Losses } from '../losses.ts';
import { writeCacheMark } from '../openai-cache-mark.ts';
import { told } from '../told.ts';
import { ownFields, writeForeign } from './extensions.ts';
import type { OpenaiResponsesTraits } from './traits.ts';
import type { ResponsesVariant } from './variant.ts';
import { writeConversation } from './write-input.ts';
import type { Writing } from './write-parts.ts';
import { writeTools } from './write-tools.ts';

export function writeRequest(
  request: ChatRequest,
  modelTraits: OpenaiResponsesTraits,
  variant: ResponsesVariant,
): WrittenRequest {
  const losses = createLosses();
  for (const field of request.unread ?? []) losses.add('dropped', field);
  const effort = writeEffort(request.reasoning, modelTraits.efforts, losses);
  if (modelTraits.alwaysReasons === true && isSwitchedOff(request.reasoning))
    losses.add('dropped', 'thinking');
  const traits = traitsAt(effort, modelTraits);
  refuseImpossible(request, traits);
  const writing: Writing = { traits, variant, losses };
  const own = writeOwn(request, writing);
  const body = {
    ...own.fields,
    model: request.model,
    ...writeConversation(request.messages, writing),
    // Callers of other dialects cannot ask for it: what is not stored nobody can look at.
    store: false,
    ...writeSampling(request, traits, losses),
    ...writeTools(request, writing),
    ...writeCap(request, traits, losses),
    ...writeOutput(request, traits, losses),
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
  return { body, losses: losses.list() };
}

function isSwitchedOff(settings: ReasoningSettings | undefined): boolean {
  const mode = settings?.mode;
  return mode === 'disabled' || mode === 'between_tools' || settings?.effort === 'none';
}

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

function writeOutput(request: ChatRequest, traits: OpenaiResponsesTraits, losses: Losses): JsonObject {
  const { output } = request;
  if (traits.outputField === 'response_format') return writeResponseFormat(output, request.verbosity, losses);
  const verbosity = keepIf(traits.verbosity, { verbosity: request.verbosity }, losses);
  const text = { ...told({ format: writeFormat(output) }), ...verbosity };
  return Object.keys(text).length === 0 ? {} : { text };
}

function writeFormat(output: OutputFormat | undefined): JsonObject | undefined {
  switch (output?.type) {
    case undefined:
      return undefined;
    case 'text':
      return { type: 'text' };
    case 'json-object':
      return { type: 'json_object' };
    case 'json-schema': {
      const { name, description, schema, strict } = output;
      // OpenAI requires a name; Anthropic's formats have none.
      return { type: 'json_schema', name: name ?? 'response', schema, ...told({ description, strict }) };
    }
  }
}

/** https://docs.perplexity.ai/docs/agent-api/structured-outputs: schemas only. */
function writeResponseFormat(
  output: OutputFormat | undefined,
  verbosity: string | undefined,
  losses: Losses,
): JsonObject {
  if (verbosity !== undefined) losses.add('dropped', 'verbosity');
  if (output?.type === 'json-object') losses.add('dropped', 'response_format');
  if (output?.type !== 'json-schema') return {};
  const { name, description, schema, strict } = output;
  const json_schema = { name: name ?? 'response', schema, ...told({ description, strict }) };
  return { response_format: { type: 'json_schema', json_schema } };
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

/** A summary is asked for where the caller wants to see the reasoning, or is used to see it. */
function writeReasoning(
  settings: ReasoningSettings | undefined,
  effort: string | undefined,
  rest: Json | undefined,
  { traits, losses }: Writing,
): JsonObject | undefined {
  const summary = writeSummary(settings, effort, traits, losses);
  if (traits.efforts.length === 0) return undefined;
  const reasoning = { ...(isFields(rest) ? rest : {}), ...told({ effort, summary }) };
  return Object.keys(reasoning).length === 0 ? undefined : reasoning;
}

function isFields(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function writeSummary(
  settings: ReasoningSettings | undefined,
  effort: string | undefined,
  traits: OpenaiResponsesTraits,
  losses: Losses,
): string | undefined {
  if (settings === undefined) return undefined;
  const { summary, display, mode } = settings;
  // It shows what it shows.
  const hasWish = summary !== undefined || display === 'omitted';
  if (hasWish && !traits.summaries) losses.add('dropped', 'thinking.display');
  if (display === 'omitted' || !traits.summaries) return undefined;
  if (summary !== undefined) return summary;
  // Anthropic shows what it thinks wherever it is told to think.
  const isShown = display !== undefined || mode === 'enabled' || mode === 'adaptive';
  return isShown && effort !== 'none' ? 'auto' : undefined;
}

function writeInclude(
  request: ChatRequest,
  effort: string | undefined,
  own: Json | undefined,
  traits: OpenaiResponsesTraits,
): readonly Json[] | undefined {
  const include = [
    ...(Array.isArray(own) ? (own as readonly Json[]) : []),
    ...(traits.encryptedReasoning && effort !== 'none' ? ['reasoning.encrypted_content'] : []),
    ...(request.logprobs === true ? ['message.output_text.logprobs'] : []),
  ];
  return include.length === 0 ? undefined : include;
}

/** OpenAI caches by itself, for a time of its own choice: a breakpoint is for other places than the end. */
function noteMark({ cacheMark }: ChatRequest, traits: OpenaiResponsesTraits, losses: Losses): void {
  if (traits.cacheMarks !== 'prompt_cache_breakpoint') writeCacheMark(cacheMark, traits.cacheMarks, losses);
  else if (cacheMark?.ttl !== undefined) losses.add('dropped', 'cache_control.ttl');
}
