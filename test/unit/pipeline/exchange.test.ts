import { describe, expect, it } from 'vitest';

import type { OpaqueReasoning } from '../../../src/core/chat.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { anthropicMessages } from '../../../src/dialects/anthropic-messages/index.ts';
import type { ClientDialect } from '../../../src/dialects/dialect.ts';
import { openaiChat } from '../../../src/dialects/openai-chat/index.ts';
import { prepareExchange } from '../../../src/pipeline/exchange.ts';
import { createReasoningSeal } from '../../../src/pipeline/reasoning-seal.ts';
import { providers, type ProviderId } from '../../../src/providers/index.ts';
import type { Provider } from '../../../src/providers/provider.ts';
import { signer } from '../../support/signer.ts';

function exchange(dialect: ClientDialect, json: JsonObject, id: ProviderId, model: string, baseUrl = '') {
  const provider: Provider = providers[id];
  const wire = {
    dialect,
    body: { text: JSON.stringify(json), json, members: [] },
    envelope: dialect.ingress.readEnvelope(json),
    decode: () => dialect.ingress.readRequest(json),
  };
  const target = { enabled: { provider, baseUrl, keys: [''] }, model, credential: 0 };
  return prepareExchange(wire, target, false, signer);
}

const claude: OpaqueReasoning = { format: 'anthropic-claude-v1', kind: 'signature', data: 'c2ln' };

function sealedFor(origin: string): string {
  const blocks = [{ type: 'reasoning', text: 'so', opaque: claude }] as const;
  return createReasoningSeal(origin, signer).seal({ scope: 'block', blocks })?.data ?? '';
}

function conversation(signature: string): JsonObject {
  return {
    model: 'm',
    max_tokens: 9,
    messages: [
      { role: 'user', content: 'Hi' },
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'so', signature },
          { type: 'text', text: 'Hello' },
        ],
      },
      { role: 'user', content: 'Go on.' },
    ],
    a_field_of_tomorrow: 1,
  };
}

function saidIn(text: string): unknown {
  return (JSON.parse(text) as { readonly messages: readonly { readonly content: unknown }[] }).messages[1]
    ?.content;
}

describe('a caller who speaks the provider’s dialect', () => {
  it('is passed through, signatures and all', () => {
    const { passThrough, text } = exchange(
      anthropicMessages,
      conversation('c2ln'),
      'anthropic',
      'claude-opus-5',
    );
    expect(passThrough).toBe(true);
    expect(saidIn(text)).toEqual([
      { type: 'thinking', thinking: 'so', signature: 'c2ln' },
      { type: 'text', text: 'Hello' },
    ]);
  });

  it('gets back opened what was sealed in an earlier turn, and keeps the fields of tomorrow', () => {
    const asked = conversation(sealedFor('anthropic'));
    const { passThrough, text, losses } = exchange(anthropicMessages, asked, 'anthropic', 'claude-opus-5');
    expect(passThrough).toBe(false);
    expect(saidIn(text)).toEqual([
      { type: 'thinking', thinking: 'so', signature: 'c2ln' },
      { type: 'text', text: 'Hello' },
    ]);
    expect(JSON.parse(text)).toMatchObject({ a_field_of_tomorrow: 1 });
    expect(losses).toEqual([]);
  });

  it('is not failed by what was sealed for another vendor', () => {
    const asked = conversation(sealedFor('openai'));
    const { text, losses } = exchange(anthropicMessages, asked, 'anthropic', 'claude-opus-5');
    expect(saidIn(text)).toBe('Hello');
    expect(losses).toEqual([{ action: 'dropped', field: 'reasoning' }]);
  });

  it('may say the first letters of a seal', () => {
    const asked = { model: 'm', messages: [{ role: 'user', content: 'gw1.what is this?' }] };
    expect(exchange(openaiChat, asked, 'openai', 'gpt-5').passThrough).toBe(true);
  });
});

describe('what was sealed at a place', () => {
  it.each<[ProviderId, string, string, string]>([
    ['anthropic', 'claude-opus-5', '', 'anthropic'],
    ['azure-openai', 'gpt-5', 'https://res.openai.azure.com/openai/v1', 'azure-openai res.openai.azure.com'],
    ['openrouter', 'openai/gpt-5', '', 'openrouter openai'],
    ['openrouter', 'a-model', '', 'openrouter '],
  ])('%s, %s %s is for %j', (id, model, baseUrl, origin) => {
    const provider: Provider = providers[id];
    const place = { baseUrl, model };
    expect(provider.reasoningOrigin?.(place) ?? provider.id).toBe(origin);
  });
});
