// Replies that look odd and are right: the spec of server-sent events allows more than any one provider uses, and
// vendors add words that nobody told us of. In every pairing of dialects the caller hears one good reply.
// https://html.spec.whatwg.org/multipage/server-sent-events.html

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from '../support/ask.ts';
import { eventStream, RESET, textOf, type Piece } from '../support/fake-provider.ts';
import { named } from '../support/named.ts';
import { pairs, type Speech } from '../support/speech.ts';
import { startStage, type Stage } from '../support/stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.stop());

/** Two, three and four bytes a character, a joined family, a mark in the middle. */
const MULTI_BYTE = 'é€😀👩‍👩‍👧\uFEFF.';

const ODD_STREAMS: readonly {
  readonly row: string;
  readonly pieces: (stream: string, upstream: Speech) => readonly Piece[];
}[] = [
  {
    row: 'F-21, F-22: cut at every byte, inside characters too,',
    pieces: (stream) => Array.from(new TextEncoder().encode(stream), (byte) => Uint8Array.of(byte)),
  },
  { row: 'F-23: lines that end in CR LF', pieces: (stream) => [stream.replaceAll('\n', '\r\n')] },
  { row: 'F-23: lines that end in CR', pieces: (stream) => [stream.replaceAll('\n', '\r')] },
  {
    row: 'F-23: CR LF cut in two',
    pieces: (stream) => stream.split(/(?<=\n)/).flatMap((line) => [`${line.trimEnd()}\r`, '\n']),
  },
  {
    row: 'F-23: comments, ids and retry lines',
    pieces: (stream) => [stream.replaceAll('data:', ': comment\nid: 7\nretry: 100\ndata:')],
  },
  {
    row: 'F-23: no space after the colon',
    pieces: (stream) => [stream.replaceAll(/^(data|event): /gm, '$1:')],
  },
  { row: 'F-23: data over several lines', pieces: (stream) => [stream.replaceAll(',"', ',\ndata: "')] },
  { row: 'F-23: no blank line at the end', pieces: (stream) => [stream.trimEnd()] },
  { row: 'F-23: a byte order mark', pieces: (stream) => [`\uFEFF${stream}`] },
  { row: 'F-10: a reset behind the terminal marker', pieces: (stream) => [stream, { pauseMs: 5 }, RESET] },
  {
    row: 'F-35: an unknown event',
    pieces: (stream, { stream: { content } }) => [
      stream.replace(
        content,
        () => `${content}event: novelty\ndata: {"type":"novelty","object":"novelty"}\n\n`,
      ),
    ],
  },
  {
    row: 'F-35: an unknown reason to finish',
    pieces: (stream) => [stream.replace(/"(stop|end_turn)"/, '"galactic"')],
  },
  {
    row: 'F-35: unknown fields',
    pieces: (stream) => [stream.replaceAll(/^data: {/gm, 'data: {"novelty":{"deep":[1]},')],
  },
  { row: 'F-35: no usage', pieces: (stream) => [stream.replaceAll(/"usage":/g, '"effort":')] },
];

const ODD_BODIES: readonly { readonly row: string; readonly change: (body: string) => string }[] = [
  {
    row: 'F-35: an unknown reason to finish',
    change: (body) => body.replace(/"(stop|end_turn)"/, '"galactic"'),
  },
  { row: 'F-35: unknown fields', change: (body) => body.replace('{', '{"novelty":{"deep":[1]},') },
  { row: 'F-35: no usage', change: (body) => body.replace('"usage":', '"effort":') },
];

describe.each(pairs)('%s', (_, { caller, upstream }) => {
  it.each(named(ODD_STREAMS))('%s is a good stream', async (_, { pieces }) => {
    const { preamble, content, say, closing, ending, text } = upstream.stream;
    const stream = [preamble, content, say(MULTI_BYTE), closing, ending].join('');
    stage.provider.answer(eventStream(...pieces(stream, upstream)));

    const heard = await ask(stage.gateway, caller, { model: upstream.model, form: 'stream' });

    expect(heard).toMatchObject({
      status: 200,
      text: text + MULTI_BYTE,
      starts: 1,
      finished: true,
      errors: [],
    });
    expect(heard.raw).not.toContain('\uFFFD');
    expect(await stage.gateway.journal(heard.requestId)).toMatchObject({ ending: 'ok' });
  });

  it.each(named(ODD_BODIES))('%s is a good body', async (_, { change }) => {
    const { answer, text } = upstream.whole;
    stage.provider.answer({ pieces: [change(textOf(answer))] });

    const heard = await ask(stage.gateway, caller, { model: upstream.model, form: 'whole' });

    expect(heard).toMatchObject({ status: 200, text, finished: true, errors: [] });
  });

  it('F-25: 50,000 tiny events arrive in their order', async () => {
    const { preamble, say, closing, ending } = upstream.stream;
    const digits = Array.from({ length: 50_000 }, (_, at) => String(at % 10));
    stage.provider.answer(eventStream([preamble, ...digits.map(say), closing, ending].join('')));

    const heard = await ask(stage.gateway, caller, { model: upstream.model, form: 'stream' });

    expect(heard.text).toBe(digits.join(''));
    expect(heard.finished).toBe(true);
  });

  it.each<number>([0, -5, 1e12, 0.5])(
    'F-35: a usage of %d tokens is replaced by an estimate',
    async (tokens) => {
      const { preamble, content, closing, ending, text } = upstream.stream;
      const odd = (told: string): string =>
        told.replaceAll(/"(completion|output)_tokens": ?\d+/g, `"$1_tokens":${tokens}`);
      stage.provider.answer(eventStream(odd([preamble, content, closing, ending].join(''))));

      const heard = await ask(stage.gateway, caller, { model: upstream.model, form: 'stream' });

      expect(heard).toMatchObject({ text, finished: true });
      expect(await stage.gateway.journal(heard.requestId)).toMatchObject({
        output_tokens: Math.ceil(text.length / 4),
      });
    },
  );
});
