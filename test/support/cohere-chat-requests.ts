// Requests to Cohere, read back: what they ask of a model, in our vocabulary, and whether Cohere would take them. In the
// product nobody speaks this dialect to us, so the reader is the tests' own.

import { createRequire } from 'node:module';
import path from 'node:path';

import type { AssistantPart, ChatRequest, Message, Tool, UserPart } from '../../src/core/chat.ts';
import { asString, type JsonObject } from '../../src/core/json.ts';
import { told } from '../../src/dialects/told.ts';

export function readCohereRequest(body: JsonObject): ChatRequest {
  const { model, messages, stream, tools, tool_choice, response_format, thinking, documents } = body;
  const conversation = (messages as readonly JsonObject[]).map(readMessage);
  return {
    model: model as string,
    messages: [...conversation, ...documentsAside(documents as readonly JsonObject[] | undefined)],
    stream: stream === true,
    streamUsage: true,
    ...told({
      maxOutputTokens: body['max_tokens'] as number | undefined,
      temperature: body['temperature'] as number | undefined,
      topP: body['p'] as number | undefined,
      topK: body['k'] as number | undefined,
      frequencyPenalty: body['frequency_penalty'] as number | undefined,
      presencePenalty: body['presence_penalty'] as number | undefined,
      seed: body['seed'] as number | undefined,
      logprobs: body['logprobs'] as boolean | undefined,
      stop: body['stop_sequences'] as readonly string[] | undefined,
      tools: (tools as readonly JsonObject[] | undefined)?.map(readTool),
      toolChoice: readChoice(tool_choice),
      output: readOutput(response_format as JsonObject | undefined),
      reasoning: readThinking(thinking as JsonObject | undefined),
    }),
  };
}

type Parsed =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly errors: readonly { readonly path: readonly string[]; readonly message: string }[];
    };

/** The official client's own, which its package has and does not export. */
const { V2ChatRequest: clientSchema } = createRequire(import.meta.url)(
  path.resolve('node_modules/cohere-ai/serialization/resources/v2/client/requests/V2ChatRequest.js'),
) as { readonly V2ChatRequest: { readonly parse: (body: JsonObject, options: object) => Parsed } };

/** What is wrong with a body by Cohere's own client, and by the ranges that its documentation gives. */
export function faultsOf(body: JsonObject): readonly string[] {
  const { stream: _stream, ...request } = body;
  const parsed = clientSchema.parse(request, {
    unrecognizedObjectKeys: 'fail',
    allowUnrecognizedUnionMembers: false,
    allowUnrecognizedEnumValues: false,
  });
  const shape = parsed.ok ? [] : parsed.errors.map((fault) => `${fault.path.join('.')}: ${fault.message}`);
  return [...shape, ...RANGES.flatMap((check) => check(body))];
}

type Check = (body: JsonObject) => readonly string[];

/** https://docs.cohere.com/reference/chat */
const RANGES: readonly Check[] = [
  within('temperature', 0, 1),
  within('p', 0.01, 0.99),
  within('k', 0, 500),
  within('frequency_penalty', 0, 1),
  within('presence_penalty', 0, 1),
  within('seed', 0, 2 ** 64),
  within('max_tokens', 1, Infinity),
  (body) =>
    body['frequency_penalty'] !== undefined && body['presence_penalty'] !== undefined
      ? ['both penalties']
      : [],
  ({ stop_sequences: stop }) => (Array.isArray(stop) && stop.length > 5 ? ['stop_sequences: too many'] : []),
  ({ tools, documents, response_format: format }) => {
    const isJson = (format as JsonObject | undefined)?.['type'] === 'json_object';
    return isJson && (tools !== undefined || documents !== undefined)
      ? ['response_format: beside tools']
      : [];
  },
  ({ tools }) => (Array.isArray(tools) && tools.length === 0 ? ['tools: empty'] : []),
  ({ tools, tool_choice }) =>
    tool_choice !== undefined && tools === undefined ? ['tool_choice: no tools'] : [],
  ({ tools = [], messages }) =>
    [...(tools as readonly JsonObject[]), ...callsIn(messages as readonly JsonObject[])]
      .map((holder) => (holder['function'] as JsonObject)['name'] as string)
      .filter((name) => name !== '' && !/^[A-Za-z_]\w*$/.test(name))
      .map((name) => `a tool named ${name}`),
  ({ messages }) => (messages as readonly JsonObject[]).flatMap(emptyTexts),
  ({ response_format: format }) => {
    const schema = (format as JsonObject | undefined)?.['json_schema'] as JsonObject | undefined;
    return schema === undefined ? [] : [...rootFaults(schema), ...schemaFaults(schema)];
  },
  ({ strict_tools: isStrict, tools = [] }) =>
    isStrict !== true
      ? []
      : (tools as readonly JsonObject[]).flatMap((tool) => {
          const { parameters } = tool['function'] as { readonly parameters: JsonObject };
          return [...rootFaults(parameters), ...schemaFaults(parameters)];
        }),
];

function within(field: string, min: number, max: number): Check {
  return (body) => {
    const value = body[field];
    return value === undefined || (typeof value === 'number' && value >= min && value <= max)
      ? []
      : [`${field}: ${JSON.stringify(value)}`];
  };
}

function callsIn(messages: readonly JsonObject[]): readonly JsonObject[] {
  return messages.flatMap((message) => (message['tool_calls'] ?? []) as readonly JsonObject[]);
}

function emptyTexts({ role, content, tool_calls }: JsonObject): readonly string[] {
  if (Array.isArray(content)) {
    return content.some((part: JsonObject) => part['text'] === '')
      ? [`an empty text of ${asString(role)}`]
      : [];
  }
  const isNothing = content === '' && role !== 'tool';
  return isNothing || (content === undefined && tool_calls === undefined)
    ? [`no content of ${asString(role)}`]
    : [];
}

function rootFaults({ type, required }: JsonObject): readonly string[] {
  return type === 'object' && Array.isArray(required) && required.length > 0
    ? []
    : ['a root without a required field'];
}

/** https://docs.cohere.com/docs/structured-outputs#unsupported-schema-features */
const FOREIGN = [
  'allOf',
  'oneOf',
  'not',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
];

function schemaFaults(schema: unknown): readonly string[] {
  if (Array.isArray(schema)) return schema.flatMap(schemaFaults);
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([keyword, value]): readonly string[] => {
    if (keyword === 'properties') return Object.values(value as JsonObject).flatMap(schemaFaults);
    if (keyword === 'enum' || keyword === 'const' || keyword === 'default' || keyword === 'examples')
      return [];
    if (FOREIGN.includes(keyword)) return [keyword];
    if (keyword === 'format' && !['date-time', 'uuid', 'date', 'time'].includes(value as string))
      return ['format'];
    if (keyword === 'pattern' && /[\^$]/.test(value as string)) return ['pattern'];
    return schemaFaults(value);
  });
}

function readMessage(message: JsonObject): Message {
  const parts = partsOf(message['content']).map(readPart);
  switch (asString(message['role']) ?? '') {
    case 'system':
    case 'user':
      return { role: message['role'], parts } as Message;
    case 'tool':
      return { role: 'tool', callId: message['tool_call_id'] as string, parts } as Message;
    default: {
      const plan = message['tool_plan'] as string | undefined;
      const calls = (message['tool_calls'] ?? []) as readonly JsonObject[];
      const planned: readonly AssistantPart[] = plan === undefined ? [] : [{ type: 'reasoning', text: plan }];
      return {
        role: 'assistant',
        parts: [...planned, ...(parts as readonly AssistantPart[]), ...calls.map(readCall)],
      };
    }
  }
}

function partsOf(content: JsonObject[string]): readonly JsonObject[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }];
  return (content ?? []) as readonly JsonObject[];
}

function readPart(part: JsonObject): UserPart | AssistantPart {
  switch (asString(part['type']) ?? '') {
    case 'text':
      return { type: 'text', text: part['text'] as string };
    case 'thinking':
      return { type: 'reasoning', text: part['thinking'] as string };
    default: {
      const { url } = part['image_url'] as { readonly url: string };
      const [, mediaType, data] = /^data:([^;]*);base64,(.*)$/s.exec(url) ?? [];
      const source =
        mediaType === undefined || data === undefined
          ? { kind: 'url' as const, url }
          : { kind: 'base64' as const, mediaType, data };
      return { type: 'image', source };
    }
  }
}

function readCall(call: JsonObject): AssistantPart {
  const { name, arguments: text } = call['function'] as { readonly name: string; readonly arguments: string };
  return { type: 'tool-call', id: call['id'] as string, name, arguments: text };
}

function readTool(tool: JsonObject): Tool {
  const { name, description, parameters } = tool['function'] as {
    readonly name: string;
    readonly description?: string;
    readonly parameters: JsonObject;
  };
  return { type: 'function', name, ...told({ description, parameters }) };
}

function readChoice(choice: JsonObject[string]): ChatRequest['toolChoice'] {
  if (choice === 'NONE') return { type: 'none' };
  return choice === 'REQUIRED' ? { type: 'required' } : undefined;
}

function readOutput(format: JsonObject | undefined): ChatRequest['output'] {
  if (format === undefined || format['type'] === 'text') return undefined;
  const schema = format['json_schema'] as JsonObject | undefined;
  return schema === undefined ? { type: 'json-object' } : { type: 'json-schema', schema };
}

function readThinking(thinking: JsonObject | undefined): ChatRequest['reasoning'] {
  if (thinking === undefined) return undefined;
  return thinking['type'] === 'disabled'
    ? { mode: 'disabled' }
    : { mode: 'enabled', ...told({ budgetTokens: thinking['token_budget'] as number | undefined }) };
}

/** Where they stood in the conversation is lost with the place: they are taken for the last words of the user. */
function documentsAside(documents: readonly JsonObject[] | undefined): readonly Message[] {
  return (documents ?? []).map((document) => {
    const { text, title, context } = document['data'] as Readonly<Record<string, string>>;
    const source = { kind: 'text' as const, text: text ?? '' };
    return { role: 'user', parts: [{ type: 'document', source, ...told({ title, context }) }] };
  });
}

/** The same request with those that are to be cited where the reader puts them. */
export function withDocumentsAside(request: ChatRequest): ChatRequest {
  const aside: Message[] = [];
  const messages = request.messages.map((message): Message => {
    if (message.role !== 'user') return message;
    const isAsking = message.parts.some(
      (part) => part.type === 'image' || (part.type === 'text' && part.text !== ''),
    );
    const isCited = (part: UserPart): boolean =>
      isAsking && part.type === 'document' && part.citations === true;
    aside.push(...message.parts.filter(isCited).map((part): Message => ({ role: 'user', parts: [part] })));
    return { ...message, parts: message.parts.filter((part) => !isCited(part)) };
  });
  return { ...request, messages: [...messages, ...aside] };
}
