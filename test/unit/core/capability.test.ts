import { describe, expect, it } from 'vitest';
import { chatNeeds } from '../../../src/core/capability.ts';

const text = [{ role: 'user', content: 'hello' }];

describe('what a chat body needs', () => {
  it('is a chat, and nothing more for text alone', () => {
    expect(chatNeeds({ model: 'm', messages: text, tools: [], temperature: 1 })).toEqual(['chat']);
  });

  it.each([['Once'], [['Once', 'Twice']], [[7454]]])(
    'is to go on with a text, for the prompt %j',
    (prompt) => {
      expect(chatNeeds({ model: 'm', prompt })).toEqual(['text-completion']);
    },
  );

  it('is a chat where the prompt is the template of a Responses request', () => {
    expect(chatNeeds({ model: 'm', prompt: { id: 'pmpt_1' } })).toEqual(['chat']);
    expect(chatNeeds({ model: 'm', input: 'hello', prompt: 'a wrong one' })).toEqual(['chat']);
  });

  it.each([
    ['tools', { tools: [{ type: 'function' }] }, 'tool-calling'],
    ["OpenAI's schema", { response_format: { type: 'json_schema', json_schema: {} } }, 'structured-output'],
    ["Anthropic's schema", { output_config: { format: { type: 'json_schema' } } }, 'structured-output'],
    ["Responses' schema", { text: { format: { type: 'json_schema' } } }, 'structured-output'],
  ])('%s', (_name, fields, need) => {
    expect(chatNeeds({ messages: text, ...fields })).toEqual(['chat', need]);
  });

  it.each([
    ['image_url', 'messages'],
    ['image', 'messages'],
    ['input_image', 'input'],
  ])('eyes, for a part of type %s', (type, field) => {
    const turns = [{ role: 'user', content: [{ type: 'text', text: 'what?' }, { type }] }, ...text];
    expect(chatNeeds({ [field]: turns })).toEqual(['chat', 'vision']);
  });

  it('is found in bounded time, from the newest turn back', () => {
    const old = { role: 'user', content: [{ type: 'image' }] };
    const long = Array.from({ length: 300 }, () => text[0]!);
    expect(chatNeeds({ messages: [old, ...long] })).toEqual(['chat']);
    expect(chatNeeds({ messages: [...long, old] })).toEqual(['chat', 'vision']);
  });

  it('does not trip over a body that is wrong: that is for others to say', () => {
    for (const messages of [null, 'x', [null, 1, { content: [null, 1, 'x'] }]])
      expect(chatNeeds({ messages, tools: 'x', response_format: 3, output_config: null, text: 'x' })).toEqual(
        ['chat'],
      );
  });
});
