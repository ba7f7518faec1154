// Replies of Cohere's of any making, each in both of its forms.

import * as fc from 'fast-check';

import type { JsonObject } from '../../src/core/json.ts';
import { encodeSse } from '../../src/streams/sse.ts';

const words = fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' });
const json = fc
  .dictionary(fc.string({ maxLength: 8 }), fc.jsonValue({ maxDepth: 1 }))
  .map((value) => JSON.stringify(value));

const content = fc.oneof(
  words.map((text): JsonObject => ({ type: 'text', text })),
  words.map((thinking): JsonObject => ({ type: 'thinking', thinking })),
);
const call = fc
  .record({
    id: fc.stringMatching(/^\w{1,20}$/),
    name: fc.stringMatching(/^[a-z_]\w{0,20}$/),
    text: fc.oneof(json, fc.constantFrom('', 'null', '{"a": "nul')),
  })
  .map(({ id, name, text }): JsonObject => ({ id, type: 'function', function: { name, arguments: text } }));
const citation = fc
  .record({ start: fc.nat(20), end: fc.nat(40), text: words, title: words })
  .map(({ start, end, text, title }): JsonObject => ({
    start,
    end,
    text,
    sources: [{ type: 'document', id: 'doc:0', document: { id: 'doc:0', title, text } }],
    type: 'TEXT_CONTENT',
  }));
const usage = fc
  .record({ input: fc.nat(9000), output: fc.nat(900), cached: fc.nat(900) })
  .map(({ input, output, cached }): JsonObject => ({
    billed_units: { input_tokens: 1, output_tokens: 1 },
    tokens: { input_tokens: input + cached, output_tokens: output },
    cached_tokens: cached,
  }));

/** Citations belong to the text that they are listed under. */
type Said = { readonly content: JsonObject; readonly citations: readonly JsonObject[] };
const said: fc.Arbitrary<Said> = fc
  .record({ content, citations: fc.array(citation, { maxLength: 2 }) })
  .map((made) => (made.content['type'] === 'text' ? made : { ...made, citations: [] }));

export type CohereReply = {
  readonly id: string;
  readonly plan: string;
  readonly contents: readonly Said[];
  readonly calls: readonly JsonObject[];
  readonly finish: string;
  readonly usage: JsonObject;
};

export const cohereReply: fc.Arbitrary<CohereReply> = fc.record({
  id: fc.uuid(),
  plan: fc.oneof(fc.constant(''), words),
  contents: fc.array(said, { maxLength: 3 }),
  calls: fc.array(call, { maxLength: 3 }),
  finish: fc.constantFrom('COMPLETE', 'STOP_SEQUENCE', 'MAX_TOKENS', 'TOOL_CALL'),
  usage,
});

/** https://docs.cohere.com/reference/chat */
export function wholeOf({ id, plan, contents, calls, finish, usage: told }: CohereReply): JsonObject {
  const citations = contents.flatMap((part, content_index) =>
    part.citations.map((given) => ({ ...given, content_index })),
  );
  return {
    id,
    message: {
      role: 'assistant',
      ...(plan === '' ? {} : { tool_plan: plan }),
      content: contents.map((part) => part.content),
      ...(calls.length === 0 ? {} : { tool_calls: calls }),
      ...(citations.length === 0 ? {} : { citations }),
    },
    finish_reason: finish,
    usage: told,
  };
}

/** https://docs.cohere.com/docs/streaming */
export function streamOf({ id, plan, contents, calls, finish, usage: told }: CohereReply): string {
  const start = { role: 'assistant', content: [], tool_plan: '', tool_calls: [], citations: [] };
  const events: readonly JsonObject[] = [
    { id, type: 'message-start', delta: { message: start } },
    ...halves(plan).map((piece) => ({ type: 'tool-plan-delta', delta: { message: { tool_plan: piece } } })),
    ...contents.flatMap(contentEvents),
    ...calls.flatMap(callEvents),
    { type: 'message-end', delta: { finish_reason: finish, usage: told } },
  ];
  return `${events.map((event) => encodeSse(JSON.stringify(event), event['type'] as string)).join('')}data: [DONE]\n\n`;
}

function contentEvents(part: Said, index: number): readonly JsonObject[] {
  const type = part.content['type'] as string;
  const field = type === 'text' ? 'text' : 'thinking';
  const delta = (fields: JsonObject): JsonObject => ({ index, delta: { message: { content: fields } } });
  return [
    { type: 'content-start', ...delta({ type, [field]: '' }) },
    ...halves(part.content[field] as string).map((piece) => ({
      type: 'content-delta',
      ...delta({ [field]: piece }),
    })),
    { type: 'content-end', index },
    ...part.citations.flatMap((given, place) => [
      {
        type: 'citation-start',
        index: place,
        delta: { message: { citations: { ...given, content_index: index } } },
      },
      { type: 'citation-end', index: place },
    ]),
  ];
}

function callEvents(given: JsonObject, index: number): readonly JsonObject[] {
  const { name, arguments: text } = given['function'] as {
    readonly name: string;
    readonly arguments: string;
  };
  const delta = (fields: JsonObject): JsonObject => ({ index, delta: { message: { tool_calls: fields } } });
  return [
    { type: 'tool-call-start', ...delta({ ...given, function: { name, arguments: '' } }) },
    ...halves(text).map((piece) => ({
      type: 'tool-call-delta',
      ...delta({ function: { arguments: piece } }),
    })),
    { type: 'tool-call-end', index },
  ];
}

function halves(text: string): readonly string[] {
  const middle = Math.ceil(text.length / 2);
  return [text.slice(0, middle), text.slice(middle)].filter((half) => half !== '');
}
