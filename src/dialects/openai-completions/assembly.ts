// A reply while it is being read: chunks go in, events come out. A JSON reply is one chunk that is complete, for both have
// their text in the same place. Of several answers the first is read: they are a matter of pass-through.

import type { ChatEvent, StreamFailureClass } from '../../core/event.ts';
import type { Failure } from '../../core/failure.ts';
import { asNumber, type JsonObject } from '../../core/json.ts';
import { mergeUsage, type Usage } from '../../core/usage.ts';
import { asFilled } from '../json-access.ts';
import { firstChoice } from '../openai-choice.ts';
import { finishWord, readFinishReason } from '../openai-finish.ts';
import { readUsage } from '../openai-usage.ts';
import { told } from '../told.ts';

export type Assembly = {
  /** What the last steps came to; taken by `takeEvents`. */
  events: ChatEvent[];
  hasStarted: boolean;
  hasText: boolean;
  usage: Usage | undefined;
  finish: string | undefined;
};

export function newAssembly(): Assembly {
  return { events: [], hasStarted: false, hasText: false, usage: undefined, finish: undefined };
}

export function takeChunk(assembly: Assembly, chunk: JsonObject): void {
  const choice = firstChoice(chunk);
  if (!assembly.hasStarted) start(assembly, chunk, choice !== undefined);
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

export function takeEvents(assembly: Assembly): readonly ChatEvent[] {
  const { events } = assembly;
  if (events.length > 0) assembly.events = [];
  return events;
}

/** The reply is complete. */
export function takeFinish(assembly: Assembly): void {
  if (assembly.hasText) assembly.events.push({ type: 'text-end', block: 0 });
  pushUsage(assembly);
  const reason = readFinishReason(assembly.finish, { toolCalls: false, refusal: false });
  assembly.events.push({ type: 'finish', reason });
}

/** The reply has failed. What it cost so far is told nonetheless. */
export function takeFailure(assembly: Assembly, failure: Failure, failed: StreamFailureClass): void {
  pushUsage(assembly);
  assembly.events.push({ type: 'failure', failure, class: failed });
}

function pushUsage({ events, usage }: Assembly): void {
  if (usage !== undefined) events.push({ type: 'usage', usage });
}

/** Azure's first chunk has no choice: it holds the verdict on the prompt and starts nothing. */
function start(assembly: Assembly, chunk: JsonObject, hasChoice: boolean): void {
  const id = asFilled(chunk['id']);
  if (id === undefined && !hasChoice) return;
  const created = asNumber(chunk['created']) ?? 0;
  assembly.hasStarted = true;
  assembly.events.push({
    type: 'start',
    ...told({ id, model: asFilled(chunk['model']), createdAt: created > 0 ? created : undefined }),
  });
}
