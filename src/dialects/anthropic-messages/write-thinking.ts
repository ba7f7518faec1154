// Reasoning: what was asked for in efforts, modes or budgets, in the words that the model understands. Newer models
// decide for themselves how long they think (`adaptive`) and take an effort; older ones take a budget of tokens.
// https://docs.anthropic.com/en/docs/build-with-claude/adaptive-thinking
// https://docs.anthropic.com/en/docs/build-with-claude/extended-thinking

import type { ReasoningSettings } from '../../core/chat.ts';
import type { JsonObject } from '../../core/json.ts';
import { told } from '../told.ts';
import type { Losses } from '../losses.ts';
import type { AnthropicMessagesTraits } from './traits.ts';

export type Thinking = {
  /** `thinking` */
  readonly config?: JsonObject;
  /** `output_config.effort` */
  readonly effort?: string;
  readonly maxTokens: number;
};

export type ThinkingContext = {
  /** The caller's cap on the output; absent: none. */
  readonly maxOutputTokens: number | undefined;
  /** The model is in the midst of its tools, and its thinking about them cannot be given back. */
  readonly hasLostThread: boolean;
};

export function writeThinking(
  wish: ReasoningSettings | undefined,
  context: ThinkingContext,
  traits: AnthropicMessagesTraits,
  losses: Losses,
): Thinking {
  const maxTokens = capTokens(context.maxOutputTokens, traits, losses);
  return wish === undefined ? { maxTokens } : { maxTokens, ...think(wish, context, traits, losses) };
}

/** Thinking with a budget of tokens. */
export function isManual({ config }: Pick<Thinking, 'config'>): boolean {
  return config?.['type'] === 'enabled';
}

export function isThinkingOn({ config }: Pick<Thinking, 'config'>): boolean {
  return config?.['type'] === 'enabled' || config?.['type'] === 'adaptive';
}

function capTokens(wanted: number | undefined, traits: AnthropicMessagesTraits, losses: Losses): number {
  const most = traits.maxOutputTokens;
  if (wanted === undefined) return most;
  if (wanted > most) losses.add('clamped', 'max_tokens');
  return Math.min(wanted, most);
}

function think(
  wish: ReasoningSettings,
  context: ThinkingContext,
  traits: AnthropicMessagesTraits,
  losses: Losses,
): Partial<Thinking> {
  const { mode, effort, budgetTokens, summary } = wish;
  // A model that reasons in any case is only asked to show it; this one would begin to.
  if (summary !== undefined && mode === undefined && effort === undefined && budgetTokens === undefined) {
    losses.add('dropped', 'thinking.display');
    return {};
  }
  if (mode === 'disabled') return { ...switchOff(traits, losses), ...writeEffort(effort, traits, losses) };
  if (mode === undefined && effort === 'none') return switchOff(traits, losses);
  if (mode === 'between_tools') return thinkBetweenTools(wish, traits, losses);
  return budgetTokens === undefined
    ? thinkFreely(wish, context, traits, losses)
    : thinkWithin(budgetTokens, wish, context, traits, losses);
}

/** As little thinking as the model can do. */
function switchOff(traits: AnthropicMessagesTraits, losses: Losses): Partial<Thinking> {
  const { disable, adaptive, betweenTools } = traits.thinking;
  if (disable) return { config: { type: 'disabled' } };
  // Such a model does not think unless it is told to.
  if (!adaptive) return {};
  losses.add('emulated', 'reasoning_effort');
  return betweenTools ? { config: { type: 'between_tools' } } : told({ effort: traits.efforts[0] });
}

function thinkBetweenTools(
  wish: ReasoningSettings,
  traits: AnthropicMessagesTraits,
  losses: Losses,
): Partial<Thinking> {
  const effort = writeEffort(wish.effort, traits, losses);
  if (traits.thinking.betweenTools) {
    return { config: { type: 'between_tools', ...told({ display: wish.display }) }, ...effort };
  }
  losses.add('emulated', 'thinking');
  return { ...switchOff(traits, losses), ...effort };
}

/** As long as the model thinks fit, in keeping with an effort. */
function thinkFreely(
  wish: ReasoningSettings,
  context: ThinkingContext,
  traits: AnthropicMessagesTraits,
  losses: Losses,
): Partial<Thinking> {
  if (traits.thinking.adaptive) {
    // Newer models leave the text out unless they are asked for it, and a caller who names an effort is used to see it.
    const display = wish.display ?? (wish.mode === 'adaptive' ? undefined : 'summarized');
    return {
      config: { type: 'adaptive', ...told({ display }) },
      ...writeEffort(wish.effort, traits, losses),
    };
  }
  if (traits.thinking.budget) {
    if (wish.mode === 'adaptive') losses.add('emulated', 'thinking');
    return thinkInProportion(wish, context, traits, losses);
  }
  if (wish.mode !== undefined) losses.add('dropped', 'thinking');
  return writeEffort(wish.effort, traits, losses);
}

const BUDGET_TOKENS_MIN = 1024;

/** A budget that the caller chose is part of the caller's cap, as it is for the API. */
function thinkWithin(
  tokens: number,
  wish: ReasoningSettings,
  context: ThinkingContext,
  traits: AnthropicMessagesTraits,
  losses: Losses,
): Partial<Thinking> {
  if (!traits.thinking.budget) {
    losses.add('emulated', 'thinking.budget_tokens');
    return thinkFreely({ effort: effortOf(tokens), ...wish }, context, traits, losses);
  }
  if (context.hasLostThread) return goOnWithout(traits, losses);
  const most = Math.min(context.maxOutputTokens ?? traits.maxOutputTokens, traits.maxOutputTokens) - 1;
  const budget = Math.min(Math.max(tokens, BUDGET_TOKENS_MIN), most);
  if (budget < BUDGET_TOKENS_MIN) {
    losses.add('dropped', 'thinking');
    return {};
  }
  if (budget !== tokens) losses.add('clamped', 'thinking.budget_tokens');
  return {
    config: { type: 'enabled', budget_tokens: budget, ...told({ display: wish.display }) },
    ...writeEffort(wish.effort, traits, losses),
  };
}

/** What a budget comes to as an effort, and an effort as a part of the model's whole output. */
function effortOf(budgetTokens: number): string {
  if (budgetTokens <= 4096) return 'low';
  return budgetTokens <= 16_384 ? 'medium' : 'high';
}

const BUDGET_PARTS: ReadonlyMap<string, number> = new Map([
  ['minimal', 0.02],
  ['low', 0.1],
  ['medium', 0.3],
  ['high', 0.6],
  ['xhigh', 0.9],
  ['max', 0.95],
]);
const EFFORT_USUAL = 'medium';
const BUDGET_PART_USUAL = 0.3;

/** Thinking eats from the cap: it is raised by the budget, so that the caller can read as much as they asked for. */
function thinkInProportion(
  wish: ReasoningSettings,
  context: ThinkingContext,
  traits: AnthropicMessagesTraits,
  losses: Losses,
): Partial<Thinking> {
  if (context.hasLostThread) return goOnWithout(traits, losses);
  const cap = context.maxOutputTokens;
  const most = traits.maxOutputTokens;
  const part = BUDGET_PARTS.get(wish.effort ?? EFFORT_USUAL);
  if (part === undefined) losses.add('clamped', 'reasoning_effort');
  const budget = Math.max(BUDGET_TOKENS_MIN, Math.floor(most * (part ?? BUDGET_PART_USUAL)));
  const raised = (cap ?? most) + budget;
  const maxTokens = Math.min(raised, most);
  if (budget >= maxTokens) {
    losses.add('dropped', 'reasoning_effort');
    return {};
  }
  if (cap !== undefined && raised > most) losses.add('clamped', 'max_tokens');
  return {
    config: { type: 'enabled', budget_tokens: budget, ...told({ display: wish.display }) },
    maxTokens,
  };
}

/** With a budget, the API wants a turn that goes on after a tool to begin with its thinking; adaptive models do not. */
function goOnWithout(traits: AnthropicMessagesTraits, losses: Losses): Partial<Thinking> {
  losses.add('dropped', 'reasoning_effort');
  return traits.thinking.disable ? { config: { type: 'disabled' } } : {};
}

const EFFORTS: readonly string[] = ['minimal', 'low', 'medium', 'high', 'xhigh', 'max'];

/** The strongest effort of the model's that is no stronger than the caller's, or its weakest. */
function writeEffort(
  effort: string | undefined,
  traits: AnthropicMessagesTraits,
  losses: Losses,
): Pick<Thinking, 'effort'> {
  if (effort === undefined || effort === 'none') return {};
  const weakest = traits.efforts[0];
  if (weakest === undefined) {
    losses.add('dropped', 'reasoning_effort');
    return {};
  }
  // A word that is new to us may not be new to the model.
  if (traits.efforts.includes(effort) || !EFFORTS.includes(effort)) return { effort };
  losses.add('clamped', 'reasoning_effort');
  const ceiling = EFFORTS.indexOf(effort);
  return { effort: traits.efforts.findLast((known) => EFFORTS.indexOf(known) <= ceiling) ?? weakest };
}
