// What may be remembered: R-81 as a table.

import { describe, expect, it } from 'vitest';
import {
  isKeepable,
  isWorthKeeping,
  mightBeKept,
  readDirectives,
  type CachePolicy,
} from '../../../src/cache/admission.ts';
import type { ChatRequest } from '../../../src/core/chat.ts';
import type { ChatEvent, FinishReason } from '../../../src/core/event.ts';

const policy = (fields: Partial<CachePolicy> = {}): CachePolicy => ({
  mode: 'deterministic',
  tools: false,
  tags: [],
  ...fields,
});

const request = (fields: Partial<ChatRequest> = {}): ChatRequest => ({
  model: 'm',
  stream: false,
  streamUsage: false,
  temperature: 0,
  messages: [{ role: 'user', parts: [{ type: 'text', text: 'Hello' }] }],
  ...fields,
});
const TOOL = { type: 'function', name: 'f' } as const;
const { temperature: _, ...atAnyTemperature } = request();

describe('a request', () => {
  it.each<[string, ChatRequest, CachePolicy, boolean]>([
    ['with temperature 0', request(), policy(), true],
    ['with another temperature', request({ temperature: 0.1 }), policy(), false],
    ['without a temperature', atAnyTemperature, policy(), false],
    ['without a temperature, on opt-in', atAnyTemperature, policy({ mode: 'all' }), true],
    ['with temperature 0 where the cache is off', request(), policy({ mode: 'off' }), false],
    ['that offers tools', request({ tools: [TOOL] }), policy(), false],
    [
      'that offers tools where only chance is allowed',
      request({ tools: [TOOL] }),
      policy({ mode: 'all' }),
      false,
    ],
    ['that offers tools, on opt-in', request({ tools: [TOOL] }), policy({ tools: true }), true],
    ['for several answers', request({ n: 2 }), policy({ mode: 'all' }), false],
    ['that wants its prompt repeated', request({ echo: 'Hello' }), policy({ mode: 'all' }), false],
    ['for one answer', request({ n: 1 }), policy(), true],
    ['with a field that nobody knows', request({ extensions: { 'openai-chat': { x: 1 } } }), policy(), false],
    ['with no such field', request({ extensions: { 'openai-chat': {} } }), policy(), true],
    [
      'with such a field in a message',
      request({ messages: [{ role: 'user', parts: [], extensions: { a: { x: 1 } } }] }),
      policy(),
      false,
    ],
    [
      'with such a field in a tool',
      request({ tools: [{ ...TOOL, extensions: { a: { x: 1 } } }] }),
      policy({ tools: true }),
      false,
    ],
    ['with a field inside that nobody reads', request({ unread: ['messages.content.x'] }), policy(), false],
  ])('%s', (_name, asked, by, expected) => {
    expect(isKeepable(asked, by)).toBe(expected);
  });

  it('is passed over at the first look at its body when it cannot be remembered', () => {
    expect(mightBeKept({}, policy())).toBe(false);
    expect(mightBeKept({ temperature: 1 }, policy())).toBe(false);
    expect(mightBeKept({ temperature: 0 }, policy())).toBe(true);
    expect(mightBeKept({}, policy({ mode: 'all' }))).toBe(true);
    expect(mightBeKept({ temperature: 0 }, policy({ mode: 'off' }))).toBe(false);
  });
});

describe('a reply', () => {
  const ended = (unified: FinishReason['unified'], ...before: readonly ChatEvent[]): readonly ChatEvent[] => [
    { type: 'start' },
    ...before,
    { type: 'finish', reason: { unified } },
  ];
  const text: readonly ChatEvent[] = [
    { type: 'text-start', block: 0 },
    { type: 'text-delta', block: 0, text: 'Hi' },
    { type: 'text-end', block: 0 },
  ];
  const refusal: readonly ChatEvent[] = [
    { type: 'text-start', block: 0, refusal: true },
    { type: 'text-delta', block: 0, text: 'No' },
    { type: 'text-end', block: 0 },
  ];
  const call: readonly ChatEvent[] = [
    { type: 'tool-call-start', block: 0, id: 'c', name: 'f' },
    { type: 'tool-call-end', block: 0 },
  ];
  const failure: ChatEvent = {
    type: 'failure',
    class: 'server',
    failure: { kind: 'upstream-error', message: 'broke' },
  };

  it.each<[string, readonly ChatEvent[], boolean, boolean]>([
    ['that is complete', ended('stop', ...text), false, true],
    ['that ended at a stop string', ended('stop-sequence', ...text), false, true],
    ['that has not ended', [{ type: 'start' }, ...text], false, false],
    ['that failed after its text', [{ type: 'start' }, ...text, failure], false, false],
    ['that was cut off', ended('length', ...text), false, false],
    ['that did not fit', ended('context-full', ...text), false, false],
    ['that was filtered', ended('content-filter', ...text), false, false],
    ['that was refused', ended('refusal', ...text), false, false],
    ['that is a refusal', ended('stop', ...refusal), false, false],
    ['that paused', ended('paused', ...text), false, false],
    ['that ended nobody knows how', ended('other', ...text), false, false],
    ['that says nothing', ended('stop'), false, false],
    ['that is nothing', [], false, false],
    ['that calls a tool', ended('tool-calls', ...call), false, false],
    ['that calls a tool and ends well', ended('stop', ...call), false, false],
    ['that calls a tool, on opt-in', ended('tool-calls', ...call), true, true],
  ])('%s', (_name, events, tools, expected) => {
    expect(isWorthKeeping(events, policy({ tools }))).toBe(expected);
  });
});

describe('Cache-Control', () => {
  it.each([
    [undefined, false, false, Infinity],
    ['no-store', true, false, Infinity],
    ['No-Cache', false, true, Infinity],
    ['max-age=60', false, false, 60_000],
    ['max-age=0, no-store', true, false, 0],
    ['max-age="5", max-age=10', false, false, 5000],
    ['max-age=-1, max-age=x, private, no-storex', false, false, Infinity],
  ])('%s', (header, noStore, noCache, maxAgeMs) => {
    expect(readDirectives(header)).toEqual({ noStore, noCache, maxAgeMs });
  });
});
