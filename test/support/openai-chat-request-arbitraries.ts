// Requests that chat completions can say, generated in the one form in which this dialect writes them. For the laws of the
// dialect, and for suites that cross dialects.

import * as fc from 'fast-check';

import type { JsonObject } from '../../src/core/json.ts';
import { told } from '../../src/dialects/told.ts';
import { plain, text, url, word } from './openai-chat-arbitraries.ts';
import { strictSchema } from './strict-schema.ts';

export type CacheSpelling = 'prompt_cache_breakpoint' | 'cache_control';

const anyJson: fc.Arbitrary<JsonObject> = fc.dictionary(
  word,
  fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null), fc.array(text, { maxLength: 2 })),
  { maxKeys: 3 },
);

/**
 * Requests in the one form in which this dialect writes them: a single text is a string, `developer` is the system's
 * role, and of two names for a field the newer one.
 */
export function wireRequest(spelling: CacheSpelling): fc.Arbitrary<JsonObject> {
  return fc
    .record({
      model: word,
      system: fc.array(systemMessage(spelling), { maxLength: 2 }),
      turns: fc.array(turn(spelling), { minLength: 1, maxLength: 3 }),
      settings,
      tools: fc.option(tools),
      stream: fc.boolean(),
    })
    .map(({ model, system, turns, settings: chosen, tools: offered, stream }) => ({
      model,
      messages: [...system, ...turns.flatMap(distinctIds)],
      ...chosen,
      ...offered,
      ...(stream ? { stream: true, stream_options: { include_usage: true } } : {}),
    }))
    .map(plain);
}

function mark(spelling: CacheSpelling): fc.Arbitrary<JsonObject> {
  return spelling === 'cache_control'
    ? optional({ ttl: fc.constantFrom('5m', '1h') }).map((hint) => ({
        cache_control: { type: 'ephemeral', ...hint },
      }))
    : optional({ ttl: fc.constantFrom('30m', '12h') }).map((hint) => ({
        prompt_cache_breakpoint: { mode: 'explicit', ...hint },
      }));
}

function marked(part: fc.Arbitrary<JsonObject>, spelling: CacheSpelling): fc.Arbitrary<JsonObject> {
  const hint = fc.option(mark(spelling), { freq: 3 });
  return fc.tuple(part, hint).map(([fields, drawn]) => ({ ...fields, ...drawn }));
}

function textPart(spelling: CacheSpelling): fc.Arbitrary<JsonObject> {
  return marked(fc.record({ type: fc.constant('text'), text }), spelling);
}

/** A string, or parts that are no plain single text. */
function content(part: fc.Arbitrary<JsonObject>): fc.Arbitrary<JsonObject[string]> {
  const parts = fc
    .array(part, { minLength: 1, maxLength: 3 })
    .filter(
      ([first, second]) =>
        second !== undefined || first!['type'] !== 'text' || Object.keys(first!).length > 2,
    );
  return fc.oneof(text, parts);
}

function userPart(spelling: CacheSpelling): fc.Arbitrary<JsonObject> {
  const detail = optional({ detail: fc.constantFrom('low', 'high') });
  const imageUrl = fc.oneof(
    url,
    fc.constantFrom('data:image/png;base64,iVBORw0KGgo=', 'data:image/jpeg;base64,/9j/'),
  );
  const image = fc.tuple(imageUrl, detail).map(([place, chosen]) => ({
    type: 'image_url',
    image_url: { url: place, ...chosen },
  }));
  const file = fc.oneof(
    fc.record({ filename: word, file_data: fc.constant('data:application/pdf;base64,JVBERi0=') }),
    fc.record({ file_id: word }),
  );
  return fc.oneof(
    textPart(spelling),
    marked(image, spelling),
    marked(fc.record({ type: fc.constant('file'), file }), spelling),
    fc.record({
      type: fc.constant('input_audio'),
      input_audio: fc.record({ data: word, format: fc.constant('wav') }),
    }),
    fc.record({ type: fc.constant('video_url'), video_url: fc.record({ url }) }),
  );
}

function systemMessage(spelling: CacheSpelling): fc.Arbitrary<JsonObject> {
  return fc.record({ role: fc.constant('developer'), content: content(textPart(spelling)) });
}

/** A user message, the answer to it, and the results of its calls. */
function turn(spelling: CacheSpelling): fc.Arbitrary<readonly JsonObject[]> {
  const user = fc
    .record({ content: content(userPart(spelling)), name: fc.option(word) })
    .map(({ content: said, name }) => ({ role: 'user', content: said, ...(name === null ? {} : { name }) }));
  const part = fc.oneof(textPart(spelling), fc.record({ type: fc.constant('refusal'), refusal: text }));
  const silent: fc.Arbitrary<JsonObject[string]> = fc.constant(null);
  const assistant = fc
    .record({
      said: fc.oneof(content(part), silent),
      calls: fc.array(toolCall(spelling), { maxLength: 3 }),
      reasoning: fc.array(reasoningDetail, { maxLength: 2 }),
    })
    .filter(({ said, calls }) => said !== null || calls.length > 0);
  return fc.tuple(user, fc.option(assistant)).map(([asked, answered]) => {
    if (answered === null) return [asked];
    const { said, calls, reasoning } = answered;
    return [
      asked,
      {
        role: 'assistant',
        content: said,
        ...(reasoning.length === 0
          ? {}
          : {
              reasoning_details: reasoning.flatMap((entries, index) =>
                entries.map((entry) => ({ ...entry, index })),
              ),
            }),
        ...(calls.length === 0 ? {} : { tool_calls: calls.map(({ call }) => call) }),
      },
      ...calls.map(({ result }) => result),
    ];
  });
}

function toolCall(spelling: CacheSpelling) {
  const called = fc.oneof(
    fc.record({
      type: fc.constant('function'),
      function: fc.record({ name: word, arguments: fc.constantFrom('{}', '{"a":1}', 'not JSON', '[1]') }),
    }),
    fc.record({ type: fc.constant('custom'), custom: fc.record({ name: word, input: text }) }),
  );
  return fc.tuple(called, content(textPart(spelling))).map(([fields, result]) => ({
    call: fields as JsonObject,
    result: { role: 'tool', content: result } as JsonObject,
  }));
}

/** Ids are the test's own, so that a result belongs to one call only. */
function distinctIds(messages: readonly JsonObject[], turnIndex: number): readonly JsonObject[] {
  const id = (call: number): string => `call_${turnIndex}_${call}`;
  let answered = 0;
  return messages.map((message) => {
    if (message['role'] === 'tool') return { ...message, tool_call_id: id(answered++) };
    const calls = message['tool_calls'] as readonly JsonObject[] | undefined;
    return calls === undefined
      ? message
      : { ...message, tool_calls: calls.map((call, index) => ({ ...call, id: id(index) })) };
  });
}

/** The entries of one block. */
const reasoningDetail: fc.Arbitrary<readonly JsonObject[]> = fc.oneof(
  text.map((said) => [{ type: 'reasoning.text', text: said }]),
  fc
    .record({ text, signature: word })
    .map((signed) => [{ type: 'reasoning.text', ...signed, format: 'anthropic-claude-v1' }]),
  word.map((data) => [{ type: 'reasoning.encrypted', data, format: 'google-gemini-v1' }]),
  fc.record({ summary: text, data: word, id: word }).map(({ summary, data, id }) => [
    { type: 'reasoning.summary', summary, format: 'openai-responses-v1' },
    { type: 'reasoning.encrypted', data, id, format: 'openai-responses-v1' },
  ]),
);

const functionTool = fc
  .record(
    { name: word, description: text, parameters: anyJson, strict: fc.boolean() },
    { requiredKeys: ['name'] },
  )
  .map((definition) => ({ type: 'function', function: told(definition) }));
const customTool = fc
  .record({ name: word, description: text, format: anyJson }, { requiredKeys: ['name'] })
  .map((definition) => ({ type: 'custom', custom: told(definition) }));
const hostedTool = anyJson.map((fields) => ({ ...fields, type: 'openrouter:web_search' }));

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

function toolChoice(choice: string): JsonObject | string {
  const named = { type: 'function', function: { name: 'not_among_the_tools' } };
  if (choice === 'named') return named;
  return choice === 'allowed'
    ? { type: 'allowed_tools', allowed_tools: { mode: 'auto', tools: [named] } }
    : choice;
}

const responseFormat: fc.Arbitrary<JsonObject> = fc.oneof(
  fc.record({ type: fc.constantFrom('text', 'json_object') }),
  fc
    .record(
      { name: word, schema: anyJson, description: text, strict: fc.constant(false) },
      { requiredKeys: ['name', 'schema'] },
    )
    .map((schema) => ({ type: 'json_schema', json_schema: told(schema) })),
  fc.record({ name: word, schema: strictSchema, strict: fc.constant(true) }).map((schema) => ({
    type: 'json_schema',
    json_schema: schema,
  })),
);

const settings: fc.Arbitrary<JsonObject> = optional({
  max_completion_tokens: fc.integer({ min: 1, max: 100_000 }),
  temperature: fc.double({ min: 0, max: 2, noNaN: true }),
  top_p: fc.double({ min: 0, max: 1, noNaN: true }),
  frequency_penalty: fc.integer({ min: -2, max: 2 }),
  presence_penalty: fc.integer({ min: -2, max: 2 }),
  logit_bias: fc.constant({ '50256': -100 }),
  logprobs: fc.boolean(),
  top_logprobs: fc.nat(20),
  n: fc.constant(1),
  seed: fc.integer(),
  stop: fc.array(text, { maxLength: 4 }),
  response_format: responseFormat,
  reasoning_effort: fc.constantFrom('none', 'low', 'medium', 'high', 'a word of tomorrow'),
  verbosity: fc.constantFrom('low', 'high'),
  service_tier: fc.constantFrom('auto', 'flex'),
  safety_identifier: word,
  metadata: fc.dictionary(word, text, { maxKeys: 2 }),
  store: fc.boolean(),
  prompt_cache_key: word,
  a_field_of_tomorrow: anyJson,
});

/** Only the fields that were drawn. */
function optional<Fields extends object>(fields: { [Name in keyof Fields]: fc.Arbitrary<Fields[Name]> }) {
  return fc.record(fields, { requiredKeys: [] }).map((drawn) => told(drawn));
}
