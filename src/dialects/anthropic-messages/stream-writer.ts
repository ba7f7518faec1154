// Events as a stream that Anthropic's clients accept. They skip frames without an event name, want a whole message at
// the start, count blocks by the order of their starts, and know one open block at a time.
// https://docs.anthropic.com/en/docs/build-with-claude/streaming

import type { JsonObject } from '../../core/json.ts';
import { mergeUsage, type Usage } from '../../core/usage.ts';
import { encodeSse } from '../../streams/sse.ts';
import type { ReplyStamp, StreamWriter } from '../dialect.ts';
import { createBlockOrder, type BlockEvent } from './block-order.ts';
import { createBlockWriter } from './block-writer.ts';
import { writeFinish } from './finish.ts';
import { writeUsage } from './usage.ts';

export function createStreamWriter(stamp: ReplyStamp): StreamWriter {
  const order = createBlockOrder();
  const blocks = createBlockWriter();
  let isStarted = false;
  let usage: Usage = {};
  let hasCalls = false;
  let hasRefusal = false;

  const begin = (id: string = stamp.id, model: string = stamp.model): string => {
    if (isStarted) return '';
    isStarted = true;
    return encodeSse(
      JSON.stringify({ type: 'message_start', message: emptyMessage(id, model) }),
      'message_start',
    );
  };

  const writeBlock = (event: BlockEvent): string => {
    hasCalls ||= event.type === 'tool-call-start';
    hasRefusal ||= event.type === 'text-start' && event.refusal === true;
    return writeAll(order.take(event));
  };

  const writeAll = (events: readonly BlockEvent[]): string => {
    let text = '';
    for (const event of events) text += blocks.write(event);
    return text;
  };

  const end = (delta: JsonObject): string => {
    const ending = JSON.stringify({
      type: 'message_delta',
      delta,
      usage: writeUsage(usage, stamp.cost?.(usage)),
    });
    return encodeSse(ending, 'message_delta') + encodeSse('{"type":"message_stop"}', 'message_stop');
  };

  return {
    write: (event) => {
      switch (event.type) {
        case 'start':
          return begin(event.id, event.model);
        case 'usage':
          usage = mergeUsage(usage, event.usage);
          return '';
        case 'failure':
          return '';
        case 'finish':
          return (
            begin() +
            writeAll(order.rest()) +
            blocks.close() +
            end(writeFinish(event, { hasCalls, hasRefusal }))
          );
        case 'text-start':
        case 'text-delta':
        case 'text-end':
        case 'reasoning-start':
        case 'reasoning-delta':
        case 'reasoning-end':
        case 'tool-call-start':
        case 'tool-call-delta':
        case 'tool-call-end':
        case 'citation':
        case 'opaque':
          return begin() + writeBlock(event);
      }
    },
  };
}

/** Counts that are not known yet come with `message_delta`, which overwrites them. */
function emptyMessage(id: string, model: string): JsonObject {
  return {
    id,
    type: 'message',
    role: 'assistant',
    model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    stop_details: null,
    usage: writeUsage({}),
  };
}
