// A reply while it is being read: chunks go in, events come out. A JSON reply is one chunk whose message is complete, so
// both forms are read by the same code. The state is changed in place, because this runs over every event of every
// stream.
//
// The wire has one content, one reasoning and a list of calls; blocks are made of them as they come. Text ends where
// reasoning or a call begins, and the other way round. Calls stay open until the end, since their fragments may
// interleave.

import type { OpaqueReasoning } from '../../core/chat.ts';
import type { ChatEvent, StreamFailureClass, TokenLogprob } from '../../core/event.ts';
import type { Failure } from '../../core/failure.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import { mergeUsage, type Usage } from '../../core/usage.ts';
import { told } from '../told.ts';
import { isNameless, takeCallFragments, type OpenCall } from './call-fragments.ts';
import { readCitation } from './citation.ts';
import { finishWord, readFinishReason } from '../openai-finish.ts';
import { asFilled, asList, asObject } from '../json-access.ts';
import { continues, readReasoningDetail, type ReasoningDetail } from './reasoning-details.ts';
import { firstChoice } from '../openai-choice.ts';
import { startOf, type ChunkAssembly } from '../openai-chunks.ts';
import { protocolFailure } from '../openai-error.ts';
import { readUsage } from '../openai-usage.ts';

type Assembly = {
  /** What the last steps came to; taken by `takeEvents`. */
  events: ChatEvent[];
  /** How many blocks have been started. */
  blocks: number;
  hasStarted: boolean;
  /** The reply's id, or what else is known to tell it from others. */
  replyId: string;
  text: OpenText | undefined;
  reasoning: OpenReasoning | undefined;
  calls: OpenCall[];
  /** Length of the content so far: citations count from its beginning. */
  contentLength: number;
  hasRefusal: boolean;
  usage: Usage | undefined;
  finish: string | undefined;
};

/** `start`: where it begins in the content of the whole message. */
type OpenText = { readonly block: number; readonly isRefusal: boolean; readonly start: number };
type OpenReasoning = {
  readonly block: number;
  readonly index: number | undefined;
  opaque: OpaqueReasoning | undefined;
};

/** `field`: where a choice holds its content. */
export function createAssembly(field: 'delta' | 'message'): ChunkAssembly {
  const assembly = newAssembly();
  return {
    takeChunk: (chunk) => takeChunk(assembly, chunk, field),
    takeFinish: () => takeFinish(assembly),
    takeFailure: (failure, failed) => takeFailure(assembly, failure, failed),
    takeEvents: () => takeEvents(assembly),
    hasFinish: () => assembly.finish !== undefined,
    hasContent: () => assembly.blocks > 0,
  };
}

function newAssembly(): Assembly {
  return {
    events: [],
    blocks: 0,
    hasStarted: false,
    replyId: '',
    text: undefined,
    reasoning: undefined,
    calls: [],
    contentLength: 0,
    hasRefusal: false,
    usage: undefined,
    finish: undefined,
  };
}

function takeChunk(assembly: Assembly, chunk: JsonObject, field: 'delta' | 'message'): void {
  const choice = firstChoice(chunk);
  if (!assembly.hasStarted) start(assembly, chunk);
  if (choice !== undefined) {
    const message = asObject(choice[field]);
    if (message !== undefined) takeMessage(assembly, message, asObject(choice['logprobs']));
    assembly.finish = finishWord(choice['finish_reason']) ?? assembly.finish;
  }
  const usage = readUsage(chunk);
  if (usage !== undefined) assembly.usage = mergeUsage(assembly.usage, usage);
}

function takeEvents(assembly: Assembly): readonly ChatEvent[] {
  const { events } = assembly;
  if (events.length > 0) assembly.events = [];
  return events;
}

/** The reply is complete: all blocks end, usage, finish. */
function takeFinish(assembly: Assembly): void {
  const { events, calls, finish, hasRefusal } = assembly;
  if (calls.some(isNameless)) {
    takeFailure(assembly, protocolFailure('the provider sent a tool call without a name'), 'protocol');
    return;
  }
  endReasoning(assembly);
  endText(assembly);
  const blocks = calls.flatMap((call) => (call.block === undefined ? [] : [call.block]));
  for (const block of blocks) events.push({ type: 'tool-call-end', block });
  pushUsage(assembly);
  const seen = { toolCalls: blocks.length > 0, refusal: hasRefusal };
  events.push({ type: 'finish', reason: readFinishReason(finish, seen) });
}

/** The reply has failed. What it cost so far is told nonetheless. */
function takeFailure(assembly: Assembly, failure: Failure, failed: StreamFailureClass): void {
  pushUsage(assembly);
  assembly.events.push({ type: 'failure', failure, class: failed });
}

function pushUsage({ events, usage }: Assembly): void {
  if (usage !== undefined) events.push({ type: 'usage', usage });
}

function start(assembly: Assembly, chunk: JsonObject): void {
  const event = startOf(chunk);
  if (event === undefined) return;
  assembly.hasStarted = true;
  assembly.replyId = event.id ?? String(event.createdAt ?? 0);
  assembly.events.push(event);
}

function takeMessage(assembly: Assembly, message: JsonObject, logprobs: JsonObject | undefined): void {
  takeReasoning(assembly, message);
  takeText(assembly, contentText(message['content']), false, logprobs?.['content']);
  for (const annotation of asList(message['annotations'])) takeAnnotation(assembly, asObject(annotation));
  takeText(assembly, asFilled(message['refusal']) ?? '', true, logprobs?.['refusal']);
  takeMedia(assembly, message);
  takeCalls(assembly, message);
}

/** Mistral answers in parts. */
function contentText(content: Json | undefined): string {
  if (typeof content === 'string') return content;
  return asList(content)
    .map((part) => asFilled(asObject(part)?.['text']) ?? '')
    .join('');
}

function takeText(assembly: Assembly, text: string, isRefusal: boolean, tokens: Json | undefined): void {
  const logprobs = readLogprobs(tokens);
  if (text === '' && logprobs === undefined) return;
  const block = openText(assembly, isRefusal);
  if (!isRefusal) assembly.contentLength += text.length;
  assembly.events.push(
    logprobs === undefined
      ? { type: 'text-delta', block, text }
      : { type: 'text-delta', block, text, logprobs },
  );
}

function readLogprobs(tokens: Json | undefined): readonly TokenLogprob[] | undefined {
  const listed = asList(tokens);
  return listed.length === 0 ? undefined : listed.map(asObject).filter((token) => token !== undefined);
}

function openText(assembly: Assembly, isRefusal: boolean): number {
  if (assembly.text?.isRefusal === isRefusal) return assembly.text.block;
  endReasoning(assembly);
  endText(assembly);
  const block = assembly.blocks++;
  assembly.text = { block, isRefusal, start: assembly.contentLength };
  if (isRefusal) assembly.hasRefusal = true;
  assembly.events.push(
    isRefusal ? { type: 'text-start', block, refusal: true } : { type: 'text-start', block },
  );
  return block;
}

function endText(assembly: Assembly): void {
  if (assembly.text === undefined) return;
  assembly.events.push({ type: 'text-end', block: assembly.text.block });
  assembly.text = undefined;
}

function takeAnnotation(assembly: Assembly, annotation: JsonObject | undefined): void {
  if (annotation === undefined) return;
  const block = openText(assembly, false);
  const citation = readCitation(annotation, assembly.text?.start ?? 0);
  assembly.events.push({ type: 'citation', block, citation });
}

/** The same text often comes twice, under two names (vLLM, OpenRouter): it counts once. */
function takeReasoning(assembly: Assembly, message: JsonObject): void {
  let isTold = false;
  for (const element of asList(message['reasoning_details'])) {
    const detail = readReasoningDetail(asObject(element) ?? {});
    isTold ||= detail.text !== '';
    takeReasoningDetail(assembly, detail);
  }
  const text = asFilled(message['reasoning_content']) ?? asFilled(message['reasoning']);
  if (isTold || text === undefined) return;
  takeReasoningDetail(assembly, { text, index: assembly.reasoning?.index, opaque: undefined });
}

function takeReasoningDetail(assembly: Assembly, detail: ReasoningDetail): void {
  const { text, opaque } = detail;
  if (text === '' && opaque === undefined) return;
  const reasoning = openReasoning(assembly, detail);
  if (text !== '') assembly.events.push({ type: 'reasoning-delta', block: reasoning.block, text });
  if (opaque !== undefined) reasoning.opaque = opaque;
}

function openReasoning(assembly: Assembly, detail: ReasoningDetail): OpenReasoning {
  if (assembly.reasoning !== undefined && continues(assembly.reasoning, detail)) return assembly.reasoning;
  endReasoning(assembly);
  endText(assembly);
  const block = assembly.blocks++;
  assembly.events.push({ type: 'reasoning-start', block });
  assembly.reasoning = { block, index: detail.index, opaque: undefined };
  return assembly.reasoning;
}

function endReasoning(assembly: Assembly): void {
  if (assembly.reasoning === undefined) return;
  const { block, opaque } = assembly.reasoning;
  assembly.events.push({ type: 'reasoning-end', block, ...told({ opaque }) });
  assembly.reasoning = undefined;
}

function takeCalls(assembly: Assembly, message: JsonObject): void {
  const listed = asList(message['tool_calls']);
  // The form before tools, which some servers still answer in.
  const legacy = asObject(message['function_call']);
  if (listed.length === 0 && legacy === undefined) return;
  const fragments = legacy === undefined ? listed : [{ function: legacy }];
  takeCallFragments(assembly.calls, fragments, {
    replyId: assembly.replyId,
    startBlock: () => {
      endReasoning(assembly);
      endText(assembly);
      return assembly.blocks++;
    },
    emit: (event) => assembly.events.push(event),
  });
}

/** OpenAI's sound and OpenRouter's pictures. Streamed sound comes in pieces, and each is passed on by itself. */
function takeMedia(assembly: Assembly, message: JsonObject): void {
  const images = asList(message['images']);
  if (images.length > 0) pushOpaque(assembly, { images });
  const audio = asObject(message['audio']);
  if (audio !== undefined) pushOpaque(assembly, { audio });
}

function pushOpaque(assembly: Assembly, content: JsonObject): void {
  endReasoning(assembly);
  endText(assembly);
  assembly.events.push({ type: 'opaque', block: assembly.blocks++, dialect: 'openai-chat', content });
}
