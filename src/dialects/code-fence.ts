// Takes away the code fence that a model puts around its JSON although it was asked not to. Only for answers whose form
// nobody enforces: anywhere else a fence is what the model means to say.
//
//   before --"```json"--> within --"```" at the very end--> gone
//      \--anything else--> plain

import { createUnwrapping, HELD_CHARS_MAX, type Begun, type TextRevision } from './text-revision.ts';

const FENCE = '```';
const TAG = 'json';

export function createFenceStripper(): TextRevision {
  return createUnwrapping({ begin, closingAt, end: (held) => (held.trim() === FENCE ? '' : held) });
}

function begin(held: string): Begun | undefined {
  const text = held.trimStart();
  const isOpen = text.startsWith(FENCE);
  const tagged = text.slice(FENCE.length);
  const isUnclear = isOpen ? TAG.startsWith(tagged.toLowerCase()) : FENCE.startsWith(text);
  if (isUnclear && held.length <= HELD_CHARS_MAX) return undefined;
  const [tag] = /^[a-z][a-z0-9]*/i.exec(tagged) ?? [''];
  const isJson = isOpen && (tag === '' || tag.toLowerCase() === TAG);
  return isJson ? { state: 'within', rest: tagged.slice(tag.length) } : { state: 'plain', rest: held };
}

/** Where white space and backticks begin that the text ends in: if nothing else follows, they close the fence. */
function closingAt(text: string): number {
  let at = text.trimEnd().length;
  for (let ticks = 0; ticks < FENCE.length && text[at - 1] === '`'; ticks += 1) at -= 1;
  return text.slice(0, at).trimEnd().length;
}
