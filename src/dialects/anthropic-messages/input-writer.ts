// The input of a call in the pieces of a stream. It is an object: Anthropic's SDK parses what has come so far with every
// piece, and throws at text that does not begin one. Models of other vendors write arguments that are none: what does not
// begin like an object is held until it is whole, and then goes into one, as it does in a JSON reply.

import { parseArguments } from './tool-input.ts';

/** Stateful: one per call. '' where there is nothing to say. */
export type InputWriter = {
  readonly begin: () => string;
  readonly write: (fragment: string) => string;
  readonly end: () => string;
};

/** `isFreeText`: the tool takes text that is no JSON. */
export function createInputWriter(isFreeText: boolean): InputWriter {
  return isFreeText ? FREE_TEXT : createObjectWriter();
}

/** The text as the one field of an object. */
const FREE_TEXT: InputWriter = {
  begin: () => '{"input":"',
  write: (fragment) => JSON.stringify(fragment).slice(1, -1),
  end: () => '"}',
};

function createObjectWriter(): InputWriter {
  let beginning: 'blank' | 'object' | 'other' = 'blank';
  let held = '';
  return {
    begin: () => '',
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
