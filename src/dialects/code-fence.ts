// Takes away the code fence that a model puts around its JSON although it was asked not to. Only for answers whose form
// nobody enforces: anywhere else a fence is what the model means to say.
//
//   before --"```json"--> within --"```" at the very end--> gone
//      \--anything else--> plain

import { HELD_CHARS_MAX, type TextRevision } from './text-revision.ts';

const FENCE = '```';
const TAG = 'json';

export function createFenceStripper(): TextRevision {
  let state: 'before' | 'within' | 'plain' = 'before';
  let held = '';
  let isBlank = true;

  /** What follows the fence and its tag; `undefined` until it is clear what the text begins with. */
  const begin = (): Begun | undefined => {
    const text = held.trimStart();
    const isOpen = text.startsWith(FENCE);
    const tagged = text.slice(FENCE.length);
    const isUnclear = isOpen ? TAG.startsWith(tagged.toLowerCase()) : FENCE.startsWith(text);
    if (isUnclear && held.length <= HELD_CHARS_MAX) return undefined;
    const [tag] = /^[a-z][a-z0-9]*/i.exec(tagged) ?? [''];
    const isJson = isOpen && (tag === '' || tag.toLowerCase() === TAG);
    return isJson ? { state: 'within', rest: tagged.slice(tag.length) } : { state: 'plain', rest: held };
  };

  return {
    write: (text) => {
      if (state === 'plain') return text;
      held += text;
      if (state === 'before') {
        const begun = begin();
        if (begun === undefined) return '';
        state = begun.state;
        held = begun.state === 'within' ? begun.rest : '';
        if (begun.state === 'plain') return begun.rest;
      }
      // White space in front says nothing.
      if (isBlank) held = held.trimStart();
      isBlank &&= held === '';
      const end = held.length > HELD_CHARS_MAX * 2 ? held.length : closingAt(held);
      const clear = held.slice(0, end);
      held = held.slice(end);
      return clear;
    },
    end: () => (state === 'within' && held.trim() === FENCE ? '' : held),
  };
}

type Begun = { readonly state: 'within' | 'plain'; readonly rest: string };

/** Where white space and backticks begin that the text ends in: if nothing else follows, they close the fence. */
function closingAt(text: string): number {
  let at = text.trimEnd().length;
  for (let ticks = 0; ticks < FENCE.length && text[at - 1] === '`'; ticks += 1) at -= 1;
  return text.slice(0, at).trimEnd().length;
}
