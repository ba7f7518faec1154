// How hard the model should think, in the words that it takes. Every way of asking (an effort, a token budget, a switch)
// comes down to one effort here, since an effort is all that OpenAI's dialects have.
// https://platform.openai.com/docs/guides/reasoning

import type { ReasoningSettings } from '../core/chat.ts';
import type { Losses } from './losses.ts';

/** Weakest first. */
const EFFORTS: readonly string[] = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'];

/** `accepted`: what the model takes, weakest first. */
export function writeEffort(
  settings: ReasoningSettings | undefined,
  accepted: readonly string[],
  losses: Losses,
): string | undefined {
  if (settings === undefined || asksOnlyToSee(settings)) return undefined;
  if (settings.effort !== undefined) nameRivals(settings, losses);
  const field = settings.effort === undefined ? 'thinking' : 'reasoning_effort';
  const wanted = wantedEffort(settings);
  const nearest = nearestEffort(wanted, accepted);
  if (nearest === undefined) {
    // A model that takes no effort cannot be told to think, and need not be told not to.
    if (wanted !== 'none') losses.add('dropped', field);
  } else if (nearest !== wanted) {
    losses.add('clamped', field);
  } else if (field === 'thinking' && settings.mode !== 'disabled') {
    losses.add('emulated', field);
  }
  return nearest;
}

/** How much of its reasoning a model shows is nothing that it thinks harder for. */
function asksOnlyToSee({ effort, mode, budgetTokens, summary }: ReasoningSettings): boolean {
  return summary !== undefined && effort === undefined && mode === undefined && budgetTokens === undefined;
}

/** What an effort stands beside, in one field where there were two: the one is lost, or the other. */
function nameRivals({ mode, budgetTokens }: ReasoningSettings, losses: Losses): void {
  if (mode === 'disabled') losses.add('dropped', 'reasoning_effort');
  else if (mode === 'between_tools' || budgetTokens !== undefined) losses.add('dropped', 'thinking');
}

function wantedEffort(settings: ReasoningSettings): string {
  const { mode, effort, budgetTokens } = settings;
  if (mode === 'disabled') return 'none';
  if (effort !== undefined) return effort;
  if (budgetTokens !== undefined) return effortOfBudget(budgetTokens);
  // Anthropic's least thinking on models that cannot stop: as near to none as the model here can come.
  if (mode === 'between_tools') return 'none';
  // https://openrouter.ai/docs/use-cases/reasoning-tokens: "enabled" without an effort is a medium one.
  return 'medium';
}

function effortOfBudget(tokens: number): string {
  if (tokens <= 4_096) return 'low';
  return tokens <= 16_384 ? 'medium' : 'high';
}

/** An unknown word is passed on: the provider decides about it. */
function nearestEffort(wanted: string, accepted: readonly string[]): string | undefined {
  const rank = EFFORTS.indexOf(wanted);
  if (accepted.length === 0) return undefined;
  if (rank === -1 || accepted.includes(wanted)) return wanted;
  // Not to think is further away from thinking than any other step.
  const place = (effort: string): number => (effort === 'none' ? -1 : EFFORTS.indexOf(effort));
  const distance = (effort: string): number => Math.abs(place(effort) - rank);
  return accepted.reduce((nearest, effort) => (distance(effort) < distance(nearest) ? effort : nearest));
}
