// Reasoning: a switch and a budget of tokens. https://docs.cohere.com/docs/reasoning

import type { ChatRequest, ReasoningSettings } from '../../core/chat.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Losses } from '../losses.ts';
import type { CohereChatTraits } from './traits.ts';

export function writeThinking(
  { reasoning: wish, maxOutputTokens }: Pick<ChatRequest, 'reasoning' | 'maxOutputTokens'>,
  traits: CohereChatTraits,
  losses: Losses,
): JsonObject | undefined {
  if (wish === undefined) return undefined;
  if (wish.display !== undefined) losses.add('dropped', 'thinking.display');
  const { mode, effort, budgetTokens } = wish;
  if (mode === undefined && effort === undefined && budgetTokens === undefined) return undefined;
  const isOff = mode === 'disabled' || (mode === undefined && effort === 'none');
  if (!traits.thinking) {
    // Such a model need not be told not to think.
    if (!isOff && (mode ?? budgetTokens) !== undefined) losses.add('dropped', 'thinking');
    if ((effort ?? 'none') !== 'none') losses.add('dropped', 'reasoning_effort');
    return undefined;
  }
  if (isOff || mode === 'between_tools') {
    if (mode === 'between_tools') losses.add('emulated', 'thinking');
    if ((effort ?? 'none') !== 'none') losses.add('dropped', 'reasoning_effort');
    return { type: 'disabled' };
  }
  return { type: 'enabled', ...writeBudget(wish, maxOutputTokens ?? OUTPUT_TOKENS_MAX, losses) };
}

/** Of an effort and a budget the budget is the more exact. Neither: as long as the model thinks fit. */
function writeBudget({ effort, budgetTokens }: ReasoningSettings, cap: number, losses: Losses): JsonObject {
  if (budgetTokens !== undefined) {
    if (effort !== undefined) losses.add('dropped', 'reasoning_effort');
    return { token_budget: budgetTokens };
  }
  if (effort === undefined) return {};
  const part = BUDGET_PARTS.get(effort);
  if (part === undefined) losses.add('clamped', 'reasoning_effort');
  // Thinking counts as output, so the budget is a part of what the caller allows: something is left to read.
  return {
    token_budget: Math.max(1, Math.floor(Math.min(cap, OUTPUT_TOKENS_MAX) * (part ?? BUDGET_PART_USUAL))),
  };
}

/** https://docs.cohere.com/docs/command-a-reasoning */
const OUTPUT_TOKENS_MAX = 32_768;
const BUDGET_PART_USUAL = 0.3;
/** An effort as a part of the whole output, as https://ai-sdk.dev/providers/ai-sdk-providers/cohere does it. */
const BUDGET_PARTS: ReadonlyMap<string, number> = new Map([
  ['minimal', 0.02],
  ['low', 0.1],
  ['medium', BUDGET_PART_USUAL],
  ['high', 0.6],
  ['xhigh', 0.9],
  ['max', 0.95],
]);
