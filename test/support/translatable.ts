// Requests that any model can be asked: of a generated one, what only its own provider can do is replaced or left out.

import { isObject, type Json, type JsonObject } from '../../src/core/json.ts';

export function translatable(body: JsonObject): JsonObject {
  // A text to go on with can be asked of any.
  if (body['messages'] === undefined && body['input'] === undefined) return body;
  const { logprobs: _logprobs, top_logprobs: _topLogprobs, container: _container, ...rest } = body;
  const { tools, tool_choice, parallel_tool_calls, ...others } = rest;
  const own = (Array.isArray(tools) ? tools : []).filter(isOwnTool);
  return {
    ...others,
    ...conversation(others),
    ...(own.length === 0
      ? {}
      : {
          tools: own,
          ...(tool_choice === undefined ? {} : { tool_choice }),
          ...(parallel_tool_calls === undefined ? {} : { parallel_tool_calls }),
        }),
  };
}

function conversation({ messages, input }: JsonObject): JsonObject {
  if (Array.isArray(messages)) return { messages: (messages as readonly JsonObject[]).map(withoutForeign) };
  const items = (input as readonly JsonObject[]).filter(({ type }) => type !== 'web_search_call');
  // Without probabilities and the items of hosted tools nothing else is left to be included.
  return { include: ['reasoning.encrypted_content'], input: items.map(withoutForeignParts) };
}

function isOwnTool(tool: Json): boolean {
  const type = isObject(tool) ? tool['type'] : undefined;
  return type === undefined || type === 'function' || type === 'custom';
}

const text = { type: 'text', text: 'something else' };

function withoutForeign(message: JsonObject): JsonObject {
  const { content } = message;
  if (!Array.isArray(content)) return message;
  return {
    ...message,
    content: content.map((block: JsonObject) =>
      block['type'] === 'tool_result' ? withoutForeign(block) : isForeign(block, message) ? text : block,
    ),
  };
}

function withoutForeignParts(item: JsonObject): JsonObject {
  const field = Array.isArray(item['output']) ? 'output' : 'content';
  const parts = item[field];
  if (!Array.isArray(parts)) return item;
  const known = parts.map((part: JsonObject) =>
    isForeignPart(part) ? { type: 'input_text', text: text.text } : part,
  );
  return { ...item, [field]: known };
}

function isForeignPart({ type, file_id }: JsonObject): boolean {
  return type === 'input_video' || type === 'input_file' || (type === 'input_image' && file_id !== undefined);
}

/** What has no counterpart, or one that not every model takes. A search result is no stranger among the results of a tool. */
function isForeign({ type, source }: JsonObject, within: JsonObject): boolean {
  const kind = isObject(source) ? source['type'] : undefined;
  if (type === 'search_result') return within['type'] !== 'tool_result';
  if (type === 'image') return kind === 'file';
  if (type === 'document') return kind !== 'text';
  return type === 'input_audio' || type === 'video_url' || type === 'file';
}
