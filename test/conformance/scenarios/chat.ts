// Questions and answers: what every application does first, and the ends an answer can come to.

import type { ChatCompletionChunk } from 'openai/resources/chat/completions';
import { expect } from 'vitest';
import { bilingual } from '../bilingual.ts';
import type { Cell, Place, Scenario } from '../matrix.ts';
import {
  completion,
  message,
  recordedJson,
  replyFor,
  streamOfCompletion,
  streamOfMessage,
  TEXT,
  whole,
  type Replies,
} from '../replies.ts';
import { TARGETS, type World } from '../world.ts';
import { recorded } from '../../support/fake-provider.ts';

const question = { role: 'user', content: "What's the capital of France?" } as const;
const words = {
  openai: { max_completion_tokens: 1024, messages: [question] },
  anthropic: { max_tokens: 1024, messages: [question] },
};

const CUT: Replies = {
  'openai-chat': {
    whole: recorded('openai/chat-length.json'),
    stream: streamOfCompletion(completion({ content: 'Paris is the' }, 'length')),
  },
  // No recording was cut.
  'anthropic-messages': {
    whole: whole(message([{ type: 'text', text: 'Paris is the' }], 'max_tokens')),
    stream: streamOfMessage(message([{ type: 'text', text: 'Paris is the' }], 'max_tokens')),
  },
};

const CACHED: Replies = {
  'openai-chat': {
    whole: recorded('openai/synthetic-chat-usage-cache-write.json'),
    stream: streamOfCompletion(recordedJson('openai/synthetic-chat-usage-cache-write.json')),
  },
  // The recorded stream with cached tokens was compacted on its way, which the gateway accounts for in full and the SDK
  // in part: the recorded whole reply stands for both.
  'anthropic-messages': {
    whole: recorded('anthropic/messages-cache-read.json'),
    stream: streamOfMessage(recordedJson('anthropic/messages-cache-read.json')),
  },
};

const EMPTY: Replies = {
  'openai-chat': {
    whole: whole(completion({ content: '' }, 'stop')),
    stream: streamOfCompletion(completion({ content: '' }, 'stop')),
  },
  'anthropic-messages': {
    whole: recorded('anthropic/messages-empty-content.json'),
    stream: streamOfMessage(recordedJson('anthropic/messages-empty-content.json')),
  },
};

/** Whether a stream ends in a report of usage is for a client of OpenAI's to say. */
async function unasked({ upstream }: Place, { provider, through }: World): Promise<void> {
  provider.answer(replyFor(UNASKED, upstream, 'streamed'));
  const target = TARGETS[upstream];
  const stream = await through.openai.chat.completions.create({
    model: `${target.provider}/${target.model}`,
    messages: [question],
    stream: true,
  });
  const chunks: ChatCompletionChunk[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  expect(chunks.filter(({ usage }) => usage)).toEqual([]);
  expect(chunks.filter(({ choices }) => choices.length === 0)).toEqual([]);
  expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe('stop');
}
const UNASKED: Replies = {
  ...TEXT,
  'openai-chat': { ...TEXT['openai-chat'], stream: recorded('openai/chat-stream-text.sse') },
};

export const chat: readonly Scenario[] = [
  bilingual({ name: 'a question is answered', words, replies: TEXT }),
  bilingual({
    name: 'a conversation goes on, in any script',
    words: {
      openai: { max_completion_tokens: 64, messages: conversation() },
      anthropic: { max_tokens: 64, messages: conversation() },
    },
  }),
  bilingual({ name: 'an answer is cut at its limit', words, replies: CUT }),
  bilingual({ name: 'a prompt comes out of the cache', words, replies: CACHED }),
  bilingual({ name: 'an answer says nothing', words, replies: EMPTY }),
  {
    name: 'a stream without the usage that nobody asked for',
    cell: (place): Cell => {
      if (place.client === 'anthropic') return { none: 'Anthropic always tells it' };
      return place.delivery === 'streamed'
        ? (world) => unasked(place, world)
        : { none: 'it is a matter of what the stream says' };
    },
  },
];

function conversation() {
  return [
    { role: 'user' as const, content: 'Wie heißt die Hauptstadt? 首都は？\n"quotes" \\ and \u2028 too' },
    { role: 'assistant' as const, content: 'Paris 🇫🇷' },
    { role: 'user' as const, content: 'And of Japan?' },
  ];
}
