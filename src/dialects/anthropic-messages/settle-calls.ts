// Tool calls and their results, put right: every call gets an id that the API accepts and a result in the next turn, and
// a result of a call that was not made is dropped. Histories of other models break each of these rules.
// https://docs.anthropic.com/en/docs/agents-and-tools/tool-use/implement-tool-use

import { asString, type JsonObject } from '../../core/json.ts';
import type { Losses } from '../losses.ts';
import { EMPTY_USER_TURN, isEmpty, type AssistantTurn, type Turn } from './turns.ts';

export function settleCalls(turns: readonly Turn[], losses: Losses): readonly Turn[] {
  const ids = new Set<string>();
  const settled: Turn[] = [];
  let calls: readonly NamedCall[] = [];
  for (const turn of turns) {
    if (turn.role === 'assistant') {
      const named = nameCalls(turn, ids);
      calls = named.calls;
      settled.push(named.turn);
    } else {
      settled.push({ ...turn, results: answer(calls, turn.results, losses) });
      calls = [];
    }
  }
  if (calls.length > 0) settled.push({ ...EMPTY_USER_TURN, results: answer(calls, [], losses) });
  return settled.filter((turn) => !isEmpty(turn));
}

export function isCall(block: JsonObject): boolean {
  return block['type'] === 'tool_use';
}

export function isThinking(block: JsonObject): boolean {
  return block['type'] === 'thinking' || block['type'] === 'redacted_thinking';
}

type NamedCall = { readonly given: string; readonly id: string };

function nameCalls(turn: AssistantTurn, ids: Set<string>) {
  const calls: NamedCall[] = [];
  const blocks = turn.blocks.map((block) => {
    if (!isCall(block)) return block;
    const given = asString(block['id']) ?? '';
    const id = takeId(given, ids);
    calls.push({ given, id });
    return { ...block, id };
  });
  return { calls, turn: { role: 'assistant' as const, blocks: callsLast(blocks) } };
}

/**
 * Some models give the same id in every turn, and the API takes each once in a request. An id depends on those before
 * it alone, so that a conversation that grows keeps its beginning, and its place in the provider's cache.
 */
function takeId(given: string, ids: Set<string>): string {
  const allowed = given === '' ? 'call' : given.replace(/[^a-zA-Z0-9_-]/g, '_');
  let id = allowed;
  for (let count = 2; ids.has(id); count += 1) id = `${allowed}_${count}`;
  ids.add(id);
  return id;
}

/** Behind a call there are only calls, up to the next thinking block, whose place is fixed. */
function callsLast(blocks: readonly JsonObject[]): readonly JsonObject[] {
  const ordered: JsonObject[] = [];
  let calls: JsonObject[] = [];
  for (const block of blocks) {
    if (isCall(block)) {
      calls.push(block);
      continue;
    }
    if (isThinking(block)) {
      ordered.push(...calls);
      calls = [];
    }
    ordered.push(block);
  }
  return [...ordered, ...calls];
}

/** Results in the order they were given, then one for each call that has none. */
function answer(
  calls: readonly NamedCall[],
  results: readonly JsonObject[],
  losses: Losses,
): readonly JsonObject[] {
  const unanswered = [...calls];
  const answers: JsonObject[] = [];
  for (const result of results) {
    const place = unanswered.findIndex((call) => call.given === result['tool_use_id']);
    const [call] = place === -1 ? [] : unanswered.splice(place, 1);
    if (call === undefined) losses.add('dropped', 'messages.tool_call_id');
    else answers.push({ ...result, tool_use_id: call.id });
  }
  if (unanswered.length > 0) losses.add('emulated', 'messages.tool_call_id');
  return [...answers, ...unanswered.map(({ id }) => missingResult(id))];
}

function missingResult(id: string): JsonObject {
  return { type: 'tool_result', tool_use_id: id, content: 'No result provided', is_error: true };
}
