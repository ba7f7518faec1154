// Names of tools in the letters that a target takes, and back. A caller may have any: tools that come over MCP are called
// `files.read` or `weather: now`, and each provider takes another alphabet and answers 400 to the rest. The names are
// changed before a request is written and changed back in the reply, so neither the model's dialect nor the caller's
// learns of it, and nothing is lost.

import type { ChatRequest, Message, Tool, ToolChoice } from '../core/chat.ts';
import type { ChatEvent } from '../core/event.ts';
import { asString } from '../core/json.ts';
import type { Reading, ToolNames } from './dialect.ts';

export type NameForm = {
  /** A character that is not taken; with the flag `g`. */
  readonly foreign: RegExp;
  readonly isDigitFirst: boolean;
  /** Absent: nobody says how long a name may be. */
  readonly lengthMax?: number;
  /** Names that the provider keeps for tools of its own. */
  readonly reserved?: readonly string[];
};

/** A request whose names all have the form; `toolNames` is absent where they had it before. */
export function nameTools(
  request: ChatRequest,
  form: NameForm,
): { readonly request: ChatRequest; readonly toolNames?: ToolNames } {
  const names = [...namesIn(request)];
  const foreign = names.filter((name) => !hasForm(name, form));
  if (foreign.length === 0) return { request };
  const taken = new Set([
    ...names.filter((name) => hasForm(name, form)),
    ...hostedNames(request),
    ...(form.reserved ?? []),
  ]);
  const given = new Map<string, string>();
  for (const name of foreign) given.set(name, takeName(name, form, taken));
  const toolNames = new Map([...given].map(([name, written]) => [written, name]));
  return { request: renameTools(request, (name) => given.get(name) ?? name), toolNames };
}

/** Reads replies with the caller's own names in them. */
export function restoreNames({ readReply, createStreamReader }: Reading, names: ToolNames): Reading {
  const restore = (event: ChatEvent): ChatEvent =>
    event.type === 'tool-call-start' ? { ...event, name: names.get(event.name) ?? event.name } : event;
  return {
    readReply: (json) => readReply(json).map(restore),
    createStreamReader: () => {
      const reader = createStreamReader();
      return {
        read: (event) => reader.read(event).map(restore),
        end: () => reader.end().map(restore),
      };
    },
  };
}

/** Each once, in order: those of tools before those that only the conversation has. */
function namesIn({ tools = [], toolChoice, messages }: ChatRequest): ReadonlySet<string> {
  const called = messages.flatMap((message) =>
    message.role === 'assistant'
      ? message.parts.flatMap((part) => (part.type === 'tool-call' ? [part.name] : []))
      : [],
  );
  const offered = tools.flatMap((tool) => (tool.type === 'hosted' ? [] : [tool.name]));
  return new Set([...offered, ...called, ...chosenNames(toolChoice)]);
}

function chosenNames(choice: ToolChoice | undefined): readonly string[] {
  if (choice?.type === 'tool') return [choice.name];
  return choice?.type === 'allowed' ? choice.names : [];
}

function hostedNames({ tools = [] }: ChatRequest): readonly string[] {
  return tools.flatMap((tool) => (tool.type === 'hosted' ? (asString(tool.definition['name']) ?? []) : []));
}

function hasForm(name: string, form: NameForm): boolean {
  return name === mend(name, form) && form.reserved?.includes(name) !== true;
}

/** No name at all is nobody's form, and no better name is known: it is left to the provider. */
function mend(name: string, { foreign, isDigitFirst, lengthMax }: NameForm): string {
  const spelled = name.replaceAll(foreign, '_');
  const led = !isDigitFirst && /^\d/.test(spelled) ? `_${spelled}` : spelled;
  return led.slice(0, lengthMax);
}

/** Two names that would become one are told apart by a number. */
function takeName(name: string, form: NameForm, taken: Set<string>): string {
  const mended = mend(name, form);
  let free = mended;
  for (let count = 2; taken.has(free); count += 1) {
    const ending = `_${count}`;
    const room = form.lengthMax === undefined ? undefined : form.lengthMax - ending.length;
    free = mended.slice(0, room) + ending;
  }
  taken.add(free);
  return free;
}

type Rename = (name: string) => string;

/** Wherever a request names a tool. */
export function renameTools(request: ChatRequest, to: Rename): ChatRequest {
  const { tools, toolChoice } = request;
  return {
    ...request,
    messages: request.messages.map((message) => renameCalls(message, to)),
    ...(tools === undefined ? {} : { tools: tools.map((tool) => renameTool(tool, to)) }),
    ...(toolChoice === undefined ? {} : { toolChoice: renameChoice(toolChoice, to) }),
  };
}

function renameCalls(message: Message, to: Rename): Message {
  if (message.role !== 'assistant') return message;
  const parts = message.parts.map((part) =>
    part.type === 'tool-call' ? { ...part, name: to(part.name) } : part,
  );
  return { ...message, parts };
}

function renameTool(tool: Tool, to: Rename): Tool {
  return tool.type === 'hosted' ? tool : { ...tool, name: to(tool.name) };
}

function renameChoice(choice: ToolChoice, to: Rename): ToolChoice {
  switch (choice.type) {
    case 'auto':
    case 'none':
    case 'required':
      return choice;
    case 'tool':
      return { ...choice, name: to(choice.name) };
    case 'allowed':
      return { ...choice, names: choice.names.map(to) };
  }
}
