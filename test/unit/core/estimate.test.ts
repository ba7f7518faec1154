import { describe, expect, it } from 'vitest';

import type { ChatRequest } from '../../../src/core/chat.ts';
import { estimateInputTokens, estimateTokens } from '../../../src/core/estimate.ts';

const asked = (request: Partial<ChatRequest>): number =>
  estimateInputTokens({ model: 'm', messages: [], stream: false, streamUsage: false, ...request });

describe('an estimate of tokens', () => {
  it('is four characters a token, rounded up', () => {
    expect([0, 1, 4, 5].map(estimateTokens)).toEqual([0, 1, 1, 2]);
  });

  it('counts what is said, called and answered', () => {
    expect(
      asked({
        messages: [
          { role: 'system', parts: [{ type: 'text', text: 'x'.repeat(40) }] },
          { role: 'user', parts: [{ type: 'text', text: 'x'.repeat(40) }] },
          {
            role: 'assistant',
            parts: [
              { type: 'reasoning', text: 'x'.repeat(40) },
              { type: 'tool-call', id: 'c', name: 'find', arguments: 'x'.repeat(36) },
            ],
          },
          { role: 'tool', callId: 'c', parts: [{ type: 'text', text: 'x'.repeat(40) }] },
        ],
      }),
    ).toBe(50);
  });

  it('counts tools and the form of the answer', () => {
    const tools = [{ type: 'function', name: 'find', description: 'x'.repeat(34), parameters: {} }] as const;
    expect(asked({ tools })).toBe(10);
    expect(asked({ output: { type: 'json-schema', schema: { type: 'object' } } })).toBe(5);
  });

  it('does not take the bytes of a picture for text', () => {
    const source = { kind: 'base64', mediaType: 'image/png', data: 'x'.repeat(1_000_000) } as const;
    const tokens = asked({ messages: [{ role: 'user', parts: [{ type: 'image', source }] }] });
    expect(tokens).toBeGreaterThan(100);
    expect(tokens).toBeLessThan(10_000);
  });
});
