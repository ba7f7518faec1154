// A reply while it is being read: chunks go in, events come out. A JSON reply is one chunk that is complete, for both have
// their text in the same place. Of several answers the first is read: they are a matter of pass-through.

import type { ChatEvent, StreamFailureClass } from '../../core/event.ts';
import type { Failure } from '../../core/failure.ts';
import type { JsonObject } from '../../core/json.ts';
import { mergeUsage, type Usage } from '../../core/usage.ts';
import { asFilled } from '../json-access.ts';
import { firstChoice } from '../openai-choice.ts';
import { startOf, type ChunkAssembly } from '../openai-chunks.ts';
import { finishWord, readFinishReason } from '../openai-finish.ts';
import { readUsage } from '../openai-usage.ts';

type Assembly = {
  /** What the last steps came to; taken by `takeEvents`. */
  events: ChatEvent[];
  hasStarted: boolean;
  hasText: boolean;
  usage: Usage | undefined;
  finish: string | undefined;
};

export function createAssembly(): ChunkAssembly {
  const assembly: Assembly = {
    events: [],
    hasStarted: false,
    hasText: false,
    usage: undefined,
    finish: undefined,
  };
  return {
    takeChunk: (chunk) => takeChunk(assembly, chunk),
    takeFinish: () => takeFinish(assembly),
    takeFailure: (failure, failed) => takeFailure(assembly, failure, failed),
    takeEvents: () => takeEvents(assembly),
    hasFinish: () => assembly.finish !== undefined,
    hasContent: () => assembly.hasText,
  };
}

function takeChunk(assembly: Assembly, chunk: JsonObject): void {
  const choice = firstChoice(chunk);
  if (!assembly.hasStarted) start(assembly, chunk);
  const text = asFilled(choice?.['text']);
  if (text !== undefined) {
    if (!assembly.hasText) assembly.events.push({ type: 'text-start', block: 0 });
    assembly.hasText = true;
    assembly.events.push({ type: 'text-delta', block: 0, text });
  }
  assembly.finish = finishWord(choice?.['finish_reason']) ?? assembly.finish;
  const usage = readUsage(chunk);
  if (usage !== undefined) assembly.usage = mergeUsage(assembly.usage, usage);
}

function takeEvents(assembly: Assembly): readonly ChatEvent[] {
  const { events } = assembly;
  if (events.length > 0) assembly.events = [];
  return events;
}

/** The reply is complete. */
function takeFinish(assembly: Assembly): void {
  if (assembly.hasText) assembly.events.push({ type: 'text-end', block: 0 });
  pushUsage(assembly);
  const reason = readFinishReason(assembly.finish, { toolCalls: false, refusal: false });
  assembly.events.push({ type: 'finish', reason });
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
  assembly.events.push(event);
}
