// Token counts on the wire. Anthropic's buckets do not overlap, as ours do not: `input_tokens` leaves out what was read
// from or written to the prompt cache. https://docs.anthropic.com/en/docs/build-with-claude/prompt-caching

import type { ChatEvent } from '../../core/event.ts';
import { isObject, type JsonObject } from '../../core/json.ts';
import { tokenCount, type Usage } from '../../core/usage.ts';
import { told } from '../told.ts';
import { NO_EVENTS } from './block-reader.ts';

/** One event, or none when the provider told nothing. */
export function readUsage(usage: unknown): readonly ChatEvent[] {
  return isObject(usage) ? [{ type: 'usage', usage: countAll(usage) }] : NO_EVENTS;
}

/** The prompt's part alone: at its start a stream reports a placeholder for the output, which is yet to come. */
export function readInputUsage(usage: unknown): readonly ChatEvent[] {
  if (!isObject(usage)) return NO_EVENTS;
  const { output: _output, reasoning: _reasoning, ...input } = countAll(usage);
  return [{ type: 'usage', usage: input }];
}

/** The SDK's types want every count: one that nobody told is 0. */
export function writeUsage(usage: Usage): JsonObject {
  const output = usage.output ?? 0;
  return {
    input_tokens: usage.uncachedInput ?? 0,
    cache_creation_input_tokens: usage.cacheWrite ?? 0,
    cache_read_input_tokens: usage.cacheRead ?? 0,
    output_tokens: output,
    ...(usage.reasoning === undefined
      ? {}
      : { output_tokens_details: { thinking_tokens: Math.min(usage.reasoning, output) } }),
  };
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
  return told({
    uncachedInput: tokenCount(usage['input_tokens']),
    cacheRead: tokenCount(usage['cache_read_input_tokens']),
    cacheWrite: tokenCount(usage['cache_creation_input_tokens']),
    output: tokenCount(usage['output_tokens']),
    reasoning: isObject(details) ? tokenCount(details['thinking_tokens']) : undefined,
  });
}

function add(sum: Usage, round: Usage): Usage {
  return told({
    uncachedInput: addCounts(sum.uncachedInput, round.uncachedInput),
    cacheRead: addCounts(sum.cacheRead, round.cacheRead),
    cacheWrite: addCounts(sum.cacheWrite, round.cacheWrite),
    output: addCounts(sum.output, round.output),
    reasoning: addCounts(sum.reasoning, round.reasoning),
  });
}

function addCounts(sum: number | undefined, count: number | undefined): number | undefined {
  return sum === undefined && count === undefined ? undefined : (sum ?? 0) + (count ?? 0);
}
