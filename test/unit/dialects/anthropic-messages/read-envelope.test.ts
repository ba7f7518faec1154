import { describe, expect, it } from 'vitest';

import { anthropicMessages } from '../../../../src/dialects/anthropic-messages/index.ts';

const { readEnvelope } = anthropicMessages.ingress;
const body = { model: 'claude', max_tokens: 8, messages: [{ role: 'user', content: 'Hi' }] };

describe('readEnvelope', () => {
  it('tells the model, its fallbacks and whether to stream', () => {
    expect(readEnvelope({ ...body, stream: true, models: ['claude', 'b', 'c'] })).toEqual({
      model: 'claude',
      fallbackModels: ['b', 'c'],
      stream: true,
    });
    expect(readEnvelope(body)).toEqual({ model: 'claude', fallbackModels: [], stream: false });
  });

  it('never looks into the messages', () => {
    expect(readEnvelope({ ...body, messages: [42] })).toMatchObject({ model: 'claude' });
  });

  it('takes max_tokens 0, which fills the prompt cache', () => {
    expect(readEnvelope({ ...body, max_tokens: 0 })).toMatchObject({ model: 'claude' });
  });

  it.each([
    ['model', { ...body, model: '' }],
    ['model', { ...body, model: undefined }],
    ['models', { ...body, models: 'b' }],
    ['models[1]', { ...body, models: ['b', 7] }],
    ['messages', { ...body, messages: [] }],
    ['messages', { ...body, messages: 'Hi' }],
    ['max_tokens', { model: 'claude', messages: body.messages }],
    ['max_tokens', { ...body, max_tokens: -1 }],
    ['max_tokens', { ...body, max_tokens: 1.5 }],
    ['max_tokens', { ...body, max_tokens: '8' }],
    ['stream', { ...body, stream: 'yes' }],
    ['api_base', { ...body, api_base: 'https://evil.example' }],
    ['base_url', { ...body, base_url: 'https://evil.example' }],
    ['api_key', { ...body, api_key: 'x' }],
    ['provider_url', { ...body, provider_url: 'https://evil.example' }],
    ['custom_host', { ...body, custom_host: 'evil.example' }],
  ])('refuses a wrong %s and names it', (param, wrong) => {
    expect(() => readEnvelope(wrong)).toThrow(
      expect.objectContaining({ failure: expect.objectContaining({ kind: 'invalid-request', param }) }),
    );
  });
});
