import { describe, expect, it } from 'vitest';

import type { ChatEvent, FinishReason } from '../../../../src/core/event.ts';
import type { ReplyStamp } from '../../../../src/dialects/dialect.ts';
import { createStreamWriter } from '../../../../src/dialects/openai-chat/stream-writer.ts';
import { stamp } from './traits.ts';

const stop: ChatEvent = { type: 'finish', reason: { unified: 'stop' } };

describe('a written stream', () => {
  it('begins with the role and ends with [DONE]', () => {
    expect(deltasOf([{ type: 'start' }, ...text(0, 'Hi'), stop])).toEqual([
      { role: 'assistant', content: '' },
      { content: 'Hi' },
      {},
    ]);
    expect(write([{ type: 'start' }, stop]).endsWith('"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n')).toBe(
      true,
    );
  });

  it('has the provider’s id and model in every chunk, and ours where it told none', () => {
    const told: ChatEvent = { type: 'start', id: 'p1', model: 'pm', createdAt: 7 };
    for (const chunk of chunksOf([told, ...text(0, 'Hi'), stop])) {
      expect(chunk).toMatchObject({ id: 'p1', object: 'chat.completion.chunk', created: 7, model: 'pm' });
    }
    for (const chunk of chunksOf([...text(0, 'Hi'), stop])) {
      expect(chunk).toMatchObject({ id: stamp.id, created: stamp.createdAt, model: stamp.model });
    }
  });

  it('tells usage in a chunk of its own, and only to those who asked', () => {
    const counted: ChatEvent[] = [
      { type: 'start' },
      { type: 'usage', usage: { uncachedInput: 1, output: 1 } },
      { type: 'usage', usage: { cacheRead: 4, output: 3, reasoning: 2 } },
      stop,
    ];
    const last = chunksOf(counted).at(-1);
    expect(last).toMatchObject({
      choices: [],
      usage: {
        prompt_tokens: 5,
        completion_tokens: 3,
        total_tokens: 8,
        prompt_tokens_details: { cached_tokens: 4 },
        completion_tokens_details: { reasoning_tokens: 2 },
      },
    });
    expect(chunksOf(counted, { ...stamp, streamUsage: false }).at(-1)).not.toHaveProperty('usage');
    expect(chunksOf([{ type: 'start' }, stop]).at(-1)).not.toHaveProperty('usage');
  });

  it('numbers calls from 0, names each once and gives all of them arguments', () => {
    const events: ChatEvent[] = [
      ...text(0, 'Let me look.'),
      { type: 'tool-call-start', block: 1, id: 'a', name: 'f' },
      { type: 'tool-call-start', block: 2, id: 'b', name: 'g' },
      { type: 'tool-call-delta', block: 2, arguments: '{"x"' },
      { type: 'tool-call-delta', block: 2, arguments: '' },
      { type: 'tool-call-delta', block: 2, arguments: ':1}' },
      { type: 'tool-call-end', block: 1 },
      { type: 'tool-call-end', block: 2 },
      { type: 'finish', reason: { unified: 'tool-calls' } },
    ];
    expect(deltasOf(events).flatMap((delta) => (delta['tool_calls'] as unknown[] | undefined) ?? [])).toEqual(
      [
        { index: 0, id: 'a', type: 'function', function: { name: 'f', arguments: '' } },
        { index: 1, id: 'b', type: 'function', function: { name: 'g', arguments: '' } },
        { index: 1, function: { arguments: '{"x"' } },
        { index: 1, function: { arguments: ':1}' } },
        { index: 0, function: { arguments: '{}' } },
      ],
    );
    expect(chunksOf(events).at(-1)).toMatchObject({ choices: [{ finish_reason: 'tool_calls' }] });
  });

  it('says reasoning in both spellings, and its signature at the end', () => {
    const opaque = { format: 'anthropic-claude-v1', kind: 'signature', data: 'SIG' } as const;
    const events: ChatEvent[] = [
      { type: 'reasoning-start', block: 0 },
      { type: 'reasoning-delta', block: 0, text: 'hm' },
      { type: 'reasoning-end', block: 0, opaque },
      stop,
    ];
    expect(deltasOf(events).slice(1, 3)).toEqual([
      { reasoning_content: 'hm', reasoning_details: [{ type: 'reasoning.text', text: 'hm', index: 0 }] },
      {
        reasoning_details: [
          { type: 'reasoning.text', signature: 'SIG', format: 'anthropic-claude-v1', index: 0 },
        ],
      },
    ]);
  });

  it('counts citations in the whole content', () => {
    const events: ChatEvent[] = [
      ...text(0, '12345'),
      { type: 'text-start', block: 1 },
      { type: 'text-delta', block: 1, text: 'abc' },
      { type: 'citation', block: 1, citation: { url: 'https://x.example', title: 'X', start: 1, end: 3 } },
      { type: 'citation', block: 1, citation: { native: { dialect: 'anthropic-messages', citation: {} } } },
      { type: 'text-end', block: 1 },
      stop,
    ];
    expect(deltasOf(events).filter((delta) => 'annotations' in delta)).toEqual([
      {
        annotations: [
          {
            type: 'url_citation',
            url_citation: { url: 'https://x.example', title: 'X', start_index: 6, end_index: 8 },
          },
        ],
      },
    ]);
  });

  it('leaves out what only another dialect understands', () => {
    const foreign: ChatEvent = {
      type: 'opaque',
      block: 0,
      dialect: 'anthropic-messages',
      content: { type: 'x' },
    };
    expect(deltasOf([foreign, stop])).toEqual([{ role: 'assistant', content: '' }, {}]);
  });

  it('writes nothing about a failure, not even a beginning', () => {
    const failure: ChatEvent = {
      type: 'failure',
      class: 'server',
      failure: { kind: 'upstream-error', message: 'x' },
    };
    expect(write([failure])).toBe('');
    expect(write([{ type: 'start' }, failure])).not.toContain('DONE');
  });
});

describe('a reason to finish', () => {
  it.each<readonly [FinishReason['unified'], string]>([
    ['stop', 'stop'],
    ['stop-sequence', 'stop'],
    ['paused', 'stop'],
    ['other', 'stop'],
    ['length', 'length'],
    ['context-full', 'length'],
    ['tool-calls', 'tool_calls'],
    ['content-filter', 'content_filter'],
    ['refusal', 'content_filter'],
  ])('%s is %s', (unified, word) => {
    const events: ChatEvent[] = [{ type: 'finish', reason: { unified, raw: 'another_word' } }];
    expect(chunksOf(events).at(-1)).toMatchObject({ choices: [{ finish_reason: word }] });
  });

  it('is a plain end where the model itself refused, in the place for it', () => {
    const events: ChatEvent[] = [
      { type: 'text-start', block: 0, refusal: true },
      { type: 'text-delta', block: 0, text: 'No.' },
      { type: 'text-end', block: 0 },
      { type: 'finish', reason: { unified: 'refusal' } },
    ];
    expect(deltasOf(events)[1]).toEqual({ refusal: 'No.' });
    expect(chunksOf(events).at(-1)).toMatchObject({ choices: [{ finish_reason: 'stop' }] });
  });

  it('comes behind the provider’s explanation', () => {
    const events: ChatEvent[] = [{ type: 'finish', reason: { unified: 'refusal' }, refusal: 'Not that.' }];
    expect(deltasOf(events)).toEqual([{ role: 'assistant', content: '' }, { refusal: 'Not that.' }, {}]);
  });
});

function write(events: readonly ChatEvent[], stamped: ReplyStamp = stamp): string {
  const writer = createStreamWriter(stamped);
  return events.map((event) => writer.write(event)).join('');
}

type Chunk = { readonly choices: readonly { readonly delta: Record<string, unknown> }[] };

function chunksOf(events: readonly ChatEvent[], stamped?: ReplyStamp): readonly Chunk[] {
  const lines = write(events, stamped).split('\n\n').slice(0, -2);
  return lines.map((line) => JSON.parse(line.replace(/^data: /, '')) as Chunk);
}

function deltasOf(events: readonly ChatEvent[]): readonly Record<string, unknown>[] {
  return chunksOf(events).flatMap(({ choices }) => choices.map(({ delta }) => delta));
}

function text(block: number, said: string): ChatEvent[] {
  return [
    { type: 'text-start', block },
    { type: 'text-delta', block, text: said },
    { type: 'text-end', block },
  ];
}
