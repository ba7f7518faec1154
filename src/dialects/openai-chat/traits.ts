// What the writer must know of a model behind an OpenAI-chat endpoint. A provider supplies these per model.

import type { CacheSpelling } from '../openai-cache-mark.ts';

export type OpenaiChatTraits = {
  /** Newer OpenAI models refuse `max_tokens`; most compatible servers know nothing else. */
  readonly outputCapField: 'max_tokens' | 'max_completion_tokens';
  readonly systemRole: 'system' | 'developer';
  /** temperature, top_p and logprobs are accepted. */
  readonly sampling: boolean;
  /** They are accepted all the same while the effort is `none`. */
  readonly samplingWithoutReasoning?: true;
  /** frequency_penalty, presence_penalty and logit_bias are accepted. */
  readonly penalties: boolean;
  readonly stop: boolean;
  /** Efforts it takes in `reasoning_effort`, weakest first; empty: the field is not sent. */
  readonly efforts: readonly string[];
  /** Tools are refused unless the effort is `none`. */
  readonly toolsOnlyWithoutReasoning?: true;
  readonly structuredOutput: 'json-schema' | 'json-object';
  readonly strictTools: boolean;
  readonly parallelToolCalls: boolean;
  /** `tool` messages may carry an array of text parts; otherwise their texts are joined. */
  readonly toolResultParts: boolean;
  /** `file` parts in user messages. */
  readonly documents: boolean;
  /** `prompt_cache_breakpoint` or `cache_control` on parts. */
  readonly cacheMarks: CacheSpelling;
  /** OpenRouter's `reasoning_details` on assistant messages: opaque reasoning can go back. */
  readonly reasoningDetails: boolean;
  readonly userField: 'safety_identifier' | 'user' | 'none';
  /** `stream_options.include_usage` is understood. */
  readonly streamUsage: boolean;
  /** service_tier, verbosity and metadata are OpenAI's own and not understood here. */
  readonly hints?: false;
};
