// Answers in a given form: the schema arrives as the upstream's own client sends it, and the SDK's parser finds what it
// was promised.

import { jsonSchemaOutputFormat } from '@anthropic-ai/sdk/helpers/json-schema';
import { zodOutputFormat } from '@anthropic-ai/sdk/helpers/zod';
import { zodResponseFormat } from 'openai/helpers/zod';
import { expect } from 'vitest';
import * as z from 'zod';
import { bilingual, parse } from '../bilingual.ts';
import { ask, inWordsOf, type Words } from '../clients/ask.ts';
import { isPassThrough, type Cell, type Place, type Scenario, type Upstream } from '../matrix.ts';
import { monolingual } from '../monolingual.ts';
import {
  completion,
  message,
  paced,
  recordedJson,
  replyFor,
  streamOfCompletion,
  streamOfMessage,
  whole,
  type Json,
  type Replies,
} from '../replies.ts';
import { TARGETS, type World } from '../world.ts';
import { recorded, type Answer } from '../../support/fake-provider.ts';

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
async function parsed(
  { client, delivery, model }: Pick<Place, 'client' | 'delivery'> & { readonly model: string },
  world: World,
  more: Partial<Words> = {},
): Promise<unknown> {
  const { openai, anthropic } = world.through;
  const address = { model };
  if (client === 'openai') {
    const request = {
      ...more.openai,
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
    ...more.anthropic,
    ...address,
    max_tokens: 256,
    messages: [question],
    output_config: { format: zodOutputFormat(Capital) },
  };
  const said =
    delivery === 'whole'
      ? await anthropic.messages.parse(request)
      : await anthropic.messages.stream(request).finalMessage();
  return said.parsed_output;
}

async function parses(place: Place, world: World): Promise<void> {
  world.provider.answer(replyFor(CAPITAL, place.upstream, place.delivery));
  const { provider, model } = TARGETS[place.upstream];
  expect(await parsed({ ...place, model: `${provider}/${model}` }, world)).toEqual(capital);

  const body = parse(world.provider.asked[0]?.body);
  const arrived =
    place.upstream === 'openai-chat'
      ? { type: 'json_schema', json_schema: { schema: { properties: STRINGS } } }
      : { format: { type: 'json_schema', schema: { properties: STRINGS, additionalProperties: false } } };
  expect(body[place.upstream === 'openai-chat' ? 'response_format' : 'output_config']).toMatchObject(arrived);
}

const STRINGS = { city: { type: 'string' }, country: { type: 'string' } };

const BEST_EFFORT = 'emulated=response_format; structured_output=best_effort';

/** How a model is brought to answer in the form of a schema that it cannot be held to, and what it then says. */
type Emulation = {
  readonly name: string;
  readonly target: { readonly provider: string; readonly model: string; readonly upstream: Upstream };
  readonly more?: Partial<Words>;
  readonly arrives: Json;
  readonly says: { readonly whole: Answer; readonly stream: Answer };
};

/** The caller's own parser finds what it was promised, in one piece and piece by piece. */
function emulated({ name, target, more = {}, arrives, says }: Emulation): Scenario {
  return {
    name,
    cell: (place): Cell => {
      if (place.upstream !== target.upstream) return { none: 'another dialect has another emulation' };
      if (isPassThrough(place)) return { none: 'what the caller says goes through as it is' };
      return async (world) => {
        const { client, delivery } = place;
        world.provider.answer(delivery === 'whole' ? says.whole : paced(says.stream));
        const model = `${target.provider}/${target.model}`;
        const asked = inWordsOf(client, {
          openai: { ...SCHEMA_WORDS.openai, ...more.openai },
          anthropic: { ...SCHEMA_WORDS.anthropic, ...more.anthropic },
        });
        const heard = await ask(world.through, asked, { model, delivery });
        expect(heard.meaning).toMatchObject({ text, finish: 'stop', calls: [] });
        expect(parse(world.provider.asked[0]?.body)).toMatchObject(arrives);
        if (delivery !== 'helper') {
          expect(heard.headers?.get('x-llm-proxy-warnings')).toContain(BEST_EFFORT);
          return;
        }
        world.provider.answer(paced(says.stream));
        expect(await parsed({ ...place, model }, world, more)).toEqual(capital);
      };
    },
  };
}

const INSTRUCTION = expect.stringContaining('JSON Schema') as string;
const fenced = `\`\`\`json\n${text}\n\`\`\``;
const call = { type: 'tool_use', id: 'toolu_handwritten', name: 'json', input: capital };

function saidByClaude(content: readonly Json[], stopReason: string): Emulation['says'] {
  const body = message(content, stopReason);
  return { whole: whole(body), stream: streamOfMessage(body) };
}

const SCHEMA_WORDS: Words = {
  openai: {
    max_completion_tokens: 256,
    messages: [question],
    response_format: { type: 'json_schema', json_schema: { name: 'response', schema, strict: true } },
  },
  anthropic: {
    max_tokens: 256,
    messages: [question],
    output_config: { format: jsonSchemaOutputFormat(schema, { transform: false }) },
  },
};

export const structured: readonly Scenario[] = [
  bilingual({
    name: 'an answer in the form of a schema',
    words: SCHEMA_WORDS,
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
      warnings: BEST_EFFORT,
    },
    replies: CAPITAL,
  }),
  emulated({
    name: 'a schema that a model is held to by a tool that it must call',
    target: { provider: 'anthropic', model: 'claude-sonnet-4-20250514', upstream: 'anthropic-messages' },
    arrives: {
      tools: [{ name: 'json', input_schema: schema }],
      tool_choice: { type: 'tool', name: 'json', disable_parallel_tool_use: true },
    },
    says: saidByClaude([call], 'tool_use'),
  }),
  emulated({
    name: 'a schema that a model which thinks is asked to keep to',
    target: { provider: 'anthropic', model: 'claude-sonnet-4-20250514', upstream: 'anthropic-messages' },
    more: { openai: { ...SCHEMA_WORDS.openai, reasoning_effort: 'low' } },
    arrives: { system: INSTRUCTION, thinking: { type: 'enabled' } },
    says: saidByClaude([{ type: 'text', text: fenced }], 'end_turn'),
  }),
  emulated({
    name: 'a schema that a server cannot enforce',
    target: { provider: 'openai-compatible', model: 'local-model', upstream: 'openai-chat' },
    arrives: {
      messages: [{ role: 'system', content: INSTRUCTION }, question],
      response_format: { type: 'json_object' },
    },
    says: {
      whole: whole(completion({ content: fenced }, 'stop')),
      stream: streamOfCompletion(completion({ content: fenced }, 'stop')),
    },
  }),
];
