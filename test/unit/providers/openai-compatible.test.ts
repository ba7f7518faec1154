import { describe, expect, it } from 'vitest';

import type { ChatRequest } from '../../../src/core/chat.ts';
import { blackbox } from '../../../src/providers/blackbox.ts';
import { openaiCompatible } from '../../../src/providers/openai-compatible.ts';
import type { Provider } from '../../../src/providers/provider.ts';

const demanding: ChatRequest = {
  model: 'llama',
  messages: [
    { role: 'system', developer: true, parts: [{ type: 'text', text: 'Be brief.' }] },
    { role: 'user', parts: [{ type: 'text', text: 'hello' }] },
    { role: 'assistant', parts: [{ type: 'tool-call', id: 'a', name: 'get_time', arguments: '{}' }] },
    {
      role: 'tool',
      callId: 'a',
      parts: [
        { type: 'text', text: 'one' },
        { type: 'text', text: 'two' },
      ],
    },
  ],
  stream: true,
  streamUsage: true,
  maxOutputTokens: 10,
  tools: [{ type: 'function', name: 'get_time', strict: true }],
  output: { type: 'json-schema', schema: { type: 'object' } },
  reasoning: { effort: 'high' },
  userId: 'someone',
  serviceTier: 'auto',
  verbosity: 'low',
  metadata: { a: '1' },
};

describe('a translated request to a server that is known only to be compatible', () => {
  it.each<[string, Provider]>([
    ['openai-compatible', openaiCompatible],
    ['blackbox', blackbox],
  ])('keeps to what they all take: %s', (_, provider) => {
    const { body, losses } = provider.speaks[0]!.write!(demanding, 'llama');
    expect(body).toMatchObject({ max_tokens: 10, response_format: { type: 'json_object' } });
    const roles = [...(body['messages'] as { role: string; content: unknown }[])].map(({ role }) => role);
    expect(roles).not.toContain('developer');
    for (const field of [
      'max_completion_tokens',
      'reasoning_effort',
      'service_tier',
      'verbosity',
      'metadata',
      'user',
      'safety_identifier',
    ]) {
      expect(body).not.toHaveProperty(field);
    }
    expect(JSON.stringify(body)).not.toContain('"strict"');
    expect(losses.map(({ field }) => field)).toEqual(
      expect.arrayContaining([
        'reasoning_effort',
        'service_tier',
        'verbosity',
        'metadata',
        'user',
        'response_format',
      ]),
    );
  });

  it('has tool results as text', () => {
    const { body } = openaiCompatible.speaks[0]!.write!(demanding, 'llama');
    const results = (body['messages'] as { role: string; content: unknown }[]).filter(
      ({ role }) => role === 'tool',
    );
    expect(results.map(({ content }) => typeof content)).toEqual(['string']);
  });

  it('asks for usage where that is known to be understood', () => {
    expect(openaiCompatible.speaks[0]!.write!(demanding, 'llama').body).toHaveProperty('stream_options');
    expect(blackbox.speaks[0]!.write!(demanding, 'llama').body).not.toHaveProperty('stream_options');
  });
});
