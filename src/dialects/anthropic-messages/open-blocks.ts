// The blocks of a stream that are open, by the `index` that their deltas name.

import type { ChatEvent } from '../../core/event.ts';
import { isObject } from '../../core/json.ts';
import { NO_EVENTS, openBlock, type BlockReader } from './block-reader.ts';
import { brokenProtocol } from './read-error.ts';

/** Stateful: one per stream. What cannot be read gives a `failure`. */
export type OpenBlocks = {
  readonly open: (index: unknown, content: unknown) => readonly ChatEvent[];
  readonly read: (index: unknown, delta: unknown) => readonly ChatEvent[];
  readonly close: (index: unknown) => readonly ChatEvent[];
  readonly closeAll: () => readonly ChatEvent[];
  readonly hasOpened: () => boolean;
  readonly hasCalls: () => boolean;
};

export function createOpenBlocks(): OpenBlocks {
  const blocks = new Map<unknown, BlockReader>();
  let opened = 0;
  let hasCalls = false;

  const close = (index: unknown): readonly ChatEvent[] => {
    const block = blocks.get(index);
    blocks.delete(index);
    return block === undefined ? NO_EVENTS : block.close();
  };

  return {
    open: (index, content) => {
      const block = openBlock(content, opened);
      if (block === undefined) return [brokenProtocol('the stream held a malformed content block')];
      const unclosed = close(index);
      opened += 1;
      blocks.set(index, block);
      hasCalls ||= block.isCall;
      return unclosed.length === 0 ? block.opening : [...unclosed, ...block.opening];
    },
    read: (index, delta) => {
      const block = blocks.get(index);
      if (block === undefined) return [brokenProtocol('the stream went on with a block that was not open')];
      return isObject(delta) ? block.read(delta) : NO_EVENTS;
    },
    close,
    closeAll: () => [...blocks.keys()].flatMap(close),
    hasOpened: () => opened > 0,
    hasCalls: () => hasCalls,
  };
}
