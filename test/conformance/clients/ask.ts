// Either client, asked in its own words; what it heard, in the words of neither.

import type { Clients } from '../world.ts';
import type { Client, Delivery } from '../matrix.ts';
import {
  askAnthropic,
  continueAnthropic,
  meaningOfMessage,
  type AnthropicReply,
  type AnthropicRequest,
} from './anthropic.ts';
import type { Continuation, Meaning } from './meaning.ts';
import {
  askOpenai,
  continueOpenai,
  meaningOfCompletion,
  type OpenaiReply,
  type OpenaiRequest,
} from './openai.ts';

/** One request in the words of both clients. */
export type Words = { readonly openai: OpenaiRequest; readonly anthropic: AnthropicRequest };

export type Question = {
  readonly [Name in Client]: { readonly client: Name; readonly request: Words[Name] };
}[Client];

export type Heard = {
  readonly meaning: Meaning;
  /** The reply as the SDK gives it. */
  readonly reply: object;
  /** Of the response, where the SDK shows them. */
  readonly headers?: Headers;
  /** The next question: the reply goes back as it came. */
  readonly next: (continuation: Continuation) => Question;
};

export function inWordsOf(client: Client, words: Words): Question {
  return client === 'openai' ? { client, request: words.openai } : { client, request: words.anthropic };
}

export async function ask(
  clients: Clients,
  question: Question,
  { model, delivery }: { readonly model: string; readonly delivery: Delivery },
): Promise<Heard> {
  if (question.client === 'openai') {
    const { request } = question;
    const reply = await askOpenai(clients.openai, { ...request, model }, delivery);
    return heardByOpenai(reply, request);
  }
  const { request } = question;
  const reply = await askAnthropic(clients.anthropic, { ...request, model }, delivery);
  return heardByAnthropic(reply, request);
}

function heardByOpenai(reply: OpenaiReply, request: OpenaiRequest): Heard {
  return {
    meaning: meaningOfCompletion(reply.completion),
    reply: reply.completion,
    ...(reply.headers === undefined ? {} : { headers: reply.headers }),
    next: (continuation) => ({
      client: 'openai',
      request: { ...request, messages: continueOpenai(request.messages, reply, continuation) },
    }),
  };
}

function heardByAnthropic(reply: AnthropicReply, request: AnthropicRequest): Heard {
  return {
    meaning: meaningOfMessage(reply.message),
    reply: reply.message,
    ...(reply.headers === undefined ? {} : { headers: reply.headers }),
    next: (continuation) => ({
      client: 'anthropic',
      request: { ...request, messages: continueAnthropic(request.messages, reply, continuation) },
    }),
  };
}
