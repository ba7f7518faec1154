// Conversations of any making, as other dialects and other models leave them: whatever they are, what is written keeps
// the rules of the API.

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { AssistantPart, ChatRequest, Message, TextPart } from '../../../../src/core/chat.ts';
import type { JsonObject } from '../../../../src/core/json.ts';
import { anthropicMessages } from '../../../../src/dialects/anthropic-messages/index.ts';
import { fullTraits } from '../../../support/anthropic-messages-arbitraries.ts';

const text: fc.Arbitrary<TextPart> = fc.record({
  type: fc.constant('text'),
  text: fc.constantFrom('', ' ', 'word', 'more words '),
});
const said: fc.Arbitrary<TextPart> = fc.record({
  type: fc.constant('text'),
  text: fc.constantFrom('a', 'b'),
});
const callId = fc.constantFrom('', 'a', 'b', 'a.b', 'a_b', 'call:1');
const assistantPart: fc.Arbitrary<AssistantPart> = fc.oneof(
  text,
  fc.record({
    type: fc.constant('tool-call'),
    id: callId,
    name: fc.constantFrom('f', 'g'),
    arguments: fc.constantFrom('', 'null', '{}', '{"x":', '[1]'),
  }),
  fc.record({
    type: fc.constant('reasoning'),
    text: fc.constant('hm'),
    opaque: fc.record({
      format: fc.constantFrom('anthropic-claude-v1', 'openai-responses-v1'),
      kind: fc.constantFrom('signature', 'encrypted'),
      data: fc.constantFrom('', 'data'),
    }),
  }),
);
const message: fc.Arbitrary<Message> = fc.oneof(
  fc.record({ role: fc.constant('system'), parts: fc.array(text, { maxLength: 2 }) }),
  fc.record({ role: fc.constant('user'), parts: fc.array(said, { minLength: 1, maxLength: 2 }) }),
  fc.record({ role: fc.constant('assistant'), parts: fc.array(assistantPart, { maxLength: 4 }) }),
  fc.record({ role: fc.constant('tool'), callId, parts: fc.array(text, { maxLength: 2 }) }),
);

function write(messages: readonly Message[], systemMessages: boolean): JsonObject {
  const request: ChatRequest = { model: 'claude', messages, stream: false, streamUsage: true };
  return anthropicMessages.egress.writeRequest(request, { ...fullTraits, systemMessages }).body;
}

function blocksOf(message: JsonObject | undefined): readonly JsonObject[] {
  const content = message?.['content'];
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  return Array.isArray(content) ? (content as JsonObject[]) : [];
}

function ofType(message: JsonObject | undefined, type: string): readonly JsonObject[] {
  return blocksOf(message).filter((block) => block['type'] === type);
}

/** Checks the messages that were written, for conversations of any making. */
function everyConversation(check: (messages: readonly JsonObject[], body: JsonObject) => void): void {
  fc.assert(
    fc.property(fc.array(message, { maxLength: 10 }), fc.boolean(), (messages, systemMessages) => {
      const body = write(messages, systemMessages);
      check(body['messages'] as readonly JsonObject[], body);
    }),
    { numRuns: 400 },
  );
}

describe('a conversation of any making', () => {
  it('is a request that this dialect can read again', () => {
    everyConversation((_, body) => {
      expect(() => anthropicMessages.ingress.readRequest(body)).not.toThrow();
    });
  });

  it('begins with the user and says something in every turn', () => {
    everyConversation((messages) => {
      expect(messages[0]?.['role']).toBe('user');
      for (const turn of messages) {
        expect(blocksOf(turn)).not.toEqual([]);
        for (const block of ofType(turn, 'text')) expect(block['text']).not.toBe('');
      }
    });
  });

  it('answers every call once, in the next turn, before anything else', () => {
    everyConversation((messages) => {
      for (const [index, turn] of messages.entries()) {
        const results = ofType(messages[index + 1], 'tool_result').map((block) => block['tool_use_id']);
        const calls = ofType(turn, 'tool_use').map((block) => block['id']);
        if (turn['role'] === 'assistant') {
          expect(results).toHaveLength(calls.length);
          expect(new Set(results)).toEqual(new Set(calls));
        }
        const types = blocksOf(turn).map((block) => block['type'] === 'tool_result');
        expect(types).toEqual(types.toSorted((a, b) => Number(b) - Number(a)));
      }
      expect(ofType(messages[0], 'tool_result')).toEqual([]);
    });
  });

  it('has ids that are unique and made of what the API takes', () => {
    everyConversation((messages) => {
      const ids = messages.flatMap((turn) => ofType(turn, 'tool_use')).map((block) => block['id'] as string);
      expect(new Set(ids).size).toBe(ids.length);
      for (const id of ids) expect(id).toMatch(/^[a-zA-Z0-9_-]+$/);
    });
  });

  it('declares tools whenever one was called', () => {
    everyConversation((messages, body) => {
      const hasCalls = messages.some((turn) => ofType(turn, 'tool_use').length > 0);
      expect(body['tools'] !== undefined).toBe(hasCalls);
    });
  });

  it("gives back no thinking but Claude's own", () => {
    everyConversation((messages) => {
      const thoughts = messages.flatMap((turn) => ofType(turn, 'thinking'));
      for (const thought of thoughts) expect(thought['signature']).toBe('data');
    });
  });

  it('puts a message of the system only behind a turn of the user, and never two', () => {
    everyConversation((messages) => {
      for (const [index, turn] of messages.entries()) {
        if (turn['role'] !== 'system') continue;
        expect(messages[index - 1]?.['role']).toBe('user');
        expect([undefined, 'assistant']).toContain(messages[index + 1]?.['role']);
      }
    });
  });

  it('begins the same when it grows', () => {
    fc.assert(
      fc.property(
        fc.array(message, { maxLength: 8 }),
        fc.array(message, { maxLength: 3 }),
        (messages, more) => {
          const answered: readonly Message[] = [
            ...messages,
            { role: 'user', parts: [{ type: 'text', text: 'Go on.' }] },
          ];
          const short = write(answered, false)['messages'] as readonly JsonObject[];
          const long = write(
            [...answered, { role: 'assistant', parts: [{ type: 'text', text: 'Yes.' }] }, ...more],
            false,
          );
          expect((long['messages'] as readonly JsonObject[]).slice(0, short.length)).toEqual(short);
        },
      ),
    );
  });
});
