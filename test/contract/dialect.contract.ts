// The four laws of a dialect: writing undoes reading on the supported subset; reading a stream undoes writing it; the
// result does not depend on where the bytes are cut; a stream folds to what the whole reply says.

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { ChatEvent } from '../../src/core/event.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { mergeUsage, type Usage } from '../../src/core/usage.ts';
import type { Egress } from '../../src/dialects/dialect.ts';
import { crossInto, cutAt, readBytes, writeBytes, type Speech } from '../support/crossing.ts';
import { coalesce } from '../support/openai-chat-arbitraries.ts';

/** What the dialect can say, in the one form in which it says it. */
export type Sayable<Traits> = {
  readonly requests: readonly { readonly request: fc.Arbitrary<JsonObject>; readonly traits: Traits }[];
  readonly streamed: fc.Arbitrary<readonly ChatEvent[]>;
  /** In the order that a JSON reply has. */
  readonly whole: fc.Arbitrary<readonly ChatEvent[]>;
};

export function describeDialect<Traits>(
  dialect: Speech & { readonly egress: Partial<Pick<Egress<Traits>, 'writeRequest'>> },
  { requests, streamed, whole }: Sayable<Traits>,
): void {
  const { id, ingress, egress } = dialect;

  describe(`the laws of ${id}`, () => {
    it.each(requests)(
      'a request is written as it was read, and loses nothing (%#)',
      ({ request, traits }) => {
        fc.assert(
          fc.property(request, (body) => {
            const written = egress.writeRequest?.(ingress.readRequest(body), traits);
            expect(written).toEqual({ body, losses: [] });
          }),
          { numRuns: 200 },
        );
      },
    );

    it('a stream is read as it was written', () => {
      fc.assert(
        fc.property(streamed, (events) => {
          expect(settled(crossInto(dialect, events, 'streamed'))).toEqual(settled(events));
        }),
        { numRuns: 200 },
      );
    });

    it('a stream says the same wherever its bytes are cut', () => {
      fc.assert(
        fc.property(streamed, fc.array(fc.nat(4000), { maxLength: 20 }), (events, places) => {
          const bytes = writeBytes(dialect, events);
          const chunks = cutAt(bytes, places);
          expect(readBytes(dialect, chunks)).toEqual(readBytes(dialect, [bytes]));
        }),
        { numRuns: 200 },
      );
    });

    it('a stream folds to what the whole reply says', () => {
      fc.assert(
        fc.property(whole, (events) => {
          const reply = coalesce(settled(crossInto(dialect, events, 'whole')));
          expect(reply).toEqual(coalesce(settled(events)));
          expect(coalesce(settled(crossInto(dialect, events, 'streamed')))).toEqual(reply);
        }),
        { numRuns: 200 },
      );
    });

    it('a stream without its last event is not complete', () => {
      fc.assert(
        fc.property(streamed, (events) => {
          const read = crossInto(dialect, events.slice(0, -1), 'streamed');
          expect(read.at(-1)).toMatchObject({ type: 'failure', class: 'protocol' });
        }),
      );
    });

    it('the heartbeat says nothing, wherever it falls', () => {
      fc.assert(
        fc.property(streamed, fc.nat(), (events, draw) => {
          const writer = ingress.createStreamWriter({ id: 'i', model: 'm', createdAt: 1, streamUsage: true });
          const frames = events.map((event) => writer.write(event)).filter((frame) => frame !== '');
          const place = draw % (frames.length + 1);
          const beating = [...frames.slice(0, place), ingress.heartbeat, ...frames.slice(place)];
          const [silent, alive] = [frames, beating].map((pieces) =>
            readBytes(dialect, [new TextEncoder().encode(pieces.join(''))]),
          );
          expect(alive).toEqual(silent);
        }),
      );
    });
  });
}

/** Usage once and before the end: some streams tell it in two parts. */
function settled(events: readonly ChatEvent[]): readonly ChatEvent[] {
  const usage = events.reduce<Usage | undefined>(
    (told, event) => (event.type === 'usage' ? mergeUsage(told, event.usage) : told),
    undefined,
  );
  const others = events.filter(({ type }) => type !== 'usage');
  return usage === undefined
    ? others
    : [...others.slice(0, -1), { type: 'usage', usage }, ...others.slice(-1)];
}
