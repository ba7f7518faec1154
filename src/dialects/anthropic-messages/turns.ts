// Messages as turns of user and assistant that alternate, with their parts already written as blocks. Neighbours of the
// same role are one turn, as they are for the API, so that tool results find their way into the turn behind their calls.
// https://docs.anthropic.com/en/api/messages

import type { Message, SystemMessage } from '../../core/chat.ts';
import { unsupported } from '../../core/failure.ts';
import { asString, type JsonObject } from '../../core/json.ts';
import type { Losses } from '../losses.ts';
import type { AnthropicMessagesTraits } from './traits.ts';
import { writeAssistantPart, writeText, writeToolResult, writeUserPart } from './write-blocks.ts';

export type Turn = UserTurn | AssistantTurn;
export type UserTurn = {
  readonly role: 'user';
  readonly results: readonly JsonObject[];
  readonly blocks: readonly JsonObject[];
  /** What the system says behind the turn. */
  readonly instructions: readonly JsonObject[];
};
export type AssistantTurn = { readonly role: 'assistant'; readonly blocks: readonly JsonObject[] };

export const EMPTY_USER_TURN: UserTurn = { role: 'user', results: [], blocks: [], instructions: [] };

/** `first`: the place of the first message that is given, for the paths in errors. */
export function takeTurns(
  messages: readonly Message[],
  first: number,
  traits: AnthropicMessagesTraits,
  losses: Losses,
): readonly Turn[] {
  const turns: Turn[] = [];
  for (const [offset, message] of messages.entries()) {
    addTurn(turns, writeTurn(message, `messages[${first + offset}]`, traits, losses));
  }
  return turns;
}

/** A model without system messages learns from the tag who speaks. */
export function tagInstructions(texts: readonly JsonObject[], losses: Losses): readonly JsonObject[] {
  if (texts.length > 0) losses.add('emulated', 'messages.system');
  return texts.map((block) => ({ ...block, text: `<system>\n${asString(block['text']) ?? ''}\n</system>` }));
}

function writeTurn(message: Message, path: string, traits: AnthropicMessagesTraits, losses: Losses): Turn {
  switch (message.role) {
    case 'system':
      return { ...EMPTY_USER_TURN, ...writeInstructions(message, traits, losses) };
    case 'user': {
      const blocks = writeParts(message.parts, path, losses, writeUserPart);
      if (blocks.length > 0) return { ...EMPTY_USER_TURN, blocks };
      throw unsupported(`${path}.content: this model takes no empty message`, `${path}.content`);
    }
    case 'tool':
      return { ...EMPTY_USER_TURN, results: [writeToolResult(message, path, losses)] };
    case 'assistant':
      return { role: 'assistant', blocks: writeParts(message.parts, path, losses, writeAssistantPart) };
  }
}

function writeParts<Part>(
  parts: readonly Part[],
  path: string,
  losses: Losses,
  write: (part: Part, path: string, losses: Losses) => readonly JsonObject[],
): readonly JsonObject[] {
  return parts.flatMap((part, index) => write(part, `${path}.content[${index}]`, losses));
}

function writeInstructions(
  message: SystemMessage,
  traits: AnthropicMessagesTraits,
  losses: Losses,
): Partial<UserTurn> {
  const texts = message.parts.flatMap((part) => writeText(part, losses));
  return traits.systemMessages ? { instructions: texts } : { blocks: tagInstructions(texts, losses) };
}

/** To the end of `turns`, which grows: conversations of thousands of messages are common. */
function addTurn(turns: Turn[], turn: Turn): void {
  if (isEmpty(turn)) return;
  const last = turns.at(-1);
  if (last?.role === turn.role) turns[turns.length - 1] = join(last, turn);
  else turns.push(turn);
}

function join(turn: Turn, next: Turn): Turn {
  const blocks = [...turn.blocks, ...next.blocks];
  if (turn.role === 'assistant' || next.role === 'assistant') return { role: 'assistant', blocks };
  return {
    role: 'user',
    blocks,
    results: [...turn.results, ...next.results],
    instructions: [...turn.instructions, ...next.instructions],
  };
}

export function isEmpty(turn: Turn): boolean {
  if (turn.role === 'assistant') return turn.blocks.length === 0;
  return turn.results.length === 0 && turn.blocks.length === 0 && turn.instructions.length === 0;
}
