import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { AssistantPart, OpaqueReasoning, ReasoningPart } from '../../../src/core/chat.ts';
import type { ChatEvent } from '../../../src/core/event.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { anthropicMessages } from '../../../src/dialects/anthropic-messages/index.ts';
import type { ClientDialect } from '../../../src/dialects/dialect.ts';
import { openaiChat } from '../../../src/dialects/openai-chat/index.ts';
import { openaiResponses } from '../../../src/dialects/openai-responses/index.ts';
import { openRequest } from '../../../src/pipeline/open-request.ts';
import { createReasoningSeal, looksSealed, mayHoldSeal } from '../../../src/pipeline/reasoning-seal.ts';
import { sealBlocks, sealWholeReply } from '../../../src/pipeline/seal-reply.ts';
import { createSigner } from '../../../src/platform/signer.ts';
import { stamp } from '../../support/meaning.ts';
import { signer } from '../../support/signer.ts';

const clients = [openaiChat, anthropicMessages, openaiResponses] as const;
const there = createReasoningSeal('openai', signer);
const elsewhere = createReasoningSeal('azure-openai res.openai.azure.com', signer);
const forger = createReasoningSeal('openai', createSigner('another key'));

const opaque: fc.Arbitrary<OpaqueReasoning> = fc.record(
  {
    format: fc.constantFrom('anthropic-claude-v1', 'openai-responses-v1', 'xai-responses-v1', 'unknown'),
    kind: fc.constantFrom('signature', 'encrypted'),
    data: fc.string({ minLength: 1, unit: 'binary' }),
    id: fc.string(),
  },
  { requiredKeys: ['format', 'kind', 'data'] },
);
const block: fc.Arbitrary<ReasoningPart> = fc.record(
  { type: fc.constant('reasoning'), text: fc.string({ unit: 'binary' }), opaque },
  { requiredKeys: ['type', 'text', 'opaque'] },
);

/** A reply that reasons, and then calls a tool, its text in pieces. */
function replyOf(blocks: readonly ReasoningPart[]): readonly ChatEvent[] {
  const reasoned = blocks.flatMap(({ text, opaque: part }, place): readonly ChatEvent[] => [
    { type: 'reasoning-start', block: place },
    ...[text.slice(0, 3), text.slice(3)].map((piece): ChatEvent => ({
      type: 'reasoning-delta',
      block: place,
      text: piece,
    })),
    { type: 'reasoning-end', block: place, ...(part === undefined ? {} : { opaque: part }) },
  ]);
  return [
    { type: 'start', id: 'reply', model: 'm' },
    ...reasoned,
    { type: 'tool-call-start', block: blocks.length, id: 'call_1', name: 'look' },
    { type: 'tool-call-delta', block: blocks.length, arguments: '{}' },
    { type: 'tool-call-end', block: blocks.length },
    { type: 'finish', reason: { unified: 'tool-calls' } },
  ];
}

function sealed(events: readonly ChatEvent[], dialect: ClientDialect): readonly ChatEvent[] {
  const begin = dialect.sealsWholeReply === true ? sealWholeReply(there) : sealBlocks(there);
  return events.flatMap(begin());
}

/** What an application sends back that has asked for the reply in one piece. */
function heardWhole(dialect: ClientDialect, events: readonly ChatEvent[]): readonly JsonObject[] {
  const reply = JSON.parse(JSON.stringify(dialect.ingress.writeReply(events, stamp))) as {
    readonly choices: readonly { readonly message: JsonObject }[];
    readonly content: JsonObject;
    readonly output: readonly JsonObject[];
  };
  switch (dialect.id) {
    case 'openai-chat':
      return [reply.choices[0]?.message ?? {}];
    case 'anthropic-messages':
      return [{ role: 'assistant', content: reply.content }];
    case 'openai-responses':
      return reply.output;
    case 'openai-completions':
      throw new Error('a text holds no reasoning');
  }
}

function deltasOf(events: readonly ChatEvent[]): readonly JsonObject[] {
  const writer = openaiChat.ingress.createStreamWriter(stamp);
  const frames = events.map(writer.write).join('').split('\n\n');
  return frames
    .filter((frame) => frame.startsWith('data: {'))
    .map(
      (frame) =>
        JSON.parse(frame.slice('data: '.length)) as {
          readonly choices: readonly { readonly delta: JsonObject }[];
        },
    )
    .map(({ choices }) => choices[0]?.delta ?? {});
}

/** What the stream helper of OpenAI's SDK makes of it: of a field that it does not know the last fragment stays. */
function heardByHelper(events: readonly ChatEvent[]): JsonObject {
  const { tool_calls: _pieces, ...fields } = Object.assign({}, ...deltasOf(events)) as JsonObject;
  return { ...fields, content: null, tool_calls: CALLS };
}

/** An application that gathers all fragments by itself. */
function heardInFull(events: readonly ChatEvent[]): JsonObject {
  const details = deltasOf(events).flatMap(
    ({ reasoning_details: listed }) => (listed ?? []) as readonly JsonObject[],
  );
  return { role: 'assistant', content: null, tool_calls: CALLS, reasoning_details: details };
}

const CALLS = [{ id: 'call_1', type: 'function', function: { name: 'look', arguments: '{}' } }];

/** The assistant's parts in the next request. */
function partsBack(dialect: ClientDialect, said: readonly JsonObject[]): readonly AssistantPart[] {
  return openedFor(there, dialect, said).parts;
}

function openedFor(seal: typeof there, dialect: ClientDialect, said: readonly JsonObject[]) {
  const turns = [{ role: 'user', content: 'Hi' }, ...said];
  const json = {
    model: 'm',
    max_tokens: 9,
    ...(dialect.id === 'openai-responses' ? { input: turns } : { messages: turns }),
  };
  const { request, isReduced } = openRequest(dialect.ingress.readRequest(json), seal);
  const [, answer] = request.messages;
  if (answer?.role !== 'assistant') throw new Error('the second message is the assistant’s');
  return { parts: answer.parts, isReduced };
}

function reasoningIn(parts: readonly AssistantPart[]): readonly AssistantPart[] {
  return parts.filter(({ type }) => type === 'reasoning');
}

const reasoned = fc.array(block, { minLength: 1, maxLength: 4 });

describe.each(clients)('reasoning that a caller of $id brings back', (dialect) => {
  it('is what the vendor made, in its order, in front of the call it led to', () => {
    fc.assert(
      fc.property(reasoned, (blocks) => {
        const parts = partsBack(dialect, heardWhole(dialect, sealed(replyOf(blocks), dialect)));
        expect(parts.slice(0, -1)).toEqual(blocks);
        expect(parts.at(-1)).toMatchObject({ type: 'tool-call', name: 'look' });
      }),
    );
  });

  it.each([
    ['another vendor', elsewhere],
    ['a gateway with another key', forger],
  ])('holds nothing opaque for %s, and that is told', (_, seal) => {
    fc.assert(
      fc.property(reasoned, (blocks) => {
        const message = heardWhole(dialect, sealed(replyOf(blocks), dialect));
        const { parts, isReduced } = openedFor(seal, dialect, message);
        expect(isReduced).toBe(true);
        expect(JSON.stringify(parts)).not.toContain('gw1.');
        expect(reasoningIn(parts).filter((part) => 'opaque' in part)).toEqual([]);
        expect(reasoningIn(parts).every((part) => part.type === 'reasoning' && part.text !== '')).toBe(true);
      }),
    );
  });

  it('is found in its body', () => {
    fc.assert(
      fc.property(reasoned, (blocks) => {
        const events = replyOf(blocks);
        expect(mayHoldSeal(JSON.stringify(heardWhole(dialect, sealed(events, dialect))))).toBe(true);
      }),
    );
  });

  it('says no word of a vendor’s own, but the text', () => {
    const data = 'what-the-vendor-encrypted';
    const blocks: readonly ReasoningPart[] = [
      {
        type: 'reasoning',
        text: 'so',
        opaque: { format: 'openai-responses-v1', kind: 'encrypted', data, id: 'rs_1' },
      },
    ];
    const heard = JSON.stringify(heardWhole(dialect, sealed(replyOf(blocks), dialect)));
    expect(heard).not.toContain(data);
    expect(heard).not.toContain('rs_1');
    expect(heard).not.toContain('openai-responses-v1');
  });
});

describe('reasoning in a stream of OpenAI’s', () => {
  it.each([
    ['through the helper, which keeps the last fragment', heardByHelper],
    ['gathered fragment by fragment', heardInFull],
  ])('comes back whole %s', (_, hear) => {
    fc.assert(
      fc.property(reasoned, (blocks) => {
        const parts = partsBack(openaiChat, [hear(sealed(replyOf(blocks), openaiChat))]);
        expect(reasoningIn(parts)).toEqual(blocks);
      }),
    );
  });

  it('of which a helper has left a piece is left out for another vendor', () => {
    const blocks: readonly ReasoningPart[] = [
      { type: 'reasoning', text: 'first this', opaque: { format: 'f', kind: 'signature', data: 's' } },
    ];
    const { parts } = openedFor(elsewhere, openaiChat, [heardByHelper(sealed(replyOf(blocks), openaiChat))]);
    expect(reasoningIn(parts)).toEqual([{ type: 'reasoning', text: 'st this' }]);
  });
});

describe('a seal', () => {
  const blocks: readonly ReasoningPart[] = [
    { type: 'reasoning', text: 'so', opaque: { format: 'f', kind: 'signature', data: 's' } },
  ];
  const data = there.seal({ scope: 'block', blocks })?.data ?? '';

  it('names its version and its origin', () => {
    expect(data).toMatch(/^gw1\.openai\.[\w-]+\.[\w-]{43}$/);
    expect(elsewhere.seal({ scope: 'block', blocks })?.data).toMatch(
      /^gw1\.azure-openai%20res%2Eopenai%2Eazure%2Ecom\.[\w-]+\.[\w-]{43}$/,
    );
    expect(looksSealed(data)).toBe(true);
  });

  it('that was changed anywhere is none', () => {
    fc.assert(
      fc.property(fc.nat(data.length - 1), fc.constantFrom('A', 'B', '.', '-', '"'), (at, character) => {
        fc.pre(data[at] !== character);
        expect(there.open(data.slice(0, at) + character + data.slice(at + 1))).toBeUndefined();
      }),
    );
  });

  it.each([
    '',
    'gw1.',
    'gw1.openai',
    'gw1.openai.',
    'gw1.openai..',
    'gw1.openai.e30.c2ln',
    `${data}.x`,
    `x${data}`,
  ])('is not made of %j', (text) => {
    expect(there.open(text)).toBeUndefined();
  });

  it('is not made of what was signed as something else', () => {
    const text = data.slice(0, data.lastIndexOf('.'));
    expect(there.open(`${text}.${signer.sign('video', text)}`)).toBeUndefined();
  });

  it('is not made of more than an event of a stream may hold', () => {
    const long: ReasoningPart = { type: 'reasoning', text: 'a'.repeat(1_000_000) };
    expect(there.seal({ scope: 'block', blocks: [long] })).toBeUndefined();
  });
});

describe('a reply without anything to bring back', () => {
  const plain: readonly ReasoningPart[] = [{ type: 'reasoning', text: 'so' }];

  it.each(clients)('is left as it is for a caller of $id', (dialect) => {
    expect(sealed(replyOf(plain), dialect)).toEqual(replyOf(plain));
  });
});
