import { describe, expect, it } from 'vitest';

import type { JsonObject } from '../../../src/core/json.ts';
import { anthropicMessages } from '../../../src/dialects/anthropic-messages/index.ts';
import { openaiChat } from '../../../src/dialects/openai-chat/index.ts';
import { fullTraits as anthropicTraits } from '../../support/anthropic-messages-arbitraries.ts';
import { fullTraits as openaiTraits } from './openai-chat/traits.ts';

const part = { type: 'text', text: 'Hi', mood: 'merry', tint: null, hint: false, tags: [] };
const asked = { model: 'm', max_tokens: 9, messages: [{ role: 'user', content: [part, part] }] };

describe('a field deep inside that no reader takes', () => {
  it.each([
    ['openai-chat', openaiChat],
    ['anthropic-messages', anthropicMessages],
  ])('is known by its path, once, if it asks for anything, in %s', (_, { ingress }) => {
    expect(ingress.readRequest(asked).unread).toEqual(['messages.content.mood']);
  });

  it('is lost to every writer, by name', () => {
    const request = openaiChat.ingress.readRequest(asked);
    const loss = { action: 'dropped', field: 'messages.content.mood' };
    expect(openaiChat.egress.writeRequest(request, openaiTraits).losses).toEqual([loss]);
    expect(anthropicMessages.egress.writeRequest(request, anthropicTraits).losses).toEqual([loss]);
  });

  it.each<[JsonObject, readonly string[]]>([
    [
      { stream_options: { include_usage: true, include_obfuscation: true } },
      ['stream_options.include_obfuscation'],
    ],
    [{ tools: [{ type: 'function', function: { name: 'f', returns: 'text' } }] }, ['tools.function.returns']],
    [{ tools: [{ type: 'function', function: { name: 'f', parameters: { any: { thing: 1 } } } }] }, []],
    [{ tools: [{ type: 'custom', custom: { name: 'f' }, lazy: true }] }, ['tools.lazy']],
    [
      { response_format: { type: 'json_schema', json_schema: { schema: { any: 1 }, mode: 'x' } } },
      ['response_format.json_schema.mode'],
    ],
    [{ prediction: { type: 'content', content: 'Hi', any: 'thing' } }, []],
  ])('of %j is %j', (fields, unread) => {
    expect(
      openaiChat.ingress.readRequest({ ...asked, messages: [{ role: 'user', content: 'Hi' }], ...fields })
        .unread ?? [],
    ).toEqual(unread);
  });

  it('is none where a message or a tool keeps it, and none of an earlier request', () => {
    const kept = { model: 'm', messages: [{ role: 'user', content: 'Hi', mood: 'merry' }] };
    expect(openaiChat.ingress.readRequest(asked).unread).toHaveLength(1);
    expect(() => openaiChat.ingress.readRequest({ ...asked, n: 'two' })).toThrow('n: got "two"');
    expect(openaiChat.ingress.readRequest(kept)).not.toHaveProperty('unread');
  });
});
