// A call of the output. It has two ids: the item's, which may change, and the call's, which its result is sent back with.
// Arguments come in pieces, or whole with the item's start, or only at its end.

import { asString, type JsonObject } from '../../core/json.ts';
import { makeCallId } from '../call-id.ts';
import { asFilled } from '../json-access.ts';
import type { Assembly } from './assembly.ts';
import { expandCalls, mayBeWrapper } from './parallel-calls.ts';
import { restOf } from './rest.ts';

export type OpenCall = {
  readonly kind: 'call';
  isDone: boolean;
  readonly isCustom: boolean;
  id: string;
  name: string;
  /** Absent until its name is known, and known not to stand for several calls. */
  block: number | undefined;
  /** Arguments that have come in pieces. */
  text: string;
  /** How much of them has been passed on. */
  passed: number;
  /** Arguments that came with the item's start. */
  given: string;
};

export function newCall(item: JsonObject): OpenCall {
  const isCustom = item['type'] === 'custom_tool_call';
  return {
    kind: 'call',
    isDone: false,
    isCustom,
    id: asFilled(item['call_id']) ?? '',
    name: asFilled(item['name']) ?? '',
    block: undefined,
    text: '',
    passed: 0,
    given: argumentsIn(item, isCustom) ?? '',
  };
}

/** A call that was given arguments but never a name: nobody can execute it. */
export function isNameless(call: OpenCall): boolean {
  return call.isDone && call.name === '' && call.text.trim() !== '';
}

/** It has begun: callers may be told its name. */
export function startCall(assembly: Assembly, call: OpenCall): void {
  if (call.name !== '' && !mayBeWrapper(call.name)) openBlock(assembly, call);
}

export function sayArguments(assembly: Assembly, call: OpenCall, text: string): void {
  if (call.isDone) return;
  call.text += text;
  passOn(assembly, call);
}

/** The arguments in full, which their end repeats. */
export function sayArgumentsRest(assembly: Assembly, call: OpenCall, full: string | undefined): void {
  sayArguments(assembly, call, restOf(call.text, full));
}

/** `item`: as it is in the end; empty when nobody told. */
export function endCall(assembly: Assembly, call: OpenCall, item: JsonObject): void {
  if (call.name === '') call.name = asFilled(item['name']) ?? '';
  if (call.id === '') call.id = asFilled(item['call_id']) ?? '';
  call.text += restOf(call.text, argumentsIn(item, call.isCustom) ?? call.given);
  if (call.name === '') return;
  const within = call.block === undefined && mayBeWrapper(call.name) ? expandCalls(call.text) : undefined;
  if (within === undefined) {
    const block = openBlock(assembly, call);
    passOn(assembly, call);
    assembly.events.push({ type: 'tool-call-end', block });
    return;
  }
  for (const [index, { name, arguments: text }] of within.entries()) {
    const one: OpenCall = { ...call, id: `${call.id}_${index}`, name, text, passed: 0 };
    const block = openBlock(assembly, one);
    passOn(assembly, one);
    assembly.events.push({ type: 'tool-call-end', block });
  }
}

function argumentsIn(item: JsonObject, isCustom: boolean): string | undefined {
  return asString(isCustom ? item['input'] : item['arguments']);
}

function passOn(assembly: Assembly, call: OpenCall): void {
  if (call.block === undefined || call.passed === call.text.length) return;
  const text = call.text.slice(call.passed);
  call.passed = call.text.length;
  assembly.events.push({ type: 'tool-call-delta', block: call.block, arguments: text });
}

function openBlock(assembly: Assembly, call: OpenCall): number {
  if (call.block !== undefined) return call.block;
  const block = assembly.blocks++;
  call.block = block;
  assembly.hasCalls = true;
  if (call.id === '') call.id = makeCallId(`${block} ${call.name}`);
  assembly.events.push({
    type: 'tool-call-start',
    block,
    id: call.id,
    name: call.name,
    ...(call.isCustom ? { custom: true } : {}),
  });
  return block;
}
