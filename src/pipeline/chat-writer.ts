// A chat's stream in the caller's dialect, where it is not the provider's own.

import { createObservation, observe } from '../streams/observe.ts';
import type { WriterFor } from './answer-stream.ts';
import type { Wire } from './exchange.ts';
import { stampOf } from './render.ts';

export function chatWriter(wire: Wire): WriterFor {
  return (dispatched, call, deps) => {
    const seen = createObservation();
    const { begun, exchange } = dispatched;
    for (const event of begun.kind === 'streamed' ? begun.held.events : begun.events) observe(seen, event);
    // Where nothing was translated, the request may say things that the vocabulary cannot read.
    const streamUsage = exchange.passThrough ? false : wire.decode().streamUsage;
    return call.dialect.ingress.createStreamWriter(
      stampOf(dispatched, seen, call, deps, { streamUsage, request: wire.body.json }),
    );
  };
}
