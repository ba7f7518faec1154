// "Up to here the prompt may be cached", in the two spellings of OpenAI's dialects: its own `prompt_cache_breakpoint` and
// OpenRouter's `cache_control`, which is Anthropic's.
// https://platform.openai.com/docs/guides/prompt-caching
// https://openrouter.ai/docs/features/prompt-caching

import type { CacheMark } from '../core/chat.ts';
import type { JsonObject } from '../core/json.ts';
import { told } from './told.ts';
import type { Losses } from './losses.ts';

/** What a provider understands. */
export type CacheSpelling = 'prompt_cache_breakpoint' | 'cache_control' | 'none';

type Hint = { readonly ttl?: string | null | undefined } | null | undefined;
type WireCacheHints = {
  readonly prompt_cache_breakpoint?: Hint;
  readonly cache_control?: Hint;
};

export function readCacheMark(hints: WireCacheHints): { readonly cacheMark?: CacheMark } {
  const hint = hints.prompt_cache_breakpoint ?? hints.cache_control;
  return hint === undefined || hint === null ? {} : { cacheMark: told({ ttl: hint.ttl }) };
}

/** The fields to put beside a part's own. */
export function writeCacheMark(
  mark: CacheMark | undefined,
  spelling: CacheSpelling,
  losses: Losses,
): JsonObject {
  if (mark === undefined) return {};
  switch (spelling) {
    case 'none':
      losses.add('dropped', 'cache_control');
      return {};
    case 'prompt_cache_breakpoint':
      return { prompt_cache_breakpoint: { mode: 'explicit', ...writeTtl(mark.ttl, AT_OPENAI, losses) } };
    case 'cache_control':
      return { cache_control: { type: 'ephemeral', ...writeTtl(mark.ttl, AT_ANTHROPIC, losses) } };
  }
}

/** What stands for a time that a side lacks: the nearest one that it has. */
type Stand = { readonly ttl?: string; readonly isShorter: boolean };

// OpenAI knows 30m and 12h and keeps a prompt for 30m unless told otherwise; Anthropic knows 5m, its default, and 1h.
const AT_OPENAI: ReadonlyMap<string, Stand> = new Map([
  ['5m', { isShorter: false }],
  ['1h', { ttl: '30m', isShorter: true }],
]);
const AT_ANTHROPIC: ReadonlyMap<string, Stand> = new Map([
  ['30m', { ttl: '1h', isShorter: false }],
  ['12h', { ttl: '1h', isShorter: true }],
]);

function writeTtl(ttl: string | undefined, stands: ReadonlyMap<string, Stand>, losses: Losses): JsonObject {
  const stand = stands.get(ttl ?? '');
  if (stand === undefined) return told({ ttl });
  if (stand.isShorter) losses.add('clamped', 'cache_control.ttl');
  return told({ ttl: stand.ttl });
}
