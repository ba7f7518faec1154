// Token counts on the wire. Anthropic's buckets do not overlap, as ours do not: `input_tokens` leaves out what was read
// from or written to the prompt cache. https://docs.anthropic.com/en/docs/build-with-claude/prompt-caching

import type { ChatEvent } from '../../core/event.ts';
import { isObject, type JsonObject } from '../../core/json.ts';
import { tokenCount, type Usage } from '../../core/usage.ts';
import { readCost } from '../reported-cost.ts';
import { told } from '../told.ts';
import { NO_EVENTS } from './block-reader.ts';

/** One event, or none when the provider told nothing. */
export function readUsage(usage: unknown): readonly ChatEvent[] {
  return isObject(usage) ? [{ type: 'usage', usage: countAll(usage) }] : NO_EVENTS;
}

/** The counts of a whole reply, or of one piece of a stream. */
export function usageIn({ usage }: JsonObject): Usage | undefined {
  return isObject(usage) ? countAll(usage) : undefined;
}

/** The prompt's part alone: at its start a stream reports a placeholder for the output, which is yet to come. */
export function readInputUsage(usage: unknown): readonly ChatEvent[] {
  if (!isObject(usage)) return NO_EVENTS;
  const { output: _output, reasoning: _reasoning, ...input } = countAll(usage);
  return [{ type: 'usage', usage: input }];
}

/** The SDK's types want every count: one that nobody told is 0. `cost` for who asked for it. */
export function writeUsage(usage: Usage, cost?: number): JsonObject {
  const output = usage.output ?? 0;
  return {
    input_tokens: usage.uncachedInput ?? 0,
    cache_creation_input_tokens: usage.cacheWrite ?? 0,
    cache_read_input_tokens: usage.cacheRead ?? 0,
    output_tokens: output,
    ...(usage.cacheWriteLong === undefined ? {} : { cache_creation: writeKept(usage, usage.cacheWriteLong) }),
    ...(usage.reasoning === undefined
      ? {}
      : { output_tokens_details: { thinking_tokens: Math.min(usage.reasoning, output) } }),
    ...(cost === undefined ? {} : { cost }),
  };
}

/** How long what was written is kept: https://platform.claude.com/docs/en/build-with-claude/prompt-caching */
function writeKept({ cacheWrite = 0 }: Usage, long: number): JsonObject {
  return { ephemeral_5m_input_tokens: Math.max(0, cacheWrite - long), ephemeral_1h_input_tokens: long };
}

function countAll(usage: Record<string, unknown>): Usage {
  const rounds = billedRounds(usage['iterations']);
  return rounds.length === 0 ? readCounts(usage) : rounds.map(readCounts).reduce(add);
}

/**
 * A reply that was compacted on the way was sampled more than once, and the counts outside are those of the last
 * round. Rounds of an advisor have a bill of their own; one that fell back to another model is told outside in whole.
 * https://docs.anthropic.com/en/docs/build-with-claude/compaction
 */
function billedRounds(iterations: unknown): readonly Record<string, unknown>[] {
  if (!Array.isArray(iterations)) return [];
  const rounds = iterations.filter(isObject);
  if (rounds.some((round) => round['type'] === 'fallback_message')) return [];
  return rounds.filter((round) => round['type'] === 'message' || round['type'] === 'compaction');
}

function readCounts(usage: Record<string, unknown>): Usage {
  const details = usage['output_tokens_details'];
  const written = usage['cache_creation'];
  return told({
    uncachedInput: tokenCount(usage['input_tokens']),
    cacheRead: tokenCount(usage['cache_read_input_tokens']),
    cacheWrite: tokenCount(usage['cache_creation_input_tokens']),
    cacheWriteLong: isObject(written) ? tokenCount(written['ephemeral_1h_input_tokens']) : undefined,
    output: tokenCount(usage['output_tokens']),
    reasoning: isObject(details) ? tokenCount(details['thinking_tokens']) : undefined,
    costUsd: readCost(usage),
  });
}

function add(sum: Usage, round: Usage): Usage {
  return told({
    uncachedInput: addCounts(sum.uncachedInput, round.uncachedInput),
    cacheRead: addCounts(sum.cacheRead, round.cacheRead),
    cacheWrite: addCounts(sum.cacheWrite, round.cacheWrite),
    cacheWriteLong: addCounts(sum.cacheWriteLong, round.cacheWriteLong),
    output: addCounts(sum.output, round.output),
    reasoning: addCounts(sum.reasoning, round.reasoning),
    costUsd: addCounts(sum.costUsd, round.costUsd),
  });
}

function addCounts(sum: number | undefined, count: number | undefined): number | undefined {
  return sum === undefined && count === undefined ? undefined : (sum ?? 0) + (count ?? 0);
}
