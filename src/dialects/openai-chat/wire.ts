// A chat completions request as it lies on the wire.
// https://platform.openai.com/docs/api-reference/chat/create

import * as z from 'zod/mini';

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

const cacheHints = {
  prompt_cache_breakpoint: z.nullish(picked({ mode: text, ttl: text })),
  cache_control: z.nullish(picked({ type: text, ttl: text })),
};
const textPart = picked({ type: z.literal('text'), text: z.string(), ...cacheHints });
const refusalPart = picked({ type: z.literal('refusal'), refusal: z.string() });
const imagePart = picked({
  type: z.literal('image_url'),
  image_url: picked({ url: z.string(), detail: text }),
  ...cacheHints,
});
const audioPart = picked({
  type: z.literal('input_audio'),
  input_audio: picked({ data: z.string(), format: z.string() }),
});
const filePart = picked({
  type: z.literal('file'),
  file: picked({ file_data: text, file_id: text, filename: text }),
  ...cacheHints,
});
const userPart = z.union([
  z.discriminatedUnion('type', [textPart, imagePart, audioPart, filePart]),
  otherThan(['text', 'image_url', 'input_audio', 'file'], 'an object'),
]);
const assistantPart = z.union([
  z.discriminatedUnion('type', [textPart, refusalPart]),
  otherThan(['text', 'refusal'], 'an object'),
]);
/** OpenAI takes text only; compatible servers take media, too, and callers of those send them. */
const toolPart = z.discriminatedUnion('type', [textPart, imagePart, filePart]);

function content<Part extends z.core.$ZodType>(part: Part) {
  return z.union([z.string(), z.array(part)]);
}

// Messages

/** `index` numbers the calls of a stream, and clients send back what they have gathered. */
const callFields = { id: z.string(), index: number };
const toolCall = z.discriminatedUnion('type', [
  picked({
    type: z.literal('function'),
    ...callFields,
    function: picked({ name: z.string(), arguments: z.string() }),
  }),
  picked({
    type: z.literal('custom'),
    ...callFields,
    custom: picked({ name: z.string(), input: z.string() }),
  }),
]);
const reasoningDetail = picked({
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
      function: picked({
        name: z.string(),
        description: text,
        parameters: z.nullish(anyObject),
        strict: flag,
      }),
    }),
    picked({
      type: z.literal('custom'),
      custom: picked({ name: z.string(), description: text, format: z.nullish(anyObject) }),
    }),
  ]),
  otherThan(['function', 'custom'], 'an object'),
]);
const functionName = picked({ type: z.literal('function'), function: picked({ name: z.string() }) });
const customName = picked({ type: z.literal('custom'), custom: picked({ name: z.string() }) });
const toolChoice = z.union([
  z.literal(['none', 'auto', 'required']),
  z.discriminatedUnion('type', [
    functionName,
    customName,
    picked({
      type: z.literal('allowed_tools'),
      allowed_tools: picked({
        mode: z.literal(['auto', 'required']),
        tools: z.array(z.discriminatedUnion('type', [functionName, customName])),
      }),
    }),
  ]),
]);

// The request

const responseFormat = z.discriminatedUnion('type', [
  picked({ type: z.literal('text') }),
  picked({ type: z.literal('json_object') }),
  picked({
    type: z.literal('json_schema'),
    json_schema: picked({ name: text, description: text, schema: anyObject, strict: flag }),
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
  stream_options: z.nullish(picked({ include_usage: flag })),
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
  reasoning: z.nullish(picked({ effort: text, max_tokens: wholeNumber, enabled: flag, exclude: flag })),
  verbosity: text,
  service_tier: text,
  safety_identifier: text,
  user: text,
  metadata: z.nullish(anyObject),
  cache_control: z.nullish(picked({ type: text, ttl: text })),
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
