// What every provider promises, whichever it is. The registry's suite runs it over all of them, so a new provider is
// under contract with its line in the registry.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { ChatRequest } from '../../src/core/chat.ts';
import { refuseUrl } from '../../src/core/egress-policy.ts';
import type { ChatEvent } from '../../src/core/event.ts';
import { GatewayError } from '../../src/core/failure.ts';
import { isOutboundHeaderValue } from '../../src/core/headers.ts';
import { anthropicMessages } from '../../src/dialects/anthropic-messages/index.ts';
import { cohereChat } from '../../src/dialects/cohere-chat/index.ts';
import type { ProviderDialectId } from '../../src/dialects/dialect.ts';
import { openaiResponses } from '../../src/dialects/openai-responses/index.ts';
import { openaiChat } from '../../src/dialects/openai-chat/index.ts';
import { openaiCompletions } from '../../src/dialects/openai-completions/index.ts';
import type { Provider, Spoken } from '../../src/providers/provider.ts';
import { createSseDecoder, encodeSse, type SseEvent } from '../../src/streams/sse.ts';
import { dialectOfApi } from '../support/crossing.ts';

const KEY = 'canary-7f3a';
const BASE_URL = 'https://operator.example.org/base';
const PRODUCTION = { insecure: false, production: true };
const fieldsOf: Readonly<Record<ProviderDialectId, readonly string[]>> = {
  'openai-chat': openaiChat.fields,
  'anthropic-messages': anthropicMessages.fields,
  'openai-completions': openaiCompletions.fields,
  'openai-responses': openaiResponses.fields,
  'cohere-chat': cohereChat.fields,
};

export function describeProvider(name: string, provider: Provider): void {
  const source = readFileSync(join(import.meta.dirname, `../../src/providers/${name}.ts`), 'utf8');

  describe(`the provider ${name}`, () => {
    it('has the id of its file and its key in the registry', () => {
      expect(provider.id).toBe(name);
      expect(name).toMatch(/^[a-z][a-z0-9-]*$/);
    });

    it('names its documentation at the top of its file', () => {
      const [opening = ''] = source.split('\n\n');
      expect(opening).toMatch(/https:\/\/\S+/);
    });

    it('has a default address that may be called, or none, and one that may not if it never leaves', () => {
      if (provider.baseUrl === undefined) return;
      const reason = refuseUrl(provider.baseUrl, PRODUCTION);
      if (provider.local === undefined) expect(reason).toBeUndefined();
      else expect(reason).toBeDefined();
      expect(provider.baseUrl).not.toMatch(/\/$/);
    });

    it('stays under its base URL, whatever the model is called', () => {
      fc.assert(
        fc.property(oddName, fc.constantFrom(undefined, '2024-10-21', 'preview'), (model, apiVersion) => {
          const { speaks, embeddings, images } = provider;
          for (const place of [...speaks, embeddings, images].filter((offer) => offer !== undefined)) {
            const url = addressOf(place, model, apiVersion);
            if (url === undefined) continue;
            expect(url.startsWith(`${BASE_URL}/`)).toBe(true);
            expect(new URL(url).href).toBe(url);
          }
        }),
      );
    });

    it('puts the key into the headers of auth and nowhere else', () => {
      const credential = provider.auth(KEY);
      if (provider.keyless !== 'always') {
        expect(Object.values(credential).filter((value) => value.includes(KEY))).toHaveLength(1);
      }
      expect(JSON.stringify(provider.speaks.map(({ headers, quirks }) => [headers, quirks]))).not.toContain(
        KEY,
      );
      expect(Object.keys(credential).join()).not.toContain(KEY);
    });

    it('sends no credential when it has none', () => {
      if (provider.keyless !== undefined) expect(provider.auth('')).toEqual({});
    });

    it('writes headers that are safe to send', () => {
      for (const { headers } of provider.speaks) expectSafe({ ...headers, ...provider.auth(KEY) });
      if (provider.models !== undefined && 'url' in provider.models)
        expectSafe(provider.models.headers ?? {});
    });

    it('lists its models under its base URL', () => {
      if (provider.models === undefined || 'names' in provider.models) return;
      const url = provider.models.url({ baseUrl: BASE_URL });
      expect(url.startsWith(`${BASE_URL}/`)).toBe(true);
      expect(url).not.toContain(KEY);
    });

    it('names only fields of its dialects in its quirks, and never what every request needs', () => {
      for (const { dialect, quirks } of provider.speaks) {
        const { drop = [], rename = {}, set = {} } = quirks;
        const renamed = Object.entries(rename).flat();
        for (const field of [...drop, ...renamed, ...Object.keys(set)]) {
          expect(fieldsOf[dialect.id]).toContain(field);
          expect(['model', 'messages', 'prompt', 'stream']).not.toContain(field);
        }
        expect(drop.filter((field) => renamed.includes(field))).toEqual([]);
      }
    });

    it('speaks each of its dialects once', () => {
      const ids = provider.speaks.map(({ dialect }) => dialect.id);
      expect(ids.length).toBeGreaterThan(0);
      expect(new Set(ids).size).toBe(ids.length);
    });

    it('knows what to write for every model name', () => {
      fc.assert(
        fc.property(oddName, (model) => {
          for (const spoken of provider.speaks) {
            if (spoken.write === undefined) continue;
            const { body } = spoken.write({ ...smallest, model }, model);
            // Some want the maker's name before it.
            expect(body['model']).toSatisfy((named: string) => named.endsWith(model));
            expect(applied(body, spoken)).not.toContain(KEY);
          }
          expect([true, false, undefined]).toContain(provider.offers?.(model));
        }),
      );
    });

    it('does not claim a nameless model', () => {
      expect(provider.offers?.('')).not.toBe(true);
    });

    it('waits for bounded times', () => {
      for (const ms of Object.values(provider.timeouts ?? {})) {
        expect(ms).toBeGreaterThan(0);
        expect(ms).toBeLessThanOrEqual(600_000);
      }
    });

    // What the sandbox answers is made here, and its own tests read it.
    if (provider.local === undefined) describeFixtures(provider);
  });
}

function describeFixtures(provider: Provider): void {
  const recorded = provider.speaks.map((spoken) => ({
    spoken,
    own: fixtures.filter(
      ({ provider: id, api }) => id === provider.id && dialectOfApi(api) === spoken.dialect.id,
    ),
  }));

  it('has recorded replies, streams and errors in the dialect that it prefers', () => {
    const kinds = recorded[0]?.own.map(kindOf);
    expect(new Set(kinds)).toEqual(new Set(['reply', 'stream', 'error']));
  });

  it.each(['reply', 'stream'])('says something in a recorded %s', (kind) => {
    const said = recorded.flatMap(({ spoken, own }) =>
      own.filter((fixture) => kindOf(fixture) === kind).flatMap((fixture) => eventsOf(fixture, spoken)),
    );
    expect(said.some(({ type }) => type === 'text-delta' || type === 'tool-call-start')).toBe(true);
    expect(said.some(({ type }) => type === 'usage')).toBe(true);
  });

  for (const { spoken, own } of recorded) {
    it.each(own.map((fixture) => [fixture.file, fixture] as const))('reads %s to its end', (_, fixture) => {
      expectRead(fixture, spoken);
    });
  }
}

function expectRead(fixture: Fixture, spoken: Spoken): void {
  if (fixture.status >= 400) {
    const error = spoken.dialect.egress.readError(fixture.status, JSON.parse(readFixture(fixture.file)));
    expect(classesOf(fixture.status)).toContain(error.class);
    expect(error.native.status).toBe(fixture.status);
    expect(error.failure.message).not.toBe('');
    return;
  }
  const events = eventsOf(fixture, spoken);
  const last = fails(fixture) ? 'failure' : 'finish';
  expect(events.at(-1)?.type).toBe(last);
  expect(events.filter(({ type }) => type === 'failure' || type === 'finish')).toHaveLength(1);
}

function eventsOf(fixture: Fixture, { dialect }: Spoken): readonly ChatEvent[] {
  const text = readFixture(fixture.file);
  if (!fixture.streaming) return dialect.egress.readReply(JSON.parse(text));
  const reader = dialect.egress.createStreamReader();
  return [...sseOf(fixture, text).flatMap((event) => reader.read(event)), ...reader.end()];
}

function sseOf({ format }: Fixture, text: string): readonly SseEvent[] {
  const decoder = createSseDecoder();
  const frames = format === 'ndjson' ? text.trim().split('\n').map(frameOf).join('') : text;
  return [...decoder.feed(new TextEncoder().encode(frames)), ...decoder.end()];
}

/** A line of a recording is the data of one event; Anthropic's events are named after their type. */
function frameOf(line: string): string {
  const { type } = JSON.parse(line) as { type?: string };
  return encodeSse(line, type);
}

function classesOf(status: number): readonly string[] {
  // xAI's word for a wrong key: https://docs.x.ai/developers/debugging
  if (status === 400) return ['client', 'quota', 'auth'];
  if (status === 401) return ['auth'];
  if (status === 402) return ['quota'];
  if (status === 403) return ['auth', 'client', 'quota'];
  if (status === 429) return ['ratelimit', 'quota'];
  if (status < 500) return ['client', 'quota'];
  return ['overload', 'server', 'timeout'];
}

function addressOf(
  place: Pick<Spoken, 'url'>,
  model: string,
  apiVersion: string | undefined,
): string | undefined {
  try {
    return place.url({ baseUrl: BASE_URL, model, ...(apiVersion === undefined ? {} : { apiVersion }) });
  } catch (error) {
    expect(error).toBeInstanceOf(GatewayError);
    return undefined;
  }
}

function applied(body: object, { headers, quirks }: Spoken): string {
  return JSON.stringify([body, headers, quirks]);
}

function expectSafe(headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) {
    expect(name).toMatch(/^[a-z][a-z0-9-]*$/);
    expect(['host', 'content-length', 'content-type', 'cookie', 'accept']).not.toContain(name);
    expect(isOutboundHeaderValue(value)).toBe(true);
  }
}

const smallest: Omit<ChatRequest, 'model'> = {
  messages: [{ role: 'user', parts: [{ type: 'text', text: 'hello' }] }],
  stream: true,
  streamUsage: true,
};

const oddName = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '',
    '.',
    '..',
    '../..',
    'a/../b',
    '__proto__',
    '%2e%2e',
    'a?b#c',
    '\ud800',
    'o1\n',
    'gpt-',
    'claude-',
  ),
);

type Fixture = {
  readonly file: string;
  readonly provider: string;
  readonly api: string;
  readonly status: number;
  readonly streaming: boolean;
  readonly format: string;
};

const fixtures: readonly Fixture[] = JSON.parse(readFixture('index.json')).files;

function readFixture(file: string): string {
  return readFileSync(join(import.meta.dirname, '../fixtures', file), 'utf8');
}

function kindOf(fixture: Fixture): 'reply' | 'stream' | 'error' {
  if (fixture.streaming) return 'stream';
  return fixture.status >= 400 || fails(fixture) ? 'error' : 'reply';
}

/** Those that break off or carry an error under a status of 200 say so in their names. */
function fails({ file }: Fixture): boolean {
  return /-err|error|truncated|overloaded|spliced|failed|cancelled|queued/.test(file);
}
