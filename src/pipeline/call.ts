// One request on its way through the pipeline, and what the pipeline needs of the world.

import type { Cache } from '../cache/cache.ts';
import type { Body } from '../core/body.ts';
import type { Ports, Signer } from '../core/ports.ts';
import type { ClientDialect } from '../dialects/dialect.ts';
import type { HangUp } from '../streams/hang-up.ts';
import { writeJournal, type Ending, type Journal } from './journal.ts';
import type { Keeper } from './keep.ts';
import type { ModelCatalog } from './models.ts';
import type { Settings } from './settings.ts';

export type Call = {
  readonly requestId: string;
  /** What the caller speaks, and so what is answered, errors included. */
  readonly dialect: ClientDialect;
  /** Reads, bounds and parses the body. Not before the caller is known. */
  readonly readBody: () => Promise<Body>;
  /** The same where clients may send a form instead: its fields as members, a file as a data URL. */
  readonly readForm: () => Promise<Body>;
  readonly presentedKey: string | undefined;
  /** Refuse what a translation would lose, instead of naming it in a header. */
  readonly strict: boolean;
  /** The caller's own deadline, ms from `startedAt`. */
  readonly timeoutMs: number | undefined;
  /** The caller's headers that the dialect forwards when both ends speak it. */
  readonly forwarded: Readonly<Record<string, string>>;
  /** The request's `Cache-Control`. Not looked at unless there is something to be asked of the cache. */
  readonly cacheControl: () => string | undefined;
  /** Remembers the reply; absent for what is not to be remembered. */
  readonly keeper?: Keeper;
  /** Reported by the platform where it tells, and by a write that fails. */
  readonly hangUp: HangUp;
  readonly startedAt: number;
  readonly journal: Journal;
  /** Stops what still runs for the call. */
  readonly close: () => void;
  /** Keeps the isolate at work until the promise settles, also when the caller has left. */
  readonly defer: (work: Promise<unknown>) => void;
};

export type Deps = Ports & {
  readonly settings: Settings;
  readonly keyring: Keyring;
  /** Absent: there is no admin API. */
  readonly adminKeyring?: Keyring;
  readonly signer: Signer;
  readonly catalog: ModelCatalog;
  readonly cache: Cache;
};

export type Keyring = {
  /** The client that a key belongs to; `undefined` for a key that is not one of ours. */
  readonly identify: (presented: string) => Caller | undefined;
};

export type Caller = {
  /** Loggable: part of the key's digest, never of the key. */
  readonly id: string;
};

/** The end of a call, however it came: its one log line, and nothing of it runs any more. A second end says nothing. */
export function endCall(
  call: Call,
  ending: Ending,
  { now, log }: Pick<Ports, 'now' | 'log'>,
  detail?: Readonly<Record<string, unknown>>,
): void {
  writeJournal(call.journal, ending, now(), log, detail);
  call.close();
}
