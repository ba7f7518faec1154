// A place for texts outside the isolate: what a tier is made of. `platform/` has those of Workers and Upstash.

export type TextStore = {
  readonly name: string;
  /** All isolates of the deployment read and write the same. */
  readonly isGlobal: boolean;
  /** How long a reader waits for it, ms. */
  readonly patienceMs: number;
  readonly read: (name: string) => Promise<string | undefined>;
  /** For at least `ttlMs`, if the store has room. */
  readonly write: (name: string, text: string, ttlMs: number) => Promise<void>;
  readonly remove: (name: string) => Promise<void>;
};
