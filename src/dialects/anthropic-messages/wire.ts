// A Messages request as it lies on the wire.
// https://docs.anthropic.com/en/api/messages

import * as z from 'zod/mini';

import { anyObject, flag, number, open, otherThan, picked, text, wholeNumber } from '../wire-shape.ts';

// Content blocks

const cacheControl = z.nullish(picked({ type: text, ttl: text }));
const textBlock = picked({
  type: z.literal('text'),
  text: z.string(),
  citations: z.nullish(z.array(anyObject)),
  cache_control: cacheControl,
});
const base64Source = picked({ type: z.literal('base64'), media_type: z.string(), data: z.string() });
const urlSource = picked({ type: z.literal('url'), url: z.string() });
const fileSource = picked({ type: z.literal('file'), file_id: z.string() });
const imageBlock = picked({
  type: z.literal('image'),
  source: z.discriminatedUnion('type', [base64Source, urlSource, fileSource]),
  cache_control: cacheControl,
});
const documentBlock = picked({
  type: z.literal('document'),
  source: z.discriminatedUnion('type', [
    base64Source,
    urlSource,
    fileSource,
    picked({ type: z.literal('text'), media_type: text, data: z.string() }),
    picked({
      type: z.literal('content'),
      content: z.union([z.string(), z.array(picked({ type: z.string(), text }))]),
    }),
  ]),
  title: text,
  context: text,
  citations: z.nullish(picked({ enabled: flag })),
  cache_control: cacheControl,
});
const searchResultBlock = open({
  type: z.literal('search_result'),
  source: z.string(),
  title: z.string(),
  content: z.array(textBlock),
});
const toolReferenceBlock = open({ type: z.literal('tool_reference'), tool_name: z.string() });
const resultBlock = z.union([
  z.discriminatedUnion('type', [textBlock, imageBlock, documentBlock, searchResultBlock, toolReferenceBlock]),
  otherThan(['text', 'image', 'document', 'search_result', 'tool_reference'], 'a content block'),
]);
const toolResultBlock = picked({
  type: z.literal('tool_result'),
  tool_use_id: z.string(),
  content: z.nullish(z.union([z.string(), z.array(resultBlock)])),
  is_error: flag,
  cache_control: cacheControl,
});
const userBlock = z.union([
  z.discriminatedUnion('type', [textBlock, imageBlock, documentBlock, toolResultBlock]),
  otherThan(['text', 'image', 'document', 'tool_result'], 'a content block'),
]);
const assistantBlock = z.union([
  z.discriminatedUnion('type', [
    textBlock,
    picked({ type: z.literal('thinking'), thinking: z.string(), signature: text }),
    picked({ type: z.literal('redacted_thinking'), data: z.string() }),
    picked({
      type: z.literal('tool_use'),
      id: z.string(),
      name: z.string(),
      input: anyObject,
      // Who made the call matters beside the vendor's own tools only, and those are told of where they stay behind.
      caller: z.nullish(anyObject),
      cache_control: cacheControl,
    }),
  ]),
  otherThan(['text', 'thinking', 'redacted_thinking', 'tool_use'], 'a content block'),
]);

// Messages and tools

const systemContent = z.union([z.string(), z.array(textBlock)]);
const message = z.discriminatedUnion('role', [
  picked({ role: z.literal('user'), content: z.union([z.string(), z.array(userBlock)]) }),
  picked({ role: z.literal('assistant'), content: z.union([z.string(), z.array(assistantBlock)]) }),
  picked({ role: z.literal('system'), content: systemContent }),
]);
const ownTool = open({
  type: z.nullish(z.literal('custom')),
  name: z.string(),
  description: text,
  input_schema: anyObject,
  strict: flag,
  cache_control: cacheControl,
});
const tool = z.union([ownTool, otherThan(['custom'], 'a tool')]);
const toolChoice = z.discriminatedUnion('type', [
  picked({ type: z.literal(['auto', 'any', 'none']), disable_parallel_tool_use: flag }),
  picked({ type: z.literal('tool'), name: z.string(), disable_parallel_tool_use: flag }),
]);
const thinking = z.discriminatedUnion('type', [
  picked({ type: z.literal('enabled'), budget_tokens: z.int(), display: text }),
  picked({ type: z.literal(['adaptive', 'disabled', 'between_tools']), display: text }),
]);

// The request

export const messagesRequest = open({
  model: z.string(),
  models: z.nullish(z.array(z.string())),
  messages: z.array(message),
  max_tokens: z.int(),
  system: z.nullish(systemContent),
  stream: flag,
  temperature: number,
  top_p: number,
  top_k: wholeNumber,
  stop_sequences: z.nullish(z.array(z.string())),
  tools: z.nullish(z.array(tool)),
  tool_choice: z.nullish(toolChoice),
  thinking: z.nullish(thinking),
  output_config: z.nullish(
    open({
      effort: text,
      format: z.nullish(picked({ type: z.literal('json_schema'), schema: anyObject })),
    }),
  ),
  metadata: z.nullish(open({ user_id: text })),
  service_tier: text,
  cache_control: cacheControl,
});

export type WireRequest = z.infer<typeof messagesRequest>;
export type WireMessage = z.infer<typeof message>;
export type WireSystem = z.infer<typeof systemContent>;
export type WireTool = z.infer<typeof tool>;
export type WireTextBlock = z.infer<typeof textBlock>;
export type WireImageBlock = z.infer<typeof imageBlock>;
export type WireDocumentBlock = z.infer<typeof documentBlock>;
export type WireUserBlock = z.infer<typeof userBlock>;
export type WireAssistantBlock = z.infer<typeof assistantBlock>;
export type WireToolResult = z.infer<typeof toolResultBlock>;
export type WireResultBlock = z.infer<typeof resultBlock>;
export type WireCacheControl = z.infer<typeof cacheControl>;
