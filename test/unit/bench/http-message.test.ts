import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HttpMessageReader } from '../../../bench/http-message.ts';

describe('HttpMessageReader', () => {
  it('reads the same messages however the bytes are cut', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(WIRE.length), { maxLength: 20 }), (cuts) => {
        expect(readAll(cuts)).toEqual([
          { head: 'HTTP/1.1 200 OK', body: 'hello' },
          { head: 'HTTP/1.1 200 OK', body: 'one two' },
          { head: 'HTTP/1.1 204 No Content', body: '' },
        ]);
      }),
    );
  });

  it('refuses a chunk without a size', () => {
    const reader = new HttpMessageReader({ onHead: () => {}, onBody: () => {}, onEnd: () => {} });
    expect(() =>
      reader.read(Buffer.from('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n')),
    ).toThrow('a chunk size was expected, got nonsense');
  });
});

/** A body of a known length, one in chunks with a trailer, none. */
const WIRE = Buffer.from(
  'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello' +
    'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\none \r\n3;note\r\ntwo\r\n0\r\nx-trailer: 1\r\n\r\n' +
    'HTTP/1.1 204 No Content\r\n\r\n',
);

type Message = { readonly head: string; readonly body: string };

function readAll(cuts: readonly number[]): readonly Message[] {
  const messages: Message[] = [];
  let head = '';
  let body = '';
  const reader = new HttpMessageReader({
    onHead: (text) => {
      head = text.slice(0, text.indexOf('\r\n'));
    },
    onBody: (bytes, start, end) => {
      body += bytes.toString('latin1', start, end);
    },
    onEnd: () => {
      messages.push({ head, body });
      body = '';
    },
  });
  const edges = [0, ...cuts.toSorted((left, right) => left - right), WIRE.length];
  for (const [index, edge] of edges.entries()) reader.read(WIRE.subarray(edges[index - 1] ?? 0, edge));
  return messages;
}
