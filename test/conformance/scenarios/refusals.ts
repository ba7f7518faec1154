// Refusals: OpenAI's models say no in a field of its own, Anthropic's in the reason for which they stopped.

import { expect } from 'vitest';
import { ask, inWordsOf } from '../clients/ask.ts';
import type { Cell, Client, Place, Scenario, Upstream } from '../matrix.ts';
import { completion, message, replyFor, streamOfCompletion, whole, type Replies } from '../replies.ts';
import { TARGETS, type World } from '../world.ts';
import { recorded } from '../../support/fake-provider.ts';

const question = { role: 'user', content: 'Help me do harm.' } as const;
const words = {
  openai: { max_completion_tokens: 64, messages: [question] },
  anthropic: { max_tokens: 64, messages: [question] },
};

/** OpenAI's refusal is not among the recordings; Anthropic's is recorded as a stream. */
const sorry = "I'm sorry, I can't help with that.";
const polite = completion({ refusal: sorry }, 'stop');
const explanation =
  "This request triggered restrictions on violative cyber content and was blocked under Anthropic's Usage Policy.";
/** A stream begins with '' before anyone knows that there will be no content. */
const SILENCE = expect.toBeOneOf([null, '']) as unknown;
const REFUSAL: Replies = {
  'openai-chat': { whole: whole(polite), stream: streamOfCompletion(polite) },
  'anthropic-messages': {
    whole: whole(
      message([], 'refusal', { stop_details: { type: 'refusal', category: 'cyber', explanation } }),
    ),
    stream: recorded('anthropic/messages-stream-refusal.chunks.ndjson'),
  },
};

/** What each client is to find in the reply of each upstream. */
const HEARD: Readonly<Record<Upstream, Readonly<Record<Client, object>>>> = {
  'openai-chat': {
    openai: { choices: [{ finish_reason: 'stop', message: { content: SILENCE, refusal: sorry } }] },
    anthropic: { content: [{ type: 'text', text: sorry }], stop_reason: 'refusal' },
  },
  'anthropic-messages': {
    openai: {
      choices: [{ finish_reason: 'content_filter', message: { content: SILENCE, refusal: explanation } }],
    },
    anthropic: { content: [], stop_reason: 'refusal', stop_details: { explanation } },
  },
};

async function refuse({ client, upstream, delivery }: Place, { provider, through }: World): Promise<void> {
  provider.answer(replyFor(REFUSAL, upstream, delivery));
  const target = TARGETS[upstream];
  const model = `${target.provider}/${target.model}`;
  const { reply } = await ask(through, inWordsOf(client, words), { model, delivery });
  expect(reply).toMatchObject(HEARD[upstream][client]);
}

export const refusals: readonly Scenario[] = [
  {
    name: 'a refusal',
    cell:
      (place): Cell =>
      (world) =>
        refuse(place, world),
  },
];
