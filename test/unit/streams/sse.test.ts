import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSseDecoder, encodeSse, SseOverflow, type SseEvent } from '../../../src/streams/sse.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function decode(chunks: readonly Uint8Array[]): SseEvent[] {
  const decoder = createSseDecoder();
  return [...chunks.flatMap((chunk) => decoder.feed(chunk)), ...decoder.end()];
}

const cut = (whole: Uint8Array, at: number): Uint8Array[] => [whole.slice(0, at), whole.slice(at)];

describe('decoding', () => {
  const MIXED =
    '\uFEFF: a comment\r\nevent: one\r\ndata: {"a":1}\r\n\r\ndata:no space\ndata: second line\n\nid: 7\nretry: 10\ndata: grüße 👩‍👩‍👧 語\r\rdata: [DONE]';
  const EXPECTED = [
    { event: 'one', data: '{"a":1}' },
    { data: 'no space\nsecond line' },
    { data: 'grüße 👩‍👩‍👧 語' },
    { data: '[DONE]' },
  ];

  it('F-23: takes CR, LF and CRLF, comments, a mark at the start, fields without a space and lines without an end', () => {
    expect(decode([bytes(MIXED)])).toEqual(EXPECTED);
  });

  it('F-21, F-22: does not depend on where the bytes are cut, in the middle of a character or of a line end', () => {
    const whole = bytes(MIXED);
    for (let at = 0; at <= whole.length; at += 1) expect(decode(cut(whole, at))).toEqual(EXPECTED);
    expect(decode([...whole].map((byte) => Uint8Array.of(byte)))).toEqual(EXPECTED);
  });

  it('F-24: gives up on an event without end instead of keeping it', () => {
    const decoder = createSseDecoder(1000);
    expect(() => {
      for (let chunk = 0; chunk < 100; chunk += 1) decoder.feed(bytes(`data: ${'x'.repeat(100)}`));
    }).toThrow(SseOverflow);
  });

  it('F-24: gives up on an event of lines without end', () => {
    const decoder = createSseDecoder(1000);
    expect(() => {
      for (let chunk = 0; chunk < 100; chunk += 1) decoder.feed(bytes(`data: ${'x'.repeat(100)}\n`));
    }).toThrow(SseOverflow);
  });

  it('F-25: takes fifty thousand events in one chunk, in order', () => {
    const events = decode([bytes(Array.from({ length: 50_000 }, (_, at) => `data: ${at}\n\n`).join(''))]);
    expect(events).toHaveLength(50_000);
    expect(events.at(-1)).toEqual({ data: '49999' });
  });
});

it('decoding undoes encoding, for any cut', () => {
  const event = fc.record({
    event: fc.option(fc.stringMatching(/^[a-z_.]{1,20}$/), { nil: undefined }),
    data: fc.jsonValue().map((value) => JSON.stringify(value)),
  });
  fc.assert(
    fc.property(fc.array(event), fc.infiniteStream(fc.integer({ min: 1, max: 30 })), (events, sizes) => {
      const whole = bytes(events.map(({ data, event: name }) => encodeSse(data, name)).join(''));
      const chunks: Uint8Array[] = [];
      for (let at = 0; at < whole.length;) {
        const size = sizes.next().value;
        chunks.push(whole.slice(at, at + size));
        at += size;
      }
      expect(decode(chunks)).toEqual(
        events.map(({ data, event: name }) => (name === undefined ? { data } : { event: name, data })),
      );
    }),
  );
});
