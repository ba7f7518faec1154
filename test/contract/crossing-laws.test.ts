// Laws of crossing from one dialect to the other, for replies and requests of any making.

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { ChatRequest, Message } from '../../src/core/chat.ts';
import { GatewayError } from '../../src/core/failure.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { ClientDialectId } from '../../src/dialects/dialect.ts';
import { request as anthropicRequest } from '../support/anthropic-messages-arbitraries.ts';
import { reply } from '../support/anthropic-messages-replies.ts';
import { faultsOf } from '../support/cohere-chat-requests.ts';
import { crossInto, crossRequest, dialectIds, dialects } from '../support/crossing.ts';
import { heardIn, meaningOf, type Form } from '../support/meaning.ts';
import { completionEvents, completionsRequest } from '../support/openai-completions-arbitraries.ts';
import { replyEvents, streamEvents } from '../support/openai-chat-arbitraries.ts';
import {
  responsesReply,
  responsesRequest,
  responsesStream,
} from '../support/openai-responses-arbitraries.ts';
import { wireRequest } from '../support/openai-chat-request-arbitraries.ts';
import { representatives, targetDialectIds, writeAt, type TargetDialectId } from '../support/places.ts';
import { translatable } from '../support/translatable.ts';

const chatReplies = fc.oneof(streamEvents, replyEvents);
const responsesReplies = fc.oneof(responsesStream, responsesReply);
const ways = [
  { from: 'openai-chat', to: 'anthropic-messages', replies: chatReplies },
  { from: 'openai-chat', to: 'openai-responses', replies: chatReplies },
  { from: 'anthropic-messages', to: 'openai-chat', replies: reply },
  { from: 'anthropic-messages', to: 'openai-responses', replies: reply },
  { from: 'openai-responses', to: 'openai-chat', replies: responsesReplies },
  { from: 'openai-responses', to: 'anthropic-messages', replies: responsesReplies },
  { from: 'openai-completions', to: 'openai-chat', replies: completionEvents },
  { from: 'openai-completions', to: 'openai-responses', replies: completionEvents },
  { from: 'openai-completions', to: 'anthropic-messages', replies: completionEvents },
] as const;

describe.each(ways)('from $from to $to', ({ from, to, replies }) => {
  it.each<Form>(['whole', 'streamed'])('a reply keeps its meaning, there and back, %s', (form) => {
    fc.assert(
      fc.property(replies, (events) => {
        const there = crossInto(dialects[to], events, form);
        expect(meaningOf(there)).toStrictEqual(heardIn(to, meaningOf(events), form));
        const back = crossInto(dialects[from], there, form);
        expect(meaningOf(back)).toStrictEqual(heardIn(from, meaningOf(there), form));
      }),
      { numRuns: 300 },
    );
  });
});

const requestWays = dialectIds.flatMap((from) =>
  targetDialectIds.filter((to) => to !== from).map((to) => ({ from, to })),
);

describe.each(requestWays)('from $from to $to', ({ from, to }) => {
  it.each(representatives[to])('a request to $model keeps its meaning but for what is named', (place) => {
    fc.assert(
      fc.property(requests[from], (body) => {
        const crossed = unlessImpossible(() => crossRequest(translatable(body), from, place, to));
        expect(crossed?.unexplained ?? []).toEqual([]);
        if (to === 'cohere-chat' && crossed !== undefined) expect(faultsOf(crossed.written)).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it.each(representatives[to])('calls to $model have their results directly behind them', (place) => {
    fc.assert(
      fc.property(histories, (messages) => {
        const request: ChatRequest = { model: 'any', messages, stream: false, streamUsage: false };
        const { body } = writeAt(place, to, request);
        expect(unanswered[to]((body['messages'] ?? body['input']) as readonly JsonObject[])).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});

const requests: Readonly<Record<ClientDialectId, fc.Arbitrary<JsonObject>>> = {
  'openai-chat': wireRequest('cache_control'),
  'anthropic-messages': anthropicRequest,
  'openai-responses': responsesRequest,
  'openai-completions': completionsRequest,
};

/** Some models cannot be forced to call a tool, or see no images, and to leave that out would be another request. */
function unlessImpossible<Value>(run: () => Value): Value | undefined {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    const { param, message } = error.failure;
    if (param === 'tool_choice' || message === 'this model takes no images') return undefined;
    throw error;
  }
}

/** Calls that nobody answers, results that nobody asked for, twice, too late, or between other messages. */
const id = fc.constantFrom('a', 'b', 'c');
const histories: fc.Arbitrary<readonly Message[]> = fc
  .array(
    fc.oneof(
      fc.constant<Message>({ role: 'user', parts: [{ type: 'text', text: 'Hello' }] }),
      fc.constant<Message>({ role: 'system', parts: [{ type: 'text', text: 'Be brief.' }] }),
      id.map((callId): Message => ({ role: 'tool', callId, parts: [{ type: 'text', text: 'done' }] })),
      fc.uniqueArray(id, { maxLength: 3 }).map((ids): Message => ({
        role: 'assistant',
        parts: [
          { type: 'text', text: 'Well.' },
          ...ids.map((call) => ({ type: 'tool-call' as const, id: call, name: 'f', arguments: '{}' })),
        ],
      })),
    ),
    { maxLength: 8 },
  )
  .map((messages) => [...messages, { role: 'user', parts: [{ type: 'text', text: 'Well?' }] }]);

/** Ids of calls without their result, and of results without their call, where each dialect wants them. */
type Check = (messages: readonly JsonObject[]) => readonly unknown[];
const behindCalls: Check = (messages) => {
  let open: unknown[] = [];
  const wrong: unknown[] = [];
  for (const message of messages) {
    if (message['role'] === 'tool') {
      const place = open.indexOf(message['tool_call_id']);
      if (place === -1) wrong.push(message['tool_call_id']);
      else open.splice(place, 1);
      continue;
    }
    wrong.push(...open);
    open = ((message['tool_calls'] ?? []) as readonly JsonObject[]).map((call) => call['id']);
  }
  return [...wrong, ...open];
};
const unanswered: Readonly<Record<TargetDialectId, Check>> = {
  'openai-chat': behindCalls,
  'cohere-chat': behindCalls,
  'openai-responses': (items) => {
    let open: unknown[] = [];
    const wrong: unknown[] = [];
    for (const [place, item] of items.entries()) {
      if (item['type'] === 'function_call') {
        // Calls of the turn before it are answered.
        if (items[place - 1]?.['type'] !== 'function_call') wrong.push(...open.splice(0));
        open.push(item['call_id']);
      } else if (item['type'] === 'function_call_output') {
        const known = open.indexOf(item['call_id']);
        if (known === -1) wrong.push(item['call_id']);
        else open.splice(known, 1);
      } else {
        wrong.push(...open);
        open = [];
      }
    }
    return [...wrong, ...open];
  },
  'anthropic-messages': (messages) =>
    messages.flatMap((message, place) => {
      const asked = idsOf(message, 'tool_use', 'id');
      const given = idsOf(messages[place + 1], 'tool_result', 'tool_use_id');
      const stray = place === 0 ? idsOf(message, 'tool_result', 'tool_use_id') : [];
      const ahead = given.filter(
        (_, index) => blocksOf(messages[place + 1])[index]?.['type'] !== 'tool_result',
      );
      return [
        ...stray,
        ...ahead,
        ...asked.filter((call) => !given.includes(call)),
        ...given.filter((call) => !asked.includes(call)),
      ];
    }),
};

function idsOf(message: JsonObject | undefined, type: string, field: string): readonly unknown[] {
  return blocksOf(message)
    .filter((block) => block['type'] === type)
    .map((block) => block[field]);
}

function blocksOf(message: JsonObject | undefined): readonly JsonObject[] {
  const content = message?.['content'];
  return Array.isArray(content) ? (content as readonly JsonObject[]) : [];
}
