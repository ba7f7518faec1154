import { describe, expect, it } from 'vitest';

import type { JsonObject } from '../../../../src/core/json.ts';
import { openaiCompletions } from '../../../../src/dialects/openai-completions/index.ts';

const { readEnvelope, readRequest } = openaiCompletions.ingress;

describe('a text to go on with', () => {
  it.each(['Once', ['Once']])('is one message of the user: %j', (prompt) => {
    expect(readRequest({ model: 'm', prompt })).toEqual({
      model: 'm',
      messages: [{ role: 'user', parts: [{ type: 'text', text: 'Once' }] }],
      stream: false,
      streamUsage: false,
    });
  });

  it('has the settings of a chat', () => {
    const request = readRequest({
      model: 'm',
      prompt: 'Once',
      stream: true,
      stream_options: { include_usage: true },
      max_tokens: 16,
      temperature: 0.5,
      top_p: 0.9,
      frequency_penalty: 0.1,
      presence_penalty: 0.2,
      logit_bias: { '1': 2 },
      seed: 7,
      stop: 'END',
      user: 'caller-1',
      n: 1,
      best_of: 1,
      suffix: '',
      logprobs: null,
    });
    expect(request).toMatchObject({
      stream: true,
      streamUsage: true,
      maxOutputTokens: 16,
      temperature: 0.5,
      topP: 0.9,
      frequencyPenalty: 0.1,
      presencePenalty: 0.2,
      logitBias: { '1': 2 },
      seed: 7,
      stop: ['END'],
      userId: 'caller-1',
    });
    expect(request).not.toHaveProperty('n');
    expect(request).not.toHaveProperty('extensions');
  });

  it('keeps the prompt for a reply that is to begin with it', () => {
    expect(readRequest({ model: 'm', prompt: ['Once'], echo: true }).echo).toBe('Once');
    expect(readRequest({ model: 'm', prompt: 'Once', echo: false })).not.toHaveProperty('echo');
  });

  it('keeps what it does not know for its own dialect', () => {
    expect(readRequest({ model: 'm', prompt: 'Once', top_k: 5, x: null }).extensions).toEqual({
      'openai-completions': { top_k: 5 },
    });
  });

  it.each<readonly [string, JsonObject]>([
    ['prompt', { prompt: ['Once', 'Twice'] }],
    ['prompt', { prompt: [1, 2] }],
    ['prompt', { prompt: [[1], [2]] }],
    ['prompt', { prompt: '' }],
    ['suffix', { suffix: 'the end' }],
    ['best_of', { best_of: 2 }],
    ['logprobs', { logprobs: 0 }],
  ])('is not a chat, and another target may take it: %s %j', (param, fields) => {
    expect(() => readRequest({ model: 'm', prompt: 'Once', ...fields })).toThrow(
      expect.objectContaining({ failure: expect.objectContaining({ kind: 'unsupported', param }) }),
    );
  });
});

describe('the envelope', () => {
  it('does not look into the prompt', () => {
    expect(readEnvelope({ model: 'm', prompt: [{}], stream: true })).toEqual({
      model: 'm',
      fallbackModels: [],
      stream: true,
    });
  });

  it.each([undefined, null, 7, {}, []])('wants a prompt, not %j', (prompt) => {
    expect(() => readEnvelope({ model: 'm', prompt })).toThrow(
      expect.objectContaining({ failure: expect.objectContaining({ param: 'prompt' }) }),
    );
  });
});
