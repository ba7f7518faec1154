// Reasoning over two turns: what a model thought comes out, goes back as the application received it, and arrives as the
// model made it, signature and all, in front of the calls it led to. A model refuses a block that was changed on the way.

import { expect } from 'vitest';
import { parse } from '../bilingual.ts';
import { ask, inWordsOf, type Question, type Words } from '../clients/ask.ts';
import type { Reasoning } from '../clients/meaning.ts';
import { CLIENT, isPassThrough, type Cell, type Place, type Scenario } from '../matrix.ts';
import {
  message,
  recordedJson,
  replyFor,
  streamOfCompletion,
  streamOfMessage,
  TEXT,
  whole,
  type Json,
  type Replies,
} from '../replies.ts';
import type { Clients, World } from '../world.ts';
import { recorded, type Answer } from '../../support/fake-provider.ts';

const question = { role: 'user', content: 'Use the image_fetch tool, then describe what it shows.' } as const;
const words: Words = {
  openai: {
    max_completion_tokens: 2048,
    reasoning_effort: 'medium',
    messages: [question],
    tools: [
      { type: 'function', function: { name: 'image_fetch', parameters: { type: 'object', properties: {} } } },
    ],
  },
  anthropic: {
    max_tokens: 2048,
    thinking: { type: 'adaptive', display: 'summarized' },
    output_config: { effort: 'medium' },
    messages: [question],
    tools: [{ name: 'image_fetch', input_schema: { type: 'object', properties: {} } }],
  },
};

/**
 * OpenRouter is the provider of OpenAI's dialect that takes reasoning back; a client of Anthropic's would meet it in its
 * own dialect, and meets one that takes nothing back.
 */
function targetOf({ client, upstream }: Place): { readonly provider: string; readonly model: string } {
  if (upstream === 'anthropic-messages') return { provider: 'anthropic', model: 'claude-sonnet-4-6' };
  return {
    provider: client === 'openai' ? 'openrouter' : 'openai-compatible',
    model: 'anthropic/claude-haiku-4.5',
  };
}

type Thought = {
  readonly name: string;
  readonly replies: Replies;
  /** What a model of Anthropic's gets back from a client of OpenAI's. */
  readonly back: readonly Json[];
  /** Why an upstream of OpenAI's dialect has no such thing. */
  readonly onlyAnthropic?: string;
};

function overTwoTurns(thought: Thought): Scenario {
  return {
    name: thought.name,
    cell: (place): Cell => {
      if (thought.onlyAnthropic !== undefined && place.upstream === 'openai-chat') {
        return { none: thought.onlyAnthropic };
      }
      return (world) => think(thought, place, world);
    },
  };
}

async function think({ replies, back }: Thought, place: Place, world: World): Promise<void> {
  const { client, upstream, delivery } = place;
  const { provider, model } = targetOf(place);
  const play = async (clients: Clients, speaker: typeof client, name: string) => {
    world.provider.answer([replyFor(replies, upstream, delivery), replyFor(TEXT, upstream, delivery)]);
    const thought = await ask(clients, inWordsOf(speaker, words), { model: name, delivery });
    const next = thought.next({ run: () => 'A kiwi.', say: 'Go on.' });
    return [thought, await ask(clients, next, { model: name, delivery })] as const;
  };
  const [yardstick] = await play(world.straight, CLIENT[upstream], model);
  const [heard, answered] = await play(world.through, client, `${provider}/${model}`);
  const [sentFirst, sent, arrivedFirst, arrived] = world.provider.asked;

  if (isPassThrough(place)) {
    expect(heard.reply).toEqual(yardstick.reply);
    expect(arrivedFirst?.body).toBe(sentFirst?.body);
    expect(arrived?.body).toBe(sent?.body);
    return;
  }
  const { reasoning: thoughts, ...meaning } = yardstick.meaning;
  const { reasoning: heardThoughts, ...heardMeaning } = heard.meaning;
  expect(heardMeaning).toEqual(meaning);
  // What the helper keeps of it is the last piece.
  if (delivery !== 'helper') expect(textOf(heardThoughts)).toBe(textOf(thoughts));
  if (upstream === 'anthropic-messages') expect(heardThoughts.flatMap(sealIn)).toHaveLength(1);
  const { messages, ...settings } = parse(arrived?.body);
  const assistant = (messages as readonly Json[]).find(({ role }) => role === 'assistant');
  if (upstream === 'anthropic-messages') {
    expect(settings).toMatchObject({
      thinking: words.anthropic.thinking,
      output_config: { effort: 'medium' },
    });
    expect(assistant?.content).toEqual(back);
  } else {
    expect(Object.keys(assistant ?? {}).toSorted()).toEqual(['content', 'role', 'tool_calls']);
    if (delivery !== 'helper')
      expect(answered.headers?.get('x-llm-proxy-warnings')).toMatch(/\bdropped=([\w.,]+,)?thinking\b/);
  }
}

function textOf(thoughts: readonly Reasoning[]): string {
  return thoughts.map((thought) => ('text' in thought ? thought.text : '')).join('');
}

/** Nothing of what the vendor signed or encrypted is said in its own words. */
function sealIn(thought: Reasoning): readonly string[] {
  const opaque = 'data' in thought ? thought.data : thought.signature;
  if (opaque === '') return [];
  expect(opaque).toMatch(/^gw1\.anthropic\./);
  return [opaque];
}

function blockOf(file: string, place: number): Json {
  const block = (recordedJson(file).content as readonly Json[])[place];
  if (block === undefined) throw new Error(`${file} has no block ${place}`);
  return block;
}

const thinking = blockOf('anthropic/messages-thinking.json', 1);
const redacted = blockOf('anthropic/messages-redacted-thinking.json', 0);
const { caller: _caller, ...call } = blockOf('anthropic/messages-tool.json', 0);

/** No recording of Anthropic's holds thinking and a call: each of the blocks is one that was recorded. */
function said(
  blocks: readonly Json[],
  stopReason: string,
): { readonly whole: Answer; readonly stream: Answer } {
  const body = message(blocks, stopReason);
  return { whole: whole(body), stream: streamOfMessage(body) };
}

/** Reasoning with its signature and a call, as OpenRouter gives them. */
const openrouter = {
  whole: recorded('openrouter/chat-reasoning-details.json'),
  stream: streamOfCompletion(recordedJson('openrouter/chat-reasoning-details.json')),
};

/** A conversation that goes on with another vendor, or with a seal that somebody made up, and never fails. */
const elsewhere: Scenario = {
  name: 'thinking that comes back to another vendor, or forged',
  cell: ({ client, upstream, delivery }): Cell => {
    if (upstream !== 'anthropic-messages') return { none: 'no provider of this dialect signs' };
    if (client !== 'openai') return { none: "Anthropic's own signatures are not ours to judge" };
    return async (world) => {
      world.provider.answer([
        replyFor(SIGNED, upstream, delivery),
        replyFor(TEXT, 'openai-chat', 'whole'),
        replyFor(TEXT, upstream, 'whole'),
      ]);
      const question = { client, request: words.openai } as const;
      const thought = await ask(world.through, question, { model: CLAUDE, delivery });
      const next = thought.next({ run: () => 'A kiwi.' });
      const model = 'openrouter/openai/gpt-5';
      const other = await ask(world.through, next, { model, delivery: 'whole' });
      expect(world.provider.asked[1]?.body).not.toContain('gw1.');
      expect(other.headers?.get('x-llm-proxy-warnings')).toContain('dropped=reasoning');

      const forged = JSON.parse(
        JSON.stringify(next).replaceAll('gw1.anthropic.', 'gw1.anthropic.e'),
      ) as Question;
      const { headers } = await ask(world.through, forged, { model: CLAUDE, delivery: 'whole' });
      const { messages } = parse(world.provider.asked[2]?.body);
      expect((messages as readonly Json[])[1]).toEqual({ role: 'assistant', content: [call] });
      expect(headers?.get('x-llm-proxy-warnings')).toBe('dropped=reasoning');
    };
  },
};
const CLAUDE = 'anthropic/claude-sonnet-4-6';
const SIGNED: Replies = {
  'openai-chat': openrouter,
  'anthropic-messages': said([thinking, redacted, thinking, call], 'tool_use'),
};

export const reasoning: readonly Scenario[] = [
  overTwoTurns({
    name: 'thinking that leads to a call',
    replies: { 'openai-chat': openrouter, 'anthropic-messages': said([thinking, call], 'tool_use') },
    back: [thinking, call],
  }),
  overTwoTurns({
    name: 'thinking and redacted thinking that lead to a call',
    replies: {
      'openai-chat': openrouter,
      'anthropic-messages': said([thinking, redacted, thinking, call], 'tool_use'),
    },
    back: [thinking, redacted, thinking, call],
    onlyAnthropic: 'OpenRouter has been recorded with plain reasoning only',
  }),
  overTwoTurns({
    name: 'redacted thinking before an answer',
    replies: {
      'openai-chat': openrouter,
      'anthropic-messages': {
        whole: recorded('anthropic/messages-redacted-thinking.json'),
        stream: streamOfMessage(recordedJson('anthropic/messages-redacted-thinking.json')),
      },
    },
    back: recordedJson('anthropic/messages-redacted-thinking.json').content as readonly Json[],
    onlyAnthropic: 'OpenRouter has been recorded with plain reasoning only',
  }),
  overTwoTurns({
    name: 'thinking that is not shown, only signed',
    replies: {
      'openai-chat': openrouter,
      'anthropic-messages': said([{ ...thinking, thinking: '' }, call], 'tool_use'),
    },
    back: [{ ...thinking, thinking: '' }, call],
    onlyAnthropic: "it is a setting of Anthropic's",
  }),
  overTwoTurns({
    name: 'text before the thinking',
    replies: {
      'openai-chat': openrouter,
      'anthropic-messages': {
        whole: recorded('anthropic/messages-thinking.json'),
        stream: streamOfMessage(recordedJson('anthropic/messages-thinking.json')),
      },
    },
    // OpenAI's messages have one text and no order among text, reasoning and calls.
    back: [thinking, { type: 'text', text: '\n\n2 + 2 = **4**' }],
    onlyAnthropic: "OpenAI's messages have no such order",
  }),
  elsewhere,
];
