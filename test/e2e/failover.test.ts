// Another target answers instead, and the caller does not notice: for every class of failure, whichever dialect the
// first target speaks and the caller. Between them stand three providers: OpenAI, Anthropic, and a server of one's own.

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ask, type Heard } from '../support/ask.ts';
import { FACES, type Told } from '../support/faces.ts';
import {
  eventStream,
  RESET,
  STALL,
  startFakeProvider,
  textOf,
  type Answer,
  type Asked,
  type FakeProvider,
} from '../support/fake-provider.ts';
import { startGateway, type Gateway } from '../support/gateway.ts';
import { named } from '../support/named.ts';
import { callers, openaiSpeech, anthropicSpeech, pairs, type Form, type Speech } from '../support/speech.ts';

const LIMIT_MS = 300;

let openai: FakeProvider;
let anthropic: FakeProvider;
let own: FakeProvider;
let gateway: Gateway;

beforeAll(async () => {
  [openai, anthropic, own] = await Promise.all([
    startFakeProvider(),
    startFakeProvider(),
    startFakeProvider(),
  ]);
  gateway = await startGateway({
    OPENAI_API_KEY: 'sk-a,sk-b',
    OPENAI_BASE_URL: `${openai.url}/v1`,
    ANTHROPIC_API_KEY: 'sk-ant',
    ANTHROPIC_BASE_URL: anthropic.url,
    OPENAI_COMPATIBLE_BASE_URL: `${own.url}/v1`,
    // Nobody listens on the lowest port.
    BLACKBOX_API_KEY: 'sk-bb',
    BLACKBOX_BASE_URL: 'http://127.0.0.1:1',
    CONFIGURATION: JSON.stringify({
      version: 1,
      timeouts: { headersMs: LIMIT_MS, firstContentMs: LIMIT_MS },
      routes: { best: { targets: ['openai/gpt-4o', 'anthropic/claude-haiku-4-5'] } },
    }),
  });
});
afterAll(async () => {
  await gateway.stop();
  await Promise.all([openai, anthropic, own].map((provider) => provider.stop()));
});
beforeEach(() => {
  for (const { asked } of [openai, anthropic, own]) asked.length = 0;
});

const providerOf = ({ id }: Speech): FakeProvider => (id === 'openai' ? openai : anthropic);
const otherThan = ({ id }: Speech): Speech => (id === 'openai' ? anthropicSpeech : openaiSpeech);
const askedInAll = (): number => openai.asked.length + anthropic.asked.length + own.asked.length;

const good = ({ whole, stream }: Speech, form: Form): Answer =>
  form === 'whole'
    ? whole.answer
    : eventStream(stream.preamble, stream.content, stream.closing, stream.ending);
const goodText = ({ whole, stream }: Speech, form: Form): string =>
  form === 'whole' ? whole.text : stream.text;

type Failing = {
  readonly row: string;
  readonly forms?: readonly Form[];
  readonly answer: (upstream: Speech) => Answer;
  /** What `x-llm-proxy-fallback-reason` says. */
  readonly reason: string;
  /** Made at the first target, over all its credentials. */
  readonly attempts: Readonly<Record<Speech['id'], number>>;
};

const once = { openai: 1, anthropic: 1 };
const again = { openai: 2, anthropic: 2 };
/** OpenAI has two keys here, and the other may be good. */
const withEachKey = { openai: 2, anthropic: 1 };

const error = ({ id, error }: Speech, told: Told) => error(FACES[id][told].word, 'no').body;
const refusal =
  (status: number, headers = {}) =>
  (upstream: Speech): Answer => ({
    status,
    headers,
    pieces: [upstream.error('some_error', 'no').body],
  });

const FAILING: readonly Failing[] = [
  { row: 'F-5: 500', answer: refusal(500), reason: 'server', attempts: again },
  { row: 'F-5: 502', answer: refusal(502), reason: 'server', attempts: again },
  { row: 'F-5: 504', answer: refusal(504), reason: 'server', attempts: again },
  { row: 'F-5: 503', answer: refusal(503), reason: 'overload', attempts: again },
  { row: 'F-5: 529', answer: refusal(529), reason: 'overload', attempts: again },
  {
    row: 'F-6: 503 that asks for no more of it',
    answer: refusal(503, { 'x-should-retry': 'false' }),
    reason: 'overload',
    attempts: once,
  },
  {
    row: 'F-1: 429',
    answer: refusal(429, { 'retry-after': '2' }),
    reason: 'ratelimit',
    attempts: withEachKey,
  },
  {
    row: 'F-3: 429 without a word when to come back',
    answer: refusal(429),
    reason: 'ratelimit',
    attempts: withEachKey,
  },
  { row: 'F-4: 402', answer: refusal(402), reason: 'quota', attempts: withEachKey },
  { row: 'F-7: 401', answer: refusal(401), reason: 'auth', attempts: withEachKey },
  { row: 'F-7: 403', answer: refusal(403), reason: 'auth', attempts: withEachKey },
  {
    row: 'F-8: a reset before the headers',
    answer: () => ({ bare: true, pieces: [RESET] }),
    reason: 'local',
    attempts: again,
  },
  {
    row: 'F-9: a reset after the headers',
    answer: () => ({ pieces: [RESET] }),
    reason: 'protocol',
    attempts: once,
  },
  {
    row: 'F-9: a reset after the preamble',
    forms: ['stream'],
    answer: ({ stream }) => eventStream(stream.preamble, RESET),
    reason: 'protocol',
    attempts: once,
  },
  {
    row: 'F-14: no headers',
    forms: ['stream'],
    answer: () => ({ bare: true, pieces: [STALL] }),
    reason: 'timeout',
    attempts: once,
  },
  {
    row: 'F-16: silence after the preamble',
    forms: ['stream'],
    answer: ({ stream }) => eventStream(stream.preamble, STALL),
    reason: 'timeout',
    attempts: once,
  },
  {
    row: 'F-18: a JSON reply that is cut off',
    forms: ['whole'],
    answer: ({ whole }) => ({ pieces: [textOf(whole.answer).slice(0, 100)] }),
    reason: 'protocol',
    attempts: once,
  },
  {
    row: 'F-20: a stream that ends after its preamble',
    forms: ['stream'],
    answer: ({ stream }) => eventStream(stream.preamble),
    reason: 'protocol',
    attempts: once,
  },
  {
    row: 'F-26: an event that is not JSON',
    forms: ['stream'],
    answer: ({ stream }) => eventStream(stream.preamble, 'data: {"oops\n\n'),
    reason: 'protocol',
    attempts: once,
  },
  {
    row: 'F-27: an error as the first event',
    forms: ['stream'],
    answer: ({ id, error }) => eventStream(error(FACES[id].overloaded.word, 'no').frame),
    reason: 'overload',
    attempts: again,
  },
  {
    row: 'F-28: an error with status 200',
    answer: (upstream) => ({ pieces: [error(upstream, 'overloaded')] }),
    reason: 'overload',
    attempts: again,
  },
  {
    row: 'F-29: an HTML page with status 200',
    answer: () => ({ headers: { 'content-type': 'text/html' }, pieces: ['<html></html>'] }),
    reason: 'protocol',
    attempts: once,
  },
  { row: 'F-30: an empty body', answer: () => ({ pieces: [] }), reason: 'protocol', attempts: once },
];

const FORMS: readonly Form[] = ['whole', 'stream'];
const failing = FAILING.flatMap((fault) =>
  (fault.forms ?? FORMS).map((form) => ({ ...fault, form, row: `${fault.row} (${form})` })),
);

describe.each(pairs)('%s first', (_, { caller, upstream: first }) => {
  const second = otherThan(first);

  it.each(named(failing))(
    '%s: the second target answers',
    async (_row, { answer, form, reason, attempts }) => {
      providerOf(first).answer(answer(first));
      providerOf(second).answer(good(second, form));

      const heard = await ask(gateway, caller, {
        model: first.model,
        form,
        fields: { models: [first.model, second.model] },
      });

      expect(heard).toMatchObject({
        status: 200,
        text: goodText(second, form),
        starts: 1,
        finished: true,
        errors: [],
      });
      expect(heard.ids).toHaveLength(1);
      expect(providerOf(first).asked).toHaveLength(attempts[first.id]);
      expect(providerOf(second).asked).toHaveLength(1);
      expect(said(heard)).toEqual({
        provider: second.id,
        attempts: String(attempts[first.id] + 1),
        'fallback-reason': reason,
      });
      expect(await gateway.journal(heard.requestId)).toMatchObject({ ending: 'ok', provider: second.id });
    },
  );

  it('F-10: nothing is tried again once there is content', async () => {
    const begun = Promise.withResolvers<void>();
    const { preamble, content } = first.stream;
    providerOf(first).answer(eventStream(preamble, content, { waitFor: begun.promise }, RESET));

    const heard = await ask(gateway, caller, {
      model: first.model,
      form: 'stream',
      fields: { models: [first.model, second.model] },
      onBegun: begun.resolve,
    });

    expect(heard).toMatchObject({ status: 200, text: first.stream.text, starts: 1, finished: false });
    expect(askedInAll()).toBe(1);
  });

  it.each(FORMS)('a request that the provider calls wrong is tried nowhere else (%s)', async (form) => {
    providerOf(first).answer(refusal(400)(first));

    const heard = await ask(gateway, caller, {
      model: first.model,
      form,
      fields: { models: [first.model, second.model] },
    });

    expect(heard).toMatchObject({ status: 400, errors: [{ message: 'no' }] });
    expect(askedInAll()).toBe(1);
  });
});

function said({ headers }: Heard): Record<string, string | null> {
  const names = ['provider', 'attempts', 'fallback-reason'];
  return Object.fromEntries(names.map((name) => [name, headers.get(`x-llm-proxy-${name}`)]));
}

describe.each(callers)('%s', (_, caller) => {
  it.each(FORMS)('R-17: at most three attempts are made over any chain (%s)', async (form) => {
    for (const provider of [openai, anthropic, own]) provider.answer(refusal(500)(openaiSpeech));
    const models = [
      'blackbox/x',
      'openai/gpt-4o',
      'anthropic/claude-haiku-4-5',
      'openai-compatible/x',
      'openai/o3',
    ];

    const heard = await ask(gateway, caller, { model: 'blackbox/x', form, fields: { models } });

    const { status, word } = FACES[caller.id]['upstream-error'];
    expect(heard).toMatchObject({ status, errors: [{ word }] });
    expect(heard.headers.get('x-should-retry')).toBe('false');
    const { attempts } = await gateway.journal(heard.requestId);
    expect(attempts).toHaveLength(3);
    // Two of them at the port where nobody listens.
    expect(askedInAll()).toBe(1);
  });

  it('F-13: a target that cannot be reached is passed over', async () => {
    anthropic.answer(good(anthropicSpeech, 'whole'));

    const heard = await ask(gateway, caller, {
      model: 'blackbox/x',
      form: 'whole',
      fields: { models: ['blackbox/x', anthropicSpeech.model] },
    });

    expect(heard.text).toBe(anthropicSpeech.whole.text);
    expect(said(heard)).toEqual({ provider: 'anthropic', attempts: '3', 'fallback-reason': 'local' });
  });

  it('a route of the configuration is a chain too', async () => {
    openai.answer(refusal(429)(openaiSpeech));
    anthropic.answer(good(anthropicSpeech, 'whole'));

    const heard = await ask(gateway, caller, { model: 'best', form: 'whole' });

    expect(heard.text).toBe(anthropicSpeech.whole.text);
    expect(said(heard)).toEqual({ provider: 'anthropic', attempts: '3', 'fallback-reason': 'ratelimit' });
  });

  it.each([401, 402, 429])('R-10: after %d the other credential of the provider is tried', async (status) => {
    const refused: string[] = [];
    openai.answer((asked) => {
      if (refused.length > 0) return good(openaiSpeech, 'whole');
      refused.push(keyOf(asked));
      return refusal(status)(openaiSpeech);
    });

    const heard = await ask(gateway, caller, { model: openaiSpeech.model, form: 'whole' });

    expect(heard).toMatchObject({ status: 200, text: openaiSpeech.whole.text });
    expect(openai.asked.map(keyOf).toSorted()).toEqual(['Bearer sk-a', 'Bearer sk-b']);
  });

  it('F-1: the only target is waited for when it says that it will not be long', async () => {
    anthropic.answer([
      refusal(429, { 'retry-after-ms': '100' })(anthropicSpeech),
      good(anthropicSpeech, 'whole'),
    ]);

    const heard = await ask(gateway, caller, { model: anthropicSpeech.model, form: 'whole' });

    expect(heard).toMatchObject({ status: 200, text: anthropicSpeech.whole.text });
    expect((await gateway.journal(heard.requestId)).duration_ms).toBeGreaterThanOrEqual(100);
  });

  it.each([401, 403])('F-7: a caller is not told that its own key is wrong (%d)', async (status) => {
    anthropic.answer({
      status,
      pieces: [anthropicSpeech.error('authentication_error', 'invalid x-api-key').body],
    });
    openai.answer({ status, pieces: [openaiSpeech.error('invalid_api_key', 'Incorrect API key').body] });

    for (const { model } of [anthropicSpeech, openaiSpeech]) {
      const heard = await ask(gateway, caller, { model, form: 'whole' });
      const face = FACES[caller.id]['upstream-auth'];
      expect(heard).toMatchObject({ status: face.status, errors: [{ word: face.word }] });
      expect(heard.raw).not.toMatch(/api.key/i);
    }
  });

  it.each([402, 429])('F-4: a caller is not told that its own money is spent (%d)', async (status) => {
    openai.answer({
      status,
      pieces: [openaiSpeech.error('insufficient_quota', 'You exceeded your quota').body],
    });
    anthropic.answer({ status: 402, pieces: [anthropicSpeech.error('billing_error', 'no credit').body] });

    for (const { model } of [anthropicSpeech, openaiSpeech]) {
      const heard = await ask(gateway, caller, { model, form: 'whole' });
      const face = FACES[caller.id]['upstream-error'];
      expect(heard).toMatchObject({ status: face.status, errors: [{ word: face.word }] });
      expect(heard.raw).not.toMatch(/insufficient_quota|billing/);
    }
  });

  it.each([
    ['seconds', { 'retry-after': '7' }, 7000],
    ['milliseconds', { 'retry-after-ms': '2500.5' }, 2501],
    ['both, of which the longer counts', { 'retry-after': '4', 'retry-after-ms': '0' }, 4000],
    ['far too long', { 'retry-after': '1000000000' }, 300_000],
    ['negative', { 'retry-after': '-5' }, undefined],
    ['in the past', { 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' }, undefined],
    ['garbage', { 'retry-after': 'soon', 'retry-after-ms': 'NaN' }, undefined],
  ] as const)('F-2: when to come back, given in %s, is passed on and agrees', async (_form, given, ms) => {
    anthropic.answer(refusal(429, given)(anthropicSpeech));

    const heard = await ask(gateway, caller, { model: anthropicSpeech.model, form: 'whole' });

    expect(heard.status).toBe(429);
    expect(heard.headers.get('retry-after-ms')).toBe(ms === undefined ? null : String(ms));
    expect(heard.headers.get('retry-after')).toBe(ms === undefined ? null : String(Math.ceil(ms / 1000)));
  });
});

const keyOf = ({ headers }: Asked): string => headers.find(([name]) => name === 'authorization')?.[1] ?? '';
