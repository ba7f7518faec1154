// Providers that take too long, in every pairing of dialects. The limits are set to fractions of a second; tests run
// side by side.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from '../support/ask.ts';
import { FACES } from '../support/faces.ts';
import { eventStream, STALL, type Answer, type Piece } from '../support/fake-provider.ts';
import { named } from '../support/named.ts';
import { pairs, type Form, type Speech } from '../support/speech.ts';
import { cueByModel, startStage, type Cues, type Stage } from '../support/stage.ts';

const LIMIT_MS = 400;

let stage: Stage;
let cues: Cues;

beforeAll(async () => {
  const timeouts = { headersMs: LIMIT_MS, firstContentMs: LIMIT_MS, idleMs: LIMIT_MS, totalMs: 10_000 };
  stage = await startStage(undefined, { timeouts });
  cues = cueByModel(stage);
});
afterAll(() => stage.stop());

/** Asks for a model that answers as told. */
async function askFor(
  answer: Answer,
  name: string,
  {
    caller,
    upstream,
    form,
    headers,
  }: { caller: Speech; upstream: Speech; form: Form; headers?: Record<string, string> },
) {
  const model = `${caller.id}-to-${upstream.id}-${form}-${name}`;
  cues.cue(model, answer);
  const heard = await ask(stage.gateway, caller, {
    model: `${upstream.id}/${model}`,
    form,
    ...(headers === undefined ? {} : { headers }),
  });
  return { heard, asked: cues.asked(model), line: await stage.gateway.journal(heard.requestId) };
}

/** Something small, again and again, for far longer than any limit. */
const forever = (piece: string): readonly Piece[] =>
  Array.from({ length: 100 }, () => [piece, { pauseMs: LIMIT_MS / 8 }]).flat();

type Slow = { readonly row: string; readonly pieces: (upstream: Speech) => readonly Piece[] };

const BEFORE_CONTENT: readonly Slow[] = [
  { row: 'F-16: silence after the headers', pieces: () => [STALL] },
  { row: 'F-16: silence after the preamble', pieces: ({ stream }) => [stream.preamble, STALL] },
  { row: 'F-17: heartbeats and nothing else', pieces: ({ heartbeat }) => forever(heartbeat) },
];

const AFTER_CONTENT: readonly Slow[] = [
  { row: 'F-15: a byte now and then', pieces: () => forever('d') },
  { row: 'F-16: silence after content', pieces: () => [STALL] },
  { row: 'F-16: silence just before the terminal marker', pieces: ({ stream }) => [stream.closing, STALL] },
  { row: 'F-17: heartbeats and no more content', pieces: ({ heartbeat }) => forever(heartbeat) },
];

describe.concurrent.each(pairs)('%s', (_, pair) => {
  const { caller, upstream } = pair;
  const { status, word } = FACES[caller.id]['upstream-timeout'];

  it('F-14: headers that come late but in time are no fault', async () => {
    const { preamble, content, closing, ending, text } = upstream.stream;
    const late: Answer = {
      bare: true,
      pieces: [
        { pauseMs: LIMIT_MS / 4 },
        'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n',
        preamble + content + closing + ending,
      ],
    };

    const { heard } = await askFor(late, 'late', { ...pair, form: 'stream' });

    expect(heard).toMatchObject({ status: 200, text, finished: true });
  });

  it('F-13, F-14: headers that never come are a timeout', async () => {
    const { heard, asked, line } = await askFor({ bare: true, pieces: [STALL] }, 'mute', {
      ...pair,
      form: 'stream',
    });

    expect(heard).toMatchObject({ status, errors: [{ word }] });
    await asked[0]?.over;
    expect(asked.map((one) => one.hungUp())).toEqual([true]);
    expect(line.attempts).toMatchObject([{ outcome: 'timeout', phase: 'connect' }]);
  });

  it.each(named(BEFORE_CONTENT))('%s is a timeout', async (row, { pieces }) => {
    const { heard, asked, line } = await askFor(eventStream(...pieces(upstream)), row, {
      ...pair,
      form: 'stream',
    });

    expect(heard).toMatchObject({ status, text: '', errors: [{ word }] });
    await asked[0]?.over;
    expect(asked.map((one) => one.hungUp())).toEqual([true]);
    expect(line.attempts).toMatchObject([{ outcome: 'timeout', phase: 'preamble' }]);
  });

  it.each(named(AFTER_CONTENT))('%s ends the stream in-band', async (row, { pieces }) => {
    const { preamble, content, text } = upstream.stream;
    const answer = eventStream(preamble, content, ...pieces(upstream));

    const { heard, asked, line } = await askFor(answer, row, { ...pair, form: 'stream' });

    expect(heard).toMatchObject({ status: 200, text, finished: false, errors: [{ word }] });
    await asked[0]?.over;
    expect(asked.map((one) => one.hungUp())).toEqual([true]);
    expect(line).toMatchObject({ ending: 'broken', failure: 'upstream-timeout', usage_source: 'estimated' });
  });

  it.each<Form>(['whole', 'stream'])("F-13: the caller's own deadline ends a reply (%s)", async (form) => {
    const drip = forever(' ');
    const answer = form === 'whole' ? { pieces: drip } : eventStream(upstream.stream.preamble, ...drip);
    const headers = { 'x-llm-proxy-timeout-ms': String(LIMIT_MS / 4) };

    const { heard, asked, line } = await askFor(answer, 'deadline', { ...pair, form, headers });

    expect(heard).toMatchObject({ status, errors: [{ word }] });
    expect(line.duration_ms).toBeGreaterThanOrEqual(LIMIT_MS / 4);
    expect(line.duration_ms).toBeLessThan(LIMIT_MS);
    await asked[0]?.over;
    expect(asked.map((one) => one.hungUp())).toEqual([true]);
  });
});
