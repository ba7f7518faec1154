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

/** What is taken from around a text: how it begins and what may close it. */
export type Wrapping = {
  /** What follows the opening, or all of it as plain text; `undefined` until it is clear what `held` begins with. */
  readonly begin: (held: string) => Begun | undefined;
  /** Where what may turn out to be the closing begins: up to there the text is clear. */
  readonly closingAt: (held: string) => number;
  /** What is left of it at the end, the closing taken away. */
  readonly end: (held: string) => string;
};

export type Begun = { readonly state: 'within' | 'plain'; readonly rest: string };

/** Takes a wrapping away as the text comes; a text without it passes as it is. */
export function createUnwrapping({ begin, closingAt, end }: Wrapping): TextRevision {
  let state: 'before' | 'within' | 'plain' = 'before';
  let held = '';
  let isBlank = true;
  return {
    write: (text) => {
      if (state === 'plain') return text;
      held += text;
      if (state === 'before') {
        const begun = begin(held);
        if (begun === undefined) return '';
        state = begun.state;
        held = begun.state === 'within' ? begun.rest : '';
        if (begun.state === 'plain') return begun.rest;
      }
      // White space in front says nothing.
      if (isBlank) held = held.trimStart();
      isBlank &&= held === '';
      const clearTo = held.length > HELD_CHARS_MAX * 2 ? held.length : closingAt(held);
      const clear = held.slice(0, clearTo);
      held = held.slice(clearTo);
      return clear;
    },
    end: () => (state === 'within' ? end(held) : held),
  };
}
