// The whole path of a request for pictures, in the shape of chat.ts.

import { readRouting } from '../dialects/envelope.ts';
import { checkRequest } from '../dialects/openai-images/read-request.ts';
import { AS_IT_CAME } from '../streams/relay-events.ts';
import { admit } from './admit.ts';
import { answerImages } from './answer-images.ts';
import { answerStream } from './answer-stream.ts';
import type { Call, Deps } from './call.ts';
import type { Reply } from './chat.ts';
import { dispatch } from './dispatch.ts';
import { imagesOperation, imageStreamOperation, type ImagesWire } from './images-operation.ts';
import { plan } from './plan.ts';

/** Throws `GatewayError`; the edge renders it and writes the journal. */
export async function images(call: Call, deps: Deps): Promise<Reply> {
  // Who is asking?  401
  admit(call, deps);

  // Is it well-formed?  400 408 413
  const wire = await read(call);

  // Which targets could answer, best first, and can do what is asked?  400 404
  const needs = ['image-generation'] as const;
  const targets = plan(wire.envelope, deps.settings, deps.random(), { needs, catalog: deps.catalog });

  // The first one that paints, or begins to.  400 429 502 503 504
  if (wire.envelope.stream) {
    const dispatched = dispatch(imageStreamOperation(wire, call), targets, call, deps);
    return answerStream(() => AS_IT_CAME, dispatched, call, deps);
  }
  const dispatched = await dispatch(imagesOperation(wire, call), targets, call, deps);
  return answerImages(wire, dispatched, call, deps);
}

async function read({ journal, readBody }: Call): Promise<ImagesWire> {
  const body = await readBody();
  const envelope = readRouting(body.json);
  journal.requestedModel = envelope.model.slice(0, 128);
  journal.stream = envelope.stream;
  journal.bodyChars = body.text.length;
  checkRequest(body.json);
  return { body, envelope };
}
