// What the core needs from the world. `platform/` implements these over Workers; tests implement them over a manual
// clock. Nothing under `src/` but `platform/` reads a clock, draws a number, starts a timer or opens a connection.

export type Ports = {
  /** Milliseconds since the epoch. On Workers it stands still between I/O. */
  readonly now: () => number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** A fresh opaque id, unguessable. */
  readonly newId: () => string;
  /** Runs `task` once after `ms`; the result cancels it. */
  readonly after: (ms: number, task: () => void) => CancelTimer;
  /** The only way out: see platform/egress.ts for the guards that stand in it. */
  readonly egress: Egress;
  /**
   * Two ends of a byte pipe whose writer notices that the reader has gone. A pipe of a known length tells it to the
   * reader, and ends well only after that many bytes.
   */
  readonly pipe: (length?: number) => BytePipe;
  /** One structured log line. Never a prompt, never a secret. */
  readonly log: (line: LogLine) => void;
};

export type CancelTimer = () => void;

export type Egress = (request: EgressRequest) => Promise<Response>;

export type EgressRequest = {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  /** The whole header set: egress adds its user agent only, and the caller's headers never get here by themselves. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
};

export type BytePipe = {
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: WritableStream<Uint8Array>;
};

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
export type LogLine = { readonly level: LogLevel; readonly event: string; readonly [field: string]: unknown };

/**
 * Makes what we hand out and later take back recognisable as ours: ids of jobs, envelopes of reasoning. Its key is the
 * same in every isolate of a deployment. `label` names what is signed: a signature under one label is none under another.
 */
export type Signer = {
  /** 43 characters of base64url. */
  readonly sign: (label: string, text: string) => string;
  /** In constant time. */
  readonly verify: (label: string, text: string, signature: string) => boolean;
};
