// Tools: how they are declared and chosen, and a whole turn with them: the model calls, the application answers, the model
// goes on.

import { expect } from 'vitest';
import { bilingual } from '../bilingual.ts';
import { ask, inWordsOf, type Words } from '../clients/ask.ts';
import type { Call } from '../clients/meaning.ts';
import { CLIENT, isPassThrough, type Cell, type Check, type Place, type Scenario } from '../matrix.ts';
import {
  CALL,
  completion,
  message,
  PARALLEL,
  PARALLEL_EMPTY,
  replyFor,
  TEXT,
  whole,
  type Replies,
} from '../replies.ts';
import { toolTurns } from '../tool-turns.ts';
import { TARGETS } from '../world.ts';
import { recorded } from '../../support/fake-provider.ts';

const question = { role: 'user', content: 'Tell me about London including population and area' } as const;
const city = {
  type: 'object' as const,
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
};

type ToolWords = {
  readonly openai: Partial<Words['openai']>;
  readonly anthropic: Partial<Words['anthropic']>;
};

/** Two tools, with what else is said about them. */
function withTools(fields: ToolWords): Words {
  return {
    openai: {
      max_completion_tokens: 1024,
      messages: [question],
      tools: [
        {
          type: 'function',
          function: {
            name: 'get_population',
            description: 'People in a city',
            parameters: city,
            strict: true,
          },
        },
        { type: 'function', function: { name: 'get_area', parameters: city } },
      ],
      ...fields.openai,
    },
    anthropic: {
      max_tokens: 1024,
      messages: [question],
      tools: [
        { name: 'get_population', description: 'People in a city', input_schema: city, strict: true },
        { name: 'get_area', input_schema: city },
      ],
      ...fields.anthropic,
    },
  };
}

function choice(name: string, fields: ToolWords): Scenario {
  return bilingual({ name: `tools are declared: ${name}`, words: withTools(fields), replies: CALL });
}

function twoTurns(name: string, first: Replies): Scenario {
  return { name, cell: (place) => (world) => converse(first, place)(world) };
}

function converse(first: Replies, place: Place): Check {
  return async ({ provider, straight, through }) => {
    const { client, upstream, delivery } = place;
    const target = TARGETS[upstream];
    const words = withTools({ openai: {}, anthropic: {} });
    const play = async (clients: typeof straight, speaker: typeof client, model: string) => {
      provider.answer([replyFor(first, upstream, delivery), replyFor(TEXT, upstream, delivery)]);
      const called = await ask(clients, inWordsOf(speaker, words), { model, delivery });
      const answered = await ask(clients, called.next({ run }), { model, delivery });
      return [called.meaning, answered.meaning];
    };
    const yardstick = await play(straight, CLIENT[upstream], target.model);
    const heard = await play(through, client, `${target.provider}/${target.model}`);

    expect(heard).toEqual(yardstick);
    const [, sent, , arrived] = provider.asked;
    if (isPassThrough(place)) expect(arrived?.body).toBe(sent?.body);
    const turns = toolTurns(upstream, arrived?.body ?? '');
    expect(turns).toEqual(toolTurns(upstream, sent?.body ?? ''));
    expect(turns.calls).toEqual(heard[0]?.calls);
    expect(turns.results).toEqual(turns.calls.map((call) => ({ callId: call.id, text: run(call) })));
  };
}

function run({ id, name }: Call): string {
  return `${name} of ${id}: 42`;
}

/** Fragments of two calls by turns, and the arguments of one of them are a number. */
const interleaved: Scenario = {
  name: 'two calls come by turns, one with arguments that are no object',
  cell: (place): Cell =>
    place.upstream === 'anthropic-messages'
      ? { none: "Anthropic's calls come one after the other, and their input is an object" }
      : async ({ provider, through }) => {
          provider.answer(replyFor(INTERLEAVED, place.upstream, place.delivery));
          const words = withTools({ openai: {}, anthropic: {} });
          const question = inWordsOf(place.client, words);
          const heard = await ask(through, question, { model: 'openai/gpt-4.1', delivery: place.delivery });
          expect(heard.meaning.calls).toEqual([
            // Anthropic's clients know no other input than an object, and their SDK throws at one.
            { id: 'call_a', name: 'f', input: place.client === 'openai' ? 12 : { rawInvalidInput: 12 } },
            { id: 'call_b', name: 'g', input: { x: true } },
          ]);
        },
};
const calls = [
  { id: 'call_a', type: 'function', function: { name: 'f', arguments: '12' } },
  { id: 'call_b', type: 'function', function: { name: 'g', arguments: '{"x":true}' } },
];
const INTERLEAVED: Replies = {
  ...CALL,
  'openai-chat': {
    whole: whole(completion({ tool_calls: calls }, 'tool_calls')),
    stream: recorded('openai/synthetic-chat-stream-interleaved-tools.sse'),
  },
};

/** OpenAI's custom tools take text that is no JSON; for Anthropic they become tools with one field. */
const freeText: Scenario = {
  name: 'a tool that takes free text',
  cell: (place): Cell => {
    if (place.client === 'anthropic') return { none: 'Anthropic has no such tools' };
    if (place.delivery !== 'whole') return { none: 'what holds of the whole reply holds of its stream' };
    const check: Check = async ({ provider, through }) => {
      provider.answer(FREE_TEXT[place.upstream].whole);
      const target = TARGETS[place.upstream];
      const { choices } = await through.openai.chat.completions.create({
        model: `${target.provider}/${target.model}`,
        messages: [question],
        tools: [{ type: 'custom', custom: { name: 'sql' } }],
      });
      expect(choices[0]?.message.tool_calls).toEqual([
        { id: 'call_1', type: 'custom', custom: { name: 'sql', input: 'select 1' } },
      ]);
    };
    return isPassThrough(place)
      ? check
      : { missing: 'the reply to an emulated tool still has the form that the model gave it', check };
  },
};
const sql = { id: 'call_1', type: 'custom', custom: { name: 'sql', input: 'select 1' } };
const FREE_TEXT = {
  'openai-chat': { whole: whole(completion({ tool_calls: [sql] }, 'tool_calls')) },
  'anthropic-messages': {
    whole: whole(
      message([{ type: 'tool_use', id: 'call_1', name: 'sql', input: { input: 'select 1' } }], 'tool_use'),
    ),
  },
};

export const tools: readonly Scenario[] = [
  choice('the model may choose', {
    openai: { tool_choice: 'auto' },
    anthropic: { tool_choice: { type: 'auto' } },
  }),
  choice('it must call one', {
    openai: { tool_choice: 'required' },
    anthropic: { tool_choice: { type: 'any' } },
  }),
  choice('it must not call any', {
    openai: { tool_choice: 'none' },
    anthropic: { tool_choice: { type: 'none' } },
  }),
  choice('it must call this one', {
    openai: { tool_choice: { type: 'function', function: { name: 'get_area' } } },
    anthropic: { tool_choice: { type: 'tool', name: 'get_area' } },
  }),
  choice('one call at a time', {
    openai: { tool_choice: 'auto', parallel_tool_calls: false },
    anthropic: { tool_choice: { type: 'auto', disable_parallel_tool_use: true } },
  }),
  twoTurns('a tool over two turns: one call without arguments', CALL),
  twoTurns('tools over two turns: two calls at once', PARALLEL),
  twoTurns('tools over two turns: one tool called twice', PARALLEL_EMPTY),
  interleaved,
  freeText,
];
