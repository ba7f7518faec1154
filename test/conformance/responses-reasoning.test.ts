// Reasoning with tools over two turns where one side speaks OpenAI's Responses API: what the model has encrypted or signed
// goes through a client of another dialect, in one piece and through the SDKs' stream helpers, and comes back as it was.

import type { Message } from '@anthropic-ai/sdk/resources/messages';
import type { ChatCompletionMessage } from 'openai/resources/chat/completions';
import type { ResponseInputItem } from 'openai/resources/responses/responses';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventStream, type Answer } from '../support/fake-provider.ts';
import { parse } from './bilingual.ts';
import { message, streamOfMessage, TEXT, whole, type Json } from './replies.ts';
import { openWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld({});
});
beforeEach(() => world.reset());
afterAll(() => world.close());

const deliveries = ['whole', 'helper'] as const;
type Delivery = (typeof deliveries)[number];
type Said = { readonly whole: Answer; readonly helper: Answer };

// ==== What the models say, put together by hand from documented parts ====

const reasoning = {
  id: 'rs_1',
  type: 'reasoning',
  summary: [{ type: 'summary_text', text: 'I had better look at it first.' }],
  encrypted_content: 'gAAAAABo-only-the-vendor-can-read-this==',
};
const call = {
  id: 'fc_1',
  type: 'function_call',
  call_id: 'call_1',
  name: 'look',
  arguments: '{}',
  status: 'completed',
};
const RESPONSE = {
  id: 'resp_handwritten',
  object: 'response',
  created_at: 1_795_392_000,
  status: 'completed',
  model: 'gpt-5.6-sol',
  output: [reasoning, call],
  usage: { input_tokens: 40, output_tokens: 12, total_tokens: 52 },
};
const { encrypted_content: _last, ...begun } = reasoning;
const summary = { item_id: 'rs_1', output_index: 0, summary_index: 0 };
const text = reasoning.summary[0]?.text ?? '';

/** https://platform.openai.com/docs/api-reference/responses-streaming */
const RESPONSE_EVENTS: readonly Json[] = [
  { type: 'response.created', response: { ...RESPONSE, status: 'in_progress', output: [], usage: null } },
  { type: 'response.output_item.added', output_index: 0, item: { ...begun, summary: [] } },
  { type: 'response.reasoning_summary_part.added', ...summary, part: { type: 'summary_text', text: '' } },
  { type: 'response.reasoning_summary_text.delta', ...summary, delta: text.slice(0, 9) },
  { type: 'response.reasoning_summary_text.delta', ...summary, delta: text.slice(9) },
  { type: 'response.reasoning_summary_text.done', ...summary, text },
  { type: 'response.reasoning_summary_part.done', ...summary, part: { type: 'summary_text', text } },
  { type: 'response.output_item.done', output_index: 0, item: reasoning },
  { type: 'response.output_item.added', output_index: 1, item: { ...call, arguments: '' } },
  { type: 'response.function_call_arguments.delta', item_id: 'fc_1', output_index: 1, delta: '{}' },
  { type: 'response.function_call_arguments.done', item_id: 'fc_1', output_index: 1, arguments: '{}' },
  { type: 'response.output_item.done', output_index: 1, item: call },
  { type: 'response.completed', response: RESPONSE },
];

const GPT: Said = {
  whole: whole(RESPONSE),
  helper: eventStream(
    RESPONSE_EVENTS.map(
      (event, sequence_number) =>
        `event: ${String(event['type'])}\ndata: ${JSON.stringify({ ...event, sequence_number })}\n\n`,
    ).join(''),
  ),
};
const THOUGHTS = [
  { type: 'thinking', thinking: 'I had better look.', signature: 'c2lnbmVkIGJ5IENsYXVkZQ==' },
  { type: 'redacted_thinking', data: 'ZW5jcnlwdGVkIGJ5IENsYXVkZQ==' },
  { type: 'thinking', thinking: 'Yes, look.', signature: 'c2lnbmVkIGFnYWlu' },
  { type: 'tool_use', id: 'toolu_1', name: 'look', input: {} },
];
const CLAUDE_REPLY = message(THOUGHTS, 'tool_use');
const CLAUDE: Said = { whole: whole(CLAUDE_REPLY), helper: streamOfMessage(CLAUDE_REPLY) };
const GPT_TEXT = whole({
  ...RESPONSE,
  output: [
    {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      status: 'completed',
      content: [{ type: 'output_text', text: 'A kiwi.', annotations: [] }],
    },
  ],
});

// ==== The clients: two turns each, the reply going back as it came ====

const question = { role: 'user', content: 'Look at it.' } as const;
const parameters = { type: 'object', properties: {} } as const;

async function askChat(model: string, delivery: Delivery): Promise<ChatCompletionMessage> {
  const { completions } = world.through.openai.chat;
  const tools = [{ type: 'function', function: { name: 'look', parameters } } as const];
  const request = { model, messages: [question], tools, reasoning_effort: 'medium' as const };
  const { choices } =
    delivery === 'whole'
      ? await completions.create(request)
      : await completions.stream(request).finalChatCompletion();
  const said = choices[0]?.message;
  const id = said?.tool_calls?.[0]?.id;
  if (said === undefined || id === undefined) throw new Error('the model called nothing');
  const result = { role: 'tool', tool_call_id: id, content: 'It is a kiwi.' } as const;
  await completions.create({ ...request, messages: [question, said, result] });
  return said;
}

async function askMessages(model: string, delivery: Delivery): Promise<Message> {
  const { messages } = world.through.anthropic;
  const request = {
    model,
    max_tokens: 2048,
    thinking: { type: 'adaptive' as const },
    messages: [question],
    tools: [{ name: 'look', input_schema: parameters }],
  };
  const said =
    delivery === 'whole' ? await messages.create(request) : await messages.stream(request).finalMessage();
  const use = said.content.find((block) => block.type === 'tool_use');
  if (use === undefined) throw new Error('the model called nothing');
  const result = { type: 'tool_result', tool_use_id: use.id, content: 'It is a kiwi.' } as const;
  const back = { role: 'assistant', content: said.content } as const;
  await messages.create({ ...request, messages: [question, back, { role: 'user', content: [result] }] });
  return said;
}

async function askResponses(model: string, delivery: Delivery) {
  const { responses } = world.through.openai;
  const request = {
    model,
    input: [question] as ResponseInputItem[],
    tools: [{ type: 'function', name: 'look', parameters, strict: false } as const],
    reasoning: { effort: 'medium' as const },
    include: ['reasoning.encrypted_content' as const],
    store: false,
  };
  const { output } =
    delivery === 'whole' ? await responses.create(request) : await responses.stream(request).finalResponse();
  const [callId] = output.flatMap((item) => (item.type === 'function_call' ? [item.call_id] : []));
  if (callId === undefined) throw new Error('the model called nothing');
  const said = output as ResponseInputItem[];
  const result = { type: 'function_call_output', call_id: callId, output: 'It is a kiwi.' } as const;
  await responses.create({ ...request, input: [question, ...said, result] });
  return { said, callId };
}

// ==== What arrives ====

/** In the second request to OpenAI: the item without its id, which would be looked up among stored ones. */
const REASONING_BACK = {
  type: 'reasoning',
  summary: reasoning.summary,
  encrypted_content: reasoning.encrypted_content,
};

function secondRequest(): Json {
  expect(world.provider.asked).toHaveLength(2);
  return parse(world.provider.asked[1]?.body);
}

describe.each(deliveries)('reasoning that is encrypted by OpenAI, heard %s', (delivery) => {
  const model = 'openai/gpt-5.6-sol';
  beforeEach(() => world.provider.answer([GPT[delivery], GPT_TEXT]));

  it('comes back through a client of Chat Completions', async () => {
    const said = JSON.stringify(await askChat(model, delivery));
    expect(said).toContain('"gw1.openai.');
    expect(said).not.toContain(reasoning.encrypted_content);
    const { input } = secondRequest();
    expect((input as readonly Json[])[1]).toEqual(REASONING_BACK);
    expect((input as readonly Json[])[2]).toMatchObject({ type: 'function_call', call_id: 'call_1' });
  });

  it('comes back through a client of Anthropic’s', async () => {
    const { content } = await askMessages(model, delivery);
    expect(content[0]).toMatchObject({
      type: 'thinking',
      thinking: text,
      signature: expect.stringMatching(/^gw1\.openai\./) as string,
    });
    const { input } = secondRequest();
    expect((input as readonly Json[])[1]).toEqual(REASONING_BACK);
  });
});

describe.each(deliveries)('thinking that is signed by Claude, heard %s', (delivery) => {
  const model = 'anthropic/claude-sonnet-4-6';
  beforeEach(() => world.provider.answer([CLAUDE[delivery], TEXT['anthropic-messages'].whole]));

  it('comes back through a client of the Responses API', async () => {
    const { said } = await askResponses(model, delivery);
    expect(said.map(({ type }) => type)).toEqual(['reasoning', 'reasoning', 'reasoning', 'function_call']);
    const { messages } = secondRequest();
    const { content } = (messages as readonly Json[])[1] ?? {};
    expect((content as readonly Json[]).slice(0, 3)).toEqual(THOUGHTS.slice(0, 3));
    expect((content as readonly Json[])[3]).toMatchObject({ type: 'tool_use', name: 'look' });
  });
});

describe('a conversation that moves from Claude to OpenAI, whose dialect the caller speaks', () => {
  it('goes on without the thinking, and the caller is told', async () => {
    world.provider.answer([CLAUDE.whole, TEXT['anthropic-messages'].whole]);
    const { said, callId } = await askResponses('anthropic/claude-sonnet-4-6', 'whole');
    world.provider.answer(GPT_TEXT);
    const result = { type: 'function_call_output', call_id: callId, output: 'It is a kiwi.' } as const;
    const { response } = await world.through.openai.responses
      .create({ model: 'openai/gpt-5.6-sol', input: [question, ...said, result], store: false })
      .withResponse();
    expect(response.headers.get('x-llm-proxy-warnings')).toContain('reasoning');
    const { input } = parse(world.provider.asked[2]?.body);
    expect((input as readonly Json[]).map(({ type, role }) => type ?? role)).toEqual([
      'user',
      'function_call',
      'function_call_output',
    ]);
  });
});
