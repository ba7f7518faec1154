// What providers get wrong, row by row, in every pairing of dialects. Each row has one target and so shows what the
// caller is told; that another target answers instead is in failover.test.ts.

import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from '../support/ask.ts';
import { FACES, type Told } from '../support/faces.ts';
import {
  eventStream,
  RESET,
  startFakeProvider,
  textOf,
  type Answer,
  type FakeProvider,
  type Piece,
} from '../support/fake-provider.ts';
import type { Gateway } from '../support/gateway.ts';
import { named } from '../support/named.ts';
import { callers, pairs, type Form, type Speech } from '../support/speech.ts';
import { startStage } from '../support/stage.ts';

let provider: FakeProvider;
let gateway: Gateway;
let stop: () => Promise<void>;
/** Speaks no TLS, and is told to the gateway as if it did. */
let plainServer: FakeProvider;

beforeAll(async () => {
  plainServer = await startFakeProvider();
  ({ provider, gateway, stop } = await startStage(() => ({
    // No resolver takes a label of more than 63 characters, so this fails without anybody being asked.
    OPENAI_COMPATIBLE_BASE_URL: `https://${'unresolvable'.repeat(6)}.com/v1`,
    OPENROUTER_API_KEY: 'sk-or',
    OPENROUTER_BASE_URL: `${plainServer.url.replace('http:', 'https:')}/v1`,
    // Nobody listens on the lowest port.
    BLACKBOX_API_KEY: 'sk-bb',
    BLACKBOX_BASE_URL: 'http://127.0.0.1:1',
  })));
});
afterAll(async () => {
  await stop();
  await plainServer.stop();
});

type Fault = {
  readonly row: string;
  readonly forms: readonly Form[];
  readonly answer: (upstream: Speech, form: Form) => Answer;
  readonly told: Told;
  /** How often the only target is asked. */
  readonly asked: number;
};

const BOTH: readonly Form[] = ['whole', 'stream'];
const WHOLE: readonly Form[] = ['whole'];
const STREAM: readonly Form[] = ['stream'];

const json = (text: string | Uint8Array, status = 200, headers = {}): Answer => ({
  status,
  headers,
  pieces: [text],
});
const html = (status: number): Answer =>
  json('<html><title>Attention Required!</title></html>', status, {
    'content-type': 'text/html',
    'cf-mitigated': 'challenge',
  });
const half = (text: string): string => text.slice(0, text.length / 2);
const wholeText = ({ whole }: Speech): string => textOf(whole.answer);
const overloaded = ({ id, error }: Speech) => error(FACES[id].overloaded.word, 'Too many of us.');
const ENDLESS_LINE = `data: {"x":"${'x'.repeat(1_200_000)}`;

/** Before any content: the status is still ours to choose. */
const BEFORE_CONTENT: readonly Fault[] = [
  {
    row: 'F-8: a reset before the headers',
    forms: BOTH,
    answer: () => ({ bare: true, pieces: [RESET] }),
    told: 'upstream-error',
    asked: 2,
  },
  {
    row: 'F-9: a reset after the headers',
    forms: BOTH,
    answer: ({ stream }, form) =>
      form === 'whole' ? { pieces: [RESET] } : eventStream(stream.preamble, RESET),
    told: 'upstream-protocol',
    asked: 1,
  },
  {
    row: 'F-10: a reset in the middle of a JSON reply',
    forms: WHOLE,
    answer: (upstream) => ({ pieces: [half(wholeText(upstream)), RESET] }),
    told: 'upstream-protocol',
    asked: 1,
  },
  {
    row: 'F-18: a JSON reply that is cut off',
    forms: WHOLE,
    answer: (upstream) => json(half(wholeText(upstream))),
    told: 'upstream-protocol',
    asked: 1,
  },
  {
    row: 'F-19: a content-length larger than the body',
    forms: WHOLE,
    answer: (upstream) => ({
      bare: true,
      pieces: [
        'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 99999\r\n\r\n',
        wholeText(upstream),
      ],
    }),
    told: 'upstream-protocol',
    asked: 1,
  },
  {
    row: 'F-20: a stream that ends after its preamble',
    forms: STREAM,
    answer: ({ stream }) => eventStream(stream.preamble),
    told: 'upstream-protocol',
    asked: 1,
  },
  {
    row: 'F-24: a line without end',
    forms: STREAM,
    answer: ({ stream }) => eventStream(stream.preamble, ENDLESS_LINE),
    told: 'upstream-protocol',
    asked: 1,
  },
  {
    row: 'F-26: an event that is not JSON',
    forms: STREAM,
    answer: ({ stream }) =>
      eventStream(stream.preamble, 'data: {"oops\n\n', stream.content, stream.closing, stream.ending),
    told: 'upstream-protocol',
    asked: 1,
  },
  {
    row: 'F-27: an error as the first event',
    forms: STREAM,
    answer: (upstream) => eventStream(overloaded(upstream).frame),
    told: 'overloaded',
    asked: 2,
  },
  {
    row: 'F-28: an error in a body with status 200',
    forms: BOTH,
    answer: (upstream) => json(overloaded(upstream).body),
    told: 'overloaded',
    asked: 2,
  },
  {
    row: 'F-29: an HTML page with status 200',
    forms: BOTH,
    answer: () => html(200),
    told: 'upstream-protocol',
    asked: 1,
  },
  {
    row: 'F-29: an HTML page with status 502',
    forms: BOTH,
    answer: () => html(502),
    told: 'upstream-error',
    asked: 2,
  },
  {
    row: 'F-29: an HTML page with status 403',
    forms: BOTH,
    answer: () => html(403),
    told: 'upstream-auth',
    asked: 1,
  },
  {
    row: 'F-30: 204',
    forms: BOTH,
    answer: () => ({ status: 204, pieces: [] }),
    told: 'upstream-protocol',
    asked: 1,
  },
  { row: 'F-30: an empty body', forms: BOTH, answer: () => json(''), told: 'upstream-protocol', asked: 1 },
  { row: 'F-30: null', forms: BOTH, answer: () => json('null'), told: 'upstream-protocol', asked: 1 },
  { row: 'F-30: []', forms: BOTH, answer: () => json('[]'), told: 'upstream-protocol', asked: 1 },
  {
    row: 'F-30: an empty stream',
    forms: STREAM,
    answer: () => eventStream(),
    told: 'upstream-protocol',
    asked: 1,
  },
  {
    row: 'F-31: plain text that calls itself gzip',
    forms: BOTH,
    answer: (upstream) => json(wholeText(upstream), 200, { 'content-encoding': 'gzip' }),
    told: 'upstream-protocol',
    asked: 1,
  },
  {
    row: 'F-31: gzip that is cut off',
    forms: BOTH,
    answer: (upstream) =>
      json(gzipSync(wholeText(upstream)).subarray(0, 60), 200, { 'content-encoding': 'gzip' }),
    told: 'upstream-protocol',
    asked: 1,
  },
  {
    row: 'F-31: gzip in gzip',
    forms: BOTH,
    answer: (upstream) => json(gzipSync(gzipSync(wholeText(upstream))), 200, { 'content-encoding': 'gzip' }),
    told: 'upstream-protocol',
    asked: 1,
  },
];

/** After content: the status is out, and what was said cannot be taken back. */
const AFTER_CONTENT: readonly {
  readonly row: string;
  readonly told: Told;
  readonly pieces: (upstream: Speech) => readonly Piece[];
}[] = [
  {
    row: 'F-10: a reset',
    told: 'upstream-protocol',
    pieces: () => [RESET],
  },
  {
    row: 'F-10: a reset in the middle of an event',
    told: 'upstream-protocol',
    pieces: ({ stream }) => [stream.content.slice(0, 50), RESET],
  },
  {
    row: 'F-20: a stream without its terminal marker',
    told: 'upstream-protocol',
    pieces: () => [],
  },
  {
    row: 'F-24: a line without end',
    told: 'upstream-protocol',
    pieces: () => [ENDLESS_LINE],
  },
  {
    row: 'F-26: an event that is not JSON, though all is well after it,',
    told: 'upstream-protocol',
    pieces: ({ stream }) => ['data: {"oops\n\n', stream.closing, stream.ending],
  },
  {
    row: 'F-27: an error event',
    told: 'overloaded',
    pieces: (upstream) => [overloaded(upstream).frame],
  },
];

/** A row for each form in which it can happen. */
function inForms<Row extends { readonly row: string; readonly forms: readonly Form[] }>(
  rows: readonly Row[],
) {
  return rows.flatMap((row) => row.forms.map((form) => ({ ...row, form, row: `${row.row} (${form})` })));
}

describe.each(pairs)('%s', (_, { caller, upstream }) => {
  it.each(named(inForms(BEFORE_CONTENT)))(
    "%s is a status in the caller's dialect",
    async (_, { answer, form, told, asked }) => {
      const before = provider.asked.length;
      provider.answer(answer(upstream, form));

      const heard = await ask(gateway, caller, { model: upstream.model, form });

      const face = FACES[caller.id][told];
      expect(heard).toMatchObject({
        status: face.status,
        text: '',
        errors: [{ word: face.word, requestId: heard.requestId }],
      });
      expect(heard.raw).not.toMatch(/<html|oops/);
      expect(provider.asked.length - before).toBe(asked);
      expect(await gateway.journal(heard.requestId)).toMatchObject({ ending: 'error', status: face.status });
    },
  );

  it.each(named(AFTER_CONTENT))('%s after content is said in-band', async (_, { pieces, told }) => {
    const before = provider.asked.length;
    const begun = Promise.withResolvers<void>();
    const { preamble, content } = upstream.stream;
    provider.answer(eventStream(preamble, content, { waitFor: begun.promise }, ...pieces(upstream)));

    const heard = await ask(gateway, caller, {
      model: upstream.model,
      form: 'stream',
      onBegun: begun.resolve,
    });

    expect(heard).toMatchObject({ status: 200, text: upstream.stream.text, starts: 1 });
    expect(heard.ids).toHaveLength(1);
    // Passed through, the provider's own words are on their way before ours; the last word is ours.
    expect(new Set(heard.errors.map(({ word }) => word))).toEqual(new Set([FACES[caller.id][told].word]));
    expect(heard.raw.trimEnd().split('\n\n').at(-1)).toContain(heard.requestId);
    expect(provider.asked.length - before).toBe(1);
    expect(await gateway.journal(heard.requestId)).toMatchObject({ ending: 'broken', failure: told });
  });
});

const UNREACHABLE = [
  {
    forms: BOTH,
    row: 'F-11: a name that does not resolve',
    model: 'openai-compatible/any',
    secret: 'unresolvable',
  },
  { forms: BOTH, row: 'F-12: a server without TLS', model: 'openrouter/openai/gpt-4o', secret: '127.0.0.1' },
  { forms: BOTH, row: 'F-13: a port where nobody listens', model: 'blackbox/any', secret: '127.0.0.1' },
];

describe.each(callers)('%s', (_, caller) => {
  it.each(named(inForms(UNREACHABLE)))(
    '%s is a 502 that names no host, after one more try',
    async (_, { model, form, secret }) => {
      const heard = await ask(gateway, caller, { model, form });

      const { status, word } = FACES[caller.id]['upstream-error'];
      expect(heard).toMatchObject({ status, errors: [{ word }] });
      expect(heard.raw).not.toContain(secret);
      expect(plainServer.asked).toEqual([]);
      expect((await gateway.journal(heard.requestId)).attempts).toMatchObject([
        { outcome: 'local', phase: 'connect' },
        { outcome: 'local', phase: 'connect' },
      ]);
    },
  );
});
