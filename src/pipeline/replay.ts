// A remembered reply, told in the caller's dialect and in the form that is asked for now, whatever it came in.

import { createObservation, observe } from '../streams/observe.ts';
import { endCall, type Call, type Deps } from './call.ts';
import type { Reply } from './chat.ts';
import { describeLosses, type Wire } from './exchange.ts';
import type { Recalled } from './recall.ts';
import { askedOf, cacheHeaders, notePrices } from './render.ts';

export function replay({ entry, remembered }: Recalled, wire: Wire, call: Call, deps: Deps): Reply {
  const { events, losses } = remembered;
  const { journal, dialect } = call;
  const slash = entry.model.indexOf('/');
  const [provider, model] = [entry.model.slice(0, slash), entry.model.slice(slash + 1)];
  const warnings = describeLosses(losses);
  const observation = createObservation();
  for (const event of events) observe(observation, event);
  Object.assign(journal, { provider, model, observation, status: 200 });
  // What it would have cost is what is saved.
  const enabled = deps.settings.enabled.find((one) => one.provider.id === provider);
  if (enabled !== undefined)
    notePrices(journal, { target: { enabled, model, credential: 0 } }, observation.model, deps);
  if (warnings !== undefined) journal.warnings = warnings;

  const { wantsCost, ...asked } = askedOf(wire, { passThrough: false });
  const stamp = {
    id: call.requestId,
    model: observation.model ?? model,
    createdAt: Math.floor(deps.now() / 1000),
    ...asked,
    cost: wantsCost ? () => 0 : undefined,
  };
  const { createStreamWriter, writeReply } = dialect.ingress;
  const { stream } = wire.envelope;
  const reply: Reply = {
    status: 200,
    contentType: stream ? 'text/event-stream; charset=utf-8' : 'application/json',
    body: stream
      ? events.map(createStreamWriter(stamp).write).join('')
      : JSON.stringify(writeReply(events, stamp)),
    headers: {
      ...(stream ? { 'cache-control': 'no-store, no-transform' } : {}),
      'x-llm-proxy-provider': provider,
      'x-llm-proxy-model': model,
      'x-llm-proxy-attempts': String(journal.attempts.length),
      'x-llm-proxy-warnings': warnings,
      'x-llm-proxy-cost': '0',
      ...cacheHeaders(journal),
    },
  };
  endCall(call, 'ok', deps);
  return reply;
}
