import { describe, expect, it } from 'vitest';

import type { JsonObject } from '../../../../src/core/json.ts';
import { foldEvents } from '../../../../src/dialects/openai-chat/fold.ts';
import { createStreamReader } from '../../../../src/dialects/openai-chat/stream-reader.ts';
import { call, delta, read, type Payload } from './chunks.ts';

describe('the end of a stream', () => {
  it('is [DONE], and what comes behind it is not read', () => {
    const reader = createStreamReader();
    const said = reader.read({ data: JSON.stringify(delta({ content: 'Hi' }, 'stop')) });
    const ended = reader.read({ data: ' [DONE] ' });
    expect([...said, ...ended].at(-1)).toEqual({ type: 'finish', reason: { unified: 'stop', raw: 'stop' } });
    expect(reader.read({ data: JSON.stringify(delta({ content: 'more' })) })).toEqual([]);
    expect(reader.end()).toEqual([]);
  });

  it('waits for the usage behind the finish reason', () => {
    const usage = { choices: [], usage: { prompt_tokens: 3, completion_tokens: 2 } };
    expect(read([delta({ content: 'Hi' }, 'stop'), usage, '[DONE]']).slice(-2)).toEqual([
      { type: 'usage', usage: { uncachedInput: 3, output: 2 } },
      { type: 'finish', reason: { unified: 'stop', raw: 'stop' } },
    ]);
  });

  it.each<readonly [string, readonly Payload[], string]>([
    ['a finish reason without [DONE]', [delta({ content: 'Hi' }, 'stop')], 'stop'],
    ['[DONE] without a finish reason', [delta({ content: 'Hi' }), '[DONE]'], 'other'],
    [
      '[DONE] without a finish reason behind a call',
      [delta({ tool_calls: [call(0, 'a', 'f', '{}')] }), '[DONE]'],
      'tool-calls',
    ],
    ['a finish reason and nothing else', [delta({}, 'length'), '[DONE]'], 'length'],
  ])('may be %s', (_, payloads, unified) => {
    expect(read(payloads).at(-1)).toMatchObject({ type: 'finish', reason: { unified } });
  });

  it.each<readonly [string, readonly Payload[]]>([
    ['nothing at all', []],
    ['[DONE] alone', ['[DONE]']],
    ['a role and [DONE]', [delta({ role: 'assistant', content: '' }), '[DONE]']],
    ['text without an end', [delta({ content: 'Hi' })]],
    ['something that is no JSON', [delta({ content: 'Hi' }), '{"id":', '[DONE]']],
    ['something that is no JSON at first', ['<html>', '[DONE]']],
    ['JSON that is no object', ['[1]', '[DONE]']],
    [
      'arguments for no tool',
      [delta({ tool_calls: [{ index: 0, function: { arguments: '{}' } }] }, 'stop'), '[DONE]'],
    ],
  ])('is a failure after %s', (_, payloads) => {
    const events = read(payloads);
    expect(events.at(-1)).toMatchObject({
      type: 'failure',
      class: 'protocol',
      failure: { kind: 'upstream-protocol' },
    });
    expect(events.filter(({ type }) => type === 'finish')).toEqual([]);
  });
});

describe('a finish reason', () => {
  it.each<readonly [unknown, string]>([
    ['stop', 'stop'],
    ['eos', 'stop'],
    ['eos_token', 'stop'],
    ['end_turn', 'stop'],
    [128009, 'stop'],
    ['stop_sequence', 'stop-sequence'],
    ['max_tokens', 'length'],
    ['content_filter', 'content-filter'],
    ['tool_calls', 'stop'],
    ['abort', 'other'],
    ['a word of tomorrow', 'other'],
  ])('%j is %s when no tool was called', (raw, unified) => {
    expect(finishOf([delta({ content: 'x' }, raw)])).toEqual({ unified, raw: String(raw) });
  });

  it.each(['stop', 'end_turn', 'tool_calls', 'tool_use', 'function_call'])(
    '%s is tool-calls when a tool was called',
    (raw) => {
      expect(finishOf([delta({ tool_calls: [call(0, 'a', 'f', '{}')] }, raw)])).toEqual({
        unified: 'tool-calls',
        raw,
      });
    },
  );

  it.each([null, '', 'None', undefined])('%j is none', (raw) => {
    expect(read([delta({ content: 'x' }, raw)]).at(-1)).toMatchObject({ type: 'failure' });
  });

  it('is a refusal when the model said so in the place for it', () => {
    expect(finishOf([delta({ refusal: 'No.' }, 'stop')])).toEqual({ unified: 'refusal', raw: 'stop' });
  });
});

describe('the beginning', () => {
  it('is not Azure’s verdict on the prompt', () => {
    const verdict = { choices: [], id: '', model: '', object: '', created: 0, prompt_filter_results: [] };
    const [start] = read([verdict, delta({ content: 'Hi' }, 'stop')]);
    expect(start).toEqual({ type: 'start', id: 'c1', model: 'm', createdAt: 1_700_000_000 });
  });

  it('is told with what there is', () => {
    expect(read([{ choices: [{ delta: { content: 'Hi' }, finish_reason: 'stop' }] }])[0]).toEqual({
      type: 'start',
    });
  });

  it('is no content: a role, an empty text, an empty list of calls', () => {
    const empty = delta({ role: '', content: '', tool_calls: [], reasoning: null, reasoning_details: [] });
    expect(read([empty, delta({ content: null }), delta({}, 'stop')]).map(({ type }) => type)).toEqual([
      'start',
      'finish',
    ]);
  });
});

describe('reasoning', () => {
  it('comes under any of its names, and once', () => {
    const twice = { reasoning: 'b', reasoning_content: 'b' };
    const thrice = { reasoning: 'c', reasoning_details: [{ type: 'reasoning.text', text: 'c' }] };
    const { reasonings } = foldEvents(
      read([delta({ reasoning: 'a' }), delta(twice), delta(thrice), delta({}, 'stop')]),
    );
    expect(reasonings).toEqual([{ text: 'abc', opaque: undefined }]);
  });

  it('is signed at its end', () => {
    const events = read([
      signedDetail({ text: '', signature: '' }),
      signedDetail({ text: 'hm' }),
      signedDetail({ signature: 'SIG' }),
      delta({ content: 'Hi' }, 'stop'),
    ]);
    expect(events.slice(1, 5)).toEqual([
      { type: 'reasoning-start', block: 0 },
      { type: 'reasoning-delta', block: 0, text: 'hm' },
      {
        type: 'reasoning-end',
        block: 0,
        opaque: { format: 'anthropic-claude-v1', kind: 'signature', data: 'SIG' },
      },
      { type: 'text-start', block: 1 },
    ]);
  });

  it('may be nothing but encrypted', () => {
    const details = [
      { type: 'reasoning.encrypted', data: 'ENC', id: 'r1', format: 'openai-responses-v1', index: 0 },
    ];
    expect(foldEvents(read([delta({ reasoning_details: details }, 'stop')])).reasonings).toEqual([
      { text: '', opaque: { format: 'openai-responses-v1', kind: 'encrypted', data: 'ENC', id: 'r1' } },
    ]);
  });
});

describe('what else a chunk may hold', () => {
  it('is probabilities, which go with their text', () => {
    const token = { token: 'Hi', logprob: -0.1, bytes: [72, 105], top_logprobs: [] };
    const chunk = {
      ...delta({}),
      choices: [{ index: 0, delta: { content: 'Hi' }, logprobs: { content: [token] } }],
    };
    expect(read([chunk])).toContainEqual({ type: 'text-delta', block: 0, text: 'Hi', logprobs: [token] });
  });

  it('is citations, counted from the beginning of their block', () => {
    const events = read([
      delta({ content: '12345' }),
      delta({ tool_calls: [call(0, 'a', 'f', '{}')] }),
      delta({ content: 'abc' }),
      delta({ annotations: [annotation(6, 8), annotation(0, 0)] }, 'stop'),
    ]);
    expect(events.filter(({ type }) => type === 'citation')).toEqual([
      { type: 'citation', block: 2, citation: { url: 'https://x.example', title: 'X', start: 1, end: 3 } },
      { type: 'citation', block: 2, citation: { url: 'https://x.example', title: 'X' } },
    ]);
  });

  it('is sound, piece by piece', () => {
    const events = read([
      delta({ audio: { id: 'a1', transcript: 'Hel' } }),
      delta({ audio: { data: 'QUJD', transcript: 'lo' } }),
      delta({ audio: { data: 'REVG', expires_at: 9 } }, 'stop'),
    ]);
    expect(events.filter(({ type }) => type === 'opaque')).toHaveLength(3);
    expect(foldEvents(events).opaque).toEqual({
      audio: { id: 'a1', transcript: 'Hello', data: 'QUJDREVG', expires_at: 9 },
    });
  });

  it('is another answer, which is not read', () => {
    const second = {
      ...delta({}),
      choices: [{ index: 1, delta: { content: 'no' }, finish_reason: 'length' }],
    };
    expect(foldEvents(read([delta({ content: 'yes' }), second, delta({}, 'stop')])).texts).toMatchObject([
      { text: 'yes' },
    ]);
  });
});

describe('usage', () => {
  it.each<readonly [string, JsonObject, JsonObject]>([
    ['nothing but totals', { prompt_tokens: 9, completion_tokens: 2 }, { uncachedInput: 9, output: 2 }],
    [
      'the parts that were cached',
      {
        prompt_tokens: 9,
        prompt_tokens_details: { cached_tokens: 4, cache_write_tokens: 3 },
        completion_tokens: 2,
      },
      { uncachedInput: 2, cacheRead: 4, cacheWrite: 3, output: 2 },
    ],
    [
      'the cached part as DeepSeek tells it',
      { prompt_tokens: 9, prompt_cache_hit_tokens: 4, prompt_cache_miss_tokens: 5, completion_tokens: 2 },
      { uncachedInput: 5, cacheRead: 4, output: 2 },
    ],
    [
      'more cached than prompted (xAI)',
      { prompt_tokens: 9, prompt_tokens_details: { cached_tokens: 20 }, completion_tokens: 2 },
      { uncachedInput: 9, cacheRead: 20, output: 2 },
    ],
    [
      'reasoning beside the completion (xAI)',
      {
        prompt_tokens: 9,
        completion_tokens: 2,
        total_tokens: 41,
        completion_tokens_details: { reasoning_tokens: 30 },
      },
      { uncachedInput: 9, output: 32, reasoning: 30 },
    ],
    [
      'more reasoning than completion (OpenRouter)',
      {
        prompt_tokens: 43,
        completion_tokens: 10,
        total_tokens: 53,
        completion_tokens_details: { reasoning_tokens: 11 },
      },
      { uncachedInput: 43, output: 10, reasoning: 11 },
    ],
    [
      'words and nonsense (Blackbox)',
      { prompt_tokens: 9, completion_tokens: -1, prompt_tokens_details: 'None' },
      { uncachedInput: 9 },
    ],
  ])('may tell %s', (_, usage, expected) => {
    const events = read([{ ...delta({ content: 'x' }, 'stop'), usage }]);
    expect(events.at(-2)).toEqual({ type: 'usage', usage: expected });
  });

  it('is not told by an empty object', () => {
    expect(read([{ ...delta({ content: 'x' }, 'stop'), usage: {} }]).map(({ type }) => type)).not.toContain(
      'usage',
    );
  });

  it('is that of the last chunk when every chunk has one', () => {
    const events = read([counted(1), counted(2), counted(3, 'stop')]);
    expect(events.filter(({ type }) => type === 'usage')).toEqual([
      { type: 'usage', usage: { uncachedInput: 3, output: 3 } },
    ]);
  });

  it('is found where Groq puts it', () => {
    const chunk = { ...delta({}, 'stop'), x_groq: { usage: { prompt_tokens: 3, completion_tokens: 2 } } };
    expect(read([chunk])).toContainEqual({ type: 'usage', usage: { uncachedInput: 3, output: 2 } });
  });
});

describe('an error in a stream', () => {
  it.each<readonly [string, Payload, string, string]>([
    ['OpenAI’s', { error: { message: 'x', type: 'server_error' } }, 'server', 'upstream-error'],
    [
      'OpenRouter’s',
      { id: 'c1', error: { code: 429, message: 'x' }, choices: [] },
      'ratelimit',
      'rate-limited',
    ],
    ['a text', { error: 'overloaded' }, 'server', 'upstream-error'],
    ['vLLM’s', { object: 'error', message: 'x', code: 400 }, 'client', 'invalid-request'],
    [
      'one in a choice',
      { choices: [{ index: 0, error: { code: 502, message: 'x' } }] },
      'server',
      'upstream-error',
    ],
    ['only a reason', delta({}, 'error'), 'server', 'upstream-error'],
    ['a full context', { error: { message: 'prompt is too long' } }, 'client', 'context-overflow'],
  ])('is a failure: %s', (_, payload, failed, kind) => {
    const events = read([delta({ content: 'Hi' }), payload, delta({ content: 'more' }, 'stop'), '[DONE]']);
    expect(events.at(-1)).toMatchObject({ type: 'failure', class: failed, failure: { kind } });
    expect(foldEvents(events).texts).toMatchObject([{ text: 'Hi' }]);
  });

  it('may be called so by its event, whatever its data', () => {
    const reader = createStreamReader();
    expect(reader.read({ event: 'error', data: 'boom' })).toMatchObject([
      { type: 'failure', class: 'server' },
    ]);
    const other = createStreamReader();
    expect(other.read({ event: 'error', data: '{"message":"x","code":401}' })).toMatchObject([
      { type: 'failure', class: 'auth' },
    ]);
  });

  it('is none when it is null, or Python’s None', () => {
    expect(read([{ ...delta({ content: 'x' }, 'stop'), error: null }]).at(-1)?.type).toBe('finish');
    expect(read([{ ...delta({ content: 'x' }, 'stop'), error: 'None' }]).at(-1)?.type).toBe('finish');
  });

  it('tells what was used until then', () => {
    const events = read([{ error: { message: 'x' }, usage: { prompt_tokens: 3, completion_tokens: 2 } }]);
    expect(events[0]).toEqual({ type: 'usage', usage: { uncachedInput: 3, output: 2 } });
  });
});

function finishOf(payloads: readonly object[]) {
  const last = read(payloads).at(-1);
  return last?.type === 'finish' ? last.reason : undefined;
}

function counted(completion_tokens: number, finish?: string) {
  return { ...delta({ content: 'x' }, finish), usage: { prompt_tokens: 3, completion_tokens } };
}

function annotation(start_index: number, end_index: number) {
  return {
    type: 'url_citation',
    url_citation: { url: 'https://x.example', title: 'X', start_index, end_index },
  };
}

function signedDetail(fields: JsonObject) {
  return delta({
    reasoning_details: [{ type: 'reasoning.text', format: 'anthropic-claude-v1', index: 0, ...fields }],
  });
}
