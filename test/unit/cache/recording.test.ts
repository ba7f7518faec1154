// What is remembered of a reply says what the reply said.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRecording } from '../../../src/cache/recording.ts';
import type { ChatEvent } from '../../../src/core/event.ts';
import { openaiChat } from '../../../src/dialects/openai-chat/index.ts';
import { streamEvents } from '../../support/openai-chat-arbitraries.ts';

const stamp = { id: 'id', model: 'm', createdAt: 0, streamUsage: true };

function recordingOf(events: readonly ChatEvent[], bytesMax = Infinity) {
  const recording = createRecording(bytesMax, () => undefined);
  events.forEach(recording.add);
  return recording.events();
}

describe('a recording', () => {
  it('folds to the same reply as what it was made of', () => {
    fc.assert(
      fc.property(streamEvents, (events) => {
        fc.pre(events.at(-1)?.type === 'finish');
        const { writeReply } = openaiChat.ingress;
        expect(writeReply(recordingOf(events) ?? [], stamp)).toEqual(writeReply(events, stamp));
      }),
    );
  });

  it('joins what was cut, and tells the usage first', () => {
    const events: readonly ChatEvent[] = [
      { type: 'start', id: 'a' },
      { type: 'usage', usage: { uncachedInput: 1 } },
      { type: 'text-start', block: 0 },
      { type: 'text-delta', block: 0, text: 'He' },
      { type: 'usage', usage: { output: 1 } },
      { type: 'text-delta', block: 0, text: 'llo' },
      { type: 'text-end', block: 0 },
      { type: 'usage', usage: { output: 2 } },
      { type: 'finish', reason: { unified: 'stop' } },
    ];
    expect(recordingOf(events)).toEqual([
      { type: 'start', id: 'a' },
      { type: 'usage', usage: { uncachedInput: 1, output: 2 } },
      { type: 'text-start', block: 0 },
      { type: 'text-delta', block: 0, text: 'Hello' },
      { type: 'text-end', block: 0 },
      { type: 'finish', reason: { unified: 'stop' } },
    ]);
  });

  it('is given up when there is too much of it, and holds no more than it may', () => {
    const delta: ChatEvent = { type: 'text-delta', block: 0, text: 'x'.repeat(1000) };
    expect(recordingOf([delta, delta, delta], 5000)).toBeUndefined();
    expect(recordingOf([delta, delta], 5000)).toHaveLength(1);
  });
});
