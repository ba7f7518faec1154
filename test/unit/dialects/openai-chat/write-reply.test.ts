import { describe, expect, it } from 'vitest';

import type { ChatEvent } from '../../../../src/core/event.ts';
import { writeReply } from '../../../../src/dialects/openai-chat/write-reply.ts';
import { stamp } from './traits.ts';

const stop: ChatEvent = { type: 'finish', reason: { unified: 'stop' } };

describe('a JSON reply', () => {
  it('is a whole chat completion', () => {
    const events: ChatEvent[] = [
      { type: 'start', id: 'p1', model: 'pm', createdAt: 7 },
      ...text(0, 'Hi'),
      { type: 'usage', usage: { uncachedInput: 3, output: 2 } },
      stop,
    ];
    expect(writeReply(events, stamp)).toEqual({
      id: 'p1',
      object: 'chat.completion',
      created: 7,
      model: 'pm',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: 'Hi', refusal: null },
          logprobs: null,
          finish_reason: 'stop',
        },
      ],
      usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
    });
  });

  it('has our id and model where the provider told none, and no usage', () => {
    const reply = writeReply([stop], stamp);
    expect(reply).toMatchObject({ id: stamp.id, created: stamp.createdAt, model: stamp.model });
    expect(reply).not.toHaveProperty('usage');
  });

  it('says nothing with an empty text, and null where there is something else', () => {
    expect(messageOf([stop])).toMatchObject({ content: '', refusal: null });
    expect(
      messageOf([
        { type: 'tool-call-start', block: 0, id: 'a', name: 'f' },
        { type: 'tool-call-end', block: 0 },
        { type: 'tool-call-start', block: 1, id: 'b', name: 'g', custom: true },
        { type: 'tool-call-end', block: 1 },
        { type: 'finish', reason: { unified: 'tool-calls' } },
      ]),
    ).toEqual({
      role: 'assistant',
      content: null,
      refusal: null,
      tool_calls: [
        { id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } },
        { id: 'b', type: 'custom', custom: { name: 'g', input: '' } },
      ],
    });
  });

  it('joins its texts, and moves their citations along', () => {
    const events: ChatEvent[] = [
      ...text(0, '12345'),
      { type: 'text-start', block: 1 },
      { type: 'text-delta', block: 1, text: 'abc' },
      {
        type: 'citation',
        block: 1,
        citation: { url: 'https://x.example', citedText: 'said', start: 1, end: 3 },
      },
      { type: 'text-end', block: 1 },
      stop,
    ];
    expect(messageOf(events)).toMatchObject({
      content: '12345abc',
      annotations: [
        {
          type: 'url_citation',
          url_citation: {
            url: 'https://x.example',
            title: 'https://x.example',
            start_index: 6,
            end_index: 8,
            content: 'said',
          },
        },
      ],
    });
  });

  it('says why it refuses, in the model’s words or in the provider’s', () => {
    const refused: ChatEvent[] = [
      { type: 'text-start', block: 0, refusal: true },
      { type: 'text-delta', block: 0, text: 'No.' },
      { type: 'text-end', block: 0 },
      { type: 'finish', reason: { unified: 'refusal' }, refusal: 'policy' },
    ];
    expect(messageOf(refused)).toMatchObject({ content: null, refusal: 'No.' });
    const filtered: ChatEvent[] = [
      ...text(0, 'Well, '),
      { type: 'finish', reason: { unified: 'refusal' }, refusal: 'policy' },
    ];
    expect(messageOf(filtered)).toMatchObject({ content: 'Well, ', refusal: 'policy' });
    expect(writeReply(filtered, stamp)).toMatchObject({ choices: [{ finish_reason: 'content_filter' }] });
  });

  it('keeps the probabilities of content and refusal apart', () => {
    const token = { token: 'Hi', logprob: -1 };
    const events: ChatEvent[] = [
      { type: 'text-start', block: 0 },
      { type: 'text-delta', block: 0, text: 'Hi', logprobs: [token] },
      { type: 'text-end', block: 0 },
      stop,
    ];
    expect(writeReply(events, stamp)).toMatchObject({
      choices: [{ logprobs: { content: [token], refusal: null } }],
    });
  });

  it('shows reasoning, with what must come back', () => {
    const opaque = { format: 'openai-responses-v1', kind: 'encrypted', data: 'ENC', id: 'rs_1' } as const;
    const events: ChatEvent[] = [
      { type: 'reasoning-start', block: 0 },
      { type: 'reasoning-delta', block: 0, text: 'hm' },
      { type: 'reasoning-end', block: 0, opaque },
      { type: 'reasoning-start', block: 1 },
      { type: 'reasoning-end', block: 1 },
      stop,
    ];
    expect(messageOf(events)).toMatchObject({
      reasoning_content: 'hm',
      reasoning_details: [
        { type: 'reasoning.summary', summary: 'hm', format: 'openai-responses-v1', index: 0 },
        { type: 'reasoning.encrypted', data: 'ENC', id: 'rs_1', format: 'openai-responses-v1', index: 0 },
      ],
    });
  });

  it('has the dialect’s own fields and nobody else’s', () => {
    const events: ChatEvent[] = [
      { type: 'opaque', block: 0, dialect: 'openai-chat', content: { audio: { id: 'a1' } } },
      { type: 'opaque', block: 1, dialect: 'anthropic-messages', content: { type: 'x' } },
      stop,
    ];
    expect(messageOf(events)).toEqual({ role: 'assistant', content: '', refusal: null, audio: { id: 'a1' } });
  });
});

function messageOf(events: readonly ChatEvent[]) {
  const { choices } = writeReply(events, stamp) as { choices: readonly { message: unknown }[] };
  return choices[0]?.message;
}

function text(block: number, said: string): ChatEvent[] {
  return [
    { type: 'text-start', block },
    { type: 'text-delta', block, text: said },
    { type: 'text-end', block },
  ];
}
