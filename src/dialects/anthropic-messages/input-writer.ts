// The input of a call in the pieces of a stream. It is an object: Anthropic's SDK parses what has come so far with every
// piece, and throws at text that does not begin one. Models of other vendors write arguments that are none: what does not
// begin like an object is held until it is whole, and then goes into one, as it does in a JSON reply.

import { parseArguments } from './tool-input.ts';

/** Stateful: one per call. */
export type InputWriter = {
  /** The text to pass on with this fragment, '' when it is held. */
  readonly write: (fragment: string) => string;
  /** What was held. */
  readonly end: () => string;
};

export function createInputWriter(): InputWriter {
  let beginning: 'blank' | 'object' | 'other' = 'blank';
  let held = '';
  return {
    write: (fragment) => {
      if (beginning === 'object') return fragment;
      if (beginning === 'blank') beginning = beginningOf(fragment);
      held += fragment;
      return beginning === 'object' ? held : '';
    },
    end: () => (beginning === 'other' ? JSON.stringify(parseArguments(held).value) : ''),
  };
}

function beginningOf(fragment: string): 'blank' | 'object' | 'other' {
  const first = /\S/.exec(fragment)?.[0];
  if (first === undefined) return 'blank';
  return first === '{' ? 'object' : 'other';
}
