// What the runner asks of the load generator, and what it gets back: the messages between the two processes.

export type LoadJob = {
  readonly port: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly pace: Pace;
  /** Before anything is counted. */
  readonly warmMs: number;
  readonly windowMs: number;
  /** Marks in every good answer: 1 in a whole one, one an event in a stream. */
  readonly marks: number;
  /** Whose CPU time and memory is charged. */
  readonly pid: number;
};

export type Pace =
  /** Each connection asks again as soon as it is answered: what the target can do at most. */
  | { readonly kind: 'closed'; readonly connections: number }
  /** Requests are due at a fixed rate however slow the answers are, and waiting counts from the due time. */
  | { readonly kind: 'open'; readonly perSecond: number };

export type LoadSample = {
  readonly requests: number;
  readonly requestsPerSecond: number;
  readonly events: number;
  readonly eventsPerSecond: number;
  /** Answers that were not 200, not complete or not in time. */
  readonly bad: number;
  readonly firstBad: string | null;
  readonly latencyMs: Spread;
  readonly firstByteMs: Spread;
  /** The first event with content. */
  readonly firstEventMs: Spread;
  /** Between the upstream's sending of an event and its arrival here. */
  readonly transitMs: Spread;
  readonly cpuSeconds: number;
  /** The load generator's own: near the length of the window, it is what was measured. */
  readonly generatorCpuSeconds: number;
  readonly peakMemoryMb: number;
};

/** Nothing was seen: null. */
export type Spread = { readonly p50: number | null; readonly p99: number | null };
