import { describe, expect, it } from 'vitest';

import type { ChatEvent } from '../../../../src/core/event.ts';
import type { Usage } from '../../../../src/core/usage.ts';
import { isProviderId, providers } from '../../../../src/providers/index.ts';
import { openaiResponses } from '../../../../src/dialects/openai-responses/index.ts';
import { readBytes } from '../../../support/crossing.ts';
import { recordedStream, recordings } from '../../../support/fake-provider.ts';
import { meaningOf } from '../../../support/meaning.ts';

/** What a reader of the recording would say that it holds. Texts by their beginnings. */
type Expected = {
  readonly text?: string;
  readonly reasoning?: string;
  readonly opaque?: readonly string[];
  readonly calls?: readonly (readonly [id: string, name: string, input: unknown])[];
  readonly citations?: readonly string[];
  readonly usage?: Usage;
  readonly end: string;
};

const ANSWERS: Readonly<Record<string, Expected>> = {
  'openai/responses-text.json': { text: 'The document', end: 'stop' },
  'openai/responses-reasoning.json': {
    text: 'The capital of Mexico is Mexico City.',
    usage: { uncachedInput: 13, cacheRead: 0, output: 227, reasoning: 192 },
    end: 'stop',
  },
  'openai/responses-web-search.json': {
    text: 'The tallest mountain in Alberta',
    citations: ['https://www.britannica.com/place/Mount-Columbia?utm_source=openai'],
    end: 'stop',
  },
  'openai/responses-json-schema.json': { text: '{"city":"Mexico City"', end: 'stop' },
  'openai/responses-stream-text.sse': { text: 'The capital', end: 'stop' },
  'openai/responses-stream-id-rotation.chunks.ndjson': {
    reasoning: '**Counting character occurrences**',
    end: 'stop',
  },
  'openai/responses-stream-encrypted-reasoning.chunks.ndjson': {
    reasoning: "**Calculating step-by-step using calculator**\n\nI'll compute 12 plus 7",
    opaque: ['openai-responses-v1'],
    end: 'tool-calls',
  },
  'openai/responses-stream-parallel-wrapper.chunks.ndjson': {
    calls: [
      ['call_parallel_0', 'weather', { location: 'San Francisco' }],
      ['call_parallel_1', 'cityAttractions', { city: 'Rome' }],
    ],
    usage: { uncachedInput: 34, cacheRead: 0, output: 28, reasoning: 0 },
    end: 'tool-calls',
  },
  'azure-openai/responses-v1.json': { text: 'Paris', opaque: ['azure-openai-responses-v1'], end: 'stop' },
  'xai/responses-parallel-tools.json': {
    reasoning: 'The question is:',
    opaque: ['xai-responses-v1'],
    calls: [
      [
        'call-2287d3de-269c-416e-a172-6e4ecc95e9ec-0',
        'weather',
        { latitude: '52.5200', longitude: '13.4050' },
      ],
      ['call-2287d3de-269c-416e-a172-6e4ecc95e9ec-1', 'best_language_to_learn', {}],
    ],
    end: 'tool-calls',
  },
  'xai/synthetic-responses-stream-done-terminal.sse': {
    text: 'Hi',
    usage: { uncachedInput: 10, cacheRead: 64, output: 2, reasoning: 0 },
    end: 'stop',
  },
  'openai-compatible/lmstudio-responses-stream-tool.chunks.ndjson': {
    text: "I'll get the current weather information for San Francisco for you.",
    reasoning: 'The user is asking for the weather in San Francisco.',
    calls: [['call_2025306790300011', 'weather', { location: 'San Francisco' }]],
    end: 'tool-calls',
  },
  'perplexity/synthetic-agent-text.json': {
    text: 'Paris [1].',
    citations: ['https://example.com/a'],
    usage: { uncachedInput: 20, cacheRead: 0, cacheWrite: 0, output: 9 },
    end: 'stop',
  },
  'perplexity/synthetic-agent-tool-call.json': {
    calls: [['call_1', 'get_weather', { city: 'Paris' }]],
    end: 'tool-calls',
  },
  'perplexity/synthetic-agent-stream.sse': {
    text: 'Paris [1].',
    citations: ['https://example.com/a'],
    end: 'stop',
  },
  'perplexity/synthetic-agent-stream-text-only-in-done.sse': { text: 'Paris.', end: 'stop' },
  'perplexity/synthetic-agent-stream-tool.sse': {
    calls: [['call_1', 'get_weather', { city: 'Paris' }]],
    end: 'tool-calls',
  },
  'perplexity/synthetic-agent-stream-incomplete.sse': { text: 'Par', end: 'length' },
};

/** Class and kind of those that are no answer. */
const FAILURES: Readonly<Record<string, readonly [failed: string, kind: string]>> = {
  'openai/responses-background-queued.json': ['protocol', 'upstream-protocol'],
  'openai/synthetic-responses-stream-error-event.sse': ['ratelimit', 'rate-limited'],
  'perplexity/synthetic-agent-200-failed.json': ['server', 'upstream-error'],
  'perplexity/synthetic-agent-stream-cancelled.sse': ['server', 'upstream-error'],
  'xai/synthetic-err-200-unavailable.json': ['server', 'upstream-error'],
};

const ERRORS: Readonly<Record<string, readonly [failed: string, kind: string]>> = {
  'openai/responses-err-400-reasoning-item-orphan.json': ['client', 'invalid-request'],
  'openai/responses-err-400-temperature-range.json': ['client', 'invalid-request'],
  'perplexity/synthetic-agent-err-400-unknown-field.json': ['client', 'invalid-request'],
  'perplexity/synthetic-agent-err-429.json': ['ratelimit', 'rate-limited'],
  'xai/err-400-invalid-key.json': ['auth', 'upstream-auth'],
  'xai/synthetic-err-429.json': ['ratelimit', 'rate-limited'],
};

describe('a recorded answer', () => {
  it.each(Object.entries(ANSWERS))('%s holds what it holds', (file, expected) => {
    const heard = meaningOf(eventsOf(file));
    const { text = '', reasoning = '', opaque, calls, citations, usage, end } = expected;
    expect(heard.text.startsWith(text)).toBe(true);
    expect(heard.reasoning.startsWith(reasoning)).toBe(true);
    if (opaque !== undefined) expect(heard.opaque.map(({ format }) => format)).toEqual(opaque);
    if (calls !== undefined)
      expect(heard.calls.map(({ id, name, input }) => [id, name, input])).toEqual(calls);
    if (citations !== undefined) expect(heard.citations.map(({ url }) => url)).toEqual(citations);
    if (usage !== undefined) expect(heard.usage).toMatchObject(usage);
    expect(heard.finish).toBe(end);
  });

  it.each(Object.entries(FAILURES))('%s is a failure, whatever its status says', (file, [failed, kind]) => {
    expect(eventsOf(file).at(-1)).toMatchObject({ type: 'failure', class: failed, failure: { kind } });
  });

  it.each(Object.entries(ERRORS))('%s is an error of its class', (file, [failed, kind]) => {
    const { status = 0 } = recordings.find((recording) => recording.file === file) ?? {};
    const error = readerOf(file).readError(status, JSON.parse(recordedStream(file)));
    expect([error.class, error.failure.kind]).toEqual([failed, kind]);
  });
});

function eventsOf(file: string): readonly ChatEvent[] {
  const egress = readerOf(file);
  return file.endsWith('.json')
    ? egress.readReply(JSON.parse(recordedStream(file)))
    : readBytes({ egress }, [new TextEncoder().encode(recordedStream(file))]);
}

/** The dialect as the provider speaks it. */
function readerOf(file: string) {
  const [provider = ''] = file.split('/');
  const spoken = isProviderId(provider)
    ? providers[provider].speaks.find(({ dialect }) => dialect.id === 'openai-responses')
    : undefined;
  return (spoken?.dialect ?? openaiResponses).egress;
}
