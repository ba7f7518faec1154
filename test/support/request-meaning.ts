// What a request asks, whichever dialect it was asked in. Two requests ask the same when no aspect differs: how messages
// are cut into blocks and turns, and what ids calls have, is form.

import type {
  AssistantMessage,
  ChatRequest,
  DocumentPart,
  MediaSource,
  Message,
  Tool,
  ToolMessage,
} from '../../src/core/chat.ts';
import { isObject } from '../../src/core/json.ts';
import type { Loss } from '../../src/dialects/dialect.ts';

/** By aspect; `undefined` where nothing is asked for but what happens anyway. */
export type RequestMeaning = { readonly [Name in Aspect]: unknown };

/** Each aspect, with the losses that may change it. */
const ASPECTS = {
  instructions: /^(messages\.system|response_format)$/,
  conversation:
    /^(messages(\.(system|tool_call_id|content|refusal))?|tool_result(\.content)?|response_format)$/,
  calls: /^(messages\.tool_call_id|tool_result(\.content)?|tool_calls\.function\.arguments)$/,
  reasoning: /^(reasoning|thinking)$/,
  media: /^$/,
  marks: /^(tools\.)?cache_control$/,
  tools: /^(tools(\.custom)?|tool_choice)$/,
  choice: /^(tools|tool_choice)$/,
  parallel: /^parallel_tool_calls$/,
  stream: /^$/,
  max_tokens: /^max_tokens$/,
  temperature: /^temperature$/,
  top_p: /^top_p$/,
  top_k: /^top_k$/,
  frequency_penalty: /^frequency_penalty$/,
  presence_penalty: /^presence_penalty$/,
  logit_bias: /^logit_bias$/,
  logprobs: /^logprobs$/,
  seed: /^seed$/,
  stop: /^stop$/,
  response_format: /^response_format$/,
  thinks: /^(reasoning_effort|thinking)$/,
  user: /^user$/,
  metadata: /^metadata$/,
  service_tier: /^service_tier$/,
  verbosity: /^verbosity$/,
} as const;
type Aspect = keyof typeof ASPECTS;

/** The aspects that differ although no loss says so. */
export function unexplained(
  before: RequestMeaning,
  after: RequestMeaning,
  losses: readonly Loss[],
): readonly (readonly [aspect: string, before: unknown, after: unknown])[] {
  return Object.entries(ASPECTS).flatMap(([name, excuse]) => {
    const aspect = name as Aspect;
    const isSame = JSON.stringify(before[aspect]) === JSON.stringify(after[aspect]);
    if (isSame || losses.some(({ field }) => excuse.test(field))) return [];
    if (aspect === 'max_tokens' && mayDiffer(before, after)) return [];
    return [[aspect, before[aspect], after[aspect]] as const];
  });
}

/** A cap that nobody asked for is the model's own; and one that thinking eats from is raised by what it may eat. */
function mayDiffer(before: RequestMeaning, after: RequestMeaning): boolean {
  if (before.max_tokens === undefined) return true;
  return after.thinks === true && Number(after.max_tokens) > Number(before.max_tokens);
}

export function meaningOfRequest(request: ChatRequest): RequestMeaning {
  const messages = request.messages.filter((message) => !isSilent(message));
  const calls = callsOf(messages);
  const tools = (request.tools ?? []).map(readTool);
  const choice = tools.length === 0 ? undefined : request.toolChoice;
  const allowed =
    choice?.type === 'allowed' ? tools.filter(({ name }) => choice.names.includes(name)) : tools;
  const canCall = allowed.length > 0 && choice?.type !== 'none';
  return {
    instructions: messages.flatMap((message) => (message.role === 'system' ? textsOf(message) : [])),
    conversation: turnsOf(messages, calls),
    calls: calls.map(({ name, input, result }) => ({ name, input, result: result && answerOf(result) })),
    reasoning: messages.flatMap(reasoningOf),
    media: messages.flatMap(mediaOf),
    marks: countMarks(request),
    tools: allowed.length === 0 ? tools : allowed,
    choice: choiceOf(choice, allowed.length),
    parallel: canCall ? unless(true, request.parallelToolCalls) : undefined,
    stream: request.stream,
    max_tokens: request.maxOutputTokens,
    temperature: unless(1, request.temperature),
    top_p: unless(1, request.topP),
    top_k: request.topK,
    frequency_penalty: unless(0, request.frequencyPenalty),
    presence_penalty: unless(0, request.presencePenalty),
    logit_bias: request.logitBias,
    logprobs: unless(false, request.logprobs),
    seed: request.seed,
    stop: request.stop?.length === 0 ? undefined : request.stop,
    response_format: unless('text', request.output?.type),
    thinks: doesThink(request.reasoning),
    user: request.userId,
    metadata: request.metadata,
    service_tier: TIERS.get(request.serviceTier ?? '') ?? request.serviceTier,
    verbosity: request.verbosity,
  };
}

function unless<Value>(usual: Value, value: Value | undefined): Value | undefined {
  return value === usual ? undefined : value;
}

/** The words of one dialect for those of the other. */
const TIERS: ReadonlyMap<string, string> = new Map([
  ['standard_only', 'default'],
  ['priority', 'auto'],
]);

function doesThink(wish: ChatRequest['reasoning']): true | undefined {
  if (wish === undefined || wish.effort === 'none') return undefined;
  // To see more of it is not to ask for more of it.
  if (wish.summary !== undefined && wish.effort === undefined && wish.mode === undefined) return undefined;
  return wish.mode === 'disabled' || wish.mode === 'between_tools' ? undefined : true;
}

function choiceOf(choice: ChatRequest['toolChoice'], allowed: number): unknown {
  if (choice?.type !== 'allowed') return choice?.type === 'auto' ? undefined : choice;
  if (allowed === 0) return { type: 'none' };
  return choice.mode === 'auto' ? undefined : { type: 'required' };
}

function readTool(tool: Tool) {
  switch (tool.type) {
    case 'function': {
      const properties = tool.parameters?.['properties'];
      const fields = isObject(properties) ? Object.keys(properties) : [];
      return { name: tool.name, description: tool.description, fields };
    }
    case 'custom':
      return { name: tool.name, description: tool.description, fields: ['input'] };
    case 'hosted':
      return { name: JSON.stringify(tool.definition), description: undefined, fields: [] };
  }
}

type Call = {
  readonly id: string;
  readonly name: string;
  readonly input: unknown;
  readonly result: ToolMessage | undefined;
};

/** With the result that follows before the assistant speaks again. */
function callsOf(messages: readonly Message[]): readonly Call[] {
  return messages.flatMap((message, place) => {
    if (message.role !== 'assistant') return [];
    const behind = messages.slice(place + 1);
    const next = behind.findIndex(({ role }) => role === 'assistant');
    const results = (next === -1 ? behind : behind.slice(0, next)).filter(({ role }) => role === 'tool');
    return message.parts.flatMap((part) => {
      if (part.type !== 'tool-call') return [];
      const result = results.find((given) => given.role === 'tool' && given.callId === part.id);
      return [
        {
          id: part.id,
          name: part.name,
          input: part.custom === true ? { input: part.arguments } : readInput(part.arguments),
          result: result?.role === 'tool' ? result : undefined,
        },
      ];
    });
  });
}

function readInput(text: string): unknown {
  if (text.trim() === '' || text.trim() === 'null') return {};
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** One dialect has a flag for a result that is an error, the other has words. */
function answerOf(result: ToolMessage): string {
  const text = result.parts.flatMap(textOf).join('\n');
  if (result.isError !== true) return text;
  return result.parts[0]?.type === 'text'
    ? `Error: ${text}`
    : ['Error', text].filter((line) => line !== '').join('\n');
}

/** Who speaks, and what: results before the rest of what a user says, calls behind what the assistant says. */
function turnsOf(messages: readonly Message[], calls: readonly Call[]): readonly (readonly string[])[] {
  const turns: { readonly role: string; readonly results: string[]; readonly texts: string[] }[] = [];
  for (const message of messages) {
    if (message.role === 'system') continue;
    const role = message.role === 'assistant' ? 'assistant' : 'user';
    const last = turns.at(-1);
    const turn = last?.role === role ? last : { role, results: [], texts: [] };
    if (turn !== last) turns.push(turn);
    if (message.role === 'tool')
      turn.results.push(`<result ${calls.findIndex(({ result }) => result === message)}>`);
    else turn.texts.push(...textsOf(message));
  }
  // What the assistant said is one text, however it is cut into parts.
  return turns.map(({ role, results, texts }) =>
    role === 'assistant' ? [role, ...results, texts.join('')] : [role, ...results, ...texts],
  );
}

function isSilent(message: Message): boolean {
  return message.role === 'assistant' && textsOf(message).length === 0;
}

function textsOf(message: Message): readonly string[] {
  if (message.role === 'tool') return [];
  const texts = message.parts.flatMap(textOf);
  const calls = message.role === 'assistant' ? callNames(message) : [];
  return [...texts, ...calls];
}

function callNames(message: AssistantMessage): readonly string[] {
  return message.parts.flatMap((part) => (part.type === 'tool-call' ? [`<call ${part.name}>`] : []));
}

function textOf(part: Message['parts'][number]): readonly string[] {
  switch (part.type) {
    case 'text':
    case 'refusal':
      return [withoutPointers(part.text)].filter((text) => text !== '');
    case 'document':
      return documentText(part);
    case 'image':
    case 'audio':
    case 'reasoning':
    case 'tool-call':
    case 'opaque':
      return [];
  }
}

/** Where a result may hold text alone, its pictures follow the results, and lines of their own point to them. */
function withoutPointers(text: string): string {
  const lines = text
    .split('\n')
    .filter(
      (line) =>
        !/^(From the result of tool call \S+:|\[(image|document): see the next user message\])$/.test(line),
    );
  return lines.join('\n').replace(/^Error: \[(image|document): see the next user message\]/, 'Error');
}

/** A document of text is text, under its title. */
function documentText({ source, title, context }: DocumentPart): readonly string[] {
  const text =
    source.kind === 'text'
      ? source.text
      : source.kind === 'base64' && source.mediaType.startsWith('text/')
        ? Buffer.from(source.data, 'base64').toString()
        : undefined;
  return text === undefined
    ? []
    : [[title, context, text].filter((piece) => piece !== undefined).join('\n\n')];
}

/** Of what nobody has signed, neighbours are one. */
function reasoningOf(message: Message): readonly unknown[] {
  if (message.role !== 'assistant') return [];
  const given = message.parts.filter((part) => part.type === 'reasoning');
  const plain = given.filter(({ opaque }) => opaque === undefined).map(({ text }) => text);
  const signed = given.filter(({ opaque }) => opaque !== undefined);
  return [
    ...(plain.length === 0 ? [] : [[plain.join('\n')]]),
    ...signed.map(({ text, opaque }) => [text, opaque?.data]),
  ];
}

function mediaOf(message: Message): readonly string[] {
  return message.parts.flatMap((part) => {
    if (part.type === 'image') return [sourceOf(part.source)];
    if (part.type === 'document' && documentText(part).length === 0 && part.source.kind !== 'text') {
      return [sourceOf(part.source)];
    }
    return part.type === 'audio' ? [part.data] : [];
  });
}

function sourceOf(source: MediaSource): string {
  switch (source.kind) {
    case 'url':
      return source.url;
    case 'base64':
      return `${source.mediaType} ${source.data}`;
    case 'file-id':
      return `${source.dialect} ${source.id}`;
  }
}

/** The mark on the request itself is where some providers put one unasked. */
function countMarks({ messages, tools = [] }: ChatRequest): number {
  const holders: readonly object[] = [
    ...messages,
    ...messages.flatMap(({ parts }): readonly object[] => parts),
    ...tools,
  ];
  return holders.filter((holder) => 'cacheMark' in holder && holder.cacheMark !== undefined).length;
}
