// A question that fails: which exception the SDK raises, what it carries, and what it cost upstream, with the SDK's own
// retries switched on as they are by default.

import type { APIError as AnthropicError } from '@anthropic-ai/sdk';
import type { APIError as OpenaiError } from 'openai';
import { expect } from 'vitest';
import type { Answer } from '../support/fake-provider.ts';
import { ask, inWordsOf, type Words } from './clients/ask.ts';
import type { Cell, Client, Delivery, Place, Scenario, Upstream } from './matrix.ts';
import { paced } from './replies.ts';
import { TARGETS, type Clients, type World } from './world.ts';

export type Failing = {
  readonly name: string;
  /** Absent: nobody is to be asked. */
  readonly answers?: Readonly<Record<Upstream, Answer>>;
  readonly raises: Readonly<Record<Client, Raised>>;
  /** How often the provider is asked in all. */
  readonly calls: number;
  /** `retry-after`, in seconds. */
  readonly retryAfter?: Readonly<Record<Upstream, number>>;
  readonly words?: Words;
  /** Absent: that of the upstream's target. */
  readonly model?: Readonly<Record<Upstream, string>>;
  /** The clients, told something more. */
  readonly clients?: (clients: Clients) => Clients;
  /** Where the SDK stumbles over the provider's own bytes, before it comes to what the gateway says of them. */
  readonly garbled?: (place: Place) => boolean;
  /** Why a cell has no check. */
  readonly none?: (place: Place) => string | undefined;
};

/** Of a failure in the middle of a stream the status is undefined: it had been sent, and was good. */
export type Raised = {
  readonly error: ErrorClass;
  readonly status: number | undefined;
  readonly says?: object;
};
type ErrorClass = new (...args: never[]) => OpenaiError | AnthropicError;

const question = { role: 'user', content: 'Hello' } as const;
const plain: Words = {
  openai: { max_completion_tokens: 64, messages: [question] },
  anthropic: { max_tokens: 64, messages: [question] },
};

export function failing(scenario: Failing): Scenario {
  return {
    name: scenario.name,
    cell: (place): Cell => {
      const none = scenario.none?.(place);
      return none === undefined ? (world) => fail(scenario, place, world) : { none };
    },
  };
}

async function fail(scenario: Failing, place: Place, world: World): Promise<void> {
  const { raises, calls, retryAfter } = scenario;
  const { client, upstream } = place;
  const { provider } = world;
  const thrown = await thrownAt(scenario, place, world);
  if (scenario.garbled?.(place) === true) {
    expect(thrown).toBeInstanceOf(Error);
    expect(provider.asked).toHaveLength(calls);
    return;
  }
  const { error, status, says = {} } = raises[client];
  if (!(thrown instanceof error)) throw new Error(`not ${error.name}`, { cause: thrown });
  expect(thrown.constructor).toBe(error);
  expect(thrown).toMatchObject({ status, requestID: expect.stringMatching(/^req_\w+$/) as unknown, ...says });
  expect(provider.asked).toHaveLength(calls);
  if (status === undefined) return;
  // Our attempts are spent or would change nothing: an SDK that tried again would only multiply them.
  expect(thrown.headers?.get('x-should-retry')).toBe(calls > 0 || status === 401 ? 'false' : null);
  const seconds = retryAfter?.[upstream];
  expect(thrown.headers?.get('retry-after')).toBe(seconds === undefined ? null : `${seconds}`);
  expect(thrown.headers?.get('retry-after-ms')).toBe(seconds === undefined ? null : `${1000 * seconds}`);
}

/** What the client throws when it is answered so. */
async function thrownAt(
  { answers, words = plain, model, clients = (same) => same }: Failing,
  { client, upstream, delivery }: Place,
  { provider, through }: World,
): Promise<unknown> {
  const target = TARGETS[upstream];
  if (answers !== undefined) provider.answer(paced(answers[upstream]));
  try {
    await ask(clients(through), inWordsOf(client, words), {
      model: model?.[upstream] ?? `${target.provider}/${target.model}`,
      delivery,
    });
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

/** Both clients with further headers in every request. */
export function withHeaders(defaultHeaders: Readonly<Record<string, string>>) {
  return ({ openai, anthropic }: Clients): Clients => ({
    openai: openai.withOptions({ defaultHeaders }),
    anthropic: anthropic.withOptions({ defaultHeaders }),
  });
}

export function only(...deliveries: readonly Delivery[]) {
  return (why: string) =>
    ({ delivery }: Place): string | undefined =>
      deliveries.includes(delivery) ? undefined : why;
}
