// What the two ways of relaying a reply have in common: what they are given and how they can end.
//
// The writer they write to is the last thing between us and the caller. Its write rejects when the caller has gone,
// so whatever follows the relay (usage, health, the log line) runs in every case.

import type { ChatEvent } from '../core/event.ts';
import type { Failure } from '../core/failure.ts';
import type { Ports } from '../core/ports.ts';
import type { ByteReader } from './codec.ts';
import type { HangUp } from './hang-up.ts';
import type { Held } from './hold.ts';
import { StalledStream, type StreamLimits } from './watchdog.ts';

export type RelaySource = {
  readonly held: Held;
  /** What follows the held bytes. */
  readonly rest: ReadableStream<Uint8Array>;
  readonly reader: ByteReader;
};

export type RelayContext = {
  readonly limits: StreamLimits;
  readonly ports: Pick<Ports, 'after' | 'now'>;
  /** The platform may tell of it before a write does. */
  readonly hangUp: HangUp;
  /** How long to read on when the caller has gone, for the usage that comes last; 0: not at all. */
  readonly drainMs: number;
  /** Called for every event, held ones included, in order. */
  readonly note: (event: ChatEvent) => void;
  /** Text that the caller's clients skip. */
  readonly heartbeat: string;
  /** The frame that tells the caller of a failure, now that the status is sent. */
  readonly writeFailure: (failure: Failure) => string;
};

/** The sink is closed or errored in each case, and the provider's side is closed or on its way to be. */
export type RelayEnd =
  | { readonly kind: 'complete' }
  | { readonly kind: 'failed'; readonly failure: Failure }
  /** The caller hung up. */
  | { readonly kind: 'gone' };

/** The failure behind an error that a provider's body was read with. */
export function brokenStream(error: unknown): Failure {
  return error instanceof StalledStream
    ? { kind: 'upstream-timeout', message: STALLED[error.limit] }
    : {
        kind: 'upstream-protocol',
        message: 'the connection to the provider broke in the middle of the stream',
      };
}

const STALLED: Readonly<Record<StalledStream['limit'], string>> = {
  idle: 'the provider stopped sending in the middle of the stream',
  content: 'the provider kept the stream open but sent no more content',
  total: 'the stream was still running at its deadline',
};

/** Bytes may stop in the middle of an event. A blank line ends it, so that what follows is an event of its own. */
export const SEAM = '\n\n';

const encoder = new TextEncoder();

/** A caller who has not read for so long is not coming back, though its connection may stand. */
const WRITE_MS_MAX = 60_000;

type WriteContext = Pick<RelayContext, 'ports' | 'hangUp'>;

/** False when the caller has gone, or might as well have: then nothing is left to be written to. */
export function writeTo(
  sink: WritableStreamDefaultWriter<Uint8Array>,
  said: string | Uint8Array,
  context: WriteContext,
): Promise<boolean> {
  const bytes = typeof said === 'string' ? encoder.encode(said) : said;
  return settlesInTime(sink.write(bytes), sink, context);
}

/** The same for the end of the stream. */
export function closeTo(
  sink: WritableStreamDefaultWriter<Uint8Array>,
  context: WriteContext,
): Promise<boolean> {
  return settlesInTime(sink.close(), sink, context);
}

/** Writes the failure frame and closes; a caller who has gone by now misses nothing. */
export async function closeWithFailure(
  sink: WritableStreamDefaultWriter<Uint8Array>,
  frame: string,
  context: WriteContext,
): Promise<void> {
  if (await writeTo(sink, frame, context)) await closeTo(sink, context);
}

/** The runtime leaves a write unsettled when the caller goes before it has been given the response. */
function settlesInTime(
  writing: Promise<void>,
  sink: WritableStreamDefaultWriter<Uint8Array>,
  { ports, hangUp }: WriteContext,
): Promise<boolean> {
  return new Promise((resolve) => {
    let forget = (): void => {};
    const settle = (isWritten: boolean): void => {
      cancelTimer();
      forget();
      resolve(isWritten);
    };
    const giveUp = (): void => {
      void sink.abort().catch(() => undefined);
      settle(false);
    };
    const cancelTimer = ports.after(WRITE_MS_MAX, giveUp);
    forget = hangUp.whenHappens(giveUp);
    writing.then(
      () => settle(true),
      () => settle(false),
    );
  });
}
