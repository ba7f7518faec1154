// An answer on the wire: https://platform.openai.com/docs/api-reference/chat/object and, streamed,
// https://platform.openai.com/docs/api-reference/chat/streaming

import type { JsonObject } from '../../core/json.ts';
import { encodeSse } from '../../streams/sse.ts';
import { tokensIn, type Answer, type ToolCall } from './answer.ts';
import { textOf, type Question } from './question.ts';

/** One for all answers: this provider has no clock. */
const CREATED = 0;

export function writeReply(question: Question, answer: Answer, id: string): JsonObject {
  return {
    id,
    object: 'chat.completion',
    created: CREATED,
    model: question.model,
    choices: indices(question).map((index) => ({
      index,
      message: {
        role: 'assistant',
        content: answer.calls.length > 0 ? null : answer.content,
        refusal: null,
        ...(answer.reasoning === '' ? {} : { reasoning_content: answer.reasoning }),
        ...(answer.calls.length === 0 ? {} : { tool_calls: answer.calls.map(writeCall) }),
      },
      logprobs: null,
      finish_reason: answer.finish,
    })),
    usage: countUsage(question, answer),
  };
}

/** What is said: every event but those that say that it has ended. */
export function* writeContent(question: Question, answer: Answer, id: string): Generator<string> {
  for (const index of indices(question)) {
    for (const delta of deltas(answer)) {
      yield writeChunk(question, id, { choices: [{ index, delta, logprobs: null, finish_reason: null }] });
    }
  }
}

export function* writeEnding(question: Question, answer: Answer, id: string): Generator<string> {
  for (const index of indices(question)) {
    const choice = { index, delta: {}, logprobs: null, finish_reason: answer.finish };
    yield writeChunk(question, id, { choices: [choice] });
  }
  if (question.streamUsage) {
    yield writeChunk(question, id, { choices: [], usage: countUsage(question, answer) });
  }
  yield encodeSse('[DONE]');
}

function* deltas({ reasoning, content, calls }: Answer): Generator<JsonObject> {
  yield { role: 'assistant', content: calls.length > 0 ? null : '', refusal: null };
  for (const piece of pieces(reasoning)) yield { reasoning_content: piece };
  for (const piece of pieces(content)) yield { content: piece };
  for (const [index, call] of calls.entries()) {
    yield { tool_calls: [{ index, ...writeCall({ ...call, input: '' }) }] };
    for (const piece of pieces(call.input)) {
      yield {
        tool_calls: [
          { index, ...(call.custom ? { custom: { input: piece } } : { function: { arguments: piece } }) },
        ],
      };
    }
  }
}

function writeChunk(question: Question, id: string, members: JsonObject): string {
  const { model, streamUsage } = question;
  const head = { id, object: 'chat.completion.chunk', created: CREATED, model };
  return encodeSse(JSON.stringify({ ...head, ...(streamUsage ? { usage: null } : {}), ...members }));
}

function writeCall({ id, name, input, custom }: ToolCall): JsonObject {
  return custom
    ? { id, type: 'custom', custom: { name, input } }
    : { id, type: 'function', function: { name, arguments: input } };
}

/** A word at a time with the space before it, long words in parts; never half a character. */
function* pieces(text: string): Generator<string> {
  for (const [piece] of text.matchAll(/\s*\S{1,12}|\s+/gu)) yield piece;
}

function countUsage({ messages, choices }: Question, { reasoning, content, calls }: Answer): JsonObject {
  const promptTokens = tokensIn(messages.map(textOf).join(''));
  const reasoningTokens = tokensIn(reasoning) * choices;
  const answerTokens = [content, ...calls.map(({ input }) => input)]
    .map(tokensIn)
    .reduce((sum, count) => sum + count);
  const completionTokens = reasoningTokens + answerTokens * choices;
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
    prompt_tokens_details: { cached_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: reasoningTokens },
  };
}

function indices({ choices }: Question): readonly number[] {
  return Array.from({ length: choices }, (_, index) => index);
}
