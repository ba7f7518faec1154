// What Anthropic's models take, by family: for Anthropic itself and for whoever hosts the same models. A table and a
// lookup; a name that no row knows is taken for the newest model, because names are added faster than rows.
// https://platform.claude.com/docs/en/about-claude/models/overview
// https://platform.claude.com/docs/en/build-with-claude/adaptive-thinking
// https://platform.claude.com/docs/en/build-with-claude/effort

import type { ModelFacts } from '../../core/model-facts.ts';
import { describeModel } from '../../dialects/anthropic-messages/describe.ts';
import type { AnthropicMessagesTraits } from '../../dialects/anthropic-messages/traits.ts';

/** Takes `claude-opus-4-6`, a dated `claude-opus-4-6-20260205` and OpenRouter's `anthropic/claude-opus-4.6`. */
export function claudeTraits(model: string): AnthropicMessagesTraits {
  const name = model.replaceAll('.', '-');
  return families.find(([versions]) => versions.test(name))?.[1] ?? newest;
}

export function claudeFacts(model: string): ModelFacts {
  return describeModel(claudeTraits(model));
}

const newest: AnthropicMessagesTraits = {
  maxOutputTokens: 128_000,
  // Models after 4.6 refuse `top_k` and any temperature but 1.
  sampling: false,
  thinking: { adaptive: true, budget: false, disable: false, betweenTools: false },
  efforts: ['low', 'medium', 'high', 'xhigh', 'max'],
  // `any` and `tool` answer 400 from 5.5 on.
  forcedTools: false,
  structuredOutput: true,
  // From Opus 4.8 on. https://platform.claude.com/docs/en/build-with-claude/mid-conversation-system-messages
  systemMessages: true,
};

const claude5: AnthropicMessagesTraits = {
  ...newest,
  thinking: { adaptive: true, budget: true, disable: true, betweenTools: false },
  forcedTools: true,
};
/** "This model does not support effort level 'xhigh'. Supported levels: high, low, max, medium." */
const claude46: AnthropicMessagesTraits = {
  ...claude5,
  sampling: true,
  efforts: ['low', 'medium', 'high', 'max'],
  systemMessages: false,
};
const claude45: AnthropicMessagesTraits = {
  ...claude46,
  maxOutputTokens: 64_000,
  thinking: { adaptive: false, budget: true, disable: true, betweenTools: false },
  efforts: [],
};
const claude4: AnthropicMessagesTraits = { ...claude45, structuredOutput: false };

const families: readonly (readonly [versions: RegExp, traits: AnthropicMessagesTraits])[] = [
  [versions('sonnet-5-5'), { ...newest, thinking: { ...newest.thinking, betweenTools: true } }],
  [versions('opus-5-5', 'fable-5-1', 'fable-5-2'), newest],
  [versions('haiku-5-5'), { ...newest, thinking: { ...newest.thinking, disable: true }, forcedTools: true }],
  [versions('fable-5'), { ...newest, forcedTools: true }],
  [versions('opus-5', 'sonnet-5', 'opus-4-8'), claude5],
  [versions('opus-4-7'), { ...claude5, systemMessages: false }],
  [versions('opus-4-6', 'sonnet-4-6'), claude46],
  [versions('opus-4-5', 'sonnet-4-5', 'haiku-4-5'), claude45],
  [versions('sonnet-4', 'sonnet-4-0'), claude4],
  [versions('opus-4', 'opus-4-0', 'opus-4-1'), { ...claude4, maxOutputTokens: 32_000 }],
  [
    versions('3-haiku'),
    { ...claude4, maxOutputTokens: 4096, thinking: { ...claude4.thinking, budget: false } },
  ],
];

/** `opus-4` is `opus-4` and `opus-4-20250514`, but neither `opus-4-1` nor a version that is yet to come. */
function versions(...names: readonly string[]): RegExp {
  return new RegExp(`(?:${names.join('|')})(?!-?\\d{1,2}(?!\\d))`);
}
