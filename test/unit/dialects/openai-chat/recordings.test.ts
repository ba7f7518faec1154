import { describe, expect, it } from 'vitest';

import type { ChatEvent } from '../../../../src/core/event.ts';
import type { Usage } from '../../../../src/core/usage.ts';
import { foldEvents } from '../../../../src/dialects/openai-chat/fold.ts';
import { openaiChat } from '../../../../src/dialects/openai-chat/index.ts';
import { createSseDecoder } from '../../../../src/streams/sse.ts';
import { readJson, readStreamBytes, recordings } from '../../../support/openai-chat-recordings.ts';

const { egress } = openaiChat;

/** What a reader of the recording would say that it holds. Texts by their beginnings. */
type Expected = {
  readonly text?: string;
  readonly reasoning?: string;
  readonly calls?: readonly (readonly [name: string, argumentsText: string])[];
  readonly usage?: Usage;
  readonly citations?: number;
  readonly end: string;
};

const ANSWERS: Readonly<Record<string, Expected>> = {
  'openai/chat-text.json': {
    text: 'Why do programmers',
    usage: { uncachedInput: 10, output: 12 },
    end: 'stop',
  },
  'openai/chat-tool-call.json': {
    calls: [['get_file', '{}']],
    usage: { uncachedInput: 129, cacheRead: 0, output: 19, reasoning: 0 },
    end: 'tool-calls',
  },
  'openai/chat-parallel-tools.json': {
    calls: [
      ['delete_file', '{"path": ".env"}'],
      ['create_file', '{"path": "test.txt"}'],
    ],
    usage: { uncachedInput: 71, cacheRead: 0, output: 46, reasoning: 0 },
    end: 'tool-calls',
  },
  'openai/chat-stream-text.sse': { text: 'This is a test.', end: 'stop' },
  'openai/chat-stream-usage.sse': {
    text: 'This is a test.',
    usage: { uncachedInput: 12, cacheRead: 0, output: 5, reasoning: 0 },
    end: 'stop',
  },
  'openai/chat-stream-tool.sse': {
    calls: [['get_country', '{}']],
    usage: { uncachedInput: 398, cacheRead: 0, output: 10, reasoning: 0 },
    end: 'tool-calls',
  },
  'openai/chat-length.json': {
    usage: { uncachedInput: 3, cacheRead: 0, cacheWrite: 1217, output: 100, reasoning: 100 },
    end: 'length',
  },
  'openai/chat-url-citation.json': {
    text: 'As of August 19',
    citations: 3,
    usage: { uncachedInput: 13, cacheRead: 0, output: 197, reasoning: 0 },
    end: 'stop',
  },
  'openai/chat-n2.json': {
    text: 'The 2020 World Series was played in',
    usage: { uncachedInput: 57, output: 34 },
    end: 'stop',
  },
  'openai/chat-audio-output.json': { usage: { uncachedInput: 9, output: 12 }, end: 'stop' },
  'openai/synthetic-chat-stream-error-midway.sse': { text: 'Par', end: 'failure server' },
  'openai/synthetic-chat-usage-cache-write.json': {
    text: 'ok',
    usage: { uncachedInput: 500, cacheRead: 3000, cacheWrite: 1500, output: 120, reasoning: 64 },
    end: 'stop',
  },
  'openai/synthetic-chat-stream-interleaved-tools.sse': {
    calls: [
      ['f', '12'],
      ['g', '{"x":true}'],
    ],
    usage: { uncachedInput: 9, output: 8 },
    end: 'tool-calls',
  },
  'azure-openai/chat-text.json': {
    text: "I'm sorry, as an AI",
    usage: { uncachedInput: 18, output: 20 },
    end: 'length',
  },
  'azure-openai/chat-stream-text.sse': {
    text: 'Not much—here',
    usage: { uncachedInput: 12, cacheRead: 0, output: 24, reasoning: 0 },
    end: 'stop',
  },
  'azure-openai/chat-content-filter.json': {
    usage: { uncachedInput: 15, output: 19 },
    end: 'content-filter',
  },
  'azure-openai/foundry-chat-parallel-tools.json': {
    calls: [
      ['weather', '{"latitude":"52.5200","longitude":"13.4050"}'],
      ['best_language_to_learn', '{}'],
    ],
    usage: { uncachedInput: 293, cacheRead: 387, output: 58, reasoning: 0 },
    end: 'tool-calls',
  },
  'azure-openai/foundry-chat-stream-tool.sse': {
    calls: [['best_language_to_learn', '{}']],
    usage: { uncachedInput: 46, cacheRead: 159, output: 18, reasoning: 0 },
    end: 'tool-calls',
  },
  'xai/chat-text.json': {
    text: 'Hello',
    reasoning: 'First, the user',
    usage: { uncachedInput: 10, cacheRead: 2, output: 229, reasoning: 228, costUsd: 0.00011765 },
    end: 'stop',
  },
  'xai/chat-stream-tool.chunks.ndjson': {
    reasoning: 'First, the user is',
    calls: [['weather', '{"location":"San Francisco"}']],
    usage: { uncachedInput: 1, cacheRead: 290, output: 222, reasoning: 196, costUsd: 0.00013305 },
    end: 'tool-calls',
  },
  'openrouter/chat-stream-text.sse': {
    text: 'Hello!',
    usage: { uncachedInput: 254, cacheRead: 0, cacheWrite: 0, output: 5, reasoning: 0, costUsd: 0.000837 },
    end: 'stop',
  },
  'openrouter/chat-tool.json': {
    calls: [['divide', '{"numerator": 123, "denominator": 456, "on_inf": "infinity"}']],
    usage: { uncachedInput: 134, output: 43 },
    end: 'tool-calls',
  },
  'openrouter/chat-reasoning-details.json': {
    reasoning: 'The user is asking',
    calls: [['reasoning_weather', '{"city": "Berlin"}']],
    usage: { uncachedInput: 626, cacheRead: 0, cacheWrite: 0, output: 113, reasoning: 61, costUsd: 0.001191 },
    end: 'tool-calls',
  },
  'openrouter/chat-stream-reasoning.sse': {
    text: '2 + 2 = 4',
    reasoning: 'This is a simple arithmetic question. 2+2 equals 4.',
    usage: { uncachedInput: 43, cacheRead: 0, output: 36, reasoning: 13, costUsd: 0.000669 },
    end: 'stop',
  },
  'openrouter/chat-stream-error.sse': {
    reasoning: 'We need to respond to a greeting. The user',
    usage: { uncachedInput: 43, cacheRead: 0, output: 10, reasoning: 11, costUsd: 0 },
    end: 'failure client',
  },
  'openrouter/chat-cached.json': {
    text: "I'm Grok",
    usage: { uncachedInput: 5, cacheRead: 682, output: 240, reasoning: 165 },
    end: 'stop',
  },
  'openrouter/chat-citations.json': {
    text: '**Ruby** is',
    citations: 10,
    usage: { uncachedInput: 7, cacheRead: 0, cacheWrite: 0, output: 236, reasoning: 0, costUsd: 0.00524 },
    end: 'stop',
  },
  'openrouter/synthetic-err-200-body.json': { end: 'failure server' },
  'perplexity/sonar-text.json': {
    text: '**2 + 2 = 4**.[3]',
    usage: { uncachedInput: 9, output: 12, costUsd: 0.00502 },
    end: 'stop',
  },
  'perplexity/sonar-reasoning.json': {
    text: '5 + 3 = **8**.',
    usage: { uncachedInput: 9, output: 9, costUsd: 0.00609 },
    end: 'stop',
  },
  'perplexity/sonar-stream.sse': {
    text: '1 2 3',
    usage: { uncachedInput: 8, output: 5, costUsd: 0.00501 },
    end: 'stop',
  },
  'openai-compatible/groq-reasoning.json': {
    text: '4',
    reasoning: 'Simple.',
    usage: { uncachedInput: 84, output: 13, reasoning: 3 },
    end: 'stop',
  },
  'openai-compatible/groq-tool.json': {
    calls: [['get_file', '{}']],
    usage: { uncachedInput: 711, output: 75 },
    end: 'tool-calls',
  },
  'openai-compatible/local-chat.json': {
    text: '{ "city": "Paris", "country": "France" }',
    reasoning: 'Okay, the user',
    usage: { uncachedInput: 136, output: 15 },
    end: 'stop',
  },
  'openai-compatible/local-stream.sse': { text: '<|im_end|>doctor', end: 'length' },
  'openai-compatible/huggingface-router.json': {
    calls: [['get_weather', '{"city": "Paris"}']],
    usage: { uncachedInput: 608, output: 30 },
    end: 'tool-calls',
  },
  'openai-compatible/mistral.json': {
    text: 'This file is a **license',
    usage: { uncachedInput: 589, cacheRead: 0, output: 410 },
    end: 'stop',
  },
  'openai-compatible/synthetic-stream-same-index-tools-finish-stop.sse': {
    calls: [
      ['a', '{"x":1}'],
      ['b', '{"y":2}'],
    ],
    end: 'tool-calls',
  },
  'openai-compatible/synthetic-stream-tool-no-index-no-id.sse': { calls: [['a', '{}']], end: 'tool-calls' },
  'openai-compatible/synthetic-stream-tool-late-name-object-args.sse': {
    calls: [['a', '{"x":1}']],
    end: 'tool-calls',
  },
  'openai-compatible/synthetic-stream-think-tag-split.sse': {
    text: '<think>plan</think>\n\nAnswer',
    end: 'stop',
  },
  'openai-compatible/synthetic-stream-reasoning-both-fields.sse': {
    text: 'Answer',
    reasoning: 'hm',
    usage: { uncachedInput: 3, output: 2 },
    end: 'stop',
  },
  'openai-compatible/synthetic-stream-truncated.sse': { text: 'Hel', end: 'failure protocol' },
  'openai-compatible/synthetic-stream-crlf-nospace.sse': { text: 'Hi', end: 'stop' },
  'openai-compatible/synthetic-stream-vllm-error.sse': { text: 'Hel', end: 'failure server' },
  'blackbox/synthetic-image.json': {
    text: 'https://replicate.delivery/example/out-0.webp',
    usage: { uncachedInput: 0, output: 0 },
    end: 'stop',
  },
  'blackbox/synthetic-video.json': {
    text: 'https://replicate.delivery/example/out.mp4',
    usage: { uncachedInput: 0, output: 0 },
    end: 'stop',
  },
  'blackbox/synthetic-chat-text.json': {
    text: 'Hello!',
    usage: { uncachedInput: 9, output: 3 },
    end: 'stop',
  },
  'blackbox/synthetic-chat-stream.sse': {
    text: 'Hello',
    usage: { uncachedInput: 9, output: 2 },
    end: 'stop',
  },
  'blackbox/synthetic-err-200-body.json': { end: 'failure server' },
};

const ERRORS: Readonly<Record<string, string>> = {
  'openai/chat-err-401.json': 'auth upstream-auth',
  'openai/chat-err-400-invalid-image-url.json': 'client invalid-request',
  'openai/chat-err-400-other-3.json': 'client invalid-request',
  'openai/synthetic-err-429-insufficient-quota.json': 'quota upstream-error',
  'openai/synthetic-err-429-slow-down.json': 'ratelimit rate-limited',
  'openai/synthetic-err-503.json': 'overload overloaded',
  'openai/synthetic-err-500.json': 'server upstream-error',
  'openai/synthetic-err-400-context-length.json': 'client context-overflow',
  'openai/synthetic-err-400-string-above-max-length.json': 'client invalid-request',
  'openai/synthetic-err-400-tools-need-responses.json': 'client invalid-request',
  'azure-openai/err-401.json': 'auth upstream-auth',
  'azure-openai/err-404-deployment.json': 'client model-not-found',
  'azure-openai/synthetic-err-400-content-filter.json': 'client content-filtered',
  'azure-openai/synthetic-err-429-ptu.json': 'ratelimit rate-limited',
  'openrouter/err-401.json': 'auth upstream-auth',
  'openrouter/err-429-upstream.json': 'ratelimit rate-limited',
  'openrouter/synthetic-err-402.json': 'quota upstream-error',
  'openrouter/synthetic-err-403-moderation.json': 'client content-filtered',
  'perplexity/err-400-too-long.json': 'client context-overflow',
  'openai-compatible/groq-err-404.json': 'client model-not-found',
  'openai-compatible/synthetic-llamacpp-err-503-loading.json': 'overload overloaded',
  'openai-compatible/synthetic-llamacpp-err-400-context.json': 'client context-overflow',
  'openai-compatible/synthetic-vllm-err-400-context.json': 'client context-overflow',
  'openai-compatible/synthetic-fastapi-err-422.json': 'client invalid-request',
  'openai-compatible/synthetic-litellm-err-429.json': 'ratelimit rate-limited',
};

const answers = recordings.filter(({ status }) => status === 200);
const whole = answers.filter(({ format }) => format === 'json');
const streams = answers.filter(({ format }) => format !== 'json');
const errors = recordings.filter(({ status }) => status !== 200);

describe('a recorded answer', () => {
  it.each(whole)('$file means what it meant', ({ file }) => {
    expectToBe(egress.readReply(readJson(file)), ANSWERS[file]!);
  });

  it.each(streams)('$file means what it meant', (recording) => {
    expectToBe(readBytes([readStreamBytes(recording)]), ANSWERS[recording.file]!);
  });
});

describe('a recorded error', () => {
  it.each(errors)('$file is of its class and kind', ({ file, status }) => {
    const { class: failed, failure, native } = egress.readError(status, readJson(file));
    expect(`${failed} ${failure.kind}`).toBe(ERRORS[file]);
    expect(native.status).toBe(status);
  });
});

function readBytes(chunks: readonly Uint8Array[]): ChatEvent[] {
  const decoder = createSseDecoder();
  const reader = egress.createStreamReader();
  const payloads = [...chunks.flatMap((chunk) => decoder.feed(chunk)), ...decoder.end()];
  return [...payloads.flatMap((payload) => reader.read(payload)), ...reader.end()];
}

function summary(events: readonly ChatEvent[]) {
  const { texts, reasonings, calls, usage, opaque } = foldEvents(events);
  const last = events.at(-1);
  return {
    text: texts.map(({ text }) => text).join(''),
    reasoning: reasonings.map(({ text }) => text).join(''),
    opaque: reasonings.map((reasoning) => reasoning.opaque),
    calls: calls.map((call) => [call.name, call.arguments]),
    usage,
    citations: texts.flatMap(({ citations }) => citations),
    media: opaque,
    end:
      last?.type === 'finish'
        ? last.reason.unified
        : last?.type === 'failure'
          ? `failure ${last.class}`
          : undefined,
  };
}

function expectToBe(events: readonly ChatEvent[], expected: Expected): void {
  const { text, reasoning, calls, usage, citations, end } = summary(events);
  expect(text.startsWith(expected.text ?? '')).toBe(true);
  expect(text === '').toBe(expected.text === undefined);
  expect(reasoning.startsWith(expected.reasoning ?? '')).toBe(true);
  expect(reasoning === '').toBe(expected.reasoning === undefined);
  expect(calls).toEqual(expected.calls ?? []);
  expect(citations).toHaveLength(expected.citations ?? 0);
  expect(end).toBe(expected.end);
  expect(usage).toEqual(expected.usage);
}
