// A streamed reply as events. It reads every event of every stream, pass-through included, so it allocates little: a
// ping is not parsed, and one delta becomes one event.
//
//   message_start -> (block_start -> delta* -> block_stop)* -> message_delta+ -> message_stop
//   error and ping at any time; types that are not known are skipped, as the vendor asks.
//
// https://docs.anthropic.com/en/docs/build-with-claude/streaming

import type { ChatEvent } from '../../core/event.ts';
import { asString, isObject } from '../../core/json.ts';
import type { SseEvent } from '../../streams/sse.ts';
import type { StreamReader } from '../dialect.ts';
import { NO_EVENTS } from './block-reader.ts';
import { readFinish } from './finish.ts';
import { createOpenBlocks } from './open-blocks.ts';
import { brokenProtocol, readErrorEvent } from './read-error.ts';
import { readStart } from './read-reply.ts';
import { readInputUsage, readUsage } from './usage.ts';

type Data = Readonly<Record<string, unknown>>;

export function createStreamReader(): StreamReader {
  const blocks = createOpenBlocks();
  let state: 'before' | 'within' | 'over' = 'before';
  /** What the `message_delta`s have told so far of the end. */
  let ending: Data = {};

  const start = (message: unknown): readonly ChatEvent[] => {
    if (!isObject(message)) return [brokenProtocol('the stream began without a message')];
    // Relays repeat the start when they connect again. Before any content that harms nobody; after it, two messages
    // would become one.
    if (blocks.hasOpened()) return [brokenProtocol('a second message began before the first had ended')];
    if (state === 'within') return NO_EVENTS;
    state = 'within';
    return [readStart(message), ...readInputUsage(message['usage'])];
  };

  const openBlock = (index: unknown, content: unknown): readonly ChatEvent[] =>
    state === 'before'
      ? [brokenProtocol('the stream held content before its message began')]
      : blocks.open(index, content);

  /** May come more than once: figures are cumulative, and the last word counts. */
  const readMessageDelta = ({ delta, usage }: Data): readonly ChatEvent[] => {
    if (isObject(delta)) ending = { ...ending, ...withoutNulls(delta) };
    return readUsage(usage);
  };

  const stop = (): readonly ChatEvent[] =>
    state === 'before'
      ? [brokenProtocol('the stream ended a message that never began')]
      : [...blocks.closeAll(), readFinish(ending, blocks.hasCalls())];

  const readData = (type: string | undefined, data: Data): readonly ChatEvent[] => {
    switch (type) {
      case 'content_block_delta':
        return blocks.read(data['index'], data['delta']);
      case 'content_block_start':
        return openBlock(data['index'], data['content_block']);
      case 'content_block_stop':
        return blocks.close(data['index']);
      case 'message_start':
        return start(data['message']);
      case 'message_delta':
        return readMessageDelta(data);
      case 'message_stop':
        return stop();
      case 'error':
        return [readErrorEvent(data)];
      case undefined:
      default:
        return isObject(data['error']) ? [readErrorEvent(data)] : NO_EVENTS;
    }
  };

  const settle = (events: readonly ChatEvent[]): readonly ChatEvent[] => {
    const last = events.at(-1)?.type;
    if (last === 'finish' || last === 'failure') state = 'over';
    return events;
  };

  return {
    read: ({ event, data: text }: SseEvent) => {
      if (state === 'over' || event === 'ping' || text === '') return NO_EVENTS;
      const data = parse(text);
      return settle(
        data === undefined
          ? [brokenProtocol('the stream held an event that is not a JSON object')]
          : readData(asString(data['type']) ?? event, data),
      );
    },
    end: () =>
      state === 'over' ? NO_EVENTS : settle([brokenProtocol('the stream ended without its terminal marker')]),
  };
}

function parse(text: string): Data | undefined {
  try {
    const data: unknown = JSON.parse(text);
    return isObject(data) ? data : undefined;
  } catch {
    return undefined;
  }
}

function withoutNulls(delta: Data): Data {
  return Object.fromEntries(Object.entries(delta).filter(([, value]) => value !== null));
}
