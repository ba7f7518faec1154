// What a reply says, whichever client heard it: the vocabulary in which replies of the two SDKs are compared.

export type Meaning = {
  readonly id: string;
  readonly model: string;
  readonly text: string;
  readonly reasoning: readonly Reasoning[];
  readonly calls: readonly Call[];
  readonly finish: Finish;
  /** Absent when the client was told nothing. */
  readonly usage?: Tokens;
};

export type Call = {
  readonly id: string;
  readonly name: string;
  /** Parsed, wherever the SDK gives text. */
  readonly input: unknown;
};

/** How an application goes on: it runs the calls, and its user may say something. */
export type Continuation = { readonly run?: (call: Call) => string; readonly say?: string };

/** `text` and `signature` may be empty; `data` is reasoning that nobody can read. */
export type Reasoning = { readonly text: string; readonly signature: string } | { readonly data: string };

export type Finish = 'stop' | 'length' | 'tools' | 'refused';

export type Tokens = {
  /** The whole prompt, cached or not. */
  readonly input: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly output: number;
  readonly reasoning: number;
};
