// Reasoning on the wire: how hard, how much of it is shown, and that it comes back encrypted, to go on from there.
// https://platform.openai.com/docs/guides/reasoning

import type { ChatRequest, ReasoningSettings } from '../../core/chat.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { Losses } from '../losses.ts';
import { told } from '../told.ts';
import type { OpenaiResponsesTraits } from './traits.ts';
import type { Writing } from './write-parts.ts';

export function isSwitchedOff(settings: ReasoningSettings | undefined): boolean {
  const mode = settings?.mode;
  return mode === 'disabled' || mode === 'between_tools' || settings?.effort === 'none';
}

/** A summary is asked for where the caller wants to see the reasoning, or is used to see it. */
export function writeReasoning(
  settings: ReasoningSettings | undefined,
  effort: string | undefined,
  rest: Json | undefined,
  { traits, losses }: Writing,
): JsonObject | undefined {
  const summary = writeSummary(settings, effort, traits, losses);
  if (traits.efforts.length === 0) return undefined;
  const reasoning = { ...(isFields(rest) ? rest : {}), ...told({ effort, summary }) };
  return Object.keys(reasoning).length === 0 ? undefined : reasoning;
}

function isFields(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function writeSummary(
  settings: ReasoningSettings | undefined,
  effort: string | undefined,
  traits: OpenaiResponsesTraits,
  losses: Losses,
): string | undefined {
  if (settings === undefined) return undefined;
  const { summary, display, mode } = settings;
  // It shows what it shows.
  const hasWish = summary !== undefined || display === 'omitted';
  if (hasWish && !traits.summaries) losses.add('dropped', 'thinking.display');
  if (display === 'omitted' || !traits.summaries) return undefined;
  if (summary !== undefined) return summary;
  // Anthropic shows what it thinks wherever it is told to think.
  const isShown = display !== undefined || mode === 'enabled' || mode === 'adaptive';
  return isShown && effort !== 'none' ? 'auto' : undefined;
}

export function writeInclude(
  request: ChatRequest,
  effort: string | undefined,
  own: Json | undefined,
  traits: OpenaiResponsesTraits,
): readonly Json[] | undefined {
  const include = [
    ...(Array.isArray(own) ? (own as readonly Json[]) : []),
    ...(traits.encryptedReasoning && effort !== 'none' ? ['reasoning.encrypted_content'] : []),
    ...(request.logprobs === true ? ['message.output_text.logprobs'] : []),
  ];
  return include.length === 0 ? undefined : include;
}
