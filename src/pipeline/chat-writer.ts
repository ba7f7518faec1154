// A chat's stream in the caller's dialect: written where it is not the provider's own, and told with its cost for a caller
// who asked for that.

import { createObservation, observe } from '../streams/observe.ts';
import type { Retell, WriterFor } from './answer-stream.ts';
import { costFor } from './cost.ts';
import type { Wire } from './exchange.ts';
import { askedOf, stampOf } from './render.ts';
import { tellCostInStream } from './tell-cost.ts';

export function chatWriter(wire: Wire): WriterFor {
  return (dispatched, call, deps) => {
    const seen = createObservation();
    const { begun, exchange } = dispatched;
    for (const event of begun.kind === 'streamed' ? begun.held.events : begun.events) observe(seen, event);
    const asked = askedOf(wire, exchange);
    return call.dialect.ingress.createStreamWriter(stampOf(dispatched, seen, call, deps, asked));
  };
}

/** Absent for who did not ask: that stream is relayed as it comes. */
export function costTeller({ envelope }: Wire): Retell | undefined {
  if (envelope.wantsCost !== true) return undefined;
  return (source, { exchange }, { journal }) =>
    tellCostInStream(source, exchange.reads?.readUsage, (usage) => costFor(usage, journal.prices)?.usd);
}
