// A reply while it is being read. A JSON reply takes the same steps as a stream, so the two forms cannot be read
// differently. The state is changed in place, because this runs over every event of every stream.
//
// Text and thinking are one block at a time: a block ends where the next one begins, not where Cohere says that its
// content has ended, since citations may still follow. Calls have blocks of their own and end by their index.

import type { ChatEvent, StreamFailureClass } from '../../core/event.ts';
import type { Failure } from '../../core/failure.ts';
import { asString, isObject } from '../../core/json.ts';
import { told } from '../told.ts';
import { isOfText, readCitation } from './citation.ts';
import { readFinishReason } from './finish.ts';
import { readLogprobs } from './logprobs.ts';
import { protocolFailure, readError } from './read-error.ts';
import { readUsage } from './usage.ts';

export type Fields = Readonly<Record<string, unknown>>;

export type Assembly = {
  /** What the last steps came to; taken by `takeEvents`. */
  events: ChatEvent[];
  blocks: number;
  hasStarted: boolean;
  hasCalls: boolean;
  isOver: boolean;
  replyId: string;
  open: { readonly kind: 'text' | 'reasoning'; readonly block: number } | undefined;
  /** Calls whose end has not come, by their index. */
  calls: Map<unknown, OpenCall>;
};
/** `held`: arguments so far that may yet turn out to be none. */
type OpenCall = { readonly block: number; held: string | undefined };

export function newAssembly(): Assembly {
  return {
    events: [],
    blocks: 0,
    hasStarted: false,
    hasCalls: false,
    isOver: false,
    replyId: '',
    open: undefined,
    calls: new Map(),
  };
}

export function takeEvents(assembly: Assembly): readonly ChatEvent[] {
  const { events } = assembly;
  if (events.length > 0) assembly.events = [];
  return events;
}

/** Cohere names neither its model nor the time. */
export function takeStart(assembly: Assembly, id: unknown): void {
  if (assembly.hasStarted) return;
  assembly.hasStarted = true;
  assembly.replyId = asString(id) ?? '';
  assembly.events.push({ type: 'start', ...told({ id: asString(id) }) });
}

/** A part of the content, whole or one piece of it. */
export function takeContent(assembly: Assembly, content: unknown, probabilities: unknown): void {
  if (!isObject(content)) return;
  const { thinking, text } = content;
  if (typeof thinking === 'string') takeReasoning(assembly, thinking);
  if (typeof text === 'string' && text !== '') {
    const block = openBlock(assembly, 'text');
    const logprobs = readLogprobs(probabilities);
    assembly.events.push(
      logprobs === undefined
        ? { type: 'text-delta', block, text }
        : { type: 'text-delta', block, text, logprobs },
    );
  }
}

/** What the model means to do with its tools; thinking, too. */
export function takeReasoning(assembly: Assembly, text: string): void {
  if (text === '') return;
  const block = openBlock(assembly, 'reasoning');
  assembly.events.push({ type: 'reasoning-delta', block, text });
}

/** For the text before it, which is still open. */
export function takeCitation(assembly: Assembly, citation: unknown): void {
  if (assembly.open?.kind !== 'text' || !isObject(citation) || !isOfText(citation)) return;
  assembly.events.push({ type: 'citation', block: assembly.open.block, citation: readCitation(citation) });
}

/** Another part of the content begins, or nothing more comes. */
export function closeContent(assembly: Assembly): void {
  if (assembly.open === undefined) return;
  const { kind, block } = assembly.open;
  assembly.open = undefined;
  assembly.events.push({ type: kind === 'text' ? 'text-end' : 'reasoning-end', block });
}

export function takeCall(assembly: Assembly, index: unknown, call: unknown): void {
  const called = isObject(call) && isObject(call['function']) ? call['function'] : {};
  const name = asString(called['name']) ?? '';
  if (name === '') {
    failProtocol(assembly, 'the provider sent a tool call without a name');
    return;
  }
  closeContent(assembly);
  endCall(assembly, index);
  const block = assembly.blocks++;
  const given = isObject(call) ? asString(call['id']) : undefined;
  const id = given === undefined || given === '' ? `call_${assembly.replyId}_${block}` : given;
  assembly.hasCalls = true;
  assembly.calls.set(index, { block, held: '' });
  assembly.events.push({ type: 'tool-call-start', block, id, name });
  takeArguments(assembly, index, called['arguments']);
}

/** Of a call without arguments some models say `null`: it waits until it is clear that it is nothing else. */
export function takeArguments(assembly: Assembly, index: unknown, text: unknown): void {
  const call = assembly.calls.get(index);
  if (call === undefined || typeof text !== 'string' || text === '') return;
  const said = (call.held ?? '') + text;
  call.held = call.held !== undefined && 'null'.startsWith(said.trim()) ? said : undefined;
  if (call.held !== undefined) return;
  assembly.events.push({ type: 'tool-call-delta', block: call.block, arguments: said });
}

export function endCall(assembly: Assembly, index: unknown): void {
  const call = assembly.calls.get(index);
  if (call === undefined) return;
  const { block, held } = call;
  assembly.calls.delete(index);
  if (held !== undefined) assembly.events.push({ type: 'tool-call-delta', block, arguments: '{}' });
  assembly.events.push({ type: 'tool-call-end', block });
}

/** `{finish_reason, usage, error?}`: the reply is complete, or has failed; what it cost is told in both cases. */
export function takeEnd(assembly: Assembly, end: Fields): void {
  const raw = asString(end['finish_reason'])?.toUpperCase();
  const usage = readUsage(end['usage']);
  const hasFailed = raw === 'ERROR' || raw === 'TIMEOUT' || asString(end['error']) !== undefined;
  if (!hasFailed) {
    closeContent(assembly);
    for (const index of assembly.calls.keys()) endCall(assembly, index);
  }
  if (usage !== undefined) assembly.events.push({ type: 'usage', usage });
  if (!hasFailed) {
    assembly.isOver = true;
    assembly.events.push({ type: 'finish', reason: readFinishReason(raw, assembly.hasCalls) });
  } else fail(assembly, raw === 'TIMEOUT' ? 408 : 200, { message: end['error'] });
}

/** `status`: the one that says the same, 200 where there is none. */
export function fail(assembly: Assembly, status: number, body: unknown): void {
  const { failure, class: failed } = readError(status, body);
  takeFailure(assembly, failure, failed);
}

export function failProtocol(assembly: Assembly, message: string): void {
  takeFailure(assembly, protocolFailure(message), 'protocol');
}

function takeFailure(assembly: Assembly, failure: Failure, failed: StreamFailureClass): void {
  if (assembly.isOver) return;
  assembly.isOver = true;
  assembly.events.push({ type: 'failure', failure, class: failed });
}

function openBlock(assembly: Assembly, kind: 'text' | 'reasoning'): number {
  if (assembly.open?.kind === kind) return assembly.open.block;
  closeContent(assembly);
  const block = assembly.blocks++;
  assembly.open = { kind, block };
  assembly.events.push({ type: kind === 'text' ? 'text-start' : 'reasoning-start', block });
  return block;
}
