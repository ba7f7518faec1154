// Both clients at an upstream that speaks Cohere's chat and nothing else. No client of the gateway speaks it, so the
// `cohere-ai` package stands straight before the provider: what arrives there through the gateway is what it sends, and
// what a client hears means what it hears.

import Anthropic from '@anthropic-ai/sdk';
import { CohereClientV2 } from 'cohere-ai';
import OpenAI from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import { streamOf, wholeOf, type CohereReply } from '../support/cohere-chat-replies.ts';
import { faultsOf } from '../support/cohere-chat-requests.ts';
import { eventStream, recorded, RESET, type Answer, type Piece } from '../support/fake-provider.ts';
import { parse } from './bilingual.ts';
import { ask, inWordsOf, type Words } from './clients/ask.ts';
import { askCohere, type CohereRequest } from './clients/cohere.ts';
import type { Continuation, Meaning } from './clients/meaning.ts';
import { CLIENTS, DELIVERIES, type Client, type Delivery } from './matrix.ts';
import { framesOf, paced, whole } from './replies.ts';
import { openWorld, PROVIDER_KEYS, type World } from './world.ts';

let world: World;
let judge: CohereClientV2;
beforeAll(async () => {
  world = await openWorld({});
  judge = new CohereClientV2({
    token: PROVIDER_KEYS.cohere,
    environment: world.provider.url,
    maxRetries: 0,
  });
});
beforeEach(() => world.reset());
afterAll(() => world.close());

const cells = CLIENTS.flatMap((client) => DELIVERIES.map((delivery) => ({ client, delivery })));
const MODEL = 'command-a-03-2025';
const THINKER = 'command-a-reasoning-08-2025';

type Scenario = {
  readonly name: string;
  readonly words: Words & { readonly cohere: CohereRequest };
  readonly reply: CohereReply;
  readonly model?: string;
  /** `x-llm-proxy-warnings`, by the client whose words have more to lose. */
  readonly warnings?: Partial<Record<Client, string>>;
  /** How the application goes on, and the messages that arrive then. */
  readonly afterwards?: { readonly next: Continuation; readonly arrives: readonly JsonObject[] };
};

const usage: JsonObject = {
  billed_units: { input_tokens: 5, output_tokens: 10 },
  tokens: { input_tokens: 607, output_tokens: 13 },
  cached_tokens: 480,
};
const said: CohereReply = {
  id: 'c14c80c3-18eb-4519-9460-6c92edd8cfb4',
  plan: '',
  contents: [{ content: { type: 'text', text: 'Hello, World!' }, citations: [] }],
  calls: [],
  finish: 'COMPLETE',
  usage,
};
const called: CohereReply = {
  ...said,
  plan: 'I will look both up.',
  contents: [],
  calls: [
    {
      id: 'population_a1',
      type: 'function',
      function: { name: 'get_population', arguments: '{"city":"Paris"}' },
    },
    { id: 'area_b2', type: 'function', function: { name: 'get_area', arguments: 'null' } },
  ],
  finish: 'TOOL_CALL',
};
const thought: CohereReply = {
  ...said,
  contents: [{ content: { type: 'thinking', thinking: 'They greet.' }, citations: [] }, ...said.contents],
};

const question = { role: 'user', content: 'Hello' } as const;
const city = { type: 'object' as const, properties: { city: { type: 'string' } }, required: ['city'] };
const none = { type: 'object' as const, properties: {} };
const tools: Words & { readonly cohere: CohereRequest } = {
  openai: {
    max_completion_tokens: 500,
    messages: [question],
    tools: [
      { type: 'function', function: { name: 'get_population', description: 'People', parameters: city } },
      { type: 'function', function: { name: 'get_area', parameters: none } },
    ],
  },
  anthropic: {
    max_tokens: 500,
    messages: [question],
    tools: [
      { name: 'get_population', description: 'People', input_schema: city },
      { name: 'get_area', input_schema: none },
    ],
  },
  cohere: {
    maxTokens: 500,
    messages: [question],
    tools: [
      { type: 'function', function: { name: 'get_population', description: 'People', parameters: city } },
      { type: 'function', function: { name: 'get_area', parameters: none } },
    ],
  },
};

/** Newer models of Anthropic's refuse these, and its package has no types for them any more. */
function warmth(temperature: number, topP?: number): object {
  return { temperature, ...(topP === undefined ? {} : { top_p: topP }) };
}

const scenarios: readonly Scenario[] = [
  {
    name: 'a chat with its settings',
    words: {
      openai: {
        max_completion_tokens: 64,
        messages: [{ role: 'developer', content: 'Be brief.' }, question],
        temperature: 0.5,
        top_p: 0.9,
        stop: ['END'],
      },
      anthropic: {
        max_tokens: 64,
        system: 'Be brief.',
        messages: [question],
        ...warmth(0.5, 0.9),
        stop_sequences: ['END'],
      },
      cohere: {
        maxTokens: 64,
        messages: [{ role: 'system', content: 'Be brief.' }, question],
        temperature: 0.5,
        p: 0.9,
        stopSequences: ['END'],
      },
    },
    reply: said,
  },
  {
    name: 'an answer that is cut',
    words: {
      openai: { max_completion_tokens: 4, messages: [question], temperature: 1.5 },
      anthropic: { max_tokens: 4, messages: [question], ...warmth(1), metadata: { user_id: 'u' } },
      cohere: { maxTokens: 4, messages: [question], temperature: 1 },
    },
    reply: { ...said, finish: 'MAX_TOKENS' },
    warnings: { openai: 'clamped=temperature', anthropic: 'dropped=user' },
  },
  {
    name: 'two calls at once, and a second turn with their results',
    words: tools,
    reply: called,
    afterwards: {
      next: { run: ({ name }) => `${name} is large` },
      arrives: [
        question,
        {
          role: 'assistant',
          tool_plan: 'I will look both up.',
          tool_calls: [
            called.calls[0] ?? {},
            { id: 'area_b2', type: 'function', function: { name: 'get_area', arguments: '{}' } },
          ],
        },
        { role: 'tool', tool_call_id: 'population_a1', content: 'get_population is large' },
        { role: 'tool', tool_call_id: 'area_b2', content: 'get_area is large' },
      ],
    },
  },
  {
    name: 'a tool that must be called',
    words: {
      openai: { ...tools.openai, tool_choice: { type: 'function', function: { name: 'get_area' } } },
      anthropic: { ...tools.anthropic, tool_choice: { type: 'tool', name: 'get_area' } },
      cohere: { ...tools.cohere, tools: (tools.cohere.tools ?? []).slice(1), toolChoice: 'REQUIRED' },
    },
    reply: { ...called, calls: called.calls.slice(1) },
  },
  {
    name: 'structured output',
    words: {
      openai: {
        max_completion_tokens: 64,
        messages: [question],
        response_format: { type: 'json_schema', json_schema: { name: 'city', strict: true, schema: city } },
      },
      anthropic: {
        max_tokens: 64,
        messages: [question],
        output_config: { format: { type: 'json_schema', schema: city } },
      },
      cohere: {
        maxTokens: 64,
        messages: [question],
        responseFormat: { type: 'json_object', jsonSchema: city },
      },
    },
    reply: {
      ...said,
      contents: [{ content: { type: 'text', text: '{"city":"Paris"}' }, citations: [] }],
    },
  },
  {
    name: 'reasoning, and a second turn behind it',
    words: {
      openai: { max_completion_tokens: 4000, messages: [question], reasoning_effort: 'high' },
      anthropic: {
        max_tokens: 4000,
        messages: [question],
        thinking: { type: 'enabled', budget_tokens: 2400 },
      },
      cohere: {
        maxTokens: 4000,
        messages: [question],
        thinking: { type: 'enabled', tokenBudget: 2400 },
      },
    },
    model: THINKER,
    reply: thought,
    afterwards: {
      next: { say: 'And?' },
      arrives: [
        question,
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 'They greet.' },
            { type: 'text', text: 'Hello, World!' },
          ],
        },
        { role: 'user', content: 'And?' },
      ],
    },
  },
  {
    name: 'reasoning that is switched off',
    words: {
      openai: { max_completion_tokens: 64, messages: [question], reasoning_effort: 'none' },
      anthropic: { max_tokens: 64, messages: [question], thinking: { type: 'disabled' } },
      cohere: { maxTokens: 64, messages: [question], thinking: { type: 'disabled' } },
    },
    model: THINKER,
    reply: said,
  },
];

describe.each(scenarios)('$name', ({ words, reply, model = MODEL, warnings = {}, afterwards }) => {
  test.each(cells)('$client client, $delivery', async ({ client, delivery }) => {
    const { provider, through } = world;
    provider.answer(answerWith(reply, delivery));
    const yardstick = await askCohere(judge, { ...words.cohere, model }, delivery);
    const route = { model: `cohere/${model}`, delivery };
    const heard = await ask(through, inWordsOf(client, words), route);

    expect(audible(heard.meaning, client, delivery)).toEqual(audible(yardstick, client, delivery));
    const [sent, arrived] = provider.asked.map(({ body }) => parse(body) as JsonObject);
    const { stream, ...rest } = sent ?? {};
    expect(arrived).toEqual(stream === true ? { ...rest, stream } : rest);
    expect(provider.asked[1]?.path).toBe(provider.asked[0]?.path);
    expect(faultsOf(arrived ?? {})).toEqual([]);
    if (heard.headers !== undefined) {
      expect(heard.headers.get('x-llm-proxy-provider')).toBe('cohere');
      expect(heard.headers.get('x-llm-proxy-warnings')).toBe(warnings[client] ?? null);
    }

    if (afterwards === undefined) return;
    provider.answer(answerWith(said, delivery));
    const next = await ask(through, heard.next(afterwards.next), route);
    expect(next.meaning.text).toBe('Hello, World!');
    const second = parse(provider.asked[2]?.body) as JsonObject;
    expect(faultsOf(second)).toEqual([]);
    // The helper of `openai` keeps the last fragment of what it does not know.
    if (client !== 'openai' || delivery !== 'helper') expect(second['messages']).toEqual(afterwards.arrives);
  });
});

/** Nothing that only one of the clients has a place for. */
function audible(meaning: Meaning, client: Client, delivery: Delivery): Meaning {
  return client === 'openai' && delivery === 'helper' ? { ...meaning, reasoning: [] } : meaning;
}

function answerWith(reply: CohereReply, delivery: Delivery): Answer {
  return delivery === 'whole' ? whole(wholeOf(reply)) : paced(eventStream(streamOf(reply)));
}

const hello: Words = {
  openai: { max_completion_tokens: 64, messages: [question] },
  anthropic: { max_tokens: 64, messages: [question] },
};

type ErrorClass = new (...args: never[]) => Error;
type Raised = Readonly<Record<Client, readonly [error: ErrorClass, status: number]>>;
const failures: readonly (readonly [name: string, answer: Answer, raised: Raised, calls: number])[] = [
  [
    'a prompt that is too long',
    recorded('cohere/err-400-too-many-tokens.json'),
    { openai: [OpenAI.BadRequestError, 400], anthropic: [Anthropic.BadRequestError, 400] },
    1,
  ],
  [
    'a token that is not allowed',
    recorded('cohere/synthetic-err-498.json'),
    { openai: [OpenAI.BadRequestError, 400], anthropic: [Anthropic.BadRequestError, 400] },
    1,
  ],
  [
    'a model that is not there',
    recorded('cohere/err-404-model.json'),
    { openai: [OpenAI.NotFoundError, 404], anthropic: [Anthropic.NotFoundError, 404] },
    1,
  ],
  [
    'a rate limit',
    recorded('cohere/synthetic-err-429.json'),
    { openai: [OpenAI.RateLimitError, 429], anthropic: [Anthropic.RateLimitError, 429] },
    1,
  ],
  [
    'an overloaded provider',
    recorded('cohere/synthetic-err-503.json'),
    { openai: [OpenAI.InternalServerError, 503], anthropic: [Anthropic.InternalServerError, 529] },
    2,
  ],
  [
    "the gateway's key",
    { status: 401, pieces: ['{"message":"invalid api token"}'] },
    { openai: [OpenAI.InternalServerError, 502], anthropic: [Anthropic.InternalServerError, 502] },
    1,
  ],
];

describe.each(failures)('the provider refuses: %s', (_, answer, raised, calls) => {
  test.each(cells)('$client client, $delivery', async ({ client, delivery }) => {
    world.provider.answer(answer);
    const thrown = await thrownBy(client, delivery);
    const [error, status] = raised[client];
    expect(thrown).toBeInstanceOf(error);
    expect(thrown).toMatchObject({ status, requestID: expect.stringMatching(/^req_/) as unknown });
    expect(world.provider.asked).toHaveLength(calls);
  });
});

const frames = framesOf(streamOf(said));
const breaks: readonly (readonly [name: string, answer: Answer])[] = [
  ['it says so', recorded('cohere/synthetic-chat-stream-error.sse')],
  ['it ends between two events', eventStream(frames.slice(0, 4).join(''))],
  ['the connection is reset', eventStream(frames.slice(0, 4).join(''), RESET)],
];

describe.each(breaks)('a stream breaks in the middle: %s', (_, answer) => {
  test.each(cells.filter(({ delivery }) => delivery !== 'whole'))(
    '$client client, $delivery',
    async ({ client, delivery }) => {
      world.provider.answer(paced(answer));
      const thrown = await thrownBy(client, delivery);
      expect(thrown).toBeInstanceOf(client === 'openai' ? OpenAI.APIError : Anthropic.APIError);
      expect(world.provider.asked).toHaveLength(1);
    },
  );
});

test.each(CLIENTS)('the caller hangs up in the middle: %s client', async (client) => {
  const { provider, gateway, through } = world;
  const again: readonly Piece[] = [frames[2] ?? '', { pauseMs: 10 }];
  provider.answer(
    eventStream(frames.slice(0, 2).join(''), ...Array.from({ length: 3000 }, () => again).flat()),
  );
  const id = `cohere-${client}`;
  const options = { headers: { 'x-client-request-id': id } };
  const model = `cohere/${MODEL}`;
  if (client === 'openai') {
    const request = { ...hello.openai, model, stream: true } as const;
    const stream = await through.openai.chat.completions.create(request, options);
    for await (const chunk of stream) if (chunk.choices[0]?.delta.content) stream.controller.abort();
  } else {
    const request = { ...hello.anthropic, model, stream: true } as const;
    const stream = await through.anthropic.messages.create(request, options);
    for await (const event of stream) if (event.type === 'content_block_delta') stream.controller.abort();
  }
  const [asked] = provider.asked;
  await asked?.over;
  expect(asked?.hungUp()).toBe(true);
  expect(await gateway.journal(id)).toMatchObject({ ending: 'gone', status: 200, provider: 'cohere' });
});

async function thrownBy(client: Client, delivery: Delivery): Promise<unknown> {
  const route = { model: `cohere/${MODEL}`, delivery };
  return ask(world.through, inWordsOf(client, hello), route).then(
    () => undefined,
    (error: unknown) => error,
  );
}
