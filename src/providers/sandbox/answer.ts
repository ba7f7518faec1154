// What the sandbox says to a question: always the same to the same one. A token is four characters, rounded up.

import { CHARS_PER_TOKEN, estimateTokens } from '../../core/estimate.ts';
import type { JsonObject } from '../../core/json.ts';
import { textOf, type CallableTool, type Question } from './question.ts';
import { schemaInstance } from './schema-instance.ts';

export type Answer = {
  readonly reasoning: string;
  readonly content: string;
  readonly calls: readonly ToolCall[];
  readonly finish: 'stop' | 'length' | 'tool_calls';
};

export type ToolCall = {
  readonly id: string;
  readonly name: string;
  /** JSON text, or free text for a custom tool. */
  readonly input: string;
  readonly custom: boolean;
};

const LOREM_TOKENS = 300;
const LOREM_TOKENS_MAX = 16_384;
const LOREM =
  'Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore et dolore ' +
  'magna aliqua. Ut enim ad minim veniam, quis nostrud exercitation ullamco laboris nisi ut aliquip ex ea commodo ' +
  'consequat. ';

export function answer(question: Question, text: 'echo' | 'lorem'): Answer {
  const calls = callTools(question);
  return withinLimits(
    {
      reasoning: question.reasons ? `The last message has ${lastText(question).length} characters.` : '',
      content: calls.length > 0 ? '' : say(question, text),
      calls,
      finish: calls.length > 0 ? 'tool_calls' : 'stop',
    },
    question,
  );
}

export function tokensIn(text: string): number {
  return estimateTokens(text.length);
}

/** Not after a result: a model that called again would never come to an end. */
function callTools(question: Question): readonly ToolCall[] {
  const [first, second = first] = question.tools;
  if (first === undefined || second === undefined || isResult(question.messages.at(-1))) return [];
  const several = question.parallelCalls && /\bparallel\b/i.test(lastText(question));
  return (several ? [first, second] : [first]).map((tool, index) => callTool(tool, index, question));
}

function callTool(tool: CallableTool, index: number, question: Question): ToolCall {
  return {
    // The place in the conversation makes it unlike every earlier one.
    id: `call_sandbox_${question.messages.length}_${index}`,
    name: tool.name,
    input:
      tool.kind === 'custom'
        ? lastText(question)
        : JSON.stringify(schemaInstance(tool.parameters ?? { type: 'object' })),
    custom: tool.kind === 'custom',
  };
}

function say(question: Question, text: 'echo' | 'lorem'): string {
  const { format } = question;
  switch (format.kind) {
    case 'text':
      return plainText(question, text);
    case 'json-object':
      return JSON.stringify({ answer: plainText(question, text) });
    case 'json-schema':
      return JSON.stringify(schemaInstance(format.schema));
  }
}

function plainText(question: Question, text: 'echo' | 'lorem'): string {
  const results = trailingResults(question);
  if (results.length > 0) return `The tool answered: ${results.map(textOf).join('; ')}`;
  return text === 'lorem' ? lorem(question.tokensMax) : lastText(question);
}

/** One token more than a cap allows, so that the cap cuts it and says so. */
function lorem(tokensMax: number | undefined): string {
  const tokens = tokensMax === undefined ? LOREM_TOKENS : Math.min(tokensMax, LOREM_TOKENS_MAX) + 1;
  const chars = tokens * CHARS_PER_TOKEN;
  return LOREM.repeat(Math.ceil(chars / LOREM.length)).slice(0, chars);
}

function withinLimits(whole: Answer, { stops, tokensMax }: Question): Answer {
  const content = untilStop(whole.content, stops);
  if (tokensMax === undefined) return { ...whole, content };
  const budget = createBudget(tokensMax);
  // In the order in which a model speaks.
  const cut = {
    reasoning: budget.take(whole.reasoning),
    content: budget.take(content),
    calls: whole.calls.map((call) => ({ ...call, input: budget.take(call.input) })),
  };
  return budget.exceeded() ? { ...cut, finish: 'length' } : { ...whole, ...cut };
}

function untilStop(text: string, stops: readonly string[]): string {
  const found = stops.map((stop) => text.indexOf(stop)).filter((index) => index >= 0);
  return found.length === 0 ? text : text.slice(0, Math.min(...found));
}

/** Hands out tokens until there are none left. */
function createBudget(tokensMax: number): {
  readonly take: (text: string) => string;
  readonly exceeded: () => boolean;
} {
  let left = tokensMax;
  let exceeded = false;
  return {
    take: (text) => {
      const taken = wholeCharacters(text.slice(0, left * CHARS_PER_TOKEN));
      exceeded ||= taken.length < text.length;
      left -= tokensIn(taken);
      return taken;
    },
    exceeded: () => exceeded,
  };
}

/** Without the half of a surrogate pair that a cut has left at the end. */
function wholeCharacters(text: string): string {
  return text.replace(/[\uD800-\uDBFF]$/, '');
}

function lastText({ messages }: Question): string {
  return textOf(messages.findLast(({ role }) => role === 'user'));
}

function trailingResults({ messages }: Question): readonly JsonObject[] {
  return messages.slice(messages.findLastIndex((message) => !isResult(message)) + 1);
}

function isResult(message: JsonObject | undefined): boolean {
  return message?.['role'] === 'tool';
}
