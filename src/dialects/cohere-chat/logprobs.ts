// Probabilities of the answer's pieces, in the words that callers know. A piece of several tokens has the sum of their
// logarithms. https://docs.cohere.com/reference/chat#response.body.logprobs

import type { TokenLogprob } from '../../core/event.ts';
import { isObject } from '../../core/json.ts';

/** `items`: one, as a stream has it, or all of a reply; `undefined` when there is none. */
export function readLogprobs(items: unknown): readonly TokenLogprob[] | undefined {
  if (items === undefined || items === null) return undefined;
  const listed: readonly unknown[] = Array.isArray(items) ? items : [items];
  const read = listed.flatMap(readLogprob);
  return read.length === 0 ? undefined : read;
}

function readLogprob(item: unknown): readonly TokenLogprob[] {
  if (!isObject(item) || !Array.isArray(item['logprobs'])) return [];
  const values = item['logprobs'].filter((value): value is number => typeof value === 'number');
  if (typeof item['text'] !== 'string' || values.length === 0) return [];
  const logprob = values.reduce((sum, value) => sum + value, 0);
  return [{ token: item['text'], logprob, bytes: null, top_logprobs: [] }];
}
