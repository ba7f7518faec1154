// Reads the observed half of a relay, a look at a time, and keeps the time: what is silent for too long is stalled.

import type { ChatEvent } from '../core/event.ts';
import type { Failure } from '../core/failure.ts';
import { isContent } from './observe.ts';
import type { RelayContext, RelaySource } from './relay.ts';
import { StalledStream } from './watchdog.ts';

export type CopyReader = {
  /**
   * Takes what has gathered since the last look; true when the reply is complete, whatever its connection does now.
   * Throws `StalledStream` when nothing has come for too long.
   */
  readonly look: () => Promise<boolean>;
  /** Takes what has gathered and waits for nothing. Rejects as the provider's body does. */
  readonly takeWhatIsThere: () => Promise<void>;
  /** The reply has ended, well or badly: what its connection does from now on says nothing. */
  readonly isOver: () => boolean;
  /** Whether the provider closes its side soon, now that the reply is complete. Never rejects. */
  readonly closesSoon: () => Promise<boolean>;
  /** Takes everything up to the end; the failure that the reply ended with, if it did. */
  readonly readToEnd: () => Promise<Failure | undefined>;
  readonly nextLookMs: () => number;
  readonly cancel: () => void;
};

/** Between two looks: what a model says in a second is small, and a look costs no more than one event. */
const LOOK_MS = 1000;

/**
 * What one look takes at most: three times what 200 events a second come to. A provider that sends faster, for a caller
 * who reads, is caught up with at the end; for one who does not, it is held back after this much a second.
 */
const LOOK_BYTES_MAX = 196_608;

/** No copy is further behind: the runtime keeps about as much for it and then breaks the stream. */
const BACKLOG_BYTES_MAX = 33_554_432;

/** Servers close right behind their terminal marker; one that has not by now means to keep the connection. */
const CLOSING_MS_MAX = 1000;

export function createCopyReader(
  copy: ReadableStream<Uint8Array>,
  { held, reader }: RelaySource,
  { limits, ports, note }: RelayContext,
): CopyReader {
  const source = copy.getReader();
  let waiting: Promise<ReadableStreamReadResult<Uint8Array>> | undefined;
  let ended = held.ended;
  let finished = false;
  let failure: Failure | undefined;
  let heardAt = ports.now();
  let contentAt = heardAt;

  const noteAll = (events: readonly ChatEvent[]): void => {
    for (const event of events) {
      note(event);
      if (event.type === 'failure') failure = event.failure;
      finished ||= event.type === 'finish' || event.type === 'failure';
      if (isContent(event)) contentAt = heardAt;
    }
  };
  const take = ({ done, value }: ReadableStreamReadResult<Uint8Array>): void => {
    heardAt = ports.now();
    ended = done;
    noteAll(done ? reader.end() : reader.feed(value));
  };
  const takeUpTo = async (bytesMax: number): Promise<void> => {
    for (let size = 0; !ended && size < bytesMax;) {
      waiting ??= source.read();
      const result = await Promise.race([waiting, oneTurn(ports)]);
      if (result === undefined) return;
      waiting = undefined;
      size += result.value?.byteLength ?? 0;
      take(result);
    }
  };

  noteAll(held.events);
  return {
    takeWhatIsThere: () => takeUpTo(BACKLOG_BYTES_MAX),
    isOver: () => finished,
    look: async () => {
      await takeUpTo(LOOK_BYTES_MAX);
      if (finished) return true;
      const now = ports.now();
      if (now - heardAt >= limits.idleMs) throw new StalledStream('idle');
      if (now - contentAt >= limits.contentIdleMs) throw new StalledStream('content');
      if (now >= limits.deadlineAt) throw new StalledStream('total');
      return false;
    },
    closesSoon: async () => {
      const giveUp = Promise.withResolvers<undefined>();
      const cancelTimer = ports.after(CLOSING_MS_MAX, () => giveUp.resolve(undefined));
      try {
        while (!ended) {
          waiting ??= source.read();
          const result = await Promise.race([waiting, giveUp.promise]);
          if (result === undefined) return false;
          waiting = undefined;
          take(result);
        }
      } catch {
        // A broken connection is closed too.
      } finally {
        cancelTimer();
      }
      return true;
    },
    readToEnd: async () => {
      while (!ended && !finished) {
        const result = await (waiting ?? source.read());
        waiting = undefined;
        take(result);
      }
      return failure;
    },
    nextLookMs: () => Math.max(1, Math.min(LOOK_MS, limits.idleMs, limits.deadlineAt - ports.now())),
    cancel: () => void source.cancel().catch(() => undefined),
  };
}

/** Long enough for a read that has its bytes already, too short for one that has to wait for them. */
function oneTurn({ after }: RelayContext['ports']): Promise<undefined> {
  return new Promise((resolve) => void after(0, () => resolve(undefined)));
}
