// The whole path of a request for vectors, in the shape of chat.ts.

import type { EmbeddingRequest } from '../core/embeddings.ts';
import { readRouting } from '../dialects/envelope.ts';
import { readRequest } from '../dialects/openai-embeddings/read-request.ts';
import { writeReply } from '../dialects/openai-embeddings/write-reply.ts';
import { createObservation } from '../streams/observe.ts';
import { admit } from './admit.ts';
import { endCall, type Call, type Deps } from './call.ts';
import type { Reply } from './chat.ts';
import { costFor } from './cost.ts';
import { dispatch, type Dispatched } from './dispatch.ts';
import {
  embeddingsOperation,
  type EmbeddingsBegun,
  type EmbeddingsExchange,
  type EmbeddingsWire,
} from './embeddings-operation.ts';
import { plan } from './plan.ts';
import { notePrices, noteTarget, replyHeaders } from './render.ts';

/** Throws `GatewayError`; the edge renders it and writes the journal. */
export async function embeddings(call: Call, deps: Deps): Promise<Reply> {
  // Who is asking?  401
  admit(call, deps);

  // Is it well-formed?  400 408 413
  const wire = await read(call);

  // Which targets could answer, best first, and can do what is asked?  400 404
  const needs = ['embeddings'] as const;
  const targets = plan(wire.envelope, deps.settings, deps.random(), { needs, catalog: deps.catalog });

  // The first one that gives all the vectors: two models' would not be comparable.  400 429 502 503 504
  const dispatched = await dispatch(embeddingsOperation(wire, call), targets, call, deps);

  return render(dispatched, call, deps);
}

async function read({ journal, readBody }: Call): Promise<EmbeddingsWire> {
  const body = await readBody();
  const envelope = readRouting(body.json);
  journal.requestedModel = envelope.model.slice(0, 128);
  journal.stream = false;
  journal.bodyChars = body.text.length;
  const request: EmbeddingRequest = readRequest(body.json);
  return { body, envelope, request };
}

function render(dispatched: Dispatched<EmbeddingsExchange, EmbeddingsBegun>, call: Call, deps: Deps): Reply {
  const { begun, target } = dispatched;
  noteTarget(call.journal, dispatched);
  call.journal.observation = {
    ...createObservation(),
    usage: begun.usage,
    model: begun.model,
    // There is one way for vectors to end.
    finish: { unified: 'stop' },
  };
  notePrices(call.journal, dispatched, begun.model, deps);
  const cost = begun.usage && costFor(begun.usage, call.journal.prices);
  const reply: Reply = {
    status: 200,
    contentType: 'application/json',
    body:
      begun.kind === 'relayed'
        ? begun.bytes
        : JSON.stringify(
            writeReply(begun.vectors, { model: begun.model ?? target.model, usage: begun.usage }),
          ),
    headers: replyHeaders(dispatched, call, deps.now(), cost),
  };
  call.journal.status = reply.status;
  endCall(call, 'ok', deps);
  return reply;
}
