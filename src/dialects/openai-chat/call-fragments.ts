// Tool calls out of their fragments. By the book, `index` tells parallel calls apart, id and name come once and first,
// and arguments are text in any number of pieces. Servers deviate from each of these: no index, one index for all, no
// id, an id on every fragment, the name later, arguments as an object.

import type { ChatEvent } from '../../core/event.ts';
import { isObject, type Json, type JsonObject } from '../../core/json.ts';
import { makeCallId } from '../call-id.ts';
import { asFilled, asObject } from '../json-access.ts';

export type OpenCall = {
  readonly index: number;
  id: string;
  name: string;
  isCustom: boolean;
  /** Absent until the name is known. */
  block: number | undefined;
  arguments: string;
};

export type CallSink = {
  readonly replyId: string;
  /** The number of a new block. */
  readonly startBlock: () => number;
  readonly emit: (event: ChatEvent) => void;
};

/** Changes `calls` in place. */
export function takeCallFragments(calls: OpenCall[], fragments: readonly Json[], sink: CallSink): void {
  for (const [position, element] of fragments.entries()) {
    const fragment = readFragment(asObject(element) ?? {}, position);
    takeFragment(findCall(calls, fragment), fragment, calls, sink);
  }
}

/** A call that was given arguments but never a name: nobody can execute it. */
export function isNameless(call: OpenCall): boolean {
  return call.block === undefined && call.arguments.trim() !== '';
}

type Fragment = {
  readonly index: number;
  readonly id: string;
  readonly name: string;
  readonly isCustom: boolean;
  readonly arguments: string;
};

function readFragment(fragment: JsonObject, position: number): Fragment {
  const custom = asObject(fragment['custom']);
  const called = custom ?? asObject(fragment['function']) ?? {};
  const index = fragment['index'];
  return {
    index: typeof index === 'number' ? index : position,
    id: asFilled(fragment['id']) ?? '',
    name: asFilled(called['name']) ?? '',
    isCustom: custom !== undefined,
    arguments: argumentsText(custom === undefined ? called['arguments'] : called['input']),
  };
}

function argumentsText(value: Json | undefined): string {
  if (typeof value === 'string') return value;
  return isObject(value) ? JSON.stringify(value) : '';
}

/** The call that a fragment goes on with: the last one at its index, unless the fragment begins another there. */
function findCall(calls: readonly OpenCall[], fragment: Fragment): OpenCall | undefined {
  const call = calls.findLast(({ index }) => index === fragment.index);
  return call === undefined || startsAnother(call, fragment) ? undefined : call;
}

function startsAnother(call: OpenCall, fragment: Fragment): boolean {
  // Old vLLM put a fresh id on every fragment, so an id begins a call only beside a name.
  if (call.block === undefined || fragment.name === '') return false;
  if (fragment.id !== '') return fragment.id !== call.id;
  // Without ids, what follows complete arguments and has its own is another call. Asked for only in this case, since
  // an object that parses can also be the beginning of broken arguments.
  return fragment.arguments !== '' && isCompleteObject(call.arguments);
}

function isCompleteObject(text: string): boolean {
  try {
    return isObject(JSON.parse(text));
  } catch {
    return false;
  }
}

function takeFragment(
  known: OpenCall | undefined,
  fragment: Fragment,
  calls: OpenCall[],
  sink: CallSink,
): void {
  const call = known ?? newCall(fragment, calls);
  call.arguments += fragment.arguments;
  if (call.block !== undefined) {
    emitArguments(call.block, fragment.arguments, sink);
    return;
  }
  call.id = call.id === '' ? fragment.id : call.id;
  call.name = fragment.name;
  call.isCustom ||= fragment.isCustom;
  if (call.name !== '') startCall(call, calls, sink);
}

function newCall({ index }: Fragment, calls: OpenCall[]): OpenCall {
  const call = { index, id: '', name: '', isCustom: false, block: undefined, arguments: '' };
  calls.push(call);
  return call;
}

function startCall(call: OpenCall, calls: readonly OpenCall[], sink: CallSink): void {
  const block = sink.startBlock();
  call.block = block;
  if (call.id === '') call.id = makeCallId(`${sink.replyId} ${calls.indexOf(call)} ${call.name}`);
  const { id, name } = call;
  sink.emit({ type: 'tool-call-start', block, id, name, ...(call.isCustom ? { custom: true } : {}) });
  emitArguments(block, call.arguments, sink);
}

function emitArguments(block: number, text: string, sink: CallSink): void {
  if (text !== '') sink.emit({ type: 'tool-call-delta', block, arguments: text });
}
