// System prompts, in every form that a client can give them.

import { bilingual } from '../bilingual.ts';
import type { Scenario } from '../matrix.ts';
import { monolingual } from '../monolingual.ts';

const question = { role: 'user', content: 'Hello' } as const;
const answer = { role: 'assistant', content: 'Hello yourself' } as const;
const terse = { type: 'text', text: 'You are terse.' } as const;
const polite = { type: 'text', text: 'You are polite.' } as const;

export const system: readonly Scenario[] = [
  bilingual({
    name: 'a system prompt as a text',
    words: {
      openai: { max_completion_tokens: 64, messages: [{ role: 'system', content: terse.text }, question] },
      anthropic: { max_tokens: 64, system: terse.text, messages: [question] },
    },
  }),
  bilingual({
    name: 'a system prompt in parts',
    words: {
      openai: {
        max_completion_tokens: 64,
        messages: [{ role: 'system', content: [terse, polite] }, question],
      },
      anthropic: { max_tokens: 64, system: [terse, polite], messages: [question] },
    },
  }),
  bilingual({
    name: 'a system message in the middle of the conversation',
    words: {
      openai: {
        max_completion_tokens: 64,
        messages: [question, answer, question, { role: 'system', content: terse.text }],
      },
      anthropic: {
        max_tokens: 64,
        messages: [question, answer, question, { role: 'system', content: terse.text }],
      },
    },
    models: { 'anthropic-messages': 'claude-opus-4-8' },
  }),
  monolingual({
    name: 'a system message in the middle, for a model that has none there',
    question: {
      client: 'openai',
      request: {
        max_completion_tokens: 64,
        messages: [question, answer, { role: 'system', content: terse.text }, question],
      },
    },
    why: 'Anthropic refuses it for such a model by itself',
    elsewhere: {
      arrives: {
        max_tokens: 64,
        messages: [
          question,
          answer,
          {
            role: 'user',
            content: [
              { type: 'text', text: '<system>\nYou are terse.\n</system>' },
              { type: 'text', text: 'Hello' },
            ],
          },
        ],
      },
      warnings: 'emulated=messages.system',
    },
  }),
  monolingual({
    name: 'two system messages and one of the developer',
    question: {
      client: 'openai',
      request: {
        max_completion_tokens: 64,
        messages: [
          { role: 'system', content: terse.text },
          { role: 'developer', content: polite.text },
          question,
        ],
      },
    },
    why: 'Anthropic has one system prompt, and no other word for it',
    elsewhere: { arrives: { max_tokens: 64, system: [terse, polite], messages: [question] } },
  }),
];
