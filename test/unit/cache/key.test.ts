// The key of an answer: everything that it depends on, and nothing of how it is handed over.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cacheKey, canonicalJson, questionOf } from '../../../src/cache/key.ts';
import { residueOf } from '../../../src/cache/residue.ts';
import { GatewayError } from '../../../src/core/failure.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { anthropicMessages } from '../../../src/dialects/anthropic-messages/index.ts';
import type { ClientDialect } from '../../../src/dialects/dialect.ts';
import { openaiChat } from '../../../src/dialects/openai-chat/index.ts';
import { openaiResponses } from '../../../src/dialects/openai-responses/index.ts';
import { createSigner } from '../../../src/platform/signer.ts';
import { request as anthropicRequest } from '../../support/anthropic-messages-arbitraries.ts';
import { wireRequest } from '../../support/openai-chat-request-arbitraries.ts';
import { responsesRequest } from '../../support/openai-responses-arbitraries.ts';

const signer = createSigner('secret');
const place = { tenant: 'tenant', scope: ['chat'], family: ['openai https://api.openai.com/v1  gpt-4o'] };

/** `undefined`: the request is refused. */
function keyOf(dialect: ClientDialect, json: JsonObject): string | undefined {
  try {
    const request = dialect.ingress.readRequest(json);
    const question = questionOf(request);
    return cacheKey({ ...place, request: [question, residueOf(json, question)] }, signer);
  } catch (error) {
    if (error instanceof GatewayError) return undefined;
    throw error;
  }
}

const GENERATED: readonly (readonly [ClientDialect['id'], ClientDialect, fc.Arbitrary<JsonObject>])[] = [
  ['openai-chat', openaiChat, wireRequest('prompt_cache_breakpoint')],
  ['anthropic-messages', anthropicMessages, anthropicRequest],
  ['openai-responses', openaiResponses, responsesRequest],
];

/** How it is handed over, and where: the family of the key says where. */
const NOT_ASKED = new Set(['model', 'models', 'stream', 'stream_options']);

type Path = readonly (string | number)[];

function leavesOf(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([name, inner]) =>
    path.length === 0 && NOT_ASKED.has(name) ? [] : leavesOf(inner, [...path, name]),
  );
}

function objectsOf(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.entries(value).flatMap(([name, member]) => objectsOf(member, [...path, name]));
  return Array.isArray(value) ? inner : [path, ...inner];
}

/** A copy with what is at the path replaced. */
function changed(json: JsonObject, path: Path, change: (old: unknown) => unknown): JsonObject {
  const copy = structuredClone(json) as Record<string, unknown>;
  const parent = path
    .slice(0, -1)
    .reduce<Record<string, unknown>>((object, name) => object[name] as Record<string, unknown>, copy);
  const [last = ''] = path.slice(-1);
  parent[last] = change(parent[last]);
  return copy as JsonObject;
}

function otherThan(value: unknown): unknown {
  if (typeof value === 'string') return `${value}x`;
  if (typeof value === 'number') return value === 0.5 ? 0.25 : value / 2 + 0.25;
  if (typeof value === 'boolean') return !value;
  return 'something';
}

describe.each(GENERATED)('requests in %s', (_, dialect, requests) => {
  it('have another key, or are refused, when any value in them is another', () => {
    fc.assert(
      fc.property(requests, fc.nat(), (json, drawn) => {
        const leaves = leavesOf(json);
        const path = leaves[drawn % leaves.length] ?? [];
        const key = keyOf(dialect, json);
        fc.pre(key !== undefined && path.length > 0);
        expect(keyOf(dialect, changed(json, path, otherThan)), path.join('.')).not.toBe(key);
      }),
      { numRuns: 500 },
    );
  });

  it('have another key, or are refused, with a field more that nobody knows, wherever it stands', () => {
    fc.assert(
      fc.property(requests, fc.nat(), (json, drawn) => {
        const objects = objectsOf(json);
        const path = objects[drawn % objects.length] ?? [];
        const key = keyOf(dialect, json);
        fc.pre(key !== undefined);
        const unknown = changed(json, [...path, 'of_tomorrow'], () => 'a value');
        expect(keyOf(dialect, unknown), path.join('.')).not.toBe(key);
      }),
      { numRuns: 500 },
    );
  });

  it('have one key whole or streamed, and whatever the order of their fields', () => {
    fc.assert(
      fc.property(requests, (json) => {
        const reversed = Object.fromEntries(Object.entries(json).toReversed());
        const key = keyOf(dialect, json);
        expect(keyOf(dialect, { ...reversed, stream: true })).toBe(key);
        expect(keyOf(dialect, { ...reversed, stream: false })).toBe(key);
      }),
    );
  });
});

describe('the same question', () => {
  it('has one key in every dialect', () => {
    const chat = {
      model: 'm',
      temperature: 0,
      max_completion_tokens: 50,
      messages: [
        { role: 'system', content: 'Be short.' },
        { role: 'user', content: 'Hello' },
        { role: 'assistant', content: 'Hi' },
        { role: 'user', content: [{ type: 'text', text: 'And you?' }] },
      ],
    };
    const messages = {
      model: 'm',
      temperature: 0,
      max_tokens: 50,
      stream: true,
      system: 'Be short.',
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'Hello' }] },
        { role: 'assistant', content: 'Hi' },
        { role: 'user', content: 'And you?' },
      ],
    };
    const key = keyOf(openaiChat, chat);
    expect(key).toHaveLength(43);
    expect(keyOf(anthropicMessages, messages)).toBe(key);
    const { max_completion_tokens: _, ...rest } = chat;
    expect(keyOf(openaiChat, { ...rest, max_tokens: 50 })).toBe(key);
    const hello = { model: 'm', temperature: 0 };
    expect(keyOf(openaiResponses, { ...hello, input: 'Hello' })).toBe(
      keyOf(openaiChat, { ...hello, messages: [{ role: 'user', content: 'Hello' }] }),
    );
  });
});

describe('the circumstances', () => {
  const request = { messages: [] };

  it('R-80: make another key for another tenant, scope, target or secret', () => {
    const key = cacheKey({ ...place, request }, signer);
    const others = [
      cacheKey({ ...place, tenant: 'other', request }, signer),
      cacheKey({ ...place, tenant: '', request }, signer),
      cacheKey({ ...place, scope: ['chat', 'anthropic-beta', 'x'], request }, signer),
      cacheKey({ ...place, family: ['other'], request }, signer),
      cacheKey({ ...place, family: [...place.family, 'a second choice'], request }, signer),
      cacheKey({ ...place, request }, createSigner('another secret')),
    ];
    expect(new Set([key, ...others]).size).toBe(7);
  });

  it('cannot be mistaken for one another', () => {
    const left = { tenant: 'a', scope: ['b', 'c'], family: ['d'], request };
    const right = { tenant: 'a', scope: ['b'], family: ['c', 'd'], request };
    expect(cacheKey(left, signer)).not.toBe(cacheKey(right, signer));
  });
});

describe('canonical JSON', () => {
  it('is JSON that says the same, with the members in order', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
    expect(canonicalJson({ b: [{ d: 1, c: undefined }], a: null })).toBe('{"a":null,"b":[{"d":1}]}');
  });
});
