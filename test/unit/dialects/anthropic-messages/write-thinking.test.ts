import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { AssistantMessage, ChatRequest, ReasoningSettings } from '../../../../src/core/chat.ts';
import { anthropicMessages } from '../../../../src/dialects/anthropic-messages/index.ts';
import type { AnthropicMessagesTraits } from '../../../../src/dialects/anthropic-messages/traits.ts';
import { fullTraits } from '../../../support/anthropic-messages-arbitraries.ts';

const none = { adaptive: false, budget: false, disable: false, betweenTools: false };
/** Models that decide for themselves, models that take a budget, and models that do not think. */
const adaptive = { thinking: { ...none, adaptive: true, disable: true }, efforts: ['low', 'medium', 'high'] };
const alwaysOn = {
  thinking: { ...none, adaptive: true },
  efforts: ['low', 'medium', 'high', 'xhigh', 'max'],
};
const budget = { thinking: { ...none, budget: true, disable: true }, efforts: [], maxOutputTokens: 64_000 };
const thoughtless = { thinking: none, efforts: [], maxOutputTokens: 4096 };

function write(
  reasoning: ReasoningSettings,
  traits: Partial<AnthropicMessagesTraits>,
  fields: Partial<ChatRequest> = {},
) {
  const request: ChatRequest = {
    model: 'claude',
    messages: [{ role: 'user', parts: [{ type: 'text', text: 'Hi' }] }],
    stream: false,
    streamUsage: true,
    reasoning,
    ...fields,
  };
  const { body, losses } = anthropicMessages.egress.writeRequest(request, { ...fullTraits, ...traits });
  const { thinking, output_config, max_tokens } = body;
  return { thinking, output_config, max_tokens, losses };
}

/** A request that answers a call of the model's, with what the model said before it. */
function midst(parts: AssistantMessage['parts']): Partial<ChatRequest> {
  return {
    messages: [
      { role: 'user', parts: [{ type: 'text', text: 'Hi' }] },
      { role: 'assistant', parts: [...parts, { type: 'tool-call', id: 'a', name: 'f', arguments: '{}' }] },
      { role: 'tool', callId: 'a', parts: [{ type: 'text', text: 'done' }] },
    ],
    tools: [{ type: 'function', name: 'f' }],
  };
}

describe('an effort', () => {
  it.each([
    ['low', 'low', []],
    ['high', 'high', []],
    ['minimal', 'low', [{ action: 'clamped', field: 'reasoning_effort' }]],
    ['xhigh', 'high', [{ action: 'clamped', field: 'reasoning_effort' }]],
    ['max', 'high', [{ action: 'clamped', field: 'reasoning_effort' }]],
    ['ultra', 'ultra', []],
  ])('%s is %s for a model that knows low, medium and high', (effort, word, losses) => {
    expect(write({ effort }, adaptive)).toEqual({
      thinking: { type: 'adaptive', display: 'summarized' },
      output_config: { effort: word },
      max_tokens: 128_000,
      losses,
    });
  });

  it.each([
    ['minimal', 1280],
    ['low', 6400],
    ['medium', 19_200],
    ['high', 38_400],
    ['xhigh', 57_600],
    ['max', 60_800],
  ])('%s is a budget of %d for a model of 64k that takes one', (effort, tokens) => {
    expect(write({ effort }, budget)).toMatchObject({
      thinking: { type: 'enabled', budget_tokens: tokens },
      output_config: undefined,
      max_tokens: 64_000,
      losses: [],
    });
  });

  it('of an unknown word is the usual budget, and told', () => {
    expect(write({ effort: 'ultra' }, budget)).toMatchObject({
      thinking: { type: 'enabled', budget_tokens: 19_200 },
      losses: [{ action: 'clamped', field: 'reasoning_effort' }],
    });
  });

  it('as a budget leaves the caller as much visible output as they asked for, up to what the model can', () => {
    expect(write({ effort: 'low' }, budget, { maxOutputTokens: 1000 })).toMatchObject({
      thinking: { budget_tokens: 6400 },
      max_tokens: 7400,
      losses: [],
    });
    expect(write({ effort: 'high' }, budget, { maxOutputTokens: 30_000 })).toMatchObject({
      thinking: { budget_tokens: 38_400 },
      max_tokens: 64_000,
      losses: [{ action: 'clamped', field: 'max_tokens' }],
    });
  });

  it('none switches thinking off, or down as far as the model lets it', () => {
    expect(write({ effort: 'none' }, adaptive)).toMatchObject({ thinking: { type: 'disabled' }, losses: [] });
    expect(write({ effort: 'none' }, budget)).toMatchObject({ thinking: { type: 'disabled' }, losses: [] });
    expect(write({ effort: 'none' }, thoughtless)).toMatchObject({ thinking: undefined, losses: [] });
    const emulated = [{ action: 'emulated', field: 'reasoning_effort' }];
    expect(write({ effort: 'none' }, alwaysOn)).toMatchObject({
      thinking: undefined,
      output_config: { effort: 'low' },
      losses: emulated,
    });
    const between = { thinking: { ...none, adaptive: true, betweenTools: true } };
    expect(write({ effort: 'none' }, between)).toMatchObject({
      thinking: { type: 'between_tools' },
      losses: emulated,
    });
  });

  it('is dropped where the model has none, and that is told', () => {
    expect(write({ effort: 'high' }, thoughtless)).toMatchObject({
      thinking: undefined,
      output_config: undefined,
      losses: [{ action: 'dropped', field: 'reasoning_effort' }],
    });
  });
});

describe('a mode', () => {
  it('disabled needs no effort', () => {
    expect(write({ mode: 'disabled', effort: 'none' }, adaptive)).toMatchObject({
      thinking: { type: 'disabled' },
      output_config: undefined,
      losses: [],
    });
  });

  it('between tools falls back to no thinking', () => {
    expect(write({ mode: 'between_tools' }, adaptive)).toMatchObject({
      thinking: { type: 'disabled' },
      losses: [{ action: 'emulated', field: 'thinking' }],
    });
  });

  it('with a budget falls back to an effort', () => {
    expect(write({ mode: 'enabled', budgetTokens: 10_000 }, adaptive)).toMatchObject({
      thinking: { type: 'adaptive' },
      output_config: { effort: 'medium' },
      losses: [{ action: 'emulated', field: 'thinking.budget_tokens' }],
    });
  });

  it('adaptive falls back to a budget', () => {
    expect(write({ mode: 'adaptive' }, budget)).toMatchObject({
      thinking: { type: 'enabled', budget_tokens: 19_200 },
      losses: [{ action: 'emulated', field: 'thinking' }],
    });
  });

  it('is dropped where the model does not think, and that is told', () => {
    const dropped = [{ action: 'dropped', field: 'thinking' }];
    expect(write({ mode: 'adaptive' }, thoughtless)).toMatchObject({ thinking: undefined, losses: dropped });
    expect(write({ mode: 'enabled' }, thoughtless)).toMatchObject({ thinking: undefined, losses: dropped });
  });
});

describe('a budget', () => {
  it.each([
    [500, 20_000, 1024],
    [30_000, 20_000, 19_999],
  ])('of %d under a cap of %d is clamped to %d', (budgetTokens, maxOutputTokens, clamped) => {
    expect(write({ mode: 'enabled', budgetTokens }, budget, { maxOutputTokens })).toMatchObject({
      thinking: { budget_tokens: clamped },
      max_tokens: maxOutputTokens,
      losses: [{ action: 'clamped', field: 'thinking.budget_tokens' }],
    });
  });

  it('is dropped under a cap that leaves no room for one', () => {
    expect(write({ mode: 'enabled', budgetTokens: 2048 }, budget, { maxOutputTokens: 800 })).toMatchObject({
      thinking: undefined,
      max_tokens: 800,
      losses: [{ action: 'dropped', field: 'thinking' }],
    });
  });

  it('is never more than the API takes, whatever is asked for', () => {
    fc.assert(
      fc.property(
        fc.record(
          {
            effort: fc.constantFrom('none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max', 'ultra'),
            mode: fc.constantFrom('enabled', 'adaptive', 'disabled', 'between_tools'),
            budgetTokens: fc.nat(200_000),
          },
          { requiredKeys: [] },
        ),
        fc.option(fc.nat(200_000), { nil: undefined }),
        fc.integer({ min: 2048, max: 128_000 }),
        (reasoning, cap, maxOutputTokens) => {
          const fields = cap === undefined ? {} : { maxOutputTokens: cap };
          const { thinking, max_tokens } = write(reasoning, { ...budget, maxOutputTokens }, fields);
          const tokens = (thinking as { readonly budget_tokens?: number } | undefined)?.budget_tokens;
          expect(Number(max_tokens)).toBeLessThanOrEqual(maxOutputTokens);
          if (tokens === undefined) return;
          expect(tokens).toBeGreaterThanOrEqual(1024);
          expect(tokens).toBeLessThan(Number(max_tokens));
        },
      ),
    );
  });
});

describe('a turn in the midst of its tools', () => {
  const opaque = { format: 'anthropic-claude-v1', kind: 'signature', data: 's' } as const;
  it('goes on without a budget when its thinking is lost', () => {
    const foreign = midst([{ type: 'reasoning', text: 'Hm.' }]);
    expect(write({ effort: 'low' }, budget, { ...foreign, maxOutputTokens: 1000 })).toEqual({
      thinking: { type: 'disabled' },
      output_config: undefined,
      max_tokens: 1000,
      losses: [
        { action: 'dropped', field: 'reasoning' },
        { action: 'dropped', field: 'reasoning_effort' },
      ],
    });
  });

  it('goes on thinking when its thinking is there, or when the model decides for itself', () => {
    const own = midst([{ type: 'reasoning', text: 'Hm.', opaque }]);
    expect(write({ effort: 'low' }, budget, own).thinking).toMatchObject({ type: 'enabled' });
    expect(write({ effort: 'low' }, adaptive, midst([])).thinking).toMatchObject({ type: 'adaptive' });
  });
});
