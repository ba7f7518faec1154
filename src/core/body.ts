// A request body that has passed the gate: the caller's text, parsed once, with the place of each top-level member.
// The places let a pass-through change one member and leave every other byte as the caller wrote it.

import type { JsonObject } from './json.ts';

export type Body = {
  readonly text: string;
  readonly json: JsonObject;
  /** In the order of the text. Offsets are UTF-16 units into `text`. */
  readonly members: readonly Member[];
};

export type Member = {
  readonly key: string;
  /** Offset of the key's opening quote. */
  readonly start: number;
  /** Offset of the first character of the value. */
  readonly valueStart: number;
  /** Offset just behind the value. */
  readonly end: number;
};
