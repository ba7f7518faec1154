// Images and documents, by address and in bytes.

import { bilingual } from '../bilingual.ts';
import type { Words } from '../clients/ask.ts';
import type { Scenario } from '../matrix.ts';
import { monolingual } from '../monolingual.ts';
import { recordedJson, streamOfMessage, TEXT, type Replies } from '../replies.ts';
import { recorded } from '../../support/fake-provider.ts';

const url = 'https://www.gstatic.com/webp/gallery3/1.png';
/** One transparent pixel. */
const png =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const pdf = Buffer.from('%PDF-1.4\n%%EOF\n').toString('base64');
const ask = { type: 'text', text: 'What is this?' } as const;

/** What was recorded about an image; OpenAI's side says something else, which is all the same here. */
const KIWI: Replies = {
  ...TEXT,
  'anthropic-messages': {
    whole: recorded('anthropic/messages-image-input.json'),
    stream: streamOfMessage(recordedJson('anthropic/messages-image-input.json')),
  },
};

type OpenaiPart = Extract<Words['openai']['messages'][number], { role: 'user' }>['content'][number];
type AnthropicBlock = Exclude<Words['anthropic']['messages'][number]['content'], string>[number];

function seen(openai: Exclude<OpenaiPart, string>, anthropic: AnthropicBlock): Words {
  return {
    openai: { max_completion_tokens: 64, messages: [{ role: 'user', content: [ask, openai] }] },
    anthropic: { max_tokens: 64, messages: [{ role: 'user', content: [ask, anthropic] }] },
  };
}

export const media: readonly Scenario[] = [
  bilingual({
    name: 'an image by its URL',
    words: seen({ type: 'image_url', image_url: { url } }, { type: 'image', source: { type: 'url', url } }),
    replies: KIWI,
  }),
  bilingual({
    name: 'an image in bytes',
    words: seen(
      { type: 'image_url', image_url: { url: `data:image/png;base64,${png}` } },
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: png } },
    ),
    replies: KIWI,
  }),
  monolingual({
    name: 'an image to be looked at closely',
    question: {
      client: 'openai',
      request: {
        max_completion_tokens: 64,
        messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url, detail: 'high' } }] }],
      },
    },
    why: 'Anthropic has no levels of detail',
    elsewhere: {
      arrives: {
        max_tokens: 64,
        messages: [{ role: 'user', content: [{ type: 'image', source: { type: 'url', url } }] }],
      },
      warnings: 'dropped=image_url.detail',
    },
    replies: KIWI,
  }),
  monolingual({
    name: 'an image as the result of a tool',
    question: {
      client: 'anthropic',
      request: {
        max_tokens: 64,
        messages: [
          { role: 'user', content: 'Look around' },
          { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name: 'camera', input: {} }] },
          {
            role: 'user',
            content: [
              {
                type: 'tool_result',
                tool_use_id: 'toolu_1',
                content: [{ type: 'image', source: { type: 'base64', media_type: 'image/png', data: png } }],
              },
            ],
          },
        ],
        tools: [{ name: 'camera', input_schema: { type: 'object' } }],
      },
    },
    why: "OpenAI's tools give text only",
    elsewhere: {
      arrives: {
        max_completion_tokens: 64,
        messages: [
          { role: 'user', content: 'Look around' },
          {
            role: 'assistant',
            content: null,
            tool_calls: [{ id: 'toolu_1', type: 'function', function: { name: 'camera', arguments: '{}' } }],
          },
          { role: 'tool', tool_call_id: 'toolu_1', content: '[image: see the next user message]' },
          {
            role: 'user',
            content: [
              { type: 'text', text: 'From the result of tool call toolu_1:' },
              { type: 'image_url', image_url: { url: `data:image/png;base64,${png}` } },
            ],
          },
        ],
        tools: [{ type: 'function', function: { name: 'camera', parameters: { type: 'object' } } }],
      },
    },
    replies: KIWI,
  }),
  bilingual({
    name: 'a PDF in bytes',
    words: seen(
      { type: 'file', file: { filename: 'facts.pdf', file_data: `data:application/pdf;base64,${pdf}` } },
      {
        type: 'document',
        title: 'facts.pdf',
        source: { type: 'base64', media_type: 'application/pdf', data: pdf },
      },
    ),
  }),
  monolingual({
    name: 'a PDF by its URL',
    question: {
      client: 'anthropic',
      request: {
        max_tokens: 64,
        messages: [
          {
            role: 'user',
            content: [
              ask,
              { type: 'document', source: { type: 'url', url: 'https://example.com/facts.pdf' } },
            ],
          },
        ],
      },
    },
    why: 'OpenAI takes files in bytes or by their id',
    elsewhere: { refused: 'messages' },
  }),
  monolingual({
    name: 'a document as plain text, to be cited',
    question: {
      client: 'anthropic',
      request: {
        max_tokens: 64,
        messages: [
          {
            role: 'user',
            content: [
              {
                type: 'document',
                title: 'facts.txt',
                citations: { enabled: true },
                source: { type: 'text', media_type: 'text/plain', data: 'Ruby was created in 1993.' },
              },
              ask,
            ],
          },
        ],
      },
    },
    why: 'OpenAI has no documents of text',
    elsewhere: {
      arrives: {
        max_completion_tokens: 64,
        messages: [
          { role: 'user', content: [{ type: 'text', text: 'facts.txt\n\nRuby was created in 1993.' }, ask] },
        ],
      },
      warnings: 'dropped=citations',
    },
    replies: {
      ...TEXT,
      'anthropic-messages': {
        whole: recorded('anthropic/messages-citations.json'),
        stream: streamOfMessage(recordedJson('anthropic/messages-citations.json')),
      },
    },
  }),
];
