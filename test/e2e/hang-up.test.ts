// F-36: callers that hang up, at every point of a request, with a reset and politely, passed through and translated.
// Whatever the point, no call to a provider is left running and one line in the log says what was passed on.
//
// The runtime tells of a reset at once. A polite end shows only at the next write, so while the provider is silent it is
// noticed by a heartbeat, and where there is none (passed through, once content has begun) by the provider's idle limit:
// that limit is small here. A JSON reply has no write before it is there: the caller's deadline bounds it.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from '../support/ask.ts';
import { eventStream, STALL, type Answer, type Piece } from '../support/fake-provider.ts';
import type { LogLine } from '../support/gateway.ts';
import { named } from '../support/named.ts';
import { HEADERS, openRawClient, requestHead, type HangUp, type RawClient } from '../support/raw-client.ts';
import { anthropicSpeech, openaiSpeech, pairs, type Form, type Speech } from '../support/speech.ts';
import { cueByModel, startStage, type Cues, type Stage } from '../support/stage.ts';
import { until } from '../support/until.ts';

let stage: Stage;
let cues: Cues;

beforeAll(async () => {
  const timeouts = { headersMs: 10_000, firstContentMs: 10_000, idleMs: 500 };
  stage = await startStage(
    (url) => ({
      OPENROUTER_API_KEY: 'sk-or',
      OPENROUTER_BASE_URL: `${url}/v1`,
      BLACKBOX_API_KEY: 'sk-bb',
      BLACKBOX_BASE_URL: url,
    }),
    { timeouts, commitDelayMs: 100, heartbeatMs: 100 },
  );
  cues = cueByModel(stage);
});
afterAll(() => stage.stop());

type Pair = { readonly caller: Speech; readonly upstream: Speech };

/** One request, from a caller who is about to leave. */
type Scene = Pair & {
  readonly client: RawClient;
  readonly body: string;
  readonly model: string;
  readonly id: string;
};

type Point = {
  readonly row: string;
  readonly form: Form;
  readonly answer: (upstream: Speech) => Answer;
  /** Brings the request to the point. */
  readonly reach: (scene: Scene) => Promise<void>;
  /** How often the provider may have been asked. */
  readonly asked: readonly number[];
  /** What notices a polite end, where no write does. */
  readonly endedBy?: 'deadline' | 'idle limit';
};

const DEADLINE_MS = 1500;
const SAID = '~'.repeat(40);
/** Of these, what the fastest providers say in a second. */
const BURST = 3000;

const head = ({ caller, body, id }: Scene): string =>
  requestHead(caller.path, [
    ...HEADERS,
    `x-client-request-id: ${id}`,
    `x-llm-proxy-timeout-ms: ${DEADLINE_MS}`,
    `content-length: ${body.length}`,
  ]);

/** What was sent before has been read by then: the gateway takes its connections one after the other. */
async function gatewayHasRead(): Promise<void> {
  await (await fetch(`${stage.gateway.url}/health/live`)).text();
}

async function send(scene: Scene): Promise<void> {
  scene.client.send(head(scene) + scene.body);
  await until(() => cues.asked(scene.model).length > 0);
}

/** As a model talks, for longer than any test. */
const talk = ({ say }: Speech['stream']): readonly Piece[] =>
  Array.from({ length: 200 }, () => [say(SAID), { pauseMs: 20 }]).flat();

const silent: Answer = { bare: true, pieces: [STALL] };

const POINTS: readonly Point[] = [
  {
    row: 'a: before the body',
    form: 'stream',
    answer: () => silent,
    asked: [0],
    reach: async (scene) => {
      scene.client.send(head(scene));
      await gatewayHasRead();
    },
  },
  {
    row: 'b: in the middle of the body',
    form: 'stream',
    answer: () => silent,
    asked: [0],
    reach: async (scene) => {
      scene.client.send(head(scene) + scene.body.slice(0, 20));
      await gatewayHasRead();
    },
  },
  {
    row: 'c: as soon as the body is sent',
    form: 'stream',
    answer: () => silent,
    // A reset may overtake the body. Nothing is waited for between the body and the call, so there is no other point.
    asked: [0, 1],
    reach: async (scene) => {
      scene.client.send(head(scene) + scene.body);
      await gatewayHasRead();
    },
  },
  {
    row: 'd: before the headers of a JSON reply',
    form: 'whole',
    answer: () => silent,
    asked: [1],
    endedBy: 'deadline',
    reach: send,
  },
  { row: 'd: before the headers of a stream', form: 'stream', answer: () => silent, asked: [1], reach: send },
  {
    row: 'd: when the content is on its way',
    form: 'stream',
    answer: ({ stream }) => eventStream(stream.preamble, { pauseMs: 50 }, ...talk(stream)),
    asked: [1],
    reach: send,
  },
  {
    row: 'e: between the status and the content',
    form: 'stream',
    answer: ({ stream }) => eventStream(stream.preamble, STALL),
    asked: [1],
    reach: async (scene) => {
      await send(scene);
      await scene.client.hears(scene.caller.heartbeat);
    },
  },
  {
    row: 'f: in the middle of the content',
    form: 'stream',
    answer: ({ stream }) => eventStream(stream.preamble, ...talk(stream)),
    asked: [1],
    reach: async (scene) => {
      await send(scene);
      await until(() => tildes(scene.client) > 3 * SAID.length);
    },
  },
  {
    row: 'f: behind content that came all at once',
    form: 'stream',
    answer: ({ stream }) => eventStream(stream.preamble + stream.say(SAID).repeat(BURST), STALL),
    asked: [1],
    endedBy: 'idle limit',
    reach: async (scene) => {
      await send(scene);
      await until(() => tildes(scene.client) === BURST * SAID.length);
    },
  },
  {
    row: 'g: just before the usage',
    form: 'stream',
    answer: ({ stream }) => eventStream(stream.preamble, stream.say(SAID), stream.closing, STALL),
    asked: [1],
    endedBy: 'idle limit',
    reach: async (scene) => {
      await send(scene);
      await scene.client.hears(SAID);
    },
  },
];

const tildes = (client: RawClient): number => client.received().split('~').length - 1;

/** A caller at the point, and the line that the log has of it when it has hung up. */
async function hangUpAt({ row, form, answer, reach }: Point, how: HangUp, pair: Pair) {
  const { caller, upstream } = pair;
  const id = `${caller.id}-to-${upstream.id}-${form}-${how}-${row}`.replaceAll(/[^\w-]+/g, '-');
  const model = id;
  cues.cue(model, answer(upstream));
  const scene: Scene = {
    ...pair,
    client: await openRawClient(stage.gateway.url),
    body: JSON.stringify(caller.question(`${upstream.id}/${model}`, form)),
    model,
    id,
  };
  await reach(scene);
  const heard = tildes(scene.client);
  scene.client.hangUp(how);
  const line = await stage.gateway.journal(id);
  return { line, heard, asked: cues.asked(model), id };
}

/** Every line of that request, once a later request is known to have written its own. */
async function linesOf(id: string, { caller, upstream }: Pair): Promise<readonly LogLine[]> {
  cues.cue('good', upstream.whole.answer);
  const { requestId } = await ask(stage.gateway, caller, { model: `${upstream.id}/good`, form: 'whole' });
  await stage.gateway.journal(requestId);
  return stage.gateway.log.filter((line) => line['client_request_id'] === id);
}

/** A reset shows at once; so does a polite end where something is written now and then. */
const noticed = (['RST', 'FIN'] as const).flatMap((how) =>
  POINTS.filter(({ endedBy }) => how === 'RST' || endedBy === undefined).map((point) => ({
    row: `${point.row} (${how})`,
    point,
    how,
  })),
);
const unnoticed = POINTS.filter(({ endedBy }) => endedBy !== undefined);

describe.concurrent.each(pairs)('%s', (_, pair) => {
  const { caller, upstream } = pair;

  it.each(named(noticed))('F-36 %s', async (_row, { point, how }) => {
    const { line, heard, asked, id } = await hangUpAt(point, how, pair);

    await Promise.all(asked.map(({ over }) => over));
    expect(point.asked).toContain(asked.length);
    expect(asked.every((one) => one.hungUp())).toBe(true);
    expect(line['ending']).toBe('gone');
    expect(Number(line['output_tokens'] ?? 0)).toBeGreaterThanOrEqual((0.9 * heard) / 4);
    expect(await linesOf(id, pair)).toHaveLength(1);
  });

  it.each(named(unnoticed))('F-36 %s (FIN), bounded by a limit', async (_row, point) => {
    const { line, heard, asked, id } = await hangUpAt(point, 'FIN', pair);

    await asked[0]?.over;
    expect(asked.map((one) => one.hungUp())).toEqual([true]);
    // A stream that is translated has heartbeats in its content too.
    const isBeating = point.endedBy === 'idle limit' && caller !== upstream;
    expect(line).toMatchObject(isBeating ? { ending: 'gone' } : { failure: 'upstream-timeout' });
    expect(Number(line['output_tokens'] ?? 0)).toBeGreaterThanOrEqual((0.9 * heard) / 4);
    expect(await linesOf(id, pair)).toHaveLength(1);
  });

  it('F-36 h: after the end', async () => {
    const { preamble, closing, ending, say } = upstream.stream;
    const point: Point = {
      row: 'h',
      form: 'stream',
      answer: () => eventStream(preamble, say(SAID), closing, ending),
      asked: [1],
      reach: async (scene) => {
        await send(scene);
        await scene.client.hears(caller.id === 'openai' ? '[DONE]' : 'message_stop');
      },
    };

    const { line, asked, id } = await hangUpAt(point, 'RST', pair);

    await asked[0]?.over;
    expect(asked.map((one) => one.hungUp())).toEqual([false]);
    expect(line).toMatchObject({ ending: 'ok', usage_source: 'reported' });
    expect(await linesOf(id, pair)).toHaveLength(1);
  });
});

/** Providers that bill to the end whether anyone listens or not. */
const DRAINED = [
  {
    row: 'openai caller, passed through',
    caller: openaiSpeech,
    provider: 'openrouter',
    upstream: openaiSpeech,
  },
  {
    row: 'anthropic caller, passed through',
    caller: anthropicSpeech,
    provider: 'openrouter',
    upstream: anthropicSpeech,
  },
  {
    row: 'anthropic caller, translated',
    caller: anthropicSpeech,
    provider: 'blackbox',
    upstream: openaiSpeech,
  },
];

describe.concurrent('a provider whose bill does not stop when one hangs up', () => {
  it.each(named(DRAINED))(
    'F-36: is read to its end for the usage that comes last (%s)',
    async (row, drained) => {
      const { caller, upstream, provider } = drained;
      const { preamble, say, closing, ending } = upstream.stream;
      const gone = Promise.withResolvers<void>();
      const id = `drained-${row.replaceAll(/\W+/g, '-')}`;
      const model = `any/${id}`;
      const more = Array.from({ length: 10 }, () => [{ pauseMs: 10 }, say(SAID)]).flat();
      cues.cue(model, eventStream(preamble, say(SAID), { waitFor: gone.promise }, ...more, closing, ending));
      const body = JSON.stringify(caller.question(`${provider}/${model}`, 'stream'));
      const client = await openRawClient(stage.gateway.url);
      client.send(head({ caller, upstream, client, body, model, id }) + body);
      await client.hears(SAID);

      client.hangUp('RST');
      gone.resolve();

      const line = await stage.gateway.journal(id);
      expect(line).toMatchObject({ ending: 'gone', finish_reason: 'stop', usage_source: 'reported' });
      expect(cues.asked(model).map((one) => one.hungUp())).toEqual([false]);
    },
  );
});
