import { existsSync, readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import type { ChatEvent } from '../../../../src/core/event.ts';
import type { JsonObject } from '../../../../src/core/json.ts';
import { anthropicMessages } from '../../../../src/dialects/anthropic-messages/index.ts';
import { createByteReader } from '../../../../src/streams/codec.ts';
import { fullTraits } from '../../../support/anthropic-messages-arbitraries.ts';
import { stamp } from '../../../support/anthropic-messages-replies.ts';
import { recorded, recordedStream, recordings } from '../../../support/fake-provider.ts';

const { ingress, egress } = anthropicMessages;
const own = recordings.filter(({ api }) => api === 'anthropic-messages');
const files = own.map(({ file }) => file);
const wholes = own.filter(({ status, streaming }) => status === 200 && !streaming).map(({ file }) => file);
const streams = own.filter(({ streaming }) => streaming).map(({ file }) => file);

function jsonOf(file: string): JsonObject {
  return JSON.parse(recordedStream(file)) as JsonObject;
}

function readBytes(chunks: readonly Uint8Array[]): readonly ChatEvent[] {
  const reader = createByteReader(egress.createStreamReader());
  return [...chunks.flatMap((chunk) => reader.feed(chunk)), ...reader.end()];
}

function bytesOf(file: string): Uint8Array {
  return new TextEncoder().encode(recordedStream(file));
}

describe('recorded JSON replies', () => {
  it.each(wholes)('%s is written again as it was, with what every client needs', (file) => {
    const message = jsonOf(file);
    const written = ingress.writeReply(egress.readReply(message), stamp);
    // Who called a tool is told only to the dialect itself, which gets it by pass-through.
    const content = (message['content'] as JsonObject[]).map(({ caller: _caller, ...block }) => block);
    const { input_tokens, output_tokens } = message['usage'] as JsonObject;
    expect(written).toMatchObject({
      id: message['id'],
      model: message['model'],
      content,
      stop_reason: message['stop_reason'],
      usage: { input_tokens, output_tokens },
    });
  });

  it('says how much of the prompt came from the cache', () => {
    expect(egress.readReply(jsonOf('anthropic/messages-cache-read.json'))).toContainEqual({
      type: 'usage',
      usage: { uncachedInput: 10, cacheRead: 7351, cacheWrite: 0, cacheWriteLong: 0, output: 4 },
    });
  });

  it('keeps white space that stands before thinking in its place', () => {
    const events = egress.readReply(jsonOf('anthropic/messages-thinking.json'));
    const starts = events.filter(({ type }) => type.endsWith('-start'));
    expect(starts.map(({ type }) => type)).toEqual(['text-start', 'reasoning-start', 'text-start']);
  });
});

describe('recorded streams', () => {
  const outcomes: Readonly<
    Record<string, { readonly text: string; readonly last: JsonObject; readonly usage: JsonObject }>
  > = {
    'anthropic/messages-stream-text.sse': {
      text: '1\n2\n3',
      last: { type: 'finish', reason: { unified: 'stop', raw: 'end_turn' } },
      usage: { uncachedInput: 15, cacheRead: 0, cacheWrite: 0, output: 9 },
    },
    'anthropic/messages-stream-parallel-tools.sse': {
      text: '',
      last: { type: 'finish', reason: { unified: 'tool-calls', raw: 'tool_use' } },
      usage: { uncachedInput: 542 },
    },
    'anthropic/messages-stream-redacted-thinking.sse': {
      text: 'legitimate task or question?',
      last: { type: 'finish', reason: { unified: 'stop', raw: 'end_turn' } },
      usage: { uncachedInput: 92, output: 189 },
    },
    'anthropic/messages-stream-cache.sse': {
      text: 'Hello! 👋',
      last: { type: 'finish', reason: { unified: 'stop', raw: 'end_turn' } },
      // The reply was compacted on the way: both rounds are billed.
      usage: { uncachedInput: 281, cacheRead: 55_096, cacheWrite: 0, output: 91 },
    },
    'anthropic/messages-stream-refusal.chunks.ndjson': {
      text: '',
      last: {
        type: 'finish',
        reason: { unified: 'refusal', raw: 'refusal' },
        refusal:
          "This request triggered restrictions on violative cyber content and was blocked under Anthropic's Usage Policy.",
      },
      usage: { uncachedInput: 18 },
    },
    'anthropic/messages-stream-tool-no-args.chunks.ndjson': {
      text: "I'll update the issue list for you.",
      last: { type: 'finish', reason: { unified: 'tool-calls', raw: 'tool_use' } },
      usage: { uncachedInput: 565, output: 48 },
    },
    'anthropic/messages-stream-duplicate-start.chunks.ndjson': {
      text: 'Hello, World!',
      last: { type: 'finish', reason: { unified: 'stop', raw: 'end_turn' } },
      usage: { uncachedInput: 17, output: 227 },
    },
    'anthropic/messages-stream-spliced-start.chunks.ndjson': {
      text: '',
      last: {
        type: 'failure',
        class: 'protocol',
        failure: {
          kind: 'upstream-protocol',
          message: 'a second message began before the first had ended',
        },
      },
      usage: { uncachedInput: 17 },
    },
    'anthropic/synthetic-stream-error-first.sse': {
      text: '',
      last: {
        type: 'failure',
        class: 'overload',
        failure: { kind: 'overloaded', message: 'the provider is overloaded' },
      },
      usage: {},
    },
    'anthropic/synthetic-stream-overloaded-midway.sse': {
      text: 'Partial ans',
      last: {
        type: 'failure',
        class: 'overload',
        failure: { kind: 'overloaded', message: 'the provider is overloaded' },
      },
      usage: { uncachedInput: 12, cacheRead: 2048 },
    },
    'anthropic/synthetic-stream-unknown-events.sse': {
      text: 'Hello',
      last: { type: 'finish', reason: { unified: 'stop', raw: 'end_turn' } },
      usage: { uncachedInput: 12, cacheRead: 2048, output: 14, reasoning: 9 },
    },
  };

  it('have an expectation each', () => {
    expect(Object.keys(outcomes).toSorted()).toEqual([...streams].toSorted());
  });

  it.each(streams)('%s ends as it should, with its text and its usage', (file) => {
    const events = readBytes([bytesOf(file)]);
    const text = events.map((event) => (event.type === 'text-delta' ? event.text : '')).join('');
    const usage = Object.assign(
      {},
      ...events.map((event) => (event.type === 'usage' ? event.usage : {})),
    ) as object;
    expect(text).toContain(outcomes[file]?.text);
    expect(events.at(-1)).toEqual(outcomes[file]?.last);
    expect(usage).toMatchObject(outcomes[file]?.usage ?? {});
  });

  it('a call without arguments has the empty object for them', () => {
    const events = readBytes([bytesOf('anthropic/messages-stream-tool-no-args.chunks.ndjson')]);
    expect(events.filter(({ type }) => type.startsWith('tool-call'))).toEqual([
      { type: 'tool-call-start', block: 1, id: 'toolu_01QE1WLsSVp5hy5Q3GmGTmjP', name: 'updateIssueList' },
      { type: 'tool-call-delta', block: 1, arguments: '{}' },
      { type: 'tool-call-end', block: 1 },
    ]);
  });

  it('redacted thinking is kept whole, and thinking that is not shown keeps its signature', () => {
    const redacted = readBytes([bytesOf('anthropic/messages-stream-redacted-thinking.sse')]);
    expect(redacted.filter(({ type }) => type === 'reasoning-end')).toEqual([
      { type: 'reasoning-end', block: 0, opaque: expect.objectContaining({ kind: 'encrypted' }) },
      { type: 'reasoning-end', block: 1, opaque: expect.objectContaining({ kind: 'encrypted' }) },
    ]);
    const hidden = readBytes([bytesOf('anthropic/synthetic-stream-unknown-events.sse')]);
    expect(hidden).toContainEqual({
      type: 'reasoning-end',
      block: 0,
      opaque: { format: 'anthropic-claude-v1', kind: 'signature', data: 'c2ln' },
    });
  });

  it('a block that only this dialect knows arrives whole', () => {
    const events = readBytes([bytesOf('anthropic/messages-stream-cache.sse')]);
    expect(events.find(({ type }) => type === 'opaque')).toEqual({
      type: 'opaque',
      block: 0,
      dialect: 'anthropic-messages',
      content: { type: 'compaction', content: expect.stringContaining('Now say hello') },
    });
  });
});

describe('recorded errors', () => {
  it.each([
    ['anthropic/messages-err-400-prompt-too-long.json', 'client', 'context-overflow'],
    ['anthropic/messages-err-401.json', 'auth', 'upstream-auth'],
    ['anthropic/messages-err-404-model.json', 'client', 'model-not-found'],
    ['anthropic/synthetic-err-429.json', 'ratelimit', 'rate-limited'],
    ['anthropic/synthetic-err-429-spend-limit.json', 'quota', 'upstream-error'],
    ['anthropic/synthetic-err-400-spend-limit.json', 'quota', 'upstream-error'],
    ['anthropic/synthetic-err-529.json', 'overload', 'overloaded'],
    ['anthropic/synthetic-err-500.json', 'server', 'upstream-error'],
    ['anthropic/synthetic-err-413.json', 'client', 'too-large'],
    ['anthropic/synthetic-err-403.json', 'auth', 'upstream-auth'],
    ['anthropic/synthetic-err-400-temperature-new-version.json', 'client', 'invalid-request'],
  ])('%s is of class %s and told as %s', (file, failureClass, kind) => {
    const { status } = recorded(file);
    const error = egress.readError(status ?? 200, jsonOf(file));
    expect([error.class, error.failure.kind]).toEqual([failureClass, kind]);
    expect(egress.readReply(jsonOf(file)).at(-1)).toMatchObject({ type: 'failure', class: failureClass });
  });
});

describe('recorded requests', () => {
  const requests = files
    .map((file) => file.replace(/\.(json|sse|chunks\.ndjson)$/, '.request.json'))
    .filter((file) => existsSync(`test/fixtures/${file}`));

  it('are there', () => {
    expect(requests.length).toBeGreaterThan(15);
  });

  it.each(requests)('%s means the same after it was read and written', (file) => {
    const body = JSON.parse(readFileSync(`test/fixtures/${file}`, 'utf8')) as JsonObject;
    const { body: written, losses } = egress.writeRequest(ingress.readRequest(body), fullTraits);
    expect(losses).toEqual([]);
    expect(meaningOf(written)).toEqual(meaningOf(body));
  });
});

/** Where the wire has two forms for one meaning, the longer one. */
function meaningOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(meaningOf);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).filter(
    ([name, field]) => !((name === 'stream' || name === 'is_error') && field === false),
  );
  return Object.fromEntries(
    fields.map(([name, field]) =>
      (name === 'content' || name === 'system') && typeof field === 'string'
        ? [name, [{ type: 'text', text: field }]]
        : [name, meaningOf(field)],
    ),
  );
}
