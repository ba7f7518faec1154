// A chat completions request as it lies on the wire. Objects are open: fields that are not named here pass as they are,
// and where a type of block or tool is unknown, the whole of it does.
// https://platform.openai.com/docs/api-reference/chat/create

import * as z from 'zod/mini';

import { isObject, type Json, type JsonObject } from '../../core/json.ts';

const anything = z.custom<Json>();
const anyObject = z.custom<JsonObject>(isObject, 'an object');
const text = z.nullish(z.string());
const number = z.nullish(z.number());
const wholeNumber = z.nullish(z.int());
const flag = z.nullish(z.boolean());

function open<Shape extends z.core.$ZodShape>(shape: Shape) {
  return z.catchall(z.object(shape), anything);
}

/** What a schema with named `type`s does not know, kept whole. */
function otherThan(known: readonly string[]) {
  const isOther = (value: unknown): boolean =>
    isObject(value) && typeof value['type'] === 'string' && !known.includes(value['type']);
  return z.pipe(
    z.custom<JsonObject>(isOther, 'an object'),
    z.transform((block) => ({ type: 'other' as const, block })),
  );
}

// Content parts

const cacheHints = {
  prompt_cache_breakpoint: z.nullish(open({ ttl: text })),
  cache_control: z.nullish(open({ ttl: text })),
};
const textPart = open({ type: z.literal('text'), text: z.string(), ...cacheHints });
const refusalPart = open({ type: z.literal('refusal'), refusal: z.string() });
const imagePart = open({
  type: z.literal('image_url'),
  image_url: open({ url: z.string(), detail: text }),
  ...cacheHints,
});
const audioPart = open({
  type: z.literal('input_audio'),
  input_audio: open({ data: z.string(), format: z.string() }),
});
const filePart = open({
  type: z.literal('file'),
  file: open({ file_data: text, file_id: text, filename: text }),
  ...cacheHints,
});
const userPart = z.union([
  z.discriminatedUnion('type', [textPart, imagePart, audioPart, filePart]),
  otherThan(['text', 'image_url', 'input_audio', 'file']),
]);
const assistantPart = z.union([
  z.discriminatedUnion('type', [textPart, refusalPart]),
  otherThan(['text', 'refusal']),
]);
/** OpenAI takes text only; compatible servers take media, too, and callers of those send them. */
const toolPart = z.discriminatedUnion('type', [textPart, imagePart, filePart]);

function content<Part extends z.core.$ZodType>(part: Part) {
  return z.union([z.string(), z.array(part)]);
}

// Messages

const toolCall = z.discriminatedUnion('type', [
  open({
    type: z.literal('function'),
    id: z.string(),
    function: open({ name: z.string(), arguments: z.string() }),
  }),
  open({
    type: z.literal('custom'),
    id: z.string(),
    custom: open({ name: z.string(), input: z.string() }),
  }),
]);
const reasoningDetail = open({
  type: z.string(),
  text,
  summary: text,
  signature: text,
  data: text,
  id: text,
  format: text,
  index: number,
});
const systemMessage = open({ role: z.literal(['system', 'developer']), content: content(textPart) });
const userMessage = open({ role: z.literal('user'), content: content(userPart), name: text });
const assistantMessage = open({
  role: z.literal('assistant'),
  content: z.nullish(content(assistantPart)),
  name: text,
  refusal: text,
  tool_calls: z.nullish(z.array(toolCall)),
  function_call: z.nullish(anything),
  reasoning_content: text,
  reasoning: text,
  reasoning_details: z.nullish(z.array(reasoningDetail)),
});
const toolMessage = open({
  role: z.literal('tool'),
  tool_call_id: z.string(),
  content: content(toolPart),
});
const functionMessage = open({ role: z.literal('function') });

// Tools

const tool = z.union([
  z.discriminatedUnion('type', [
    open({
      type: z.literal('function'),
      function: open({ name: z.string(), description: text, parameters: z.nullish(anyObject), strict: flag }),
    }),
    open({
      type: z.literal('custom'),
      custom: open({ name: z.string(), description: text, format: z.nullish(anyObject) }),
    }),
  ]),
  otherThan(['function', 'custom']),
]);
const functionName = open({ type: z.literal('function'), function: open({ name: z.string() }) });
const customName = open({ type: z.literal('custom'), custom: open({ name: z.string() }) });
const toolChoice = z.union([
  z.literal(['none', 'auto', 'required']),
  z.discriminatedUnion('type', [
    functionName,
    customName,
    open({
      type: z.literal('allowed_tools'),
      allowed_tools: open({
        mode: z.literal(['auto', 'required']),
        tools: z.array(z.discriminatedUnion('type', [functionName, customName])),
      }),
    }),
  ]),
]);

// The request

const responseFormat = z.discriminatedUnion('type', [
  open({ type: z.literal('text') }),
  open({ type: z.literal('json_object') }),
  open({
    type: z.literal('json_schema'),
    json_schema: open({ name: text, description: text, schema: anyObject, strict: flag }),
  }),
]);

export const chatRequest = open({
  model: text,
  models: z.nullish(z.array(z.string())),
  messages: z
    .array(
      z.discriminatedUnion('role', [
        systemMessage,
        userMessage,
        assistantMessage,
        toolMessage,
        functionMessage,
      ]),
    )
    .check(z.minLength(1)),
  stream: flag,
  stream_options: z.nullish(open({ include_usage: flag })),
  max_completion_tokens: wholeNumber,
  max_tokens: wholeNumber,
  temperature: number,
  top_p: number,
  frequency_penalty: number,
  presence_penalty: number,
  logit_bias: z.nullish(anyObject),
  logprobs: flag,
  top_logprobs: wholeNumber,
  n: wholeNumber,
  seed: wholeNumber,
  stop: z.nullish(z.union([z.string(), z.array(z.string())])),
  tools: z.nullish(z.array(tool)),
  tool_choice: z.nullish(toolChoice),
  parallel_tool_calls: flag,
  functions: z.nullish(anything),
  function_call: z.nullish(anything),
  response_format: z.nullish(responseFormat),
  reasoning_effort: text,
  reasoning: z.nullish(open({ effort: text, max_tokens: wholeNumber, enabled: flag, exclude: flag })),
  verbosity: text,
  service_tier: text,
  safety_identifier: text,
  user: text,
  metadata: z.nullish(anyObject),
  cache_control: z.nullish(open({ ttl: text })),
});

export type WireRequest = z.infer<typeof chatRequest>;
export type WireMessage = WireRequest['messages'][number];
export type WireTool = z.infer<typeof tool>;
export type WireToolChoice = z.infer<typeof toolChoice>;
export type WireResponseFormat = z.infer<typeof responseFormat>;
export type WireToolCall = z.infer<typeof toolCall>;
export type WireUserPart = z.infer<typeof userPart>;
export type WireAssistantPart = z.infer<typeof assistantPart>;
export type WireToolPart = z.infer<typeof toolPart>;
export type WireTextPart = z.infer<typeof textPart>;
export type WireImagePart = z.infer<typeof imagePart>;
export type WireFilePart = z.infer<typeof filePart>;
export type WireCacheHints = Pick<WireTextPart, keyof typeof cacheHints>;
