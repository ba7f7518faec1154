// The texts of a reply, changed as they come. What a revision cannot decide yet it holds back, never more than a few
// characters: the rest of the text streams on.

import type { ChatEvent } from '../core/event.ts';
import type { ReviseReply } from './dialect.ts';

/** Stateful: one per text. What it says in all does not depend on where the text was cut. */
export type TextRevision = {
  readonly write: (text: string) => string;
  /** What was held back. */
  readonly end: () => string;
};

/** A model that goes on with white space for ever is not held back for ever. */
export const HELD_CHARS_MAX = 1024;

/** Each text has a revision of its own; a refusal is left as it is. */
export function reviseTexts(begin: () => TextRevision): () => ReviseReply {
  return () => {
    const texts = new Map<number, TextRevision>();
    return (event) => {
      switch (event.type) {
        case 'text-start':
          if (event.refusal !== true) texts.set(event.block, begin());
          return [event];
        case 'text-delta': {
          const text = texts.get(event.block)?.write(event.text) ?? event.text;
          return text === '' && event.logprobs === undefined ? NOTHING : [{ ...event, text }];
        }
        case 'text-end': {
          const text = texts.get(event.block)?.end() ?? '';
          return text === '' ? [event] : [{ type: 'text-delta', block: event.block, text }, event];
        }
        case 'start':
        case 'reasoning-start':
        case 'reasoning-delta':
        case 'reasoning-end':
        case 'tool-call-start':
        case 'tool-call-delta':
        case 'tool-call-end':
        case 'citation':
        case 'opaque':
        case 'usage':
        case 'finish':
        case 'failure':
          return [event];
      }
    };
  };
}

const NOTHING: readonly ChatEvent[] = [];

/** One revision of the other's text. */
export function refine(first: TextRevision, second: TextRevision): TextRevision {
  return {
    write: (text) => second.write(first.write(text)),
    end: () => second.write(first.end()) + second.end(),
  };
}
