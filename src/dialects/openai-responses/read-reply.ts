// A JSON reply as events.

import type { ChatEvent } from '../../core/event.ts';
import type { JsonObject } from '../../core/json.ts';
import { asFilled, asObject } from '../json-access.ts';
import { protocolFailure } from '../openai-error.ts';
import { newAssembly, takeError, takeEvents, takeFailure, takeResponse } from './assembly.ts';
import type { ResponsesVariant } from './variant.ts';

/** `json`: what `JSON.parse` made of a body that came with a 2xx status. */
export function readReply(json: unknown, variant: ResponsesVariant): readonly ChatEvent[] {
  const assembly = newAssembly(variant);
  const reply = asObject(json);
  if (reply !== undefined && hasFailed(reply)) {
    takeError(assembly, reply);
  } else if (reply === undefined || !Array.isArray(reply['output'])) {
    takeFailure(
      assembly,
      protocolFailure('the provider answered with something that is no response'),
      'protocol',
    );
  } else if (isUnfinished(reply)) {
    takeFailure(assembly, protocolFailure('the provider answered before it had finished'), 'protocol');
  } else {
    takeResponse(assembly, reply);
  }
  return takeEvents(assembly);
}

/** Providers answer 200 to requests that have failed. `{message}` and `{detail}` are errors where nothing else is. */
export function hasFailed(reply: JsonObject): boolean {
  const { status, error, output, message, detail } = reply;
  if (status === 'failed' || status === 'cancelled') return true;
  // Servers in Python write `None` for "no error".
  if (asObject(error) !== undefined || (asFilled(error) ?? 'None') !== 'None') return true;
  return output === undefined && (message ?? detail ?? null) !== null;
}

function isUnfinished({ status }: JsonObject): boolean {
  return status === 'queued' || status === 'in_progress';
}
