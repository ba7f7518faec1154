// Reasoning over two turns, for every caller's dialect and every provider's: what the provider gets back through a client
// that does not speak its language is what it would have got from one that does.

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { AssistantPart, ReasoningPart } from '../../src/core/chat.ts';
import type { ChatEvent } from '../../src/core/event.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { anthropicMessages } from '../../src/dialects/anthropic-messages/index.ts';
import type { Dialect } from '../../src/dialects/dialect.ts';
import { openaiChat } from '../../src/dialects/openai-chat/index.ts';
import { openaiResponses } from '../../src/dialects/openai-responses/index.ts';
import { prepareExchange } from '../../src/pipeline/exchange.ts';
import { speak, type Provider, type Spoken } from '../../src/providers/provider.ts';
import { createByteReader } from '../../src/streams/codec.ts';
import { fullTraits as anthropicTraits } from '../support/anthropic-messages-arbitraries.ts';
import { writeBytes } from '../support/crossing.ts';
import { stamp, type Form } from '../support/meaning.ts';
import { fullTraits as responsesTraits } from '../support/openai-responses-arbitraries.ts';
import { signer } from '../support/signer.ts';
import { fullTraits as chatTraits } from '../unit/dialects/openai-chat/traits.ts';

type Side = Pick<Dialect, 'id' | 'ingress' | 'forwardedHeaders' | 'sealsWholeReply'> & {
  readonly egress: Omit<Dialect['egress'], 'writeRequest'>;
};
type Vendor = {
  readonly dialect: Side;
  readonly spoken: Spoken;
  readonly block: fc.Arbitrary<ReasoningPart>;
};

const url = (): string => 'https://vendor.example/';
const text = fc.string({ minLength: 1, unit: 'grapheme' });
const data = fc.base64String({ minLength: 4 });

function blocks(format: string, kinds: readonly ('signature' | 'encrypted')[]): fc.Arbitrary<ReasoningPart> {
  return fc.oneof(
    ...kinds.map((kind) =>
      fc.record({
        type: fc.constant('reasoning' as const),
        text: kind === 'encrypted' && format.startsWith('anthropic') ? fc.constant('') : text,
        opaque: fc.record({ format: fc.constant(format), kind: fc.constant(kind), data }),
      }),
    ),
  );
}

const vendors: readonly Vendor[] = [
  {
    dialect: openaiChat,
    spoken: speak(openaiChat, { url, traits: () => ({ ...chatTraits, reasoningDetails: true }) }),
    block: blocks('anthropic-claude-v1', ['signature', 'encrypted']),
  },
  {
    dialect: anthropicMessages,
    spoken: speak(anthropicMessages, { url, traits: () => anthropicTraits }),
    block: blocks('anthropic-claude-v1', ['signature', 'encrypted']),
  },
  {
    dialect: openaiResponses,
    spoken: speak(openaiResponses, { url, traits: () => responsesTraits }),
    block: blocks('openai-responses-v1', ['encrypted']),
  },
];

function target({ spoken }: Vendor, id = 'vendor') {
  const provider: Provider = { id, auth: () => ({}), speaks: [spoken], onHangUp: 'abort' };
  return { enabled: { provider, baseUrl: '', keys: [''] }, model: 'm', credential: 0 };
}

/** The conversation so far, in the words of a dialect. */
function body({ id }: Side, turns: readonly JsonObject[]): JsonObject {
  const said = [{ role: 'user', content: 'Look.' }, ...turns];
  return { model: 'm', max_tokens: 99, [id === 'openai-responses' ? 'input' : 'messages']: said };
}

function prepare(dialect: Side, json: JsonObject, to: ReturnType<typeof target>) {
  const wire = {
    dialect,
    body: { text: JSON.stringify(json), json, members: [] },
    envelope: dialect.ingress.readEnvelope(json),
    decode: () => dialect.ingress.readRequest(json),
  };
  return prepareExchange(wire, to, false, signer);
}

/** A reply that reasons and then calls a tool, in the vendor's own words. */
function reply(reasoned: readonly ReasoningPart[]): readonly ChatEvent[] {
  const call = reasoned.length;
  return [
    { type: 'start', id: 'reply', model: 'm' },
    ...reasoned.flatMap(({ text: said, opaque }, block): readonly ChatEvent[] => [
      { type: 'reasoning-start', block },
      ...(said === '' ? [] : [{ type: 'reasoning-delta', block, text: said } as const]),
      { type: 'reasoning-end', block, ...(opaque === undefined ? {} : { opaque }) },
    ]),
    { type: 'tool-call-start', block: call, id: 'call_1', name: 'look' },
    { type: 'tool-call-delta', block: call, arguments: '{}' },
    { type: 'tool-call-end', block: call },
    { type: 'finish', reason: { unified: 'tool-calls' } },
  ];
}

/** What a client sends back of a reply, with the result of its call. */
function turnsBack({ id, ingress }: Side, events: readonly ChatEvent[]): readonly JsonObject[] {
  const whole = JSON.parse(JSON.stringify(ingress.writeReply(events, stamp))) as {
    readonly choices: readonly { readonly message: JsonObject }[];
    readonly content: JsonObject;
    readonly output: readonly JsonObject[];
  };
  switch (id) {
    case 'openai-chat':
      return [whole.choices[0]?.message ?? {}, { role: 'tool', tool_call_id: 'call_1', content: 'A kiwi.' }];
    case 'anthropic-messages': {
      const result = { type: 'tool_result', tool_use_id: 'call_1', content: 'A kiwi.' };
      return [
        { role: 'assistant', content: whole.content },
        { role: 'user', content: [result] },
      ];
    }
    case 'openai-responses':
      return [...whole.output, { type: 'function_call_output', call_id: 'call_1', output: 'A kiwi.' }];
    case 'openai-completions':
      throw new Error('a text has no calls');
  }
}

/** What the vendor finds of its reasoning in the second request. */
function arrived({ ingress }: Side, request: string): readonly AssistantPart[] {
  const read = ingress.readRequest(JSON.parse(request) as JsonObject);
  const parts = read.messages.flatMap((message) => (message.role === 'assistant' ? message.parts : []));
  return parts.filter(({ type }) => type === 'reasoning');
}

function overTwoTurns(caller: Side, vendor: Vendor, reasoned: readonly ReasoningPart[], form: Form) {
  const first = prepare(caller, body(caller, []), target(vendor));
  const said = reply(reasoned);
  const heard =
    form === 'whole'
      ? first.reads.readReply(JSON.parse(JSON.stringify(vendor.dialect.ingress.writeReply(said, stamp))))
      : readAll(first.reads.createStreamReader(), writeBytes(vendor.dialect, said));
  return turnsBack(caller, heard);
}

function readAll(reader: Parameters<typeof createByteReader>[0], bytes: Uint8Array): readonly ChatEvent[] {
  const { feed, end } = createByteReader(reader);
  return [...feed(bytes), ...end()];
}

const pairs = vendors.flatMap((vendor) =>
  vendors
    .filter((caller) => caller.dialect.id !== vendor.dialect.id)
    .map(({ dialect: caller }) => ({ name: `${caller.id} and ${vendor.dialect.id}`, caller, vendor })),
);

describe.each(pairs)('between $name', ({ caller, vendor }) => {
  const reasoned = fc.array(vendor.block, { minLength: 1, maxLength: 3 });

  it.each<Form>(['whole', 'streamed'])('reasoning comes back as it was made: %s', (form) => {
    fc.assert(
      fc.property(reasoned, (made) => {
        const turns = overTwoTurns(caller, vendor, made, form);
        const { text: sent, losses } = prepare(caller, body(caller, turns), target(vendor));
        expect(arrived(vendor.dialect, sent)).toEqual(made);
        expect(sent).not.toContain('gw1.');
        expect(losses.filter(({ field }) => field === 'reasoning' || field === 'thinking')).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  it.each(vendors.map((other) => ({ speaks: other.dialect.id, other })))(
    'another vendor, who speaks $speaks, gets nothing of it but the text, and that is told',
    ({ other }) => {
      fc.assert(
        fc.property(reasoned, (made) => {
          const turns = overTwoTurns(caller, vendor, made, 'whole');
          const { text: sent, losses } = prepare(caller, body(caller, turns), target(other, 'other'));
          expect(arrived(other.dialect, sent).filter((part) => 'opaque' in part)).toEqual([]);
          expect(sent).not.toContain('gw1.');
          expect(losses).toContainEqual({ action: 'dropped', field: 'reasoning' });
        }),
        { numRuns: 20 },
      );
    },
  );
});
