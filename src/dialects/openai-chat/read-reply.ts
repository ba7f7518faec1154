// A JSON reply as events: a stream of one chunk.

import type { ChatEvent } from '../../core/event.ts';
import type { JsonObject } from '../../core/json.ts';
import { newAssembly, takeChunk, takeEvents, takeFailure, takeFinish } from './assembly.ts';
import { asObject } from '../json-access.ts';
import { firstChoice } from '../openai-choice.ts';
import { protocolFailure, readError } from '../openai-error.ts';
import { errorIn } from '../openai-reply-error.ts';

/** `json`: what `JSON.parse` made of a body that came with a 2xx status. */
export function readReply(json: unknown): readonly ChatEvent[] {
  const assembly = newAssembly();
  const reply = asObject(json);
  const error = reply === undefined ? undefined : (errorIn(reply) ?? bareError(reply));
  if (error !== undefined) {
    const { failure, class: failed } = readError(200, error);
    takeFailure(assembly, failure, failed);
  } else if (reply === undefined || firstChoice(reply) === undefined) {
    takeFailure(
      assembly,
      protocolFailure('the provider answered with something that is no chat completion'),
      'protocol',
    );
  } else {
    takeChunk(assembly, reply, 'message');
    takeFinish(assembly);
  }
  return takeEvents(assembly);
}

/** `{message}` and `{detail}` are errors where nothing else is. */
function bareError(reply: JsonObject): JsonObject | undefined {
  const isBare = reply['choices'] === undefined && (reply['message'] ?? reply['detail'] ?? null) !== null;
  return isBare ? reply : undefined;
}
