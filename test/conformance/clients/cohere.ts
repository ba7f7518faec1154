// The `cohere-ai` package, asked in its two ways. No caller of the gateway speaks its dialect: it is the judge of what the
// gateway sends to Cohere, and of what Cohere has said.

import type { Cohere, CohereClientV2 } from 'cohere-ai';
import type { Delivery } from '../matrix.ts';
import type { Call, Finish, Meaning } from './meaning.ts';

export type CohereRequest = Omit<Cohere.V2ChatRequest, 'model'>;

/** What it hears. The package has no helper over its streams. */
export async function askCohere(
  client: CohereClientV2,
  request: Cohere.V2ChatRequest,
  delivery: Delivery,
): Promise<Meaning> {
  if (delivery === 'whole') {
    const { id, message, finishReason, usage } = await client.chat(request);
    const content = message.content ?? [];
    return meaningOf(request.model, {
      id,
      text: content.map((part) => (part.type === 'text' ? part.text : '')).join(''),
      reasoning: [
        message.toolPlan,
        ...content.map((part) => (part.type === 'thinking' ? part.thinking : '')),
      ],
      calls: message.toolCalls ?? [],
      finish: finishReason,
      usage,
    });
  }
  const said: Said = { id: '', text: '', reasoning: [], calls: [], finish: undefined, usage: undefined };
  for await (const event of await client.chatStream(request)) hear(said, event);
  return meaningOf(request.model, said);
}

type Said = {
  id: string;
  text: string;
  reasoning: (string | undefined)[];
  calls: Cohere.ToolCallV2[];
  finish: Cohere.ChatFinishReason | undefined;
  usage: Cohere.Usage | undefined;
};

function hear(said: Said, event: Cohere.V2ChatStreamResponse): void {
  switch (event.type) {
    case 'message-start':
      said.id = event.id ?? '';
      return;
    case 'content-delta':
      said.text += event.delta?.message?.content?.text ?? '';
      said.reasoning.push(event.delta?.message?.content?.thinking);
      return;
    case 'tool-plan-delta':
      said.reasoning.push(event.delta?.message?.toolPlan);
      return;
    case 'tool-call-start': {
      const call = event.delta?.message?.toolCalls;
      if (call !== undefined) said.calls.push(call);
      return;
    }
    case 'tool-call-delta': {
      const called = said.calls.at(-1)?.function;
      const piece = event.delta?.message?.toolCalls?.function?.arguments ?? '';
      if (called !== undefined) called.arguments = (called.arguments ?? '') + piece;
      return;
    }
    case 'message-end':
      said.finish = event.delta?.finishReason;
      said.usage = event.delta?.usage;
      return;
    case 'content-start':
    case 'content-end':
    case 'tool-call-end':
    case 'citation-start':
    case 'citation-end':
    case 'debug':
  }
}

function meaningOf(model: string, { id, text, reasoning, calls, finish, usage }: Said): Meaning {
  const thought = reasoning.join('');
  return {
    id,
    model,
    text,
    reasoning: thought === '' ? [] : [{ text: thought, signature: '' }],
    calls: calls.map(readCall),
    finish: FINISHES[finish ?? ''] ?? 'stop',
    usage: {
      input: usage?.tokens?.inputTokens ?? 0,
      cacheRead: usage?.cachedTokens ?? 0,
      cacheWrite: 0,
      output: usage?.tokens?.outputTokens ?? 0,
      // The package's types have none.
      reasoning: 0,
    },
  };
}

function readCall({ id, function: called }: Cohere.ToolCallV2): Call {
  const text = called?.arguments ?? '';
  return { id, name: called?.name ?? '', input: (JSON.parse(text === '' ? '{}' : text) as unknown) ?? {} };
}

const FINISHES: Readonly<Record<string, Finish | undefined>> = {
  COMPLETE: 'stop',
  STOP_SEQUENCE: 'stop',
  MAX_TOKENS: 'length',
  TOOL_CALL: 'tools',
};
