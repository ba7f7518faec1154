// How many tokens a request has, without its being answered: told by the provider where it counts them, otherwise an
// estimate, which says that it is one.

import type { CountIngress } from '../dialects/dialect.ts';
import { admit } from './admit.ts';
import { endCall, type Call, type Deps } from './call.ts';
import type { Reply } from './chat.ts';
import { countOperation } from './count-operation.ts';
import { dispatch } from './dispatch.ts';
import { plan } from './plan.ts';
import { read } from './read.ts';
import { noteTarget, replyHeaders } from './render.ts';

export function countTokens(ingress: CountIngress): (call: Call, deps: Deps) => Promise<Reply> {
  return async (call, deps) => {
    admit(call, deps);
    const wire = await read(call, ingress);
    const targets = plan(wire.envelope, deps.settings, deps.random(), { catalog: deps.catalog });
    const dispatched = await dispatch(countOperation(wire, call, deps), targets, call, deps);

    const { begun } = dispatched;
    noteTarget(call.journal, dispatched);
    call.journal.status = 200;
    const reply: Reply = {
      status: 200,
      contentType: 'application/json',
      body: begun.bytes ?? JSON.stringify(ingress.writeCount(begun.tokens)),
      headers: {
        ...replyHeaders(dispatched, call, deps.now()),
        'x-llm-proxy-usage': begun.estimated ? 'estimated' : undefined,
      },
    };
    endCall(call, 'ok', deps);
    return reply;
  };
}
