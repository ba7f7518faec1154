// Callers who leave: the provider is hung up on, and the log has one line that says so.

import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { expect } from 'vitest';
import type { Cell, Client, Delivery, Place, Scenario, Upstream } from '../matrix.ts';
import { framesOf, TEXT, textOf } from '../replies.ts';
import { TARGETS, type Clients, type World } from '../world.ts';
import { eventStream, type Answer, type Piece } from '../../support/fake-provider.ts';

const question = { role: 'user', content: 'Count to infinity.' } as const;

/** The beginning of a recorded text, and then its first words again and again, for longer than any test waits. */
function endless(upstream: Upstream): Answer {
  const [words, frames] = {
    'openai-chat': [1, framesOf(textOf(TEXT['openai-chat'].stream))] as const,
    'anthropic-messages': [3, framesOf(textOf(TEXT['anthropic-messages'].stream))] as const,
  }[upstream];
  const again: readonly Piece[] = [frames[words] ?? '', { pauseMs: 10 }];
  return eventStream(frames.slice(0, words).join(''), ...Array.from({ length: 3000 }, () => again).flat());
}

/** Leaves after the first words; what the SDK makes of that is returned. */
type Leave = (clients: Clients, model: string, headers: Readonly<Record<string, string>>) => Promise<unknown>;

const LEAVE: Readonly<Record<Client, Readonly<Record<Exclude<Delivery, 'whole'>, Leave>>>> = {
  openai: {
    streamed: async ({ openai }, model, headers) => {
      const stream = await openai.chat.completions.create(
        { model, messages: [question], stream: true },
        { headers },
      );
      for await (const chunk of stream) {
        if (chunk.choices[0]?.delta.content) stream.controller.abort();
      }
      return undefined;
    },
    helper: ({ openai }, model, headers) => {
      const stream = openai.chat.completions.stream({ model, messages: [question] }, { headers });
      stream.once('content', () => stream.abort());
      return stream.done().catch((thrown: unknown) => thrown);
    },
  },
  anthropic: {
    streamed: async ({ anthropic }, model, headers) => {
      const stream = await anthropic.messages.create(
        { model, max_tokens: 64, messages: [question], stream: true },
        { headers },
      );
      for await (const event of stream) {
        if (event.type === 'content_block_delta') stream.controller.abort();
      }
      return undefined;
    },
    helper: ({ anthropic }, model, headers) => {
      const stream = anthropic.messages.stream({ model, max_tokens: 64, messages: [question] }, { headers });
      stream.once('text', () => stream.abort());
      return stream.done().catch((thrown: unknown) => thrown);
    },
  },
};

async function leaveInTheMiddle(
  { client, upstream }: Place,
  delivery: Exclude<Delivery, 'whole'>,
  { provider, gateway, through }: World,
): Promise<void> {
  provider.answer(endless(upstream));
  const target = TARGETS[upstream];
  const id = `${client}-${upstream}-${delivery}`;
  const leave = LEAVE[client][delivery];
  const thrown = await leave(through, `${target.provider}/${target.model}`, { 'x-client-request-id': id });
  const aborted = client === 'openai' ? OpenAI.APIUserAbortError : Anthropic.APIUserAbortError;
  if (delivery === 'helper') expect(thrown).toBeInstanceOf(aborted);

  const [asked] = provider.asked;
  await asked?.over;
  expect(asked?.hungUp()).toBe(true);
  expect(await gateway.journal(id)).toMatchObject({
    ending: 'gone',
    status: 200,
    provider: target.provider,
    attempts: [{ outcome: 'ok' }],
  });
  expect(gateway.log.filter((line) => line['client_request_id'] === id)).toHaveLength(1);
  expect(provider.asked).toHaveLength(1);
}

export const hangUp: readonly Scenario[] = [
  {
    name: 'the caller aborts in the middle',
    cell: (place): Cell => {
      const { delivery } = place;
      return delivery === 'whole'
        ? {
            none: 'workerd learns that a caller has closed at its next write, and a whole reply has none before its end',
          }
        : (world) => leaveInTheMiddle(place, delivery, world);
    },
  },
];
