import { describe, expect, it } from 'vitest';

import type { JsonObject } from '../../../src/core/json.ts';
import { countIngress } from '../../../src/dialects/anthropic-messages/count-tokens.ts';
import { anthropicMessages } from '../../../src/dialects/anthropic-messages/index.ts';
import { openaiChat } from '../../../src/dialects/openai-chat/index.ts';
import { prepareCount } from '../../../src/pipeline/exchange.ts';
import { anthropic } from '../../../src/providers/anthropic.ts';
import { compatibleTraits } from '../../../src/providers/families/compatible.ts';
import { openaiCompatible } from '../../../src/providers/openai-compatible.ts';
import { speak, type Provider } from '../../../src/providers/provider.ts';

const json = { model: 'any', messages: [{ role: 'user', content: 'Hello' }], temperature: 0.5 };

function prepare(provider: Provider, strict = false) {
  const text = JSON.stringify(json);
  const wire = {
    dialect: anthropicMessages,
    body: { text, json, members: [{ key: 'model', start: 1, valueStart: 9, end: 14 }] },
    envelope: countIngress.readEnvelope(json),
    decode: () => countIngress.readRequest(json),
  };
  const target = { enabled: { provider, baseUrl: '', keys: [''] }, model: 'named', credential: 0 };
  return prepareCount(wire, target, strict);
}

/** OpenAI's way: a provider counts, but in another dialect than the caller's. */
const counting: Provider = {
  ...openaiCompatible,
  speaks: [
    speak(
      {
        ...openaiChat,
        egress: {
          ...openaiChat.egress,
          count: { fields: ['model', 'messages'], readCount: () => 16 },
        },
      },
      { url: () => '', countUrl: () => 'count', traits: () => ({ ...compatibleTraits, sampling: false }) },
    ),
  ],
};

describe('a question of tokens', () => {
  it('goes as it is to those who speak its dialect', () => {
    const exchange = prepare(anthropic);
    expect(exchange).toMatchObject({ passThrough: true, losses: [] });
    expect(exchange?.text).toBe(JSON.stringify({ ...json, model: 'named' }));
    expect(exchange?.counter.url({ baseUrl: 'https://x', model: 'named' })).toBe(
      'https://x/v1/messages/count_tokens',
    );
  });

  it('is written anew for others who count, with what their question takes', () => {
    const exchange = prepare(counting);
    expect(exchange?.passThrough).toBe(false);
    expect(JSON.parse(exchange?.text ?? '') as JsonObject).toEqual({
      model: 'named',
      messages: [{ role: 'user', content: 'Hello' }],
    });
    expect(exchange?.losses).toEqual([{ action: 'dropped', field: 'temperature' }]);
    expect(() => prepare(counting, true)).toThrow(/x-llm-proxy-strict/);
  });

  it('has nobody to go to where nobody counts', () => {
    expect(prepare(openaiCompatible)).toBeUndefined();
  });
});
