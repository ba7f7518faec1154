import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openaiChat } from '../../../src/dialects/openai-chat/index.ts';
import { tellCost, tellCostInStream } from '../../../src/pipeline/tell-cost.ts';
import { createByteReader } from '../../../src/streams/codec.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const usage = { prompt_tokens: 1000, completion_tokens: 10, total_tokens: 1010 };

describe('the cost in a reply that is passed through', () => {
  it('is one member more, and nothing where it is unknown or told already', () => {
    const reply = bytes(JSON.stringify({ vendor: 'x', usage }));
    expect(tellCost(reply, undefined)).toBe(reply);
    expect(JSON.parse(String(tellCost(reply, 0.5)))).toEqual({ vendor: 'x', usage: { ...usage, cost: 0.5 } });
    const told = bytes(JSON.stringify({ usage: { ...usage, cost: 3 } }));
    expect(tellCost(told, 0.5)).toBe(told);
    const none = bytes('{"choices":[]}');
    expect(tellCost(none, 0.5)).toBe(none);
  });

  it('stands inside the reply of an event of the Responses API', () => {
    const sent =
      'event: response.completed\ndata: {"type":"response.completed","response":{"usage":{"input_tokens":1}}}\n\n';
    const { source, writer } = tellCostInStream(
      { held: { bytes: [], events: [], ended: false }, reader: QUIET, rest: new ReadableStream() },
      undefined,
      () => 0.5,
    );
    source.reader.feed(bytes(sent));
    expect(writer.write({ type: 'finish', reason: { unified: 'stop' } })).toBe(
      sent.replace('"input_tokens":1', '"input_tokens":1,"cost":0.5'),
    );
  });

  it('stands in the usage of a stream, however its bytes are cut; all else is the text of the provider', () => {
    const content = (text: string) =>
      `data: {"id":"c","unknown": 1.0,"choices":[{"index":0,"delta":{"content":"${text}"}}],"usage":null}`;
    const last = `data: {"id":"c","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}`;
    const report = `data: ${JSON.stringify({ id: 'c', choices: [], usage })}`;
    const cost = `data: ${JSON.stringify({ id: 'c', choices: [], usage: { ...usage, cost: 0.00101 } })}`;
    const body = (...lines: string[]) => lines.map((line) => `${line}\n\n`).join('');
    const sent = body(content('é'), ': a comment', content('lo'), last, report, 'data: [DONE]');
    const wanted = body(content('é'), ': a comment', content('lo'), last, cost, 'data: [DONE]');
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 80 }), { minLength: 1 }), (sizes) => {
        expect(relay(bytes(sent), sizes)).toBe(wanted);
      }),
    );
  });

  it.each(['\n', '\r\n', '\r'])('holds back no event whose lines end in %j', (end) => {
    const sent = `data: {"choices":[]}${end}${end}`;
    expect(passed(sent)).toBe(sent);
  });

  it('holds back no more than an event may be large', () => {
    const sent = `: ${'x'.repeat(1_100_000)}`;
    expect(passed(sent)).toBe(sent);
  });
});

/** What is passed on of bytes whose reader says nothing. */
function passed(sent: string): string {
  const { source, writer } = tellCostInStream(
    { held: { bytes: [], events: [], ended: false }, reader: QUIET, rest: new ReadableStream() },
    undefined,
    () => 0.5,
  );
  source.reader.feed(bytes(sent));
  return writer.write({ type: 'finish', reason: { unified: 'stop' } });
}

const QUIET = { feed: () => [], end: () => [] };

/** What the relay would write: the writer's text for each event, the reader fed piece by piece. */
function relay(sent: Uint8Array, sizes: readonly number[]): string {
  const reader = createByteReader(openaiChat.egress.createStreamReader());
  const first = sent.subarray(0, sizes[0]);
  const held = { bytes: [first], events: reader.feed(first), ended: false };
  const { source, writer } = tellCostInStream(
    { held, reader, rest: new ReadableStream() },
    openaiChat.egress.readUsage,
    ({ uncachedInput = 0, output = 0 }) => (uncachedInput + output) / 1_000_000,
  );
  let text = '';
  const write = (events: typeof held.events): boolean => {
    for (const event of events) text += writer.write(event);
    return events.some(({ type }) => type === 'finish');
  };
  let over = write(held.events);
  for (let at = sizes[0] ?? 1, turn = 1; !over; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    over =
      at >= sent.length
        ? write(source.reader.end()) || true
        : write(source.reader.feed(sent.subarray(at, at + size)));
    at += size;
  }
  return text;
}
