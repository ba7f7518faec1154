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
  readonly look: () => boolean;
  /** Takes what has gathered and waits for nothing. Rejects as the provider's body does. */
  readonly takeWhatIsThere: () => Promise<void>;
  /** The reply has ended, well or badly: what its connection does from now on says nothing. */
  readonly isOver: () => boolean;
  /** Whether the provider closes its side soon, now that the reply is complete. Never rejects. */
  readonly closesSoon: () => Promise<boolean>;
  /** Takes everything up to the end; the failure that the reply ended with, if it did. */
  readonly readToEnd: () => Promise<Failure | undefined>;
  /** The same for a reply whose body has closed: what is left is there already, and is read in one go. */
  readonly takeRest: () => Promise<Failure | undefined>;
  readonly nextLookMs: () => number;
  readonly cancel: () => void;
};

/** Between two looks: what a model says in a second is small, and a look costs no more than a few events. */
const LOOK_MS = 1000;

/**
 * What one look takes at most: three times what 200 events a second come to. A provider that sends faster, for a caller
 * who reads, is caught up with at the end; for one who does not, it is held back after this much a second.
 */
const LOOK_BYTES_MAX = 196_608;

/** No copy is further behind: the runtime keeps about as much for it and then breaks the stream. */
const BACKLOG_BYTES_MAX = 33_554_432;

/** The runtime hands out what has gathered in pieces of this size; a smaller one is the last. */
const READ_BYTES_MAX = 4096;

/** Servers close right behind their terminal marker; one that has not by now means to keep the connection. */
const CLOSING_MS_MAX = 1000;

export function createCopyReader(
  copy: ReadableStream<Uint8Array>,
  { held, reader }: RelaySource,
  { limits, ports, note }: RelayContext,
): CopyReader {
  const source = copy.getReader();
  let ended = held.ended;
  let finished = false;
  let failure: Failure | undefined;
  let contentAt = ports.now();

  const noteAll = (events: readonly ChatEvent[]): void => {
    for (const event of events) {
      note(event);
      if (event.type === 'failure') failure = event.failure;
      finished ||= event.type === 'finish' || event.type === 'failure';
      if (isContent(event)) contentAt = ports.now();
    }
  };

  let step: { readonly since: number; readonly size: Promise<number> } | undefined;
  /** Reads and takes one piece, its size in bytes. Whoever asks while one is on its way waits for the same. */
  const readOne = (): Promise<number> => {
    step ??= { since: ports.now(), size: takeOne() };
    return step.size;
  };
  const takeOne = async (): Promise<number> => {
    try {
      const { done, value } = await source.read();
      ended = done;
      noteAll(done ? reader.end() : reader.feed(value));
      return value?.byteLength ?? 0;
    } finally {
      step = undefined;
    }
  };

  let catchingUp = false;
  let broken: { readonly error: unknown } | undefined;
  /** Ends at the first short read: beyond it nothing has gathered, and going on would take the events one by one. */
  const catchUp = async (): Promise<void> => {
    catchingUp = true;
    try {
      for (let size = 0, last = READ_BYTES_MAX; !ended && last >= READ_BYTES_MAX && size < LOOK_BYTES_MAX;) {
        last = await readOne();
        size += last;
      }
    } catch (error) {
      broken = { error };
    }
    catchingUp = false;
  };

  noteAll(held.events);
  return {
    isOver: () => finished,
    look: () => {
      if (broken !== undefined) throw broken.error;
      if (finished) return true;
      const now = ports.now();
      if (step !== undefined && now - step.since >= limits.idleMs) throw new StalledStream('idle');
      if (now - contentAt >= limits.contentIdleMs) throw new StalledStream('content');
      if (now >= limits.deadlineAt) throw new StalledStream('total');
      // Not waited for: the read that finds nothing wakes us once, when the next event comes.
      if (!catchingUp) void catchUp();
      return false;
    },
    takeWhatIsThere: async () => {
      for (let size = 0; !ended && size < BACKLOG_BYTES_MAX;) {
        const read = await Promise.race([readOne(), oneTurn(ports)]);
        if (read === undefined) return;
        size += read;
      }
    },
    closesSoon: async () => {
      const giveUp = Promise.withResolvers<undefined>();
      const cancelTimer = ports.after(CLOSING_MS_MAX, () => giveUp.resolve(undefined));
      try {
        while (!ended) {
          if ((await Promise.race([readOne(), giveUp.promise])) === undefined) return false;
        }
      } catch {
        // A broken connection is closed too.
      } finally {
        cancelTimer();
      }
      return true;
    },
    readToEnd: async () => {
      while (!ended && !finished) await readOne();
      return failure;
    },
    takeRest: async () => {
      if (step !== undefined) await readOne();
      if (ended || finished) return failure;
      source.releaseLock();
      noteAll(reader.feed(new Uint8Array(await new Response(copy).arrayBuffer())));
      if (!finished) noteAll(reader.end());
      ended = true;
      return failure;
    },
    nextLookMs: () => Math.max(1, Math.min(LOOK_MS, limits.idleMs, limits.deadlineAt - ports.now())),
    cancel: () => void (ended ? undefined : source.cancel().catch(() => undefined)),
  };
}

/** Long enough for a read that has its bytes already, too short for one that has to wait for them. */
function oneTurn({ after }: RelayContext['ports']): Promise<undefined> {
  return new Promise((resolve) => void after(0, () => resolve(undefined)));
}
