// One content block of a reply, as events. A block of a JSON reply is opened and closed; one of a stream takes deltas in
// between. Both go through here, so that the two forms of a reply cannot be read differently.
// https://docs.anthropic.com/en/docs/build-with-claude/streaming

import type { ChatEvent } from '../../core/event.ts';
import { asString, isObject } from '../../core/json.ts';
import { told } from '../told.ts';
import { readCitation } from './citation.ts';
import { isJsonObject } from './json-object.ts';
import { claudeReasoning, DIALECT } from './native.ts';

/** Stateful: one per block. */
export type BlockReader = {
  readonly isCall: boolean;
  readonly opening: readonly ChatEvent[];
  readonly read: (delta: Readonly<Record<string, unknown>>) => readonly ChatEvent[];
  readonly close: () => readonly ChatEvent[];
};

export const NO_EVENTS: readonly ChatEvent[] = Object.freeze([]);

/** `undefined` for what is no content block. */
export function openBlock(content: unknown, block: number): BlockReader | undefined {
  if (!isObject(content)) return undefined;
  switch (content['type']) {
    case 'text':
      return openText(content, block);
    case 'thinking':
      return openThinking(content, block);
    case 'redacted_thinking':
      return openRedacted(content, block);
    case 'tool_use':
      return openToolUse(content, block);
    default:
      return typeof content['type'] === 'string' ? openOpaque(content, block) : undefined;
  }
}

type Content = Readonly<Record<string, unknown>>;

function openText(content: Content, block: number): BlockReader {
  const textDelta = (text: unknown): readonly ChatEvent[] =>
    typeof text === 'string' && text !== '' ? [{ type: 'text-delta', block, text }] : NO_EVENTS;
  const citation = (given: unknown): readonly ChatEvent[] =>
    isJsonObject(given) ? [{ type: 'citation', block, citation: readCitation(given) }] : NO_EVENTS;
  const { text, citations } = content;
  return {
    isCall: false,
    opening: [
      { type: 'text-start', block },
      ...textDelta(text),
      ...(Array.isArray(citations) ? citations.flatMap(citation) : NO_EVENTS),
    ],
    read: (delta) => {
      if (delta['type'] === 'text_delta') return textDelta(delta['text']);
      return delta['type'] === 'citations_delta' ? citation(delta['citation']) : NO_EVENTS;
    },
    close: () => [{ type: 'text-end', block }],
  };
}

function openThinking(content: Content, block: number): BlockReader {
  let signature = asString(content['signature']) ?? '';
  const thinkingDelta = (text: unknown): readonly ChatEvent[] =>
    typeof text === 'string' && text !== '' ? [{ type: 'reasoning-delta', block, text }] : NO_EVENTS;
  return {
    isCall: false,
    opening: [{ type: 'reasoning-start', block }, ...thinkingDelta(content['thinking'])],
    read: (delta) => {
      if (delta['type'] === 'thinking_delta') return thinkingDelta(delta['thinking']);
      if (delta['type'] === 'signature_delta') signature = asString(delta['signature']) ?? signature;
      return NO_EVENTS;
    },
    close: () => [
      { type: 'reasoning-end', block, ...told({ opaque: claudeReasoning('signature', signature) }) },
    ],
  };
}

function openRedacted(content: Content, block: number): BlockReader {
  const opaque = claudeReasoning('encrypted', asString(content['data']) ?? '');
  return {
    isCall: false,
    opening: [{ type: 'reasoning-start', block }],
    read: () => NO_EVENTS,
    close: () => [{ type: 'reasoning-end', block, ...told({ opaque }) }],
  };
}

/** The input comes in fragments or, when another tool made the call, whole in the start; no fragment at all is `{}`. */
function openToolUse(content: Content, block: number): BlockReader | undefined {
  const { id, name, input } = content;
  if (typeof id !== 'string' || typeof name !== 'string') return undefined;
  let isFragmented = false;
  return {
    isCall: true,
    opening: [{ type: 'tool-call-start', block, id, name }],
    read: (delta) => {
      const fragment = delta['partial_json'];
      if (delta['type'] !== 'input_json_delta' || typeof fragment !== 'string' || fragment === '')
        return NO_EVENTS;
      isFragmented = true;
      return [{ type: 'tool-call-delta', block, arguments: fragment }];
    },
    close: () => [
      ...(isFragmented
        ? NO_EVENTS
        : [
            {
              type: 'tool-call-delta' as const,
              block,
              arguments: JSON.stringify(isObject(input) ? input : {}),
            },
          ]),
      { type: 'tool-call-end', block },
    ],
  };
}

/** Blocks of the provider's own tools. Their deltas fill the fields that the start left empty. */
function openOpaque(content: Content, block: number): BlockReader {
  let input = '';
  let filled: Content = content;
  return {
    isCall: false,
    opening: NO_EVENTS,
    read: ({ type, ...fields }) => {
      if (type === 'input_json_delta') input += asString(fields['partial_json']) ?? '';
      if (type === 'compaction_delta') filled = { ...filled, ...fields };
      return NO_EVENTS;
    },
    close: () => {
      const whole = input === '' ? filled : { ...filled, input: parseInput(input) };
      return isJsonObject(whole) ? [{ type: 'opaque', block, dialect: DIALECT, content: whole }] : NO_EVENTS;
    },
  };
}

/** A block that was cut off has input that does not parse. */
function parseInput(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
