import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { ChatEvent } from '../../../../src/core/event.ts';
import { openaiCompletions } from '../../../../src/dialects/openai-completions/index.ts';

const { egress, ingress } = openaiCompletions;
const stamp = { id: 'cmpl-1', model: 'm', createdAt: 1, streamUsage: false };

function readAll(payloads: readonly string[]): readonly ChatEvent[] {
  const reader = egress.createStreamReader();
  return [...payloads.flatMap((data) => reader.read({ data })), ...reader.end()];
}

const chunk = (choice: object, rest: object = {}): string =>
  JSON.stringify({ id: 'cmpl-1', choices: [{ index: 0, ...choice }], ...rest });

describe('what a provider sends', () => {
  it('ends in one finish or one failure, and never throws', () => {
    const payload = fc.oneof(
      fc.json(),
      fc.string(),
      fc.constant('[DONE]'),
      fc
        .record({ choices: fc.array(fc.record({ text: fc.jsonValue(), finish_reason: fc.jsonValue() })) })
        .map((json) => JSON.stringify(json)),
    );
    fc.assert(
      fc.property(fc.array(payload, { maxLength: 6 }), (payloads) => {
        const events = readAll(payloads);
        const ends = events.filter(({ type }) => type === 'finish' || type === 'failure');
        expect(ends).toHaveLength(1);
        expect(events.at(-1)).toBe(ends[0]);
      }),
    );
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        expect(['finish', 'failure']).toContain(egress.readReply(json).at(-1)?.type);
      }),
    );
  });

  it('is complete with [DONE] or with a reason, and cut without both', () => {
    expect(readAll([chunk({ text: 'a' }), '[DONE]']).at(-1)?.type).toBe('finish');
    expect(readAll([chunk({ text: 'a', finish_reason: 'stop' })]).at(-1)?.type).toBe('finish');
    expect(readAll([chunk({ text: 'a' })]).at(-1)).toMatchObject({ type: 'failure', class: 'protocol' });
    expect(readAll(['[DONE]']).at(-1)).toMatchObject({ type: 'failure', class: 'protocol' });
  });

  it('may be an error under a good status', () => {
    const error = { error: { message: 'slow down', type: 'rate_limit_error', code: 'rate_limit_exceeded' } };
    expect(egress.readReply(error).at(-1)).toMatchObject({ type: 'failure', class: 'ratelimit' });
    const events = readAll([chunk({ text: 'a' }), JSON.stringify(error)]);
    expect(events.at(-1)).toMatchObject({ type: 'failure', class: 'ratelimit' });
    expect(egress.readReply({ object: 'list', data: [] }).at(-1)).toMatchObject({ class: 'protocol' });
  });

  it('is the first answer, where there are several', () => {
    const events = readAll([
      chunk({ text: 'b', index: 1, finish_reason: 'length' }),
      chunk({ text: 'a', finish_reason: 'stop' }),
      '[DONE]',
    ]);
    expect(events.flatMap((event) => (event.type === 'text-delta' ? [event.text] : []))).toEqual(['a']);
    expect(events.at(-1)).toMatchObject({ reason: { unified: 'stop' } });
  });
});

describe('what a chat says', () => {
  const said: readonly ChatEvent[] = [
    { type: 'reasoning-start', block: 0 },
    { type: 'reasoning-delta', block: 0, text: 'hm' },
    { type: 'reasoning-end', block: 0 },
    { type: 'text-start', block: 1 },
    { type: 'text-delta', block: 1, text: 'upon' },
    { type: 'text-end', block: 1 },
    { type: 'tool-call-start', block: 2, id: 'c', name: 'f' },
    { type: 'tool-call-end', block: 2 },
    { type: 'usage', usage: { uncachedInput: 3, output: 4 } },
    { type: 'finish', reason: { unified: 'tool-calls' } },
  ];

  it('is its text and nothing else', () => {
    expect(ingress.writeReply(said, { ...stamp, echo: 'Once ' })).toEqual({
      id: 'cmpl-1',
      object: 'text_completion',
      created: 1,
      model: 'm',
      choices: [{ text: 'Once upon', index: 0, logprobs: null, finish_reason: 'stop' }],
      usage: { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 },
    });
  });

  it('streams its text behind the prompt, and tells no usage unless asked', () => {
    const writer = ingress.createStreamWriter({ ...stamp, echo: 'Once ' });
    const frames = said.map((event) => writer.write(event)).join('');
    expect([...frames.matchAll(/"text":"([^"]*)"/g)].map(([, text]) => text)).toEqual(['Once ', 'upon', '']);
    expect(frames).not.toContain('usage');
    expect(frames.endsWith('data: [DONE]\n\n')).toBe(true);
  });

  it.each([
    ['stop', 'stop'],
    ['stop-sequence', 'stop'],
    ['length', 'length'],
    ['context-full', 'length'],
    ['content-filter', 'content_filter'],
    ['refusal', 'content_filter'],
  ] as const)('that ended in %s ends in %s', (unified, word) => {
    const reply = ingress.writeReply([{ type: 'finish', reason: { unified } }], stamp);
    expect(reply['choices']).toMatchObject([{ finish_reason: word }]);
  });
});
