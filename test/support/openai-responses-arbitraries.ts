// Requests and replies that the Responses API can say, generated in the one form in which this dialect writes them. For the
// laws of the dialect, and for suites that cross dialects.

import * as fc from 'fast-check';

import type { ChatEvent } from '../../src/core/event.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { OpenaiResponsesTraits } from '../../src/dialects/openai-responses/traits.ts';
import { told } from '../../src/dialects/told.ts';
import { plain, replyEvents, streamEvents, text, url, word } from './openai-chat-arbitraries.ts';
import { strictSchema } from './strict-schema.ts';

/** A model that takes everything. */
export const fullTraits: OpenaiResponsesTraits = {
  sampling: true,
  logprobs: true,
  efforts: ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'],
  summaries: true,
  encryptedReasoning: true,
  outputField: 'text',
  customTools: true,
  toolChoice: 'typed',
  documents: 'any',
  resultParts: true,
  cacheMarks: 'prompt_cache_breakpoint',
  hostedItems: true,
  userField: 'safety_identifier',
  hints: true,
  verbosity: true,
};

// Replies

/** As chat completions say it, in the words of this dialect and without what it has none for. */
function sayable(events: readonly ChatEvent[]): readonly ChatEvent[] {
  const refusals = new Set(
    events.flatMap((event) => (event.type === 'text-start' && event.refusal === true ? [event.block] : [])),
  );
  return events.map((event): ChatEvent => {
    switch (event.type) {
      case 'text-delta':
        return refusals.has(event.block) ? { type: event.type, block: event.block, text: event.text } : event;
      case 'citation': {
        const { citedText: _unsayable, ...citation } = event.citation;
        return { ...event, citation };
      }
      case 'reasoning-end':
        return event.opaque === undefined
          ? event
          : {
              ...event,
              opaque: { format: 'openai-responses-v1', kind: 'encrypted', data: event.opaque.data },
            };
      case 'opaque':
        return {
          ...event,
          dialect: 'openai-responses',
          content: { type: 'web_search_call', id: 'ws_1', status: 'completed' },
        };
      case 'usage':
        return { ...event, usage: { cacheRead: 0, reasoning: 0, ...event.usage } };
      case 'finish':
        return { ...event, reason: { ...event.reason, raw: RAW[event.reason.raw ?? ''] ?? 'completed' } };
      case 'start':
      case 'text-start':
      case 'text-end':
      case 'reasoning-start':
      case 'reasoning-delta':
      case 'tool-call-start':
      case 'tool-call-delta':
      case 'tool-call-end':
      case 'failure':
        return event;
    }
  });
}

const RAW: Readonly<Record<string, string>> = {
  length: 'max_output_tokens',
  content_filter: 'content_filter',
};

/** In one piece, each call is told to its end before the next. */
function oneByOne(events: readonly ChatEvent[]): readonly ChatEvent[] {
  const isOfCall = (event: ChatEvent): boolean => event.type.startsWith('tool-call');
  const calls = events.filter(isOfCall);
  const blocks = [...new Set(calls.flatMap((event) => ('block' in event ? [event.block] : [])))];
  const sorted = blocks.flatMap((block) =>
    calls.filter((event) => 'block' in event && event.block === block),
  );
  const first = events.findIndex(isOfCall);
  const rest = events.filter((event) => !isOfCall(event));
  return first === -1 ? events : [...rest.slice(0, first), ...sorted, ...rest.slice(first)];
}

export const responsesStream: fc.Arbitrary<readonly ChatEvent[]> = streamEvents.map(sayable);
export const responsesReply: fc.Arbitrary<readonly ChatEvent[]> = replyEvents.map(sayable).map(oneByOne);

// Requests

const anyJson: fc.Arbitrary<JsonObject> = fc.dictionary(
  word,
  fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null), fc.array(text, { maxLength: 2 })),
  { maxKeys: 3 },
);

function optional<Fields extends object>(fields: { [Name in keyof Fields]: fc.Arbitrary<Fields[Name]> }) {
  return fc.record(fields, { requiredKeys: [] }).map((drawn) => told(drawn));
}

const mark: fc.Arbitrary<JsonObject> = fc
  .option(optional({ ttl: fc.constantFrom('30m', '12h') }), { freq: 3 })
  .map((hint) => (hint === null ? {} : { prompt_cache_breakpoint: { mode: 'explicit', ...hint } }));

function marked(part: fc.Arbitrary<JsonObject>): fc.Arbitrary<JsonObject> {
  return fc.tuple(part, mark).map(([fields, hint]) => ({ ...fields, ...hint }));
}

const inputText = marked(fc.record({ type: fc.constant('input_text'), text }));
const image = marked(
  fc
    .tuple(
      fc.oneof(
        url.map((address) => ({ image_url: address })),
        fc.constant({ image_url: 'data:image/png;base64,iVBORw0KGgo=' }),
        word.map((file_id) => ({ file_id })),
      ),
      optional({ detail: fc.constantFrom('low', 'high') }),
    )
    .map(([source, detail]) => ({ type: 'input_image', ...source, ...detail })),
);
const file = marked(
  fc
    .oneof(
      fc.record({ filename: word, file_data: fc.constant('data:application/pdf;base64,JVBERi0=') }),
      fc.record({ filename: word, file_url: url }),
      fc.record({ file_id: word }),
    )
    .map((source) => ({ type: 'input_file', ...source })),
);
const audio = fc.record({
  type: fc.constant('input_video'),
  video: fc.record({ url }),
});

/** A string, or parts that are no plain single text. */
function content(part: fc.Arbitrary<JsonObject>): fc.Arbitrary<JsonObject[string]> {
  const parts = fc
    .array(part, { minLength: 1, maxLength: 3 })
    .filter(
      ([first, second]) => second !== undefined || !('text' in first!) || Object.keys(first).length > 2,
    );
  return fc.oneof(text, parts);
}

const userMessage: fc.Arbitrary<JsonObject> = content(fc.oneof(inputText, inputText, image, file, audio)).map(
  (said) => ({ role: 'user', content: said }),
);
const systemMessage: fc.Arbitrary<JsonObject> = fc.record({
  role: fc.constantFrom('system', 'developer'),
  content: content(inputText),
});
const assistantMessage: fc.Arbitrary<JsonObject> = content(
  fc.oneof(
    fc.tuple(text, fc.option(fc.tuple(url, text), { freq: 3 })).map(([said, cited]) => ({
      type: 'output_text',
      text: said,
      ...(cited === null
        ? {}
        : {
            annotations: [
              { type: 'url_citation', start_index: 0, end_index: 1, url: cited[0], title: cited[1] },
            ],
          }),
    })),
    fc.record({ type: fc.constant('refusal'), refusal: text }),
  ),
).map((said) => ({ role: 'assistant', content: said }));
const reasoning: fc.Arbitrary<JsonObject> = fc.tuple(fc.option(text), word).map(([shown, data]) => ({
  type: 'reasoning',
  summary: shown === null ? [] : [{ type: 'summary_text', text: shown }],
  encrypted_content: data,
}));
const hostedItem = anyJson.map((fields) => ({ ...fields, type: 'web_search_call' }));

type DrawnCall = {
  readonly isCustom: boolean;
  readonly name: string;
  readonly input: string;
  readonly output: unknown;
};
const call: fc.Arbitrary<DrawnCall> = fc.record({
  isCustom: fc.boolean(),
  name: word,
  input: fc.constantFrom('{}', '{"a":1}', 'not JSON', '[1]'),
  output: content(fc.oneof(inputText, inputText, image, file)),
});

function writeCalls(calls: readonly DrawnCall[], turn: number): readonly JsonObject[] {
  const id = (place: number): string => `call_${turn}_${place}`;
  return [
    ...calls.map(({ isCustom, name, input }, place) =>
      isCustom
        ? { type: 'custom_tool_call', call_id: id(place), name, input }
        : { type: 'function_call', call_id: id(place), name, arguments: input },
    ),
    ...calls.map(({ isCustom, output }, place) => ({
      type: isCustom ? 'custom_tool_call_output' : 'function_call_output',
      call_id: id(place),
      output: output as JsonObject[string],
    })),
  ];
}

/** A user's message and what comes of it; reasoning comes before what it has led to. */
const turn = fc.record({
  user: userMessage,
  system: fc.option(systemMessage, { freq: 5 }),
  hosted: fc.option(hostedItem, { freq: 5 }),
  reasoning: fc.option(reasoning),
  said: fc.option(assistantMessage),
  calls: fc.array(call, { maxLength: 3 }),
});

type Turn = typeof turn extends fc.Arbitrary<infer Drawn> ? Drawn : never;

function writeTurn({ user, system, hosted, reasoning: thought, said, calls }: Turn, index: number) {
  const answer = [...(said === null ? [] : [said]), ...writeCalls(calls, index)];
  return [
    user,
    ...(system === null ? [] : [system]),
    ...(hosted === null ? [] : [hosted]),
    ...(thought === null || answer.length === 0 ? [] : [thought]),
    ...answer,
  ];
}

const functionTool = fc
  .record({ name: word, description: fc.option(text), parameters: anyJson, strict: fc.boolean() })
  .map(({ name, description, parameters, strict }) => ({
    type: 'function',
    name,
    strict,
    parameters,
    ...told({ description }),
  }));
const customTool = fc
  .record({
    name: word,
    description: fc.option(text),
    format: fc.option(
      fc.oneof(
        fc.constant({ type: 'text' }),
        fc.constant({ type: 'grammar', syntax: 'lark', definition: 'start: "o"' }),
      ),
    ),
  })
  .map(({ name, description, format }) => ({ type: 'custom', name, ...told({ description, format }) }));
const hostedTool = anyJson.map((fields) => ({ ...fields, type: 'web_search' }));

function toolChoice(choice: string): JsonObject | string {
  const named = { type: 'function', name: 'not_among_the_tools' };
  if (choice === 'named') return named;
  return choice === 'allowed' ? { type: 'allowed_tools', mode: 'auto', tools: [named] } : choice;
}

const tools: fc.Arbitrary<JsonObject> = fc
  .record({
    tools: fc.array(fc.oneof(functionTool, customTool, hostedTool), { minLength: 1, maxLength: 3 }),
    parallel_tool_calls: fc.option(fc.boolean()),
    choice: fc.option(fc.constantFrom('none', 'auto', 'required', 'named', 'allowed')),
  })
  .map(({ tools: offered, parallel_tool_calls, choice }) => ({
    tools: offered as JsonObject[],
    ...told({ parallel_tool_calls, tool_choice: choice === null ? null : toolChoice(choice) }),
  }));

const format: fc.Arbitrary<JsonObject> = fc.oneof(
  fc.record({ type: fc.constantFrom('text', 'json_object') }),
  fc
    .record(
      { name: word, schema: anyJson, description: text, strict: fc.constant(false) },
      { requiredKeys: ['name', 'schema'] },
    )
    .map((schema) => ({ type: 'json_schema', ...told(schema) })),
  fc.record({
    type: fc.constant('json_schema'),
    name: word,
    schema: strictSchema,
    strict: fc.constant(true),
  }),
);

const settings: fc.Arbitrary<JsonObject> = optional({
  max_output_tokens: fc.integer({ min: 16, max: 100_000 }),
  temperature: fc.double({ min: 0, max: 2, noNaN: true }),
  top_p: fc.double({ min: 0, max: 1, noNaN: true }),
  text: fc
    .record({ format, verbosity: fc.constantFrom('low', 'high') }, { requiredKeys: [] })
    .filter((fields) => Object.keys(fields).length > 0),
  service_tier: fc.constantFrom('auto', 'flex'),
  safety_identifier: word,
  metadata: fc.dictionary(word, text, { maxKeys: 2 }),
  prompt_cache_key: word,
  truncation: fc.constant('auto'),
  a_field_of_tomorrow: anyJson,
});

/** Effort, summary and the rest of it; what is encrypted is always asked for while there is any. */
const thinking: fc.Arbitrary<JsonObject> = fc
  .record({
    reasoning: fc.option(
      optional({
        effort: fc.constantFrom('none', 'low', 'medium', 'high', 'a word of tomorrow'),
        summary: fc.constantFrom('auto', 'concise', 'detailed'),
        context: fc.constant('all_turns'),
      }).filter((fields) => Object.keys(fields).length > 0),
    ),
    sources: fc.boolean(),
    logprobs: fc.option(fc.nat(20)),
  })
  .map(({ reasoning: wish, sources, logprobs }) => {
    const include = [
      ...(sources ? ['web_search_call.action.sources'] : []),
      ...(wish?.effort === 'none' ? [] : ['reasoning.encrypted_content']),
      ...(logprobs === null ? [] : ['message.output_text.logprobs']),
    ];
    return {
      ...(include.length === 0 ? {} : { include }),
      ...(logprobs === null ? {} : { top_logprobs: logprobs }),
      ...(wish === null ? {} : { reasoning: wish }),
    };
  });

export const responsesRequest: fc.Arbitrary<JsonObject> = fc
  .record({
    model: word,
    instructions: fc.option(text),
    turns: fc.array(turn, { minLength: 1, maxLength: 3 }),
    settings,
    thinking,
    tools: fc.option(tools),
    stream: fc.boolean(),
  })
  .map(({ model, instructions, turns, settings: chosen, thinking: thought, tools: offered, stream }) => ({
    model,
    ...told({ instructions }),
    input: turns.flatMap(writeTurn),
    store: false,
    ...chosen,
    ...thought,
    ...offered,
    ...(stream ? { stream: true } : {}),
  }))
  .map(plain);
