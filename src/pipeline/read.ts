// The body, read as far as every request needs it. Translation reads the rest, at the first target that wants it.

import type { ChatRequest } from '../core/chat.ts';
import type { Call } from './call.ts';
import { isPricedApart } from './cost.ts';
import type { Wire } from './exchange.ts';

export async function read({ dialect, journal, readBody }: Call): Promise<Wire> {
  const body = await readBody();
  const envelope = dialect.ingress.readEnvelope(body.json);
  journal.requestedModel = envelope.model.slice(0, 128);
  journal.stream = envelope.stream;
  journal.bodyChars = body.text.length;
  journal.pricedApart = isPricedApart(body.json);
  let decoded: ChatRequest | undefined;
  return { dialect, body, envelope, decode: () => (decoded ??= dialect.ingress.readRequest(body.json)) };
}
