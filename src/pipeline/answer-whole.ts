// A reply in one piece: the provider's own bytes when both ends speak one dialect, otherwise the fold of its events.

import { createObservation, observe, type Observation } from '../streams/observe.ts';
import { brokenStream } from '../streams/relay.ts';
import { watchReads, type StreamLimits } from '../streams/watchdog.ts';
import { GatewayError } from '../core/failure.ts';
import type { ChatEvent } from '../core/event.ts';
import type { Ports } from '../core/ports.ts';
import { OVER, type ChatDispatched, type StreamedReply } from './chat-operation.ts';
import { endCall, type Call, type Deps } from './call.ts';
import type { Reply } from './chat.ts';
import { costFor } from './cost.ts';
import type { Wire } from './exchange.ts';
import { askedOf, notePrices, noteTarget, replyHeaders, stampOf, streamLimits } from './render.ts';
import { tellCost } from './tell-cost.ts';

export async function answerWhole(
  wire: Wire,
  dispatched: ChatDispatched,
  call: Call,
  deps: Deps,
): Promise<Reply> {
  const { begun, exchange } = dispatched;
  noteTarget(call.journal, dispatched);
  const events =
    begun.kind === 'whole' ? begun.events : await collect(begun, streamLimits(dispatched, call, deps), deps);
  const observation = observeAll(events);
  events.forEach((event) => call.keeper?.note(event));
  call.keeper?.end(dispatched);
  call.journal.observation = observation;
  notePrices(call.journal, dispatched, observation.model, deps);
  const cost = observation.usage && costFor(observation.usage, call.journal.prices);

  const asked = askedOf(wire, exchange);
  const stamp = stampOf(dispatched, observation, call, deps, asked);
  const body =
    exchange.passThrough && begun.kind === 'whole'
      ? tellCost(begun.bytes, asked.wantsCost ? cost?.usd : undefined)
      : JSON.stringify(call.dialect.ingress.writeReply(events, stamp));

  const reply: Reply = {
    status: 200,
    contentType: 'application/json',
    body,
    headers: replyHeaders(dispatched, call, deps.now(), cost),
  };
  call.journal.status = reply.status;
  endCall(call, 'ok', deps);
  return reply;
}

/** A provider that streams although nobody listens to a stream: what it says, in one piece. */
async function collect(
  { held, rest, reader, stop }: StreamedReply,
  limits: StreamLimits,
  ports: Pick<Ports, 'after' | 'now'>,
): Promise<readonly ChatEvent[]> {
  const events = [...held.events];
  const input = watchReads(rest, { ...limits, heartbeatMs: Infinity }, ports);
  try {
    while (!isOver(events)) {
      const { done, value } = await input.read();
      events.push(...(done ? reader.end() : reader.feed(value)));
    }
  } catch (error) {
    throw new GatewayError(brokenStream(error), { cause: error });
  } finally {
    input.cancel();
    stop.abort(OVER);
  }
  const last = events.at(-1);
  if (last?.type === 'failure') throw new GatewayError(last.failure);
  return events;
}

function isOver(events: readonly ChatEvent[]): boolean {
  return events.some(({ type }) => type === 'finish' || type === 'failure');
}

function observeAll(events: readonly ChatEvent[]): Observation {
  const observation = createObservation();
  for (const event of events) observe(observation, event);
  return observation;
}
