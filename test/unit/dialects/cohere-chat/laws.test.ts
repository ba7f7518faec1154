// The laws of a dialect that only providers speak, over replies of any making; what callers are told of them, too.

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { ChatEvent } from '../../../../src/core/event.ts';
import { cohereChat } from '../../../../src/dialects/cohere-chat/index.ts';
import { cohereReply, streamOf, wholeOf } from '../../../support/cohere-chat-replies.ts';
import { crossInto, cutAt, dialectIds, dialects, readBytes } from '../../../support/crossing.ts';
import { heardIn, meaningOf, type Form } from '../../../support/meaning.ts';
import { coalesce } from '../../../support/openai-chat-arbitraries.ts';

const { egress } = cohereChat;

describe('a reply of Cohere', () => {
  it('is the same whole and streamed', () => {
    fc.assert(
      fc.property(cohereReply, (reply) => {
        const streamed = readBytes({ egress }, [bytesOf(streamOf(reply))]);
        expect(coalesce(streamed)).toEqual(coalesce(egress.readReply(wholeOf(reply))));
      }),
      { numRuns: 300 },
    );
  });

  it('says the same wherever its bytes are cut', () => {
    fc.assert(
      fc.property(cohereReply, fc.array(fc.nat(4000), { maxLength: 20 }), (reply, places) => {
        const bytes = bytesOf(streamOf(reply));
        expect(readBytes({ egress }, cutAt(bytes, places))).toEqual(readBytes({ egress }, [bytes]));
      }),
    );
  });

  it('keeps to the grammar of events: blocks open, go on and close, and one end comes last', () => {
    fc.assert(
      fc.property(cohereReply, (reply) => {
        expectGrammar(readBytes({ egress }, [bytesOf(streamOf(reply))]));
        expectGrammar(egress.readReply(wholeOf(reply)));
      }),
    );
  });

  it('is not complete without message-end, wherever it breaks off', () => {
    fc.assert(
      fc.property(cohereReply, fc.nat(), (reply, draw) => {
        const frames = streamOf(reply).split(/(?<=\n\n)/);
        const end = frames.findIndex((frame) => frame.startsWith('event: message-end'));
        const heard = readBytes({ egress }, [bytesOf(frames.slice(0, draw % (end + 1)).join(''))]);
        expect(heard.at(-1)).toMatchObject({ type: 'failure', class: 'protocol' });
      }),
    );
  });

  it('is complete with message-end, with [DONE] or without it', () => {
    fc.assert(
      fc.property(cohereReply, (reply) => {
        const text = streamOf(reply);
        const without = text.replace('data: [DONE]\n\n', '');
        expect(readBytes({ egress }, [bytesOf(without)])).toEqual(readBytes({ egress }, [bytesOf(text)]));
      }),
    );
  });

  it.each(dialectIds)('means the same to a caller who speaks %s', (id) => {
    fc.assert(
      fc.property(cohereReply, fc.constantFrom<Form>('whole', 'streamed'), (reply, form) => {
        const events = egress.readReply(wholeOf(reply));
        const heard = meaningOf(crossInto(dialects[id], events, form));
        expect(heard).toStrictEqual(heardIn(id, meaningOf(events), form));
      }),
      { numRuns: 200 },
    );
  });

  it('never makes the reader throw, whatever it is', () => {
    fc.assert(
      fc.property(fc.anything(), fc.jsonValue(), (anything, value) => {
        expect(egress.readReply(anything).at(-1)?.type).toMatch(/^(finish|failure)$/);
        expect(egress.readReply({ message: value }).at(-1)?.type).toMatch(/^(finish|failure)$/);
        egress.createStreamReader().read({ data: JSON.stringify(value) });
        egress.readError(400, anything);
      }),
    );
  });
});

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function expectGrammar(events: readonly ChatEvent[]): void {
  const open = new Set<number>();
  let blocks = 0;
  for (const event of events) {
    if (!('block' in event)) continue;
    if (event.type.endsWith('-start')) {
      expect(event.block).toBe(blocks);
      blocks += 1;
      open.add(event.block);
    } else expect(open).toContain(event.block);
    if (event.type.endsWith('-end')) open.delete(event.block);
  }
  expect(open.size).toBe(0);
  expect(events.findIndex(({ type }) => type === 'finish')).toBe(events.length - 1);
}
