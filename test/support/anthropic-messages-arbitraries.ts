// Generated Messages requests, for the laws of the dialect. Everything here is in the form that the writer chooses where
// the wire has several: one text is a string, neighbours have different roles, calls come last.

import * as fc from 'fast-check';

import type { JsonObject } from '../../src/core/json.ts';
import type { AnthropicMessagesTraits } from '../../src/dialects/anthropic-messages/traits.ts';

/** A model that can do everything. */
export const fullTraits: AnthropicMessagesTraits = {
  maxOutputTokens: 128_000,
  sampling: true,
  thinking: { adaptive: true, budget: true, disable: true, betweenTools: true },
  efforts: ['low', 'medium', 'high', 'xhigh', 'max'],
  forcedTools: true,
  structuredOutput: true,
  systemMessages: true,
};

export const text = fc.string({ unit: 'grapheme', maxLength: 30 }).map((prefix) => `${prefix}.`);
export const name = fc.stringMatching(/^[a-zA-Z0-9_-]{1,12}$/);
const cacheControl = fc.constantFrom(
  { type: 'ephemeral' },
  { type: 'ephemeral', ttl: '5m' },
  { type: 'ephemeral', ttl: '1h' },
);
/** Objects as JSON has them: `__proto__` is a name like any other there, and a trap for whoever compares. */
export const jsonObject: fc.Arbitrary<JsonObject> = fc
  .dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 })
  .map((object) => JSON.parse(JSON.stringify(object).replaceAll('__proto__', 'proto')) as JsonObject);

const textBlock = record({ type: fc.constant('text'), text }, { cache_control: cacheControl });
const mediaSource = fc.oneof(
  fc.record({ type: fc.constant('url'), url: fc.webUrl() }),
  fc.record({ type: fc.constant('file'), file_id: name }),
);
const base64 = fc.base64String({ maxLength: 16 });
const imageBlock = record(
  {
    type: fc.constant('image'),
    source: fc.oneof(
      mediaSource,
      fc.record({
        type: fc.constant('base64'),
        media_type: fc.constantFrom('image/jpeg', 'image/png', 'image/gif', 'image/webp'),
        data: base64,
      }),
    ),
  },
  { cache_control: cacheControl },
);
const documentBlock = record(
  {
    type: fc.constant('document'),
    source: fc.oneof(
      mediaSource,
      fc.record({
        type: fc.constant('base64'),
        media_type: fc.constant('application/pdf'),
        data: base64,
      }),
      fc.record({ type: fc.constant('text'), media_type: fc.constant('text/plain'), data: text }),
    ),
  },
  {
    title: text,
    context: text,
    citations: fc.record({ enabled: fc.boolean() }),
    cache_control: cacheControl,
  },
);
const searchResultBlock = fc.record({
  type: fc.constant('search_result'),
  source: fc.webUrl(),
  title: text,
  content: fc.array(textBlock, { minLength: 1, maxLength: 2 }),
});
export const citation = fc.record({
  type: fc.constant('char_location'),
  cited_text: text,
  document_index: fc.nat(3),
  document_title: text,
  start_char_index: fc.nat(9),
  end_char_index: fc.nat(99),
});
const thinkingBlock = fc.oneof(
  fc.record({
    type: fc.constant('thinking'),
    thinking: fc.oneof(text, fc.constant('')),
    signature: base64Data(),
  }),
  fc.record({ type: fc.constant('redacted_thinking'), data: base64Data() }),
);
export const serverToolBlock = fc.record({
  type: fc.constant('server_tool_use'),
  id: name,
  name: fc.constant('web_search'),
  input: jsonObject,
});

/** One text without marks is written as a string, and is therefore given as one. */
function shortest(blocks: readonly JsonObject[]): string | readonly JsonObject[] {
  const [only] = blocks;
  if (blocks.length !== 1 || only === undefined || Object.keys(only).length > 2) return blocks;
  return typeof only['text'] === 'string' ? only['text'] : blocks;
}

const userBlocks = fc.array(fc.oneof(textBlock, imageBlock, documentBlock, searchResultBlock), {
  minLength: 1,
  maxLength: 3,
});
const resultContent = fc
  .array(fc.oneof(textBlock, imageBlock, documentBlock, searchResultBlock), { minLength: 1, maxLength: 2 })
  .map(shortest);

type Turn = {
  readonly asked: readonly JsonObject[];
  readonly instruction: string | undefined;
  readonly thought: readonly JsonObject[];
  readonly said: readonly JsonObject[];
  readonly calls: readonly { readonly name: string; readonly input: JsonObject }[];
  readonly results: readonly (string | readonly JsonObject[])[];
};

function turn(thinks: boolean): fc.Arbitrary<Turn> {
  const citedText = record(
    { type: fc.constant('text'), text },
    {
      cache_control: cacheControl,
      citations: fc.array(citation, { minLength: 1, maxLength: 2 }),
    },
  );
  return fc.record({
    asked: userBlocks,
    instruction: fc.option(text, { nil: undefined, freq: 4 }),
    thought: fc.array(thinkingBlock, { minLength: thinks ? 1 : 0, maxLength: 2 }),
    said: fc.array(fc.oneof(citedText, serverToolBlock), { minLength: 1, maxLength: 2 }),
    calls: fc.array(fc.record({ name, input: jsonObject }), { maxLength: 2 }),
    results: fc.array(resultContent, { minLength: 2, maxLength: 2 }),
  });
}

/** A conversation that ends with the user's turn: the last one asks, or answers calls. */
function conversation(thinks: boolean): fc.Arbitrary<readonly JsonObject[]> {
  return fc
    .tuple(fc.array(turn(thinks), { maxLength: 3 }), userBlocks)
    .map(([turns, last]) => toMessages(turns, last));
}

function toMessages(turns: readonly Turn[], last: readonly JsonObject[]): readonly JsonObject[] {
  const messages: JsonObject[] = [];
  let results: readonly JsonObject[] = [];
  let calls = 0;
  for (const { asked, instruction, thought, said, calls: made, results: given } of turns) {
    messages.push({ role: 'user', content: shortest([...results, ...asked]) });
    if (instruction !== undefined) messages.push({ role: 'system', content: instruction });
    const uses = made.map((call) => ({ type: 'tool_use', id: `toolu_${(calls += 1)}`, ...call }));
    messages.push({ role: 'assistant', content: shortest([...thought, ...said, ...uses]) });
    results = uses.map(({ id }, place) => ({
      type: 'tool_result',
      tool_use_id: id,
      ...(given[place] === undefined ? {} : { content: given[place] }),
      ...(place % 2 === 1 ? { is_error: true } : {}),
    }));
  }
  return [...messages, { role: 'user', content: shortest([...results, ...last]) }];
}

const inputSchema = fc
  .dictionary(name, fc.record({ type: fc.constantFrom('string', 'integer', 'boolean') }), { maxKeys: 3 })
  .map((properties) => ({ type: 'object', properties, additionalProperties: false }));
const tool = fc.oneof(
  record(
    { name, input_schema: inputSchema },
    {
      description: fc.string(),
      strict: fc.constant(true),
      cache_control: cacheControl,
      eager_input_streaming: fc.constant(true),
    },
  ),
  fc.record({
    type: fc.constant('web_search_20260318'),
    name: fc.constant('web_search'),
    max_uses: fc.nat(5),
  }),
);

/** The parts of a request that depend on each other: thinking excludes forced tools and most of sampling. */
type ThinkingFields = {
  readonly temperature?: number;
  readonly top_k?: number;
  readonly top_p?: number;
  readonly thinking?: { readonly type: string };
  readonly effort?: string;
};
const thinkingFields: fc.Arbitrary<ThinkingFields> = fc.oneof(
  record(
    {},
    {
      temperature: fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value + 0),
      top_k: fc.nat(500),
    },
  ),
  record({}, { top_p: fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value + 0) }),
  record(
    {
      thinking: fc.oneof(
        record(
          { type: fc.constant('enabled'), budget_tokens: fc.integer({ min: 1024, max: 4000 }) },
          {
            display: fc.constant('omitted'),
          },
        ),
        record(
          { type: fc.constantFrom('adaptive', 'between_tools') },
          { display: fc.constant('summarized') },
        ),
        fc.record({ type: fc.constant('disabled') }),
      ),
    },
    { effort: fc.constantFrom('low', 'medium', 'high', 'xhigh', 'max') },
  ),
);

function toolChoice(isManual: boolean): fc.Arbitrary<JsonObject> {
  const single = { disable_parallel_tool_use: fc.constant(true) };
  const free = fc.oneof(
    record({ type: fc.constant('auto') }, single),
    fc.record({ type: fc.constant('none') }),
  );
  if (isManual) return free;
  return fc.oneof(
    free,
    record({ type: fc.constant('any') }, single),
    record({ type: fc.constant('tool'), name }, single),
  );
}

/** Requests that a model with `fullTraits` takes as they are. */
export const request: fc.Arbitrary<JsonObject> = thinkingFields.chain(({ effort, ...fields }) => {
  const isManual = fields.thinking?.type === 'enabled';
  return fc
    .record({
      messages: conversation(isManual),
      tools: fc.array(tool, { minLength: 1, maxLength: 3 }),
      settings: record(
        { model: name, max_tokens: fc.integer({ min: 4096, max: 128_000 }) },
        {
          system: fc.array(textBlock, { minLength: 1, maxLength: 3 }).map(shortest),
          stream: fc.constant(true),
          stop_sequences: fc.array(text, { minLength: 1, maxLength: 3 }),
          tool_choice: toolChoice(isManual),
          metadata: fc.record({ user_id: text }),
          service_tier: fc.constantFrom('auto', 'standard_only'),
          cache_control: cacheControl,
          container: name,
          speed: fc.constant('fast'),
          context_management: jsonObject,
        },
      ),
      format: fc.option(inputSchema, { nil: undefined }),
    })
    .map(({ messages, tools, settings, format }) => {
      const config = {
        ...(effort === undefined ? {} : { effort }),
        ...(format === undefined ? {} : { format: { type: 'json_schema', schema: format } }),
      };
      return {
        ...settings,
        ...fields,
        messages,
        tools,
        ...(Object.keys(config).length === 0 ? {} : { output_config: config }),
      };
    });
});

export function base64Data(): fc.Arbitrary<string> {
  return fc.base64String({ minLength: 4, maxLength: 24 }).filter((data) => data !== '');
}

function record<Required extends object, Optional extends object>(
  required: { [Key in keyof Required]: fc.Arbitrary<Required[Key]> },
  optional: { [Key in keyof Optional]: fc.Arbitrary<Optional[Key]> },
): fc.Arbitrary<Required & Partial<Optional>> {
  const requiredKeys = Object.keys(required) as never[];
  return fc.record({ ...required, ...optional }, { requiredKeys }) as unknown as fc.Arbitrary<
    Required & Partial<Optional>
  >;
}
