import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { ChatEvent } from '../../../src/core/event.ts';
import { answerThroughTool } from '../../../src/dialects/answer-tool.ts';
import { createFenceStripper } from '../../../src/dialects/code-fence.ts';
import type { ReviseReply } from '../../../src/dialects/dialect.ts';
import { askForJson, unwrapped } from '../../../src/dialects/json-answer.ts';
import { createLosses } from '../../../src/dialects/losses.ts';
import { andThen } from '../../../src/dialects/revise.ts';
import type { TextRevision } from '../../../src/dialects/text-revision.ts';
import { createUnwrapper, needsWrapper, wrapSchema } from '../../../src/dialects/value-wrapper.ts';

const FENCE = '```';

/** The text in pieces, cut where `cuts` say. */
function cut(text: string, cuts: readonly number[]): readonly string[] {
  const places = [...new Set([0, ...cuts.map((place) => place % (text.length + 1)), text.length])];
  const sorted = places.toSorted((a, b) => a - b);
  return sorted.slice(1).map((end, index) => text.slice(sorted[index], end));
}

function revise({ write, end }: TextRevision, pieces: readonly string[]): string {
  return pieces.map(write).join('') + end();
}

const json = fc.json();
const cuts = fc.array(fc.nat(), { maxLength: 12 });
const space = fc.constantFrom('', ' ', '\n', '\r\n', '\n\n  ');

describe('a code fence', () => {
  it('around JSON is taken away, wherever the text was cut', () => {
    const fence = fc.constantFrom(FENCE, `${FENCE}json`, `${FENCE}JSON`);
    fc.assert(
      fc.property(
        json,
        fence,
        cuts,
        fc.array(space, { minLength: 4, maxLength: 4 }),
        (inner, open, at, gaps) => {
          const [before = '', within = '', behind = '', after = ''] = gaps;
          // Directly behind a fence letters are its tag, and digits belong to one.
          fc.pre(!(open === FENCE ? /^[a-z]/i : /^[a-z\d]/i).test(within + inner));
          const text = `${before}${open}${within}${inner}${behind}${FENCE}${after}`;
          expect(revise(createFenceStripper(), cut(text, at))).toBe(inner.trimEnd());
        },
      ),
    );
  });

  it('that is not there leaves the text as it is', () => {
    fc.assert(
      fc.property(fc.oneof(json, fc.string()), cuts, (text, at) => {
        fc.pre(!text.trimStart().startsWith(FENCE));
        expect(revise(createFenceStripper(), cut(text, at))).toBe(text);
      }),
    );
  });

  it.each([
    ['of another language', `${FENCE}python\nprint()\n${FENCE}`],
    ['that never begins anything', FENCE],
    ['behind a word', `Here: ${FENCE}json\n{}\n${FENCE}`],
  ])('%s stays', (_, text) => {
    expect(revise(createFenceStripper(), text.split(''))).toBe(text);
  });

  it('within the JSON stays', () => {
    const text = `${FENCE}json\n{"code":"${FENCE}js"}\n${FENCE}`;
    expect(revise(createFenceStripper(), text.split(''))).toBe(`{"code":"${FENCE}js"}`);
  });

  it('holds back no more than might close it', () => {
    const { write } = createFenceStripper();
    expect([`${FENCE}js`, 'on\n{"a":', '1}\n', '``'].map(write)).toEqual(['', '{"a":', '1}', '']);
  });

  it('does not hold back white space without end', () => {
    const { write } = createFenceStripper();
    write(`${FENCE}json\n{`);
    expect(write(' '.repeat(5000))).not.toBe('');
  });
});

describe('a value in an object', () => {
  it('is taken out of it, wherever the text was cut', () => {
    fc.assert(
      fc.property(json, cuts, fc.array(space, { minLength: 5, maxLength: 5 }), (inner, at, gaps) => {
        const [a = '', b = '', c = '', d = '', e = ''] = gaps;
        const text = `${a}{${b}"value"${c}:${d}${inner}${e}}${a}`;
        expect(revise(createUnwrapper(), cut(text, at))).toBe(inner);
      }),
    );
  });

  it('that is none passes as it is', () => {
    fc.assert(
      fc.property(fc.oneof(json, fc.string()), cuts, (text, at) => {
        fc.pre(!/^\s*\{\s*"value"\s*:/.test(text));
        expect(revise(createUnwrapper(), cut(text, at))).toBe(text);
      }),
    );
  });

  it.each([
    [{ type: 'object', properties: {} }, false],
    [{ properties: {} }, false],
    [{}, false],
    [{ type: 'array' }, true],
    [{ type: ['object', 'null'] }, true],
    [{ anyOf: [{ type: 'object' }] }, true],
    [{ $ref: '#/$defs/node' }, true],
    [{ enum: ['a'] }, true],
  ])('is needed by %j: %s', (schema, isNeeded) => {
    expect(needsWrapper(schema)).toBe(isNeeded);
  });

  it('keeps the references of its schema', () => {
    const schema = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'array',
      items: { anyOf: [{ $ref: '#' }, { $ref: '#/$defs/leaf' }, { $ref: '#/items/anyOf/1' }] },
      $defs: { leaf: { type: 'string', default: { $ref: '#' } } },
    };
    expect(wrapSchema(schema)).toEqual({
      type: 'object',
      properties: {
        value: {
          type: 'array',
          items: {
            anyOf: [
              { $ref: '#/properties/value' },
              { $ref: '#/$defs/leaf' },
              { $ref: '#/properties/value/items/anyOf/1' },
            ],
          },
        },
      },
      required: ['value'],
      additionalProperties: false,
      $defs: { leaf: { type: 'string', default: { $ref: '#' } } },
    });
  });
});

const start: ChatEvent = { type: 'start' };
const stop: ChatEvent = { type: 'finish', reason: { unified: 'stop' } };
const called: ChatEvent = { type: 'finish', reason: { unified: 'tool-calls', raw: 'tool_use' } };

function run(begin: () => ReviseReply, events: readonly ChatEvent[]): readonly ChatEvent[] {
  return events.flatMap(begin());
}

describe('an answer through a tool', () => {
  const call = (pieces: readonly string[], name = 'json'): readonly ChatEvent[] => [
    { type: 'tool-call-start', block: 1, id: 'toolu_1', name },
    ...pieces.map((text): ChatEvent => ({ type: 'tool-call-delta', block: 1, arguments: text })),
    { type: 'tool-call-end', block: 1 },
  ];

  it('is a text, as it comes, that ends by itself', () => {
    expect(run(answerThroughTool('json'), [start, ...call(['{"a":', '1}']), called])).toEqual([
      start,
      { type: 'text-start', block: 1 },
      { type: 'text-delta', block: 1, text: '{"a":' },
      { type: 'text-delta', block: 1, text: '1}' },
      { type: 'text-end', block: 1 },
      stop,
    ]);
  });

  it('that is cut off has been cut off', () => {
    const cutOff: ChatEvent = { type: 'finish', reason: { unified: 'length' } };
    expect(run(answerThroughTool('json'), [...call(['{"a']), cutOff]).at(-1)).toEqual(cutOff);
  });

  it('leaves calls of other tools alone', () => {
    const events = [start, ...call(['{}'], 'weather'), called];
    expect(run(answerThroughTool('json'), events)).toEqual(events);
  });

  it('may stand in an object', () => {
    const events = run(andThen(answerThroughTool('json'), unwrapped), call(['{"value"', ':[1', ',2]', '}']));
    expect(events.flatMap((event) => (event.type === 'text-delta' ? [event.text] : []))).toEqual([
      '[1',
      ',2]',
    ]);
  });
});

describe('an answer that is asked for in words', () => {
  const text = (pieces: readonly string[], refusal?: true): readonly ChatEvent[] => [
    { type: 'text-start', block: 0, ...(refusal && { refusal }) },
    ...pieces.map((piece): ChatEvent => ({ type: 'text-delta', block: 0, text: piece })),
    { type: 'text-end', block: 0 },
  ];
  const { reviseReply } = askForJson({ type: 'json-object' }, { objectsOnly: true }, createLosses());

  it('loses its fence, and what was held back comes before the end', () => {
    expect(run(reviseReply, text([`${FENCE}json\n{}`, `\n${FENCE}`]))).toEqual(text(['{}']));
    expect(run(reviseReply, text([`${FENCE}json\n{}`, '\n``']))).toEqual(text(['{}', '\n``']));
  });

  it('has a state of its own in each reply and each text', () => {
    const revise = reviseReply();
    expect([...text([`${FENCE}\n1`]), ...text([`${FENCE}\n2`])].flatMap(revise)).toEqual([
      ...text(['1']),
      ...text(['2']),
    ]);
    expect(run(reviseReply, text([`${FENCE}\n3`]))).toEqual(text(['3']));
  });

  it('is left as it is where the model refuses', () => {
    expect(run(reviseReply, text([`${FENCE}json\n{}`], true))).toEqual(text([`${FENCE}json\n{}`], true));
  });

  it('of a list is taken out of the object that the server insists on', () => {
    const losses = createLosses();
    const output = { type: 'json-schema', schema: { type: 'array' } } as const;
    const asked = askForJson(output, { objectsOnly: true }, losses);
    expect(asked.instruction).toContain('"value"');
    expect(run(asked.reviseReply, text([`${FENCE}json\n{"value": [1]}\n${FENCE}`]))).toEqual(text(['[1]']));
    expect(losses.list()).toEqual([
      { action: 'emulated', field: 'response_format' },
      { action: 'best_effort', field: 'structured_output' },
    ]);
  });

  it('keeps what is known of its tokens', () => {
    const events: readonly ChatEvent[] = [
      { type: 'text-start', block: 0 },
      { type: 'text-delta', block: 0, text: FENCE, logprobs: [{ token: FENCE }] },
    ];
    expect(run(reviseReply, events)[1]).toEqual({ ...events[1], text: '' });
  });
});
