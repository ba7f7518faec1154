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
};

export type WatchedReader = {
  /**
   * Rejects as the body's own read does, with `StalledStream` when a limit is passed, and with whatever `interrupt` is
   * given. After an interruption the next read goes on where this one was.
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

export function watchReads(
  body: ReadableStream<Uint8Array>,
  limits: StreamLimits,
  { after, now }: Pick<Ports, 'after' | 'now'>,
): WatchedReader {
  const source = body.getReader();
  let outstanding: Promise<ReadableStreamReadResult<Uint8Array>> | undefined;
  let interruption: Error | undefined;
  let pending: { readonly since: number; readonly reject: (error: Error) => void } | undefined;
  let waitedForContentMs = 0;
  let cancelTimer: (() => void) | undefined;

  const passedLimit = (waitingMs: number): StalledStream | undefined => {
    if (waitingMs >= limits.idleMs) return new StalledStream('idle');
    if (waitedForContentMs + waitingMs >= limits.contentIdleMs) return new StalledStream('content');
    return now() >= limits.deadlineAt ? new StalledStream('total') : undefined;
  };
  // One timer that looks again when the nearest limit could be passed: re-arming it at every read would cost more
  // than the read.
  const look = (): void => {
    const waitingMs = pending === undefined ? 0 : now() - pending.since;
    const stalled = passedLimit(waitingMs);
    if (stalled !== undefined) return pending?.reject(stalled);
    const nextMs = Math.min(
      limits.idleMs - waitingMs,
      limits.contentIdleMs - waitedForContentMs - waitingMs,
      limits.deadlineAt - now(),
    );
    cancelTimer = after(Math.max(1, nextMs), look);
  };

  return {
    read: () =>
      new Promise((resolve, reject) => {
        const since = now();
        pending = { since, reject };
        if (interruption !== undefined) {
          const reason = interruption;
          interruption = undefined;
          return reject(reason);
        }
        if (cancelTimer === undefined) look();
        outstanding ??= source.read();
        outstanding.then(
          (result) => {
            outstanding = undefined;
            pending = undefined;
            waitedForContentMs += now() - since;
            resolve(result);
          },
          (error: unknown) => {
            pending = undefined;
            reject(error instanceof Error ? error : new Error('the read failed', { cause: error }));
          },
        );
      }),
    interrupt: (reason) => {
      if (pending === undefined) interruption = reason;
      else pending.reject(reason);
    },
    sawContent: () => {
      waitedForContentMs = 0;
    },
    cancel: () => {
      cancelTimer?.();
      void source.cancel().catch(() => undefined);
    },
  };
}
