// Requests that any model can be asked: of a generated one, what only its own provider can do is replaced or left out.

import { isObject, type Json, type JsonObject } from '../../src/core/json.ts';

export function translatable(body: JsonObject): JsonObject {
  // A text to go on with can be asked of any.
  if (body['messages'] === undefined) return body;
  const { logprobs: _logprobs, top_logprobs: _topLogprobs, container: _container, ...rest } = body;
  const { tools, tool_choice, parallel_tool_calls, ...others } = rest;
  const own = (Array.isArray(tools) ? tools : []).filter(isOwnTool);
  return {
    ...others,
    messages: (others['messages'] as readonly JsonObject[]).map(withoutForeign),
    ...(own.length === 0
      ? {}
      : {
          tools: own,
          ...(tool_choice === undefined ? {} : { tool_choice }),
          ...(parallel_tool_calls === undefined ? {} : { parallel_tool_calls }),
        }),
  };
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

/** What has no counterpart, or one that not every model takes. A search result is no stranger among the results of a tool. */
function isForeign({ type, source }: JsonObject, within: JsonObject): boolean {
  const kind = isObject(source) ? source['type'] : undefined;
  if (type === 'search_result') return within['type'] !== 'tool_result';
  if (type === 'image') return kind === 'file';
  if (type === 'document') return kind !== 'text';
  return type === 'input_audio' || type === 'video_url' || type === 'file';
}
