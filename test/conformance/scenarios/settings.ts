// What tunes an answer: carried where both dialects have it, named where it is lost, refused where it is the question.

import { bilingual } from '../bilingual.ts';
import type { Scenario } from '../matrix.ts';
import { monolingual } from '../monolingual.ts';
import { completion, recordedJson, streamOfCompletion, TEXT, whole, type Replies } from '../replies.ts';
import { recorded } from '../../support/fake-provider.ts';

const question = { role: 'user', content: 'Hello' } as const;

/** Fields of API version 2023-06-01 that the SDK's types no longer have; applications still send them. */
function older(fields: { readonly temperature?: number; readonly top_k?: number }): object {
  return fields;
}

/** Nobody has recorded probabilities. */
const token = { token: 'Hi', logprob: -0.1, bytes: [72, 105], top_logprobs: [] };
const PROBABLE: Replies = {
  ...TEXT,
  'openai-chat': {
    whole: whole(
      completion({}, 'stop', {
        choices: [
          {
            index: 0,
            message: { role: 'assistant', content: 'Hi', refusal: null },
            logprobs: { content: [token], refusal: null },
            finish_reason: 'stop',
          },
        ],
      }),
    ),
    stream: TEXT['openai-chat'].stream,
  },
};

/** Two answers; nobody has recorded them as a stream. */
const TWO: Replies = {
  ...TEXT,
  'openai-chat': {
    whole: recorded('openai/chat-n2.json'),
    stream: streamOfCompletion(recordedJson('openai/chat-n2.json')),
  },
};

export const settings: readonly Scenario[] = [
  bilingual({
    name: 'stop sequences, temperature and the end user',
    words: {
      openai: {
        max_completion_tokens: 64,
        messages: [question],
        stop: ['END', 'STOP'],
        temperature: 0.5,
        safety_identifier: 'user-1',
      },
      anthropic: {
        max_tokens: 64,
        messages: [question],
        stop_sequences: ['END', 'STOP'],
        metadata: { user_id: 'user-1' },
        ...older({ temperature: 0.5 }),
      },
    },
  }),
  bilingual({
    name: 'marks for the prompt cache',
    words: {
      openai: {
        max_completion_tokens: 64,
        messages: [
          {
            role: 'developer',
            content: [{ type: 'text', text: 'A long text.', prompt_cache_breakpoint: { mode: 'explicit' } }],
          },
          question,
        ],
      },
      anthropic: {
        max_tokens: 64,
        system: [{ type: 'text', text: 'A long text.', cache_control: { type: 'ephemeral' } }],
        messages: [question],
      },
    },
    // Explicit marks are for OpenAI's newest models only.
    models: { 'openai-chat': 'gpt-6-astra' },
  }),
  monolingual({
    name: 'one stop sequence, and a temperature beyond the scale',
    question: {
      client: 'openai',
      request: { max_completion_tokens: 64, messages: [question], stop: 'END', temperature: 1.5 },
    },
    why: 'Anthropic takes a list and ends at 1',
    elsewhere: {
      arrives: { max_tokens: 64, messages: [question], stop_sequences: ['END'], temperature: 1 },
      warnings: 'clamped=temperature',
    },
  }),
  monolingual({
    name: "hints of OpenAI's",
    question: {
      client: 'openai',
      request: {
        max_completion_tokens: 64,
        messages: [question],
        seed: 7,
        frequency_penalty: 0.5,
        logit_bias: { '50256': -100 },
        verbosity: 'low',
      },
    },
    why: 'Anthropic has no such hints',
    elsewhere: {
      arrives: { max_tokens: 64, messages: [question] },
      warnings: 'dropped=seed,frequency_penalty,logit_bias,verbosity',
    },
  }),
  monolingual({
    name: "hints of Anthropic's",
    question: {
      client: 'anthropic',
      request: { max_tokens: 64, messages: [question], inference_geo: 'eu', ...older({ top_k: 40 }) },
    },
    why: 'OpenAI has no such hints',
    elsewhere: {
      arrives: { max_completion_tokens: 64, messages: [question] },
      warnings: 'dropped=inference_geo,top_k',
    },
  }),
  monolingual({
    name: 'probabilities of tokens',
    question: {
      client: 'openai',
      request: { max_completion_tokens: 64, messages: [question], logprobs: true, top_logprobs: 2 },
    },
    why: 'Anthropic tells none',
    elsewhere: { refused: 'logprobs' },
    replies: PROBABLE,
  }),
  monolingual({
    name: 'two answers at once',
    question: { client: 'openai', request: { max_completion_tokens: 64, messages: [question], n: 2 } },
    why: 'Anthropic gives one',
    except: { helper: 'the helper of the SDK is for one answer' },
    elsewhere: { refused: 'n' },
    replies: TWO,
  }),
];
