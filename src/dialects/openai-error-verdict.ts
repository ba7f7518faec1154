// What an error means: the class that retry and failover act on, and the kind that the caller is told.

import type { StreamFailureClass } from '../core/event.ts';
import type { FailureKind } from '../core/failure.ts';

export type Verdict = { readonly class: StreamFailureClass; readonly kind: FailureKind };

export function verdictOfCode(codes: readonly string[]): Verdict | undefined {
  for (const code of codes) {
    const verdict = VERDICTS.get(code);
    if (verdict !== undefined) return verdict;
  }
  return undefined;
}

/** Only for statuses that mean many things, and for what servers tell in words alone. */
export function verdictOfText(text: string, status: number): Verdict | undefined {
  // https://docs.x.ai/developers/debugging: a wrong key is a 400 with code "invalid-argument".
  if (status === 400 && /\b(?:incorrect|invalid) api key\b/i.test(text)) return AUTH;
  if (STATUSES_OF_QUOTA.has(status) && QUOTA_PHRASES.test(text)) return QUOTA;
  if (STATUSES_OF_OVERFLOW.has(status) && OVERFLOW_PHRASES.test(text)) return OVERFLOW;
  return undefined;
}

export function verdictOfStatus(status: number): Verdict {
  const verdict = VERDICTS_OF_STATUSES.get(status);
  if (verdict !== undefined) return verdict;
  if (status >= 500) return SERVER;
  if (status >= 400) return REFUSED;
  // An error in a good reply without a number of its own; anything below 200 and above 299 is no answer of an API.
  return status >= 200 && status < 300 ? SERVER : PROTOCOL;
}

const REFUSED: Verdict = { class: 'client', kind: 'invalid-request' };
const OVERFLOW: Verdict = { class: 'client', kind: 'context-overflow' };
const FILTERED: Verdict = { class: 'client', kind: 'content-filtered' };
const NO_MODEL: Verdict = { class: 'client', kind: 'model-not-found' };
const TOO_LARGE: Verdict = { class: 'client', kind: 'too-large' };
const AUTH: Verdict = { class: 'auth', kind: 'upstream-auth' };
/** Our money, not the caller's: to the caller it is the provider's failure, and `quota-exhausted` is a budget here. */
const QUOTA: Verdict = { class: 'quota', kind: 'upstream-error' };
const RATE: Verdict = { class: 'ratelimit', kind: 'rate-limited' };
const OVERLOAD: Verdict = { class: 'overload', kind: 'overloaded' };
const SERVER: Verdict = { class: 'server', kind: 'upstream-error' };
const TIMEOUT: Verdict = { class: 'timeout', kind: 'upstream-timeout' };
/** A proxy in front of the provider gave up: the provider may be fine, so it is tried again like any 5xx. */
const GATEWAY_TIMEOUT: Verdict = { class: 'server', kind: 'upstream-timeout' };
const PROTOCOL: Verdict = { class: 'protocol', kind: 'upstream-protocol' };

const VERDICTS_OF_STATUSES: ReadonlyMap<number, Verdict> = new Map([
  [401, AUTH],
  [402, QUOTA],
  [403, AUTH],
  [404, NO_MODEL],
  [408, TIMEOUT],
  [409, SERVER],
  [413, TOO_LARGE],
  [424, SERVER],
  [425, SERVER],
  [429, RATE],
  [503, OVERLOAD],
  [504, GATEWAY_TIMEOUT],
  [524, GATEWAY_TIMEOUT],
  [529, OVERLOAD],
]);

const VERDICTS: ReadonlyMap<string, Verdict> = new Map([
  // OpenAI: https://platform.openai.com/docs/guides/error-codes
  ['invalid_api_key', AUTH],
  ['authentication_error', AUTH],
  ['insufficient_quota', QUOTA],
  ['credit_balance_exhausted', QUOTA],
  ['organization_spend_limit_exceeded', QUOTA],
  ['project_spend_limit_exceeded', QUOTA],
  ['organization_usage_limit_exceeded', QUOTA],
  ['billing_hard_limit_reached', QUOTA],
  ['billing_not_active', QUOTA],
  ['rate_limit_exceeded', RATE],
  ['rate_limit_error', RATE],
  ['slow_down', RATE],
  ['server_is_overloaded', OVERLOAD],
  ['service_unavailable_error', OVERLOAD],
  ['server_error', SERVER],
  ['context_length_exceeded', OVERFLOW],
  ['content_policy_violation', FILTERED],
  ['content_filter', FILTERED],
  ['moderation_blocked', FILTERED],
  ['model_not_found', NO_MODEL],
  ['request_too_large', TOO_LARGE],
  // The Responses API, within a body of status 200: https://platform.openai.com/docs/api-reference/responses/object
  ['invalid_prompt', REFUSED],
  ['data_residency_mismatch', REFUSED],
  ['bio_policy', FILTERED],
  ['misalignment_policy_violation', FILTERED],
  ['image_content_policy_violation', FILTERED],
  // Azure OpenAI: https://learn.microsoft.com/azure/ai-services/openai/concepts/content-filter
  ['ResponsibleAIPolicyViolation', FILTERED],
  ['DeploymentNotFound', NO_MODEL],
  ['RateLimitReached', RATE],
  ['too_many_requests', RATE],
  ['no_capacity', OVERLOAD],
  // OpenRouter's `metadata.error_type`: https://openrouter.ai/docs/api-reference/errors
  ['moderation', FILTERED],
  ['authentication', AUTH],
  ['payment_required', QUOTA],
  ['provider_overloaded', OVERLOAD],
  ['provider_unavailable', SERVER],
  ['server', SERVER],
  ['timeout', TIMEOUT],
  ['payload_too_large', TOO_LARGE],
  // llama.cpp: https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md
  ['exceed_context_size_error', OVERFLOW],
  ['unavailable_error', OVERLOAD],
  // LiteLLM, Perplexity: https://docs.perplexity.ai/docs/agent-api/error-handling
  ['throttling_error', RATE],
  ['request_rate_limit_exceeded', RATE],
  ['invalid_request', REFUSED],
  ['internal_error', SERVER],
  ['bad_gateway', SERVER],
  ['gateway_timeout', GATEWAY_TIMEOUT],
  ['too_many_prompt_tokens', OVERFLOW],
]);

// 200: an error in a good body or a stream that has no status of its own.
const STATUSES_OF_QUOTA: ReadonlySet<number> = new Set([200, 400, 403, 429]);
const QUOTA_PHRASES = /credit balance|insufficient (?:credits?|balance|funds|quota)|out of credits/i;

const STATUSES_OF_OVERFLOW: ReadonlySet<number> = new Set([200, 400, 413, 422]);
/** OpenAI, vLLM, SGLang, llama.cpp, Mistral, Azure and Perplexity, in this order. "String too long" is not one. */
const OVERFLOW_PHRASES = new RegExp(
  [
    'context length',
    'context window',
    "longer than the model's context",
    'available context size',
    'too large for model with',
    'input tokens exceed',
    'length of all messages is too long',
    'prompt is too long',
    'input is too long',
    'too many tokens',
  ].join('|'),
  'i',
);
