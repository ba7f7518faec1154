import { describe, expect, it } from 'vitest';

import type { JsonObject } from '../../../src/core/json.ts';
import { countIngress } from '../../../src/dialects/anthropic-messages/count-tokens.ts';
import { anthropicMessages } from '../../../src/dialects/anthropic-messages/index.ts';
import { openaiChat } from '../../../src/dialects/openai-chat/index.ts';
import { prepareCount } from '../../../src/pipeline/exchange.ts';
import { anthropic } from '../../../src/providers/anthropic.ts';
import { compatibleTraits } from '../../../src/providers/families/compatible.ts';
import { openai } from '../../../src/providers/openai.ts';
import { openaiCompatible } from '../../../src/providers/openai-compatible.ts';
import { createReasoningSeal } from '../../../src/pipeline/reasoning-seal.ts';
import { speak, type Provider } from '../../../src/providers/provider.ts';
import { signer } from '../../support/signer.ts';

const asked = { model: 'any', messages: [{ role: 'user', content: 'Hello' }], temperature: 0.5 };

function prepare(provider: Provider, strict = false, json: JsonObject = asked, model = 'named') {
  const text = JSON.stringify(json);
  const wire = {
    dialect: anthropicMessages,
    body: { text, json, members: [{ key: 'model', start: 1, valueStart: 9, end: 14 }] },
    envelope: countIngress.readEnvelope(json),
    decode: () => countIngress.readRequest(json),
  };
  const target = { enabled: { provider, baseUrl: '', keys: [''] }, model, credential: 0 };
  return prepareCount(wire, target, strict, signer);
}

/** A provider counts, but in another dialect than the caller's. */
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
    expect(exchange?.text).toBe(JSON.stringify({ ...asked, model: 'named' }));
    expect(exchange?.counter.url({ baseUrl: 'https://x', model: 'named' })).toBe(
      'https://x/v1/messages/count_tokens',
    );
  });

  it('has what was sealed elsewhere opened, or left out, before it is counted', () => {
    const blocks = [
      {
        type: 'reasoning',
        text: 'so',
        opaque: { format: 'anthropic-claude-v1', kind: 'signature', data: 'c2ln' },
      },
    ] as const;
    const signature = createReasoningSeal('anthropic', signer).seal({ scope: 'block', blocks })?.data ?? '';
    const content = [
      { type: 'thinking', thinking: 'so', signature },
      { type: 'text', text: 'Hello' },
    ];
    const messages = [...asked.messages, { role: 'assistant', content }, { role: 'user', content: 'Go on.' }];
    const exchange = prepare(anthropic, true, { model: 'any', messages }, 'claude-opus-5');
    expect(exchange).toMatchObject({ isOwn: true, passThrough: false });
    const body = JSON.parse(exchange?.text ?? '') as JsonObject;
    expect(Object.keys(body).toSorted()).toEqual(['messages', 'model']);
    expect(body['messages']).toMatchObject([
      {},
      { content: [{ thinking: 'so', signature: 'c2ln' }, {}] },
      {},
    ]);
    expect(prepare(openai, false, { model: 'any', messages }, 'gpt-5.2')?.text).not.toContain(signature);
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

  it('is asked of OpenAI in the words of Responses, whatever a chat of the model is asked in', () => {
    const { messages } = asked;
    const tools = [{ name: 'get_time', input_schema: { type: 'object', properties: {} } }];
    const json = {
      model: 'any',
      messages,
      system: 'Be brief.',
      tools,
      max_tokens: 20,
      metadata: { user_id: 'a' },
    };
    for (const model of ['gpt-4.1-mini', 'gpt-5.2-pro']) {
      const exchange = prepare(openai, true, json, model);
      expect(exchange?.counter.url({ baseUrl: 'https://x/v1', model })).toBe(
        'https://x/v1/responses/input_tokens',
      );
      const body = JSON.parse(exchange?.text ?? '') as JsonObject;
      // Neither a cap, which no answer has, nor `store`, which no such question takes.
      expect(Object.keys(body).toSorted()).toEqual(['input', 'instructions', 'model', 'tools']);
      expect(body).toMatchObject({ model, instructions: 'Be brief.', tools: [{ name: 'get_time' }] });
    }
  });

  it.each([true, false])('is not told what every answer is told, passed through or not: %s', (isOwn) => {
    const [spoken] = anthropic.speaks;
    if (spoken === undefined) throw new Error('Anthropic speaks nothing');
    const own = { ...spoken, quirks: { set: { service_tier: 'auto' } } };
    const speaks = isOwn
      ? [own]
      : counting.speaks.map((other) => ({ ...other, quirks: { set: { store: false } } }));
    const exchange = prepare({ ...anthropic, speaks });
    expect(exchange?.passThrough).toBe(isOwn);
    expect(exchange?.text).not.toMatch(/store|service_tier/);
  });

  it('has nobody to go to where nobody counts', () => {
    expect(prepare(openaiCompatible)).toBeUndefined();
    expect(prepare(openai, false, asked, 'davinci-002')).toBeUndefined();
  });
});
