// Notices a provider that has stopped sending. Only time spent waiting for the provider counts: while a slow client
// holds us back, the provider is not to blame.

import type { Ports } from '../core/ports.ts';

export type StreamLimits = {
  /** Between any two bytes. */
  readonly idleMs: number;
  /** Between any two events with content: heartbeats keep a connection open, they answer nothing. */
  readonly contentIdleMs: number;
  /** When the whole reply must be over, ms since the epoch. */
  readonly deadlineAt: number;
  /** After so much silence, and again after as much more, the caller is given a sign of life. */
  readonly heartbeatMs: number;
};

export type WatchedReader = {
  /**
   * Rejects as the body's own read does, with `StalledStream` when a limit is passed, with `QUIET` when a heartbeat is
   * due, and with whatever `interrupt` is given. After the last two the next read goes on where this one was.
   */
  readonly read: () => Promise<ReadableStreamReadResult<Uint8Array>>;
  /** Ends the wait of the read that is under way, or of the next one if none is. */
  readonly interrupt: (reason: Error) => void;
  /** The bytes just read held content. */
  readonly sawContent: () => void;
  /** Ends the provider's side, and the watch. */
  readonly cancel: () => void;
};

/** The provider went silent, or went on for longer than it may. */
export class StalledStream extends Error {
  readonly limit: 'idle' | 'content' | 'total';

  constructor(limit: 'idle' | 'content' | 'total') {
    super(`no progress within the ${limit} limit`);
    this.name = 'StalledStream';
    this.limit = limit;
  }
}

/** Nothing is wrong yet, but the caller has heard nothing for a while. Told apart by identity. */
export const QUIET = new Error('the provider is silent');

/** What is read: a body as it is, or one that gives itself out in another way. */
export type Watched = {
  readonly getReader: () => Pick<ReadableStreamDefaultReader<Uint8Array>, 'read' | 'cancel'>;
};

export function watchReads(
  body: Watched,
  limits: StreamLimits,
  { after, now }: Pick<Ports, 'after' | 'now'>,
): WatchedReader {
  const source = body.getReader();
  const silence = createSilence(limits, now);
  let outstanding: Promise<ReadableStreamReadResult<Uint8Array>> | undefined;
  let rejectRead: ((reason: Error) => void) | undefined;
  let interruption: Error | undefined;
  let cancelTimer: (() => void) | undefined;

  const reject = (reason: Error): void => {
    rejectRead?.(reason);
    rejectRead = undefined;
  };
  // One timer that looks again when the nearest limit could be passed: re-arming it at every read would cost more
  // than the read.
  const look = (): void => {
    cancelTimer = undefined;
    if (rejectRead === undefined) return;
    const due = silence.whatIsDue();
    if (due instanceof Error) reject(due);
    else cancelTimer = after(Math.max(1, due), look);
  };

  return {
    read: () =>
      new Promise((resolve, rejectThis) => {
        if (interruption !== undefined) {
          rejectThis(interruption);
          interruption = undefined;
          return;
        }
        rejectRead = rejectThis;
        silence.begin();
        if (cancelTimer === undefined) look();
        outstanding ??= source.read();
        outstanding.then(
          (result) => {
            outstanding = undefined;
            rejectRead = undefined;
            silence.end();
            resolve(result);
          },
          (error: unknown) =>
            reject(error instanceof Error ? error : new Error('the read failed', { cause: error })),
        );
      }),
    interrupt: (reason) => {
      if (rejectRead === undefined) interruption = reason;
      else reject(reason);
    },
    sawContent: silence.sawContent,
    cancel: () => {
      cancelTimer?.();
      rejectRead = undefined;
      void source.cancel().catch(() => undefined);
    },
  };
}

/** How long the provider has been waited for, and what follows from it. */
function createSilence(limits: StreamLimits, now: Ports['now']) {
  let since: number | undefined;
  let waitedForContentMs = 0;
  let heartbeatAt = Infinity;
  const waitingMs = (): number => (since === undefined ? 0 : now() - since);
  return {
    /** A read begins, or goes on after an interruption. */
    begin: (): void => {
      since ??= now();
      heartbeatAt = now() + limits.heartbeatMs;
    },
    end: (): void => {
      waitedForContentMs += waitingMs();
      since = undefined;
    },
    sawContent: (): void => {
      waitedForContentMs = 0;
    },
    /** What the wait has come to by now, or the ms after which it is worth asking again. */
    whatIsDue: (): Error | number => {
      const waiting = waitingMs();
      const left = {
        idle: limits.idleMs - waiting,
        content: limits.contentIdleMs - waitedForContentMs - waiting,
        total: limits.deadlineAt - now(),
      };
      for (const limit of ['idle', 'content', 'total'] as const) {
        if (left[limit] <= 0) return new StalledStream(limit);
      }
      const untilHeartbeat = heartbeatAt - now();
      return untilHeartbeat <= 0 ? QUIET : Math.min(left.idle, left.content, left.total, untilHeartbeat);
    },
  };
}
