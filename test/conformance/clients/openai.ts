// The `openai` package, asked in its three ways. Each comes to a `ChatCompletion`, as an application would hold it.

import { expect } from 'vitest';
import type OpenAI from 'openai';
import type {
  ChatCompletion,
  ChatCompletionChunk,
  ChatCompletionCreateParamsNonStreaming,
  ChatCompletionMessage,
  ChatCompletionMessageParam,
} from 'openai/resources/chat/completions';
import type { Delivery } from '../matrix.ts';
import type { Call, Continuation, Finish, Meaning, Reasoning, Tokens } from './meaning.ts';

export type OpenaiRequest = Omit<ChatCompletionCreateParamsNonStreaming, 'model' | 'stream'>;
type Addressed = OpenaiRequest & { readonly model: string };

/** OpenRouter's convention, which the SDK passes on unread. */
type Detail = {
  readonly type: string;
  readonly index?: number;
  readonly text?: string;
  readonly signature?: string;
  readonly data?: string;
  readonly format?: string;
};
type Extended<T> = T & { reasoning_content?: string; reasoning_details?: readonly Detail[] };

export type OpenaiReply = {
  readonly completion: ChatCompletion;
  /** Where the SDK shows them. */
  readonly headers?: Headers;
};

export async function askOpenai(
  client: OpenAI,
  request: Addressed,
  delivery: Delivery,
): Promise<OpenaiReply> {
  switch (delivery) {
    case 'whole': {
      const { data, response } = await client.chat.completions.create(request).withResponse();
      return { completion: data, headers: response.headers };
    }
    case 'streamed': {
      const { data, response } = await client.chat.completions
        .create({ ...request, stream: true, stream_options: { include_usage: true } })
        .withResponse();
      const chunks: ChatCompletionChunk[] = [];
      for await (const chunk of data) chunks.push(chunk);
      expectOrder(chunks);
      return { completion: joinChunks(chunks), headers: response.headers };
    }
    case 'helper': {
      let heard = '';
      const stream = client.chat.completions
        .stream({ ...request, stream_options: { include_usage: true } })
        .on('content', (delta) => (heard += delta));
      const completion = await stream.finalChatCompletion();
      expect(heard).toBe(completion.choices[0]?.message.content ?? '');
      return { completion };
    }
  }
}

/** What the documentation promises of a stream, and the SDK does not look at. */
function expectOrder(chunks: readonly ChatCompletionChunk[]): void {
  expect(
    new Set(chunks.map(({ id, object, created, model }) => `${id} ${object} ${created} ${model}`)).size,
  ).toBe(1);
  const choices = chunks.flatMap((chunk) => chunk.choices);
  expect(choices[0]?.delta.role).toBe('assistant');
  expect(new Set(choices.map(({ delta }) => delta.role ?? 'assistant'))).toEqual(new Set(['assistant']));
  const ends = choices.filter(({ finish_reason: reason }) => reason !== null);
  expect(ends.map(({ index }) => index)).toEqual([...new Set(choices.map(({ index }) => index))]);
  expect(choices.at(-1)).toBe(ends.at(-1));
  // Usage comes once, behind everything, in a chunk of its own.
  const told = chunks.flatMap((chunk, place) => (chunk.usage ? [{ place, choices: chunk.choices }] : []));
  expect(told).toEqual([{ place: chunks.length - 1, choices: [] }]);
  const started = choices.flatMap(({ delta }) => delta.tool_calls ?? []).filter(({ id }) => id !== undefined);
  expect(started.map(({ index }) => index)).toEqual(started.map((_, place) => place));
  for (const { type, function: called } of started) {
    expect(type).toBe('function');
    expect(called).toEqual({ name: expect.stringMatching(/./) as string, arguments: '' });
  }
}

/** What an application does that iterates by itself. */
export function joinChunks(chunks: readonly ChatCompletionChunk[]): ChatCompletion {
  const [first] = chunks;
  if (first === undefined) throw new Error('the stream was empty');
  const deltas = chunks.flatMap(({ choices: [choice] }) =>
    choice === undefined ? [] : [choice.delta as Extended<typeof choice.delta>],
  );
  const joined = (pieces: readonly (string | null | undefined)[]): string | null => {
    const said = pieces.filter((piece) => typeof piece === 'string');
    return said.length === 0 ? null : said.join('');
  };
  const reasoning = joined(deltas.map((delta) => delta.reasoning_content));
  const details = joinDetails(deltas.flatMap((delta) => delta.reasoning_details ?? []));
  const calls = joinCalls(deltas.flatMap((delta) => delta.tool_calls ?? []));
  const logprobs = chunks.flatMap(({ choices: [choice] }) => choice?.logprobs?.content ?? []);
  const message: Extended<ChatCompletionMessage> = {
    role: 'assistant',
    content: joined(deltas.map(({ content }) => content)),
    refusal: joined(deltas.map(({ refusal }) => refusal)),
    ...(reasoning === null ? {} : { reasoning_content: reasoning }),
    ...(details.length === 0 ? {} : { reasoning_details: details }),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
  const finish = chunks.map(({ choices: [choice] }) => choice?.finish_reason).find((reason) => reason);
  if (finish === undefined || finish === null) throw new Error('the stream gave no finish_reason');
  const usage = chunks.map((chunk) => chunk.usage).findLast((told) => told);
  return {
    id: first.id,
    object: 'chat.completion',
    created: first.created,
    model: first.model,
    choices: [
      {
        index: 0,
        message,
        finish_reason: finish,
        logprobs: logprobs.length === 0 ? null : { content: logprobs, refusal: null },
      },
    ],
    ...(usage ? { usage } : {}),
  };
}

type ToolCallDelta = NonNullable<ChatCompletionChunk.Choice.Delta['tool_calls']>[number];

function joinCalls(deltas: readonly ToolCallDelta[]): NonNullable<ChatCompletionMessage['tool_calls']> {
  const calls: { id: string; type: 'function'; function: { name: string; arguments: string } }[] = [];
  for (const { index, id, function: called } of deltas) {
    const call = (calls[index] ??= { id: '', type: 'function', function: { name: '', arguments: '' } });
    call.id += id ?? '';
    call.function.name += called?.name ?? '';
    call.function.arguments += called?.arguments ?? '';
  }
  return calls;
}

/** https://openrouter.ai/docs/use-cases/reasoning-tokens: fragments of one block have one index. */
function joinDetails(details: readonly Detail[]): readonly Detail[] {
  const blocks = new Map<number | undefined, Detail>();
  for (const detail of details) {
    const known = blocks.get(detail.index);
    const text = known?.text === undefined ? detail.text : known.text + (detail.text ?? '');
    blocks.set(detail.index, { ...known, ...detail, ...(text === undefined ? {} : { text }) });
  }
  return [...blocks.values()];
}

export function meaningOfCompletion(completion: ChatCompletion): Meaning {
  const [choice] = completion.choices;
  if (choice === undefined) throw new Error('the completion has no choice');
  const message: Extended<ChatCompletionMessage> = choice.message;
  return {
    id: completion.id,
    model: completion.model,
    text: message.content ?? '',
    reasoning: (message.reasoning_details ?? []).map(meaningOfDetail),
    calls: (message.tool_calls ?? []).map(meaningOfCall),
    finish: FINISHES[choice.finish_reason],
    ...(completion.usage ? { usage: meaningOfUsage(completion.usage) } : {}),
  };
}

function meaningOfDetail({ text = '', signature = '', data }: Detail): Reasoning {
  return data === undefined ? { text, signature } : { data };
}

function meaningOfCall(call: NonNullable<ChatCompletionMessage['tool_calls']>[number]): Call {
  if (call.type !== 'function') throw new Error(`a call of type ${call.type}`);
  const { name, arguments: text } = call.function;
  return { id: call.id, name, input: JSON.parse(text) as unknown };
}

const FINISHES: Readonly<Record<ChatCompletion.Choice['finish_reason'], Finish>> = {
  stop: 'stop',
  length: 'length',
  tool_calls: 'tools',
  function_call: 'tools',
  content_filter: 'refused',
};

function meaningOfUsage(usage: OpenAI.CompletionUsage): Tokens {
  expect(usage.total_tokens).toBe(usage.prompt_tokens + usage.completion_tokens);
  const input = usage.prompt_tokens_details;
  return {
    input: usage.prompt_tokens,
    cacheRead: input?.cached_tokens ?? 0,
    cacheWrite: input?.cache_write_tokens ?? 0,
    output: usage.completion_tokens,
    reasoning: usage.completion_tokens_details?.reasoning_tokens ?? 0,
  };
}

/** The conversation with the reply as it came, a result for each of its calls, and what the user says next. */
export function continueOpenai(
  messages: readonly ChatCompletionMessageParam[],
  { completion }: OpenaiReply,
  { run, say }: Continuation,
): ChatCompletionMessageParam[] {
  const message = completion.choices[0]?.message;
  if (message === undefined) throw new Error('the completion has no message');
  const results = (message.tool_calls ?? []).map((call) => ({
    role: 'tool' as const,
    tool_call_id: call.id,
    content: run?.(meaningOfCall(call)) ?? '',
  }));
  return [
    ...messages,
    message,
    ...results,
    ...(say === undefined ? [] : [{ role: 'user' as const, content: say }]),
  ];
}
