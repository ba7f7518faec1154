// The conversation on the wire: leading instructions apart, the rest as messages that begin with the user's.

import type { Message } from '../../core/chat.ts';
import { asString, type JsonObject } from '../../core/json.ts';
import { foreignFields } from './extensions.ts';
import type { Losses } from '../losses.ts';
import { isCall, isThinking, settleCalls } from './settle-calls.ts';
import type { AnthropicMessagesTraits } from './traits.ts';
import { tagInstructions, takeTurns, type AssistantTurn, type Turn, type UserTurn } from './turns.ts';
import { shorten, writeText } from './write-blocks.ts';

export type Conversation = {
  readonly system: readonly JsonObject[];
  readonly messages: readonly JsonObject[];
  /** Names of the tools that were called, in order of their first call. */
  readonly called: readonly string[];
  /** The model is in the midst of its tools, and its thinking about them cannot be given back. */
  readonly hasLostThread: boolean;
};

export function writeMessages(
  messages: readonly Message[],
  traits: AnthropicMessagesTraits,
  losses: Losses,
): Conversation {
  for (const message of messages) noteForeignFields(message, losses);
  const found = messages.findIndex((message) => message.role !== 'system');
  const first = found === -1 ? messages.length : found;
  const turns = settleCalls(takeTurns(messages.slice(first), first, traits, losses), losses);
  return {
    system: messages
      .slice(0, first)
      .flatMap((message) => (message.role === 'system' ? message.parts : []))
      .flatMap((part) => writeText(part, losses)),
    messages: renderTurns(turns, losses),
    called: [...new Set(turns.flatMap(calledBy))],
    hasLostThread: hasLostThread(turns),
  };
}

/** A participant's name, and what another dialect says of a message. */
function noteForeignFields(message: Message, losses: Losses): void {
  const isNamed = (message.role === 'user' || message.role === 'assistant') && message.name !== undefined;
  if (isNamed) losses.add('dropped', 'messages.name');
  for (const [field] of foreignFields(message.extensions)) losses.add('dropped', `messages.${field}`);
}

function renderTurns(turns: readonly Turn[], losses: Losses): readonly JsonObject[] {
  const messages = turns.flatMap((turn, place) =>
    turn.role === 'user'
      ? renderUser(turn, losses)
      : renderAssistant(turn, place === turns.length - 1, losses),
  );
  if (messages[0]?.['role'] === 'user') return messages;
  losses.add('emulated', 'messages');
  return [{ role: 'user', content: '.' }, ...messages];
}

/**
 * Tool results come before anything else. A system message stands between a user's turn and the assistant's, or at the
 * end; where there is no user's turn to follow, the system speaks in its place.
 * https://platform.claude.com/docs/en/build-with-claude/mid-conversation-system-messages
 */
function renderUser({ results, blocks, instructions }: UserTurn, losses: Losses): readonly JsonObject[] {
  const content = [...results, ...blocks];
  if (content.length === 0)
    return [{ role: 'user', content: shorten(tagInstructions(instructions, losses)) }];
  const message = { role: 'user', content: shorten(content) };
  return instructions.length === 0
    ? [message]
    : [message, { role: 'system', content: shorten(instructions) }];
}

/** An answer that the model is to go on with may not end in white space. */
function renderAssistant({ blocks }: AssistantTurn, isLast: boolean, losses: Losses): readonly JsonObject[] {
  const last = blocks.at(-1);
  const content =
    isLast && last?.['type'] === 'text' ? [...blocks.slice(0, -1), ...trimEnd(last, losses)] : blocks;
  return content.length === 0 ? [] : [{ role: 'assistant', content: shorten(content) }];
}

function trimEnd(block: JsonObject, losses: Losses): readonly JsonObject[] {
  const text = asString(block['text']) ?? '';
  const trimmed = text.trimEnd();
  if (trimmed !== text) losses.add(trimmed === '' ? 'dropped' : 'clamped', 'messages.content');
  return trimmed === '' ? [] : [{ ...block, text: trimmed }];
}

function calledBy(turn: Turn): readonly string[] {
  return turn.blocks.filter(isCall).flatMap((call) => asString(call['name']) ?? []);
}

function hasLostThread(turns: readonly Turn[]): boolean {
  const [before, last] = turns.slice(-2);
  return (
    before?.role === 'assistant' &&
    last?.role === 'user' &&
    last.results.length > 0 &&
    !before.blocks.some(isThinking)
  );
}
