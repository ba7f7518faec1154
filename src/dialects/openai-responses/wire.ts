// A Responses request as it lies on the wire. https://platform.openai.com/docs/api-reference/responses/create

import * as z from 'zod/mini';

import { isObject } from '../../core/json.ts';
import {
  anyObject,
  anything,
  flag,
  number,
  open,
  otherThan,
  picked,
  text,
  wholeNumber,
} from '../wire-shape.ts';

// Content parts

const cacheHints = { prompt_cache_breakpoint: z.nullish(picked({ mode: text, ttl: text })) };
/** Clients send back what they were answered, by whichever side it was said. */
const textPart = picked({
  type: z.literal(['input_text', 'output_text', 'text']),
  text: z.string(),
  annotations: z.nullish(z.array(anyObject)),
  ...cacheHints,
});
const refusalPart = picked({ type: z.literal('refusal'), refusal: z.string() });
const imagePart = picked({
  type: z.literal('input_image'),
  image_url: text,
  file_id: text,
  detail: text,
  ...cacheHints,
});
const filePart = picked({
  type: z.literal('input_file'),
  file_data: text,
  file_id: text,
  file_url: text,
  filename: text,
  ...cacheHints,
});
const audioPart = picked({
  type: z.literal('input_audio'),
  input_audio: picked({ data: z.string(), format: z.string() }),
});
const PARTS = ['input_text', 'output_text', 'text', 'refusal', 'input_image', 'input_file', 'input_audio'];
const part = z.union([
  z.discriminatedUnion('type', [textPart, refusalPart, imagePart, filePart, audioPart]),
  otherThan(PARTS, 'an object'),
]);
const resultPart = z.discriminatedUnion('type', [textPart, imagePart, filePart]);

// Items. Their ids and their status say where they were stored and how far they had come: nothing that is asked.

const item = { id: text, status: text };
const message = picked({
  type: z.literal('message'),
  role: z.literal(['user', 'assistant', 'system', 'developer']),
  content: z.union([z.string(), z.array(part)]),
  ...item,
});
const functionCall = picked({
  type: z.literal('function_call'),
  call_id: z.string(),
  name: z.string(),
  arguments: z.string(),
  ...item,
});
const customCall = picked({
  type: z.literal('custom_tool_call'),
  call_id: z.string(),
  name: z.string(),
  input: z.string(),
  ...item,
});
const callOutput = picked({
  type: z.literal(['function_call_output', 'custom_tool_call_output']),
  call_id: z.string(),
  output: z.union([z.string(), z.array(resultPart)]),
  ...item,
});
const reasoningItem = picked({
  type: z.literal('reasoning'),
  summary: z.nullish(z.array(picked({ type: text, text: z.string() }))),
  content: z.nullish(z.array(picked({ type: text, text: z.string() }))),
  encrypted_content: text,
  ...item,
});
const ITEMS = [
  'message',
  'function_call',
  'custom_tool_call',
  'function_call_output',
  'custom_tool_call_output',
  'reasoning',
];
const inputItem = z.union([
  z.discriminatedUnion('type', [message, functionCall, customCall, callOutput, reasoningItem]),
  otherThan(ITEMS, 'an object'),
]);

// Tools

const tool = z.union([
  z.discriminatedUnion('type', [
    open({
      type: z.literal('function'),
      name: z.string(),
      description: text,
      parameters: z.nullish(anyObject),
      strict: flag,
    }),
    picked({
      type: z.literal('custom'),
      name: z.string(),
      description: text,
      format: z.nullish(anyObject),
    }),
  ]),
  otherThan(['function', 'custom'], 'an object'),
]);
const toolName = picked({ type: z.literal(['function', 'custom']), name: z.string() });
/** Perplexity's: https://docs.perplexity.ai/docs/agent-api */
const bareName = z.pipe(
  z.custom<{ readonly name: string }>(
    (value: unknown) => isObject(value) && value['type'] === undefined && typeof value['name'] === 'string',
    'an object',
  ),
  z.transform(({ name }) => ({ type: 'function' as const, name })),
);
const toolChoice = z.union([
  z.literal(['none', 'auto', 'required']),
  bareName,
  z.discriminatedUnion('type', [
    toolName,
    picked({
      type: z.literal('allowed_tools'),
      mode: z.literal(['auto', 'required']),
      tools: z.array(z.union([toolName, otherThan(['function', 'custom'], 'an object')])),
    }),
  ]),
  otherThan(['function', 'custom', 'allowed_tools'], 'an object'),
]);

// The request

const format = z.discriminatedUnion('type', [
  picked({ type: z.literal('text') }),
  picked({ type: z.literal('json_object') }),
  picked({
    type: z.literal('json_schema'),
    name: text,
    description: text,
    schema: anyObject,
    strict: flag,
  }),
]);

/** Perplexity's callers ask in the words of Chat Completions: https://docs.perplexity.ai/docs/agent-api */
const responseFormat = z.discriminatedUnion('type', [
  picked({ type: z.literal('text') }),
  picked({
    type: z.literal('json_schema'),
    json_schema: picked({ name: text, description: text, schema: anyObject, strict: flag }),
  }),
]);

export const responsesRequest = open({
  model: text,
  models: z.nullish(z.array(z.string())),
  input: z.nullish(z.union([z.string(), z.array(inputItem)])),
  instructions: text,
  prompt: z.nullish(anything),
  stream: flag,
  stream_options: z.nullish(picked({})),
  max_output_tokens: wholeNumber,
  temperature: number,
  top_p: number,
  top_logprobs: wholeNumber,
  tools: z.nullish(z.array(tool)),
  tool_choice: z.nullish(toolChoice),
  parallel_tool_calls: flag,
  reasoning: z.nullish(open({ effort: text, summary: text, generate_summary: text })),
  text: z.nullish(picked({ format: z.nullish(format), verbosity: text })),
  response_format: z.nullish(responseFormat),
  include: z.nullish(z.array(z.string())),
  truncation: text,
  store: flag,
  background: flag,
  previous_response_id: z.nullish(anything),
  conversation: z.nullish(anything),
  safety_identifier: text,
  user: text,
  metadata: z.nullish(anyObject),
  service_tier: text,
});

export type WireRequest = z.infer<typeof responsesRequest>;
export type WireItem = z.infer<typeof inputItem>;
export type WireMessage = z.infer<typeof message>;
export type WireReasoning = z.infer<typeof reasoningItem>;
export type WirePart = z.infer<typeof part>;
export type WireResultPart = z.infer<typeof resultPart>;
export type WireTextPart = z.infer<typeof textPart>;
export type WireImagePart = z.infer<typeof imagePart>;
export type WireFilePart = z.infer<typeof filePart>;
export type WireTool = z.infer<typeof tool>;
export type WireToolChoice = z.infer<typeof toolChoice>;
export type WireFormat = z.infer<typeof format>;
