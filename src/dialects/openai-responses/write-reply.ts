// The JSON reply: the response that the last event of its stream would hold.

import type { ChatEvent } from '../../core/event.ts';
import type { JsonObject } from '../../core/json.ts';
import type { ReplyStamp } from '../dialect.ts';
import { createResponseWriter } from './stream-writer.ts';

export function writeReply(events: readonly ChatEvent[], stamp: ReplyStamp): JsonObject {
  const writer = createResponseWriter(stamp);
  for (const event of events) writer.write(event);
  return writer.response();
}
