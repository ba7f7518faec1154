// "Up to here the prompt may be cached", in the two spellings of this dialect: OpenAI's `prompt_cache_breakpoint` and
// OpenRouter's `cache_control`, which is Anthropic's.
// https://platform.openai.com/docs/guides/prompt-caching
// https://openrouter.ai/docs/features/prompt-caching

import type { CacheMark } from '../../core/chat.ts';
import { told } from '../told.ts';
import type { OpenaiChatTraits } from './traits.ts';
import type { WireCacheHints } from './wire.ts';

export function readCacheMark(hints: WireCacheHints): { readonly cacheMark?: CacheMark } {
  const hint = hints.prompt_cache_breakpoint ?? hints.cache_control;
  return hint === undefined || hint === null ? {} : { cacheMark: told({ ttl: hint.ttl }) };
}

/** The fields to put beside a part's own. */
export function writeCacheMark(mark: CacheMark | undefined, spelling: OpenaiChatTraits['cacheMarks']) {
  if (mark === undefined) return {};
  switch (spelling) {
    case 'none':
      return {};
    case 'prompt_cache_breakpoint':
      return { prompt_cache_breakpoint: { mode: 'explicit', ...writeTtl(mark.ttl, OPENAI_TTLS) } };
    case 'cache_control':
      return { cache_control: { type: 'ephemeral', ...writeTtl(mark.ttl, ANTHROPIC_TTLS) } };
  }
}

// OpenAI knows 30m and 12h and keeps a prompt for 30m unless told otherwise; Anthropic knows 5m, its default, and 1h.
// A time that the other side lacks becomes the nearest one.
const OPENAI_TTLS = new Map<string, string | undefined>([
  ['5m', undefined],
  ['1h', '30m'],
]);
const ANTHROPIC_TTLS = new Map<string, string | undefined>([
  ['30m', '1h'],
  ['12h', '1h'],
]);

function writeTtl(ttl: string | undefined, renamed: ReadonlyMap<string, string | undefined>) {
  return ttl === undefined ? {} : told({ ttl: renamed.has(ttl) ? renamed.get(ttl) : ttl });
}
