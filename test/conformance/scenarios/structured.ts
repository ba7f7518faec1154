// Answers in a given form: the schema arrives as the upstream's own client sends it, and the SDK's parser finds what it
// was promised.

import { jsonSchemaOutputFormat } from '@anthropic-ai/sdk/helpers/json-schema';
import { zodOutputFormat } from '@anthropic-ai/sdk/helpers/zod';
import { zodResponseFormat } from 'openai/helpers/zod';
import { expect } from 'vitest';
import * as z from 'zod';
import { bilingual, parse } from '../bilingual.ts';
import type { Cell, Place, Scenario } from '../matrix.ts';
import { monolingual } from '../monolingual.ts';
import {
  completion,
  recordedJson,
  replyFor,
  streamOfCompletion,
  streamOfMessage,
  whole,
  type Replies,
} from '../replies.ts';
import { TARGETS, type World } from '../world.ts';
import { recorded } from '../../support/fake-provider.ts';

const question = {
  role: 'user',
  content: 'What is the capital of France? Respond with the city and country.',
} as const;
const schema = {
  type: 'object',
  title: 'Capital',
  properties: { city: { type: 'string', title: 'City' }, country: { type: 'string', title: 'Country' } },
  additionalProperties: false,
  required: ['city', 'country'],
} as const;
const Capital = z.object({ city: z.string(), country: z.string() });
const capital = { city: 'Paris', country: 'France' };
const text = JSON.stringify(capital);

/** OpenAI's structured chat answer has not been recorded, nor any stream of one. */
const CAPITAL: Replies = {
  'openai-chat': {
    whole: whole(completion({ content: text }, 'stop')),
    stream: streamOfCompletion(completion({ content: text }, 'stop')),
  },
  'anthropic-messages': {
    whole: recorded('anthropic/messages-json-output.json'),
    stream: streamOfMessage(recordedJson('anthropic/messages-json-output.json')),
  },
};

/** The SDKs' own way: a zod schema goes in, an object comes out. */
async function parsed({ client, upstream, delivery }: Place, world: World): Promise<unknown> {
  const { openai, anthropic } = world.through;
  const { provider, model } = TARGETS[upstream];
  const address = { model: `${provider}/${model}` };
  if (client === 'openai') {
    const request = {
      ...address,
      messages: [question],
      response_format: zodResponseFormat(Capital, 'capital'),
    };
    const completed =
      delivery === 'whole'
        ? await openai.chat.completions.parse(request)
        : await openai.chat.completions.stream(request).finalChatCompletion();
    return completed.choices[0]?.message.parsed;
  }
  const request = {
    ...address,
    max_tokens: 256,
    messages: [question],
    output_config: { format: zodOutputFormat(Capital) },
  };
  const message =
    delivery === 'whole'
      ? await anthropic.messages.parse(request)
      : await anthropic.messages.stream(request).finalMessage();
  return message.parsed_output;
}

async function parses(place: Place, world: World): Promise<void> {
  world.provider.answer(replyFor(CAPITAL, place.upstream, place.delivery));
  expect(await parsed(place, world)).toEqual(capital);

  const body = parse(world.provider.asked[0]?.body);
  const arrived =
    place.upstream === 'openai-chat'
      ? { type: 'json_schema', json_schema: { schema: { properties: STRINGS } } }
      : { format: { type: 'json_schema', schema: { properties: STRINGS, additionalProperties: false } } };
  expect(body[place.upstream === 'openai-chat' ? 'response_format' : 'output_config']).toMatchObject(arrived);
}

const STRINGS = { city: { type: 'string' }, country: { type: 'string' } };

export const structured: readonly Scenario[] = [
  bilingual({
    name: 'an answer in the form of a schema',
    words: {
      openai: {
        max_completion_tokens: 256,
        messages: [question],
        response_format: { type: 'json_schema', json_schema: { name: 'response', schema } },
      },
      anthropic: {
        max_tokens: 256,
        messages: [question],
        output_config: { format: jsonSchemaOutputFormat(schema, { transform: false }) },
      },
    },
    replies: CAPITAL,
  }),
  {
    name: "an answer through the SDK's parser",
    cell: (place): Cell =>
      place.delivery === 'streamed'
        ? { none: 'the raw iterator parses nothing' }
        : (world) => parses(place, world),
  },
  monolingual({
    name: 'any JSON object',
    question: {
      client: 'openai',
      request: {
        max_completion_tokens: 256,
        messages: [question],
        response_format: { type: 'json_object' },
      },
    },
    why: 'Anthropic knows schemas only',
    elsewhere: {
      arrives: {
        max_tokens: 256,
        system: 'Answer with one JSON value and nothing else: no explanation, no code fence.',
        messages: [question],
      },
      warnings: 'emulated=response_format',
    },
    replies: CAPITAL,
  }),
];
