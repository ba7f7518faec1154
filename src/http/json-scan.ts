// One linear look over a JSON text before it is parsed: how deep it is, how many names and how much structure it has,
// and where each top-level member lies. It checks no grammar, JSON.parse does: up to the first error both see the same
// tokens, so a limit that holds here holds there, and a text that JSON.parse accepts was measured exactly.

import { invalidRequest } from '../core/failure.ts';

export type StructureLimits = {
  readonly depthMax: number;
  readonly keysMax: number;
  /** Brackets and commas together: about twice the number of values. */
  readonly structureMax: number;
};

export type Scan = {
  /** The names of all objects, a repeated name counted each time. */
  readonly keys: number;
  readonly members: readonly MemberSpan[];
};

/** Where one top-level member lies. Offsets are UTF-16 units, each `End` just behind its last character. */
export type MemberSpan = {
  readonly keyStart: number;
  readonly keyEnd: number;
  readonly valueStart: number;
  readonly valueEnd: number;
};

/** Throws `GatewayError` 400 when a limit is passed. For a text that is not a JSON object the spans mean nothing. */
export function scanJson(text: string, limits: StructureLimits): Scan {
  const members: MemberSpan[] = [];
  let depth = 0;
  let keys = 0;
  let structure = 0;
  let colon = 0;
  let key: { readonly start: number; readonly end: number } | undefined;

  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at);
    switch (character) {
      case QUOTE: {
        const closing = closingQuote(text, at);
        if (depth === 1 && key === undefined) key = { start: at, end: closing + 1 };
        at = closing;
        break;
      }
      case COLON:
        keys++;
        if (depth === 1) colon = at;
        break;
      case OPENING_BRACE:
      case OPENING_BRACKET:
        structure++;
        depth++;
        if (depth > limits.depthMax)
          throw invalidRequest(`the body is nested deeper than ${limits.depthMax}`);
        break;
      case COMMA:
      case CLOSING_BRACE:
      case CLOSING_BRACKET:
        structure++;
        if (structure > limits.structureMax) {
          throw invalidRequest(`the body has more than ${limits.structureMax} brackets and commas`);
        }
        if (depth === 1 && key !== undefined) {
          members.push({
            keyStart: key.start,
            keyEnd: key.end,
            valueStart: skipSpace(text, colon + 1),
            valueEnd: skipSpaceBack(text, at),
          });
          key = undefined;
        }
        if (character !== COMMA) depth--;
        break;
    }
  }

  if (keys > limits.keysMax) throw invalidRequest(`the body has more than ${limits.keysMax} keys`);
  return { keys, members };
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPENING_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSING_BRACKET = 0x5d;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;

/** Prompts are long strings: `indexOf` runs through them at the speed of memory. The text's length when none closes. */
function closingQuote(text: string, opening: number): number {
  let quote = text.indexOf('"', opening + 1);
  while (quote !== -1 && isEscaped(text, quote)) quote = text.indexOf('"', quote + 1);
  return quote === -1 ? text.length : quote;
}

/** After an odd number of backslashes. Each run of them is counted once, before the quote that ends it: still linear. */
function isEscaped(text: string, quote: number): boolean {
  let run = quote;
  while (text.charCodeAt(run - 1) === BACKSLASH) run--;
  return (quote - run) % 2 === 1;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (isSpace(text.charCodeAt(at))) at++;
  return at;
}

function skipSpaceBack(text: string, from: number): number {
  let at = from;
  while (isSpace(text.charCodeAt(at - 1))) at--;
  return at;
}

/** https://www.rfc-editor.org/rfc/rfc8259#section-2 */
function isSpace(character: number): boolean {
  return character === 0x20 || character === 0x0a || character === 0x0d || character === 0x09;
}
