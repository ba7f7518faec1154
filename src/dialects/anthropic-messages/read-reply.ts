// A JSON reply as events. https://docs.anthropic.com/en/api/messages

import type { ChatEvent } from '../../core/event.ts';
import { asString, isObject } from '../../core/json.ts';
import { told } from '../told.ts';
import { openBlock } from './block-reader.ts';
import { readFinish } from './finish.ts';
import { brokenProtocol, readErrorEvent } from './read-error.ts';
import { readUsage } from './usage.ts';

/** Never throws: what is no reply ends in `failure`. */
export function readReply(json: unknown): readonly ChatEvent[] {
  if (!isObject(json)) return [brokenProtocol('the provider answered something other than a JSON object')];
  // An error may arrive with status 200.
  if (json['type'] === 'error' || isObject(json['error'])) return [readErrorEvent(json)];
  const { content } = json;
  if (!Array.isArray(content)) return [brokenProtocol('the provider answered a message without content')];
  const blocks = content.map(openBlock);
  const events: ChatEvent[] = [readStart(json)];
  for (const block of blocks) {
    if (block === undefined)
      return [...events, brokenProtocol('the provider answered a malformed content block')];
    events.push(...block.opening, ...block.close());
  }
  const hasCalls = blocks.some((block) => block?.isCall);
  return [...events, ...readUsage(json['usage']), readFinish(json, hasCalls)];
}

/** `message` is a whole message, or the empty one at the start of a stream. */
export function readStart(message: Readonly<Record<string, unknown>>): ChatEvent {
  return { type: 'start', ...told({ id: asString(message['id']), model: asString(message['model']) }) };
}
