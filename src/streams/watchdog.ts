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

export function watchReads(
  body: ReadableStream<Uint8Array>,
  limits: StreamLimits,
  { after, now }: Pick<Ports, 'after' | 'now'>,
): WatchedReader {
  const source = body.getReader();
  let outstanding: Promise<ReadableStreamReadResult<Uint8Array>> | undefined;
  let rejectRead: ((reason: Error) => void) | undefined;
  let interruption: Error | undefined;
  /** Since when the outstanding read has been waited for. */
  let silentSince: number | undefined;
  let waitedForContentMs = 0;
  let heartbeatAt = Infinity;
  let cancelTimer: (() => void) | undefined;

  const reject = (reason: Error): void => {
    rejectRead?.(reason);
    rejectRead = undefined;
  };
  const waitingMs = (): number => (silentSince === undefined ? 0 : now() - silentSince);
  const passedLimit = (): StalledStream | undefined => {
    const waiting = waitingMs();
    if (waiting >= limits.idleMs) return new StalledStream('idle');
    if (waitedForContentMs + waiting >= limits.contentIdleMs) return new StalledStream('content');
    return now() >= limits.deadlineAt ? new StalledStream('total') : undefined;
  };
  // One timer that looks again when the nearest limit could be passed: re-arming it at every read would cost more
  // than the read.
  const look = (): void => {
    cancelTimer = undefined;
    if (rejectRead === undefined) return;
    const stalled = passedLimit();
    if (stalled !== undefined) return reject(stalled);
    if (now() >= heartbeatAt) return reject(QUIET);
    const waiting = waitingMs();
    const nextMs = Math.min(
      limits.idleMs - waiting,
      limits.contentIdleMs - waitedForContentMs - waiting,
      limits.deadlineAt - now(),
      heartbeatAt - now(),
    );
    cancelTimer = after(Math.max(1, nextMs), look);
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
        silentSince ??= now();
        heartbeatAt = now() + limits.heartbeatMs;
        if (cancelTimer === undefined) look();
        outstanding ??= source.read();
        outstanding.then(
          (result) => {
            outstanding = undefined;
            rejectRead = undefined;
            waitedForContentMs += waitingMs();
            silentSince = undefined;
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
    sawContent: () => {
      waitedForContentMs = 0;
    },
    cancel: () => {
      cancelTimer?.();
      rejectRead = undefined;
      void source.cancel().catch(() => undefined);
    },
  };
}
