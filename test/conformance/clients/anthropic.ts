// The `@anthropic-ai/sdk` package, asked in its three ways. Each comes to a `Message`, as an application would hold it.

import { expect } from 'vitest';
import type Anthropic from '@anthropic-ai/sdk';
import type {
  ContentBlock,
  Message,
  MessageCreateParamsNonStreaming,
  MessageParam,
  RawMessageStreamEvent,
  ToolResultBlockParam,
  Usage,
} from '@anthropic-ai/sdk/resources/messages';
import type { Delivery } from '../matrix.ts';
import type { Call, Continuation, Finish, Meaning, Reasoning, Tokens } from './meaning.ts';

export type AnthropicRequest = Omit<MessageCreateParamsNonStreaming, 'model' | 'stream'>;
type Addressed = AnthropicRequest & { readonly model: string };

export type AnthropicReply = {
  readonly message: Message;
  readonly headers?: Headers;
};

export async function askAnthropic(
  client: Anthropic,
  request: Addressed,
  delivery: Delivery,
): Promise<AnthropicReply> {
  switch (delivery) {
    case 'whole': {
      const { data, response } = await client.messages.create(request).withResponse();
      return { message: data, headers: response.headers };
    }
    case 'streamed': {
      const { data, response } = await client.messages.create({ ...request, stream: true }).withResponse();
      const events: RawMessageStreamEvent[] = [];
      for await (const event of data) events.push(event);
      return { message: joinEvents(events), headers: response.headers };
    }
    case 'helper': {
      let heard = '';
      const stream = client.messages.stream(request).on('text', (delta) => (heard += delta));
      const message = await stream.finalMessage();
      expect(heard).toBe(textOf(message.content));
      return { message };
    }
  }
}

/** What an application does that iterates by itself. */
export function joinEvents(events: readonly RawMessageStreamEvent[]): Message {
  const [start] = events;
  if (start?.type !== 'message_start') throw new Error('the stream did not begin with message_start');
  let message: Message = structuredClone(start.message);
  const inputs = new Map<number, string>();
  for (const event of events) {
    switch (event.type) {
      case 'content_block_start':
        expect(event.index).toBe(message.content.length);
        message.content.push(structuredClone(event.content_block));
        break;
      case 'content_block_delta':
        addDelta(message.content[event.index], event, inputs);
        break;
      case 'message_delta':
        message = { ...message, ...event.delta, usage: { ...message.usage, ...told(event.usage) } };
        break;
      case 'message_start':
      case 'content_block_stop':
      case 'message_stop':
    }
  }
  for (const [index, text] of inputs) {
    Object.assign(message.content[index] ?? {}, { input: JSON.parse(text) as unknown });
  }
  if (events.at(-1)?.type !== 'message_stop') throw new Error('the stream did not end in message_stop');
  return message;
}

type DeltaEvent = Extract<RawMessageStreamEvent, { type: 'content_block_delta' }>;

function addDelta(
  block: ContentBlock | undefined,
  { index, delta }: DeltaEvent,
  inputs: Map<number, string>,
): void {
  if (delta.type === 'text_delta' && block?.type === 'text') block.text += delta.text;
  else if (delta.type === 'thinking_delta' && block?.type === 'thinking') block.thinking += delta.thinking;
  else if (delta.type === 'signature_delta' && block?.type === 'thinking') block.signature = delta.signature;
  else if (delta.type === 'input_json_delta' && block?.type === 'tool_use') {
    if (delta.partial_json !== '') inputs.set(index, (inputs.get(index) ?? '') + delta.partial_json);
  } else throw new Error(`a ${delta.type} in a ${block?.type ?? 'missing'} block`);
}

/** Counts that do not apply are null. */
function told(usage: object): Partial<Usage> {
  return Object.fromEntries(Object.entries(usage).filter(([, count]) => count !== null));
}

export function meaningOfMessage(message: Message): Meaning {
  return {
    id: message.id,
    model: message.model,
    text: textOf(message.content),
    reasoning: message.content.flatMap(meaningOfThinking),
    calls: message.content.flatMap(meaningOfCall),
    finish: finishOf(message.stop_reason),
    usage: meaningOfUsage(message.usage),
  };
}

function textOf(content: readonly ContentBlock[]): string {
  return content.map((block) => (block.type === 'text' ? block.text : '')).join('');
}

function meaningOfThinking(block: ContentBlock): readonly Reasoning[] {
  if (block.type === 'thinking') return [{ text: block.thinking, signature: block.signature }];
  return block.type === 'redacted_thinking' ? [{ data: block.data }] : [];
}

function meaningOfCall(block: ContentBlock): readonly Call[] {
  return block.type === 'tool_use' ? [{ id: block.id, name: block.name, input: block.input }] : [];
}

function finishOf(reason: Message['stop_reason']): Finish {
  const finish = FINISHES.get(reason);
  if (finish === undefined) throw new Error(`a reply that ended in ${String(reason)}`);
  return finish;
}

const FINISHES: ReadonlyMap<Message['stop_reason'], Finish> = new Map([
  ['end_turn', 'stop'],
  ['stop_sequence', 'stop'],
  ['max_tokens', 'length'],
  ['tool_use', 'tools'],
  ['refusal', 'refused'],
]);

function meaningOfUsage(usage: Usage): Tokens {
  const cacheRead = usage.cache_read_input_tokens ?? 0;
  const cacheWrite = usage.cache_creation_input_tokens ?? 0;
  return {
    input: usage.input_tokens + cacheRead + cacheWrite,
    cacheRead,
    cacheWrite,
    output: usage.output_tokens,
    reasoning: usage.output_tokens_details?.thinking_tokens ?? 0,
  };
}

/** The conversation with the reply as it came, and in one message a result for each of its calls and what the user says. */
export function continueAnthropic(
  messages: readonly MessageParam[],
  { message }: AnthropicReply,
  { run, say }: Continuation,
): MessageParam[] {
  const results = message.content.flatMap(meaningOfCall).map((call): ToolResultBlockParam => ({
    type: 'tool_result',
    tool_use_id: call.id,
    content: run?.(call) ?? '',
  }));
  const said = say === undefined ? [] : [{ type: 'text' as const, text: say }];
  return [
    ...messages,
    { role: 'assistant', content: message.content },
    { role: 'user', content: [...results, ...said] },
  ];
}
