// The whole path of one chat request, top to bottom. Read this file first.

import { chatNeeds } from '../core/capability.ts';
import { admit } from './admit.ts';
import { answerOnce } from './answer-once.ts';
import { answerStream } from './answer-stream.ts';
import { answerWhole } from './answer-whole.ts';
import type { Call, Deps } from './call.ts';
import { chatOperation } from './chat-operation.ts';
import { chatWriter, costTeller } from './chat-writer.ts';
import { dispatch } from './dispatch.ts';
import type { Wire } from './exchange.ts';
import { memoOf } from './memo.ts';
import { plan, type Targets } from './plan.ts';
import { read } from './read.ts';

/** What goes back to the edge, which adds what belongs to HTTP alone. */
export type Reply = {
  readonly status: number;
  readonly contentType: string;
  readonly body: Uint8Array | string | ReadableStream<Uint8Array>;
  readonly headers: Readonly<Record<string, string | undefined>>;
};

/** Throws `GatewayError` for everything that can still be a proper status; the edge renders it and writes the journal. */
export async function chat(call: Call, deps: Deps): Promise<Reply> {
  // Who is asking?  401
  admit(call, deps);

  // Is it well-formed in the dialect it came in?  400 408 413
  const wire = await read(call);

  // Which targets could answer, best first, and can do what is asked?  400 404
  const needs = chatNeeds(wire.body.json);
  const targets = plan(wire.envelope, deps.settings, deps.random(), { needs, catalog: deps.catalog });

  // Is it of the kind that is remembered? Then it waits for the cache. Everything else waits for nothing but its answer.
  const memo = memoOf(wire, targets, call, deps);
  return memo === undefined
    ? answer(wire, targets, call, deps)
    : answerOnce(memo, wire, targets, call, deps, (kept) => answer(wire, targets, kept, deps));
}

async function answer(wire: Wire, targets: Targets, call: Call, deps: Deps): Promise<Reply> {
  // The first one that begins to.  400 429 502 503 504
  const dispatched = dispatch(chatOperation(wire, call, deps), targets, call, deps);

  // In the caller's dialect, whole or as a stream; the journal is written when the reply has ended, however it ends.
  return wire.envelope.stream
    ? answerStream(chatWriter(wire), dispatched, call, deps, costTeller(wire))
    : answerWhole(wire, await dispatched, call, deps);
}
